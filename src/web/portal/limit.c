/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/nguong: the level at which a customer wants to be warned. */
#include "registry/warning.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

enum { DIGITS_MAX_BYTES = 24, WH_PER_KWH = 1000 };

static err_t load(struct visit *visit, const struct portal_supply *supply, struct show_limit *page)
{
    const struct bill_row *row = NULL;
    struct bill_facts facts;
    page->agreement = supply->agreement_code;
    err_t e = warning_level_on(visit->db, supply->unit_id, supply->agreement_id, visit->today,
                               &page->level, visit->err);
    if (e == OK) e = portal_last_bill(visit, supply, &row);
    if (e != OK || row == NULL) return e;
    e = portal_bill_facts(visit, row, &facts);
    return e == OK ? portal_so_far(visit, supply, &facts, &page->so_far) : e;
}

err_t portal_limit(struct visit *visit)
{
    const struct portal_supply *supply;
    struct show_limit page = {.typed = S("")};
    err_t e = portal_supply(visit, LOGIN_CHANGES, &supply);
    if (e == OK) e = load(visit, supply, &page);
    return e == OK ? show_limit(&visit->show, &page) : e;
}

bool portal_read_number(struct str typed, int64_t *out)
{
    char memory[DIGITS_MAX_BYTES];
    struct buf digits;
    buf_init_fixed(&digits, memory, sizeof memory);
    typed = str_trim(typed);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == '.' || c == ',' || c == ' ') continue;
        if (c < '0' || c > '9') return false;
        buf_add_char(&digits, c);
    }
    return !digits.failed && str_to_i64(buf_str(&digits), out);
}

static struct warning_level read_level(const struct visit *visit)
{
    struct str kind = visit_field(visit, S("kind"));
    struct warning_level level = {WARNING_ENERGY, 0};
    if (str_equal(kind, S("none"))) return (struct warning_level){WARNING_NONE, 0};
    /* What is no number stays 0, which is refused. */
    if (!portal_read_number(visit_field(visit, S("level")), &level.value)) level.value = 0;
    if (str_equal(kind, S("money"))) level.kind = WARNING_MONEY;
    else if (__builtin_mul_overflow(level.value, WH_PER_KWH, &level.value)) level.value = 0;
    return level;
}

/* Fields: level, kind ("energy", "money", "none"). */
err_t portal_set_limit(struct visit *visit)
{
    const struct portal_supply *supply;
    struct err *refused = ARENA_NEW(visit->arena, struct err);
    const struct warning_level level = read_level(visit);
    err_t e = portal_supply(visit, LOGIN_CHANGES, &supply);
    if (e == OK && refused == NULL) e = err_memory(visit->err);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    e = warning_level_set(visit->db, visit->arena, visit->login_id, supply->unit_id,
                          supply->agreement_id, visit->today, &level, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e == OK) return visit_go(visit, S("/khach-hang/nguong"));
    db_rollback(visit->db);
    if (e != E_INPUT) return e;
    *refused = *visit->err; /* loading may use the same place */
    struct show_limit page = {.refused = refused, .typed = visit_field(visit, S("level"))};
    e = load(visit, supply, &page);
    return e == OK ? show_limit(&visit->show, &page) : e;
}
