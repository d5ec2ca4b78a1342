/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/bieu-gia: price books, loaded by one person and released by another who has seen what
 * they change. */
#include "base/clock.h"
#include "base/date.h"
#include "billing/price_book_change.h"
#include "web/operations/billing_pages.h"

enum { CHANGES_SHOWN = 200, EFFECT_BILLS_MAX = 50000 };

/* ---- the list ---------------------------------------------------------------------------- */

/* Only those that wait, as the number of the morning page opens them. */
static void cut_down(struct visit *visit, struct price_book_row *books, size_t *count)
{
    size_t kept = 0;
    if (!str_equal(visit_field(visit, S("loc")), S("cho-duyet"))) return;
    for (size_t i = 0; i < *count; i++)
        if (books[i].release_no == 0) books[kept++] = books[i];
    *count = kept;
}

static err_t show_prices(struct visit *visit, const struct err *refused)
{
    struct operations at;
    struct show_prices page = {.refused = refused};
    const struct price_book *current;
    struct price_book_row *books;
    if (refused != NULL) page.pasted = visit_field(visit, S("van-ban"));
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = price_book_current(visit->db, visit->arena, &current, visit->err);
    if (e == OK) e = price_book_list(visit->db, visit->arena, &books, &page.book_count, visit->err);
    if (e == OK)
        e = actor_may(visit->db, &visit->actor, IDENTITY_EVERY_UNIT, PERMISSION_TARIFF_LOAD,
                      &page.may_load, visit->err);
    if (e != OK) return e;
    page.current =
        arena_printf(visit->arena, "%.*s · %.*s", STR_ARG(current->id), STR_ARG(current->version));
    page.hash = str_of(current->hash);
    page.books = books;
    cut_down(visit, books, &page.book_count);
    return show_ops_prices(&visit->show, &at.frame, &page);
}

err_t operations_prices(struct visit *visit)
{
    return show_prices(visit, NULL);
}

err_t operations_price_load(struct visit *visit)
{
    struct loaded_book book;
    const struct err *refused;
    struct str text = pasted_text(visit, S("van-ban"));
    err_t e = actor_require(visit->db, &visit->actor, IDENTITY_EVERY_UNIT, PERMISSION_TARIFF_LOAD,
                            visit->err);
    if (e == OK)
        e = price_book_load(visit->db, &visit->actor, visit->arena, text, clock_now_ms(), &book,
                            visit->err);
    if (is_refusal(e)) {
        e = keep_refusal(visit, &refused);
        return e == OK ? show_prices(visit, refused) : e;
    }
    if (e != OK) return e;
    return visit_go(visit,
                    arena_printf(visit->arena, "/van-hanh/bieu-gia/%lld", (long long)book.book_no));
}

/* ---- one book ---------------------------------------------------------------------------- */

/* The differences of a book, the first of them in full. */
struct differences {
    struct arena *arena;
    struct book_change *change;
    size_t count, more;
};

static void keep_change(void *context, const struct book_change *change)
{
    struct differences *d = context;
    if (d->count == CHANGES_SHOWN) {
        d->more++;
        return;
    }
    d->change[d->count++] = (struct book_change){.kind = change->kind,
                                                 .what_vi = arena_str(d->arena, change->what_vi),
                                                 .what_en = arena_str(d->arena, change->what_en),
                                                 .before = arena_str(d->arena, change->before),
                                                 .after = arena_str(d->arena, change->after)};
}

static err_t fill_changes(struct visit *visit, const struct price_book *current,
                          const struct price_book *book, struct show_price_book *page)
{
    struct differences d = {.arena = visit->arena,
                            .change = ARENA_ARRAY(visit->arena, struct book_change, CHANGES_SHOWN)};
    if (d.change == NULL) return err_memory(visit->err);
    book_diff(current, book, keep_change, &d);
    page->changes = d.change;
    page->change_count = d.count;
    page->changes_more = d.more;
    return visit->arena->failed ? err_memory(visit->err) : OK;
}

/* The bills of the unit's last month by the book, where they are not too many for a page. */
static err_t fill_effect(struct visit *visit, const struct operations *at,
                         const struct price_book *current, const struct price_book *book,
                         struct show_price_book *page)
{
    int64_t month, bills;
    int32_t first_day = price_book_first_difference(current, book);
    page->effect_month = -1;
    err_t e = run_last_issued(visit->db, at->unit_id, &month, &bills, visit->err);
    if (e != OK || month == 0 || first_day == DAY_OPEN) return e;
    page->effect_month = month_from_number(month);
    page->too_many = bills > EFFECT_BILLS_MAX;
    if (page->too_many) return OK;
    return price_book_effect(visit->db, at->frame.unit_code, month, book, first_day, &page->effect,
                             visit->err);
}

static err_t find_row(struct visit *visit, int64_t *out_no, const struct price_book_row **out)
{
    struct price_book_row *books = NULL;
    size_t count = 0;
    if (!str_to_i64(visit->request->segment[0], out_no)) return visit_nothing(visit);
    err_t e = price_book_list(visit->db, visit->arena, &books, &count, visit->err);
    for (size_t i = 0; i < count && e == OK; i++)
        if (books[i].book_no == *out_no) {
            *out = &books[i];
            return OK;
        }
    return e == OK ? visit_nothing(visit) : e;
}

static err_t show_book(struct visit *visit, const struct err *refused)
{
    struct operations at;
    struct show_price_book page = {.refused = refused, .today = visit->today};
    const struct price_book *current, *book;
    int64_t book_no;
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = find_row(visit, &book_no, &page.book);
    if (e == OK) e = price_book_current(visit->db, visit->arena, &current, visit->err);
    if (e == OK) e = price_book_by_no(visit->db, visit->arena, book_no, &book, visit->err);
    if (e == OK) e = fill_changes(visit, current, book, &page);
    if (e == OK) e = fill_effect(visit, &at, current, book, &page);
    if (e == OK)
        e = actor_may(visit->db, &visit->actor, IDENTITY_EVERY_UNIT, PERMISSION_TARIFF_RELEASE,
                      &page.may_release, visit->err);
    return e == OK ? show_ops_price_book(&visit->show, &at.frame, &page) : e;
}

err_t operations_price_book(struct visit *visit)
{
    return show_book(visit, NULL);
}

err_t operations_price_release(struct visit *visit)
{
    struct loaded_book book;
    const struct err *refused;
    int64_t book_no;
    bool correction = visit_field(visit, S("dinh-chinh")).n > 0;
    if (!str_to_i64(visit->request->segment[0], &book_no)) return visit_nothing(visit);
    err_t e = actor_require(visit->db, &visit->actor, IDENTITY_EVERY_UNIT,
                            PERMISSION_TARIFF_RELEASE, visit->err);
    if (e == OK)
        e = price_book_release(visit->db, &visit->actor, visit->arena, book_no, visit->today,
                               correction, clock_now_ms(), &book, visit->err);
    if (is_refusal(e) || e == E_FORBIDDEN) {
        e = keep_refusal(visit, &refused);
        return e == OK ? show_book(visit, refused) : e;
    }
    if (e == OK)
        e = errand_follow_prices(visit->db, &visit->actor, str_of(book.hash), clock_now_ms(),
                                 visit->err);
    if (e != OK) return e;
    return visit_go(visit,
                    arena_printf(visit->arena, "/van-hanh/bieu-gia/%lld", (long long)book_no));
}
