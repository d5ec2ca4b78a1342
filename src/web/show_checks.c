/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants: what must hold, and what the last round of workers found. */
#include "base/integer.h"
#include "web/show_billing.h"
#include "web/show_operations_int.h"

static const struct check *find_check(const struct check_list *list, struct str name)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(str_of(list->check[i]->name), name)) return list->check[i];
    return NULL;
}

/* "chỉ số ước tính: 12 / 40 (30 %)"; empty where the check has no share. */
static struct str share_of(const struct show *show, const struct check *check,
                           const struct check_result *result)
{
    if (check == NULL || check->share_sql == NULL || !result->answered) return S("");
    int64_t percent = result->whole == 0 ? 0 : div_half_up(result->part * 100, result->whole);
    return arena_printf(show->arena, "%s: %lld / %lld (%lld %%)",
                        show->english ? check->share_en : check->share_vi, (long long)result->part,
                        (long long)result->whole, (long long)percent);
}

/* The first offenders with commas between them. */
static struct str shown_of(const struct show *show, const struct check_result *result)
{
    size_t size = result->shown.n * 2 + 8;
    char *memory = arena_take(show->arena, size);
    struct str rest = result->shown, line;
    struct buf out;
    if (memory == NULL) return S("");
    buf_init_fixed(&out, memory, size);
    while (str_split(&rest, '\n', &line)) {
        if (out.n > 0) buf_add(&out, S(", "));
        buf_add(&out, line);
    }
    if (result->found > CHECK_SHOWN_MAX) buf_add(&out, S(" …"));
    return buf_str(&out);
}

static struct page_ops_checks_checks row_of(const struct show *show, const struct check_list *list,
                                            const struct check_result *result)
{
    const struct check *check = find_check(list, result->name);
    bool fails = result->found > 0;
    struct page_ops_checks_checks row = {.words = result->name,
                                         .name = result->name,
                                         .fails = fails,
                                         .open = !result->answered,
                                         .found = result->found,
                                         .share = share_of(show, check, result),
                                         .shown = fails ? shown_of(show, result) : S("")};
    if (check != NULL) row.words = str_of(show->english ? check->en : check->vi);
    return row;
}

err_t show_ops_checks(const struct show *show, const struct show_operations *frame,
                      const struct show_checks *checks)
{
    struct operations_links links;
    const struct check_round *round = checks->round;
    int64_t failing = 0, open = 0;
    size_t count = 0;
    struct page_ops_checks_checks *rows =
        ARENA_ARRAY(show->arena, struct page_ops_checks_checks, round->count);
    if (rows == NULL) return err_memory(show->err);
    /* What fails stands first. */
    for (int fails = 1; fails >= 0; fails--)
        for (size_t i = 0; i < round->count; i++)
            if ((round->result[i].found > 0) == (fails == 1))
                rows[count++] = row_of(show, checks->list, &round->result[i]);
    for (size_t i = 0; i < count; i++) {
        failing += rows[i].fails;
        open += rows[i].open;
    }
    operations_links(frame, OPERATIONS_checks, &links);
    page_ops_checks(show->out, show->english,
                    &(struct page_ops_checks){
                        OPERATIONS_FRAME(show, frame, links), .token = show->token,
                        .known = round->known, .asked = round->asked_at_ms, .by = checks->by,
                        .whole = failing == 0 && open == 0, .holding = (int64_t)count,
                        .failing = failing, .waiting = checks->waiting,
                        .may_ask = checks->may_ask && checks->waiting == 0, .checks = rows,
                        .checks_count = round->count});
    return shown(show);
}
