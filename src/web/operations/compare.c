/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/doi-chieu: books beside the earlier system, compared with a pasted file, then signed
 * live. */
#include "base/clock.h"
#include "base/date.h"
#include "billing/billing_view.h"
#include "web/operations/billing_pages.h"

enum { BOOKS_A_PAGE = 50, DIFFERENCES_A_PAGE = 50 };

err_t operations_compare(struct visit *visit)
{
    struct operations at;
    struct show_compare page = {0};
    struct compared_book *books;
    struct str behind = visit_field(visit, S("sau"));
    size_t count = 0;
    err_t e = operations_open(visit, PERMISSION_CUTOVER_SIGN, &at);
    if (e == OK)
        e = compared_books(visit->db, visit->arena, at.unit_id, behind, BOOKS_A_PAGE + 1, &books,
                           &count, visit->err);
    if (e != OK) return e;
    if (behind.n > 0) page.first = S("/van-hanh/doi-chieu");
    if (count > BOOKS_A_PAGE) {
        char memory[512];
        struct buf out;
        count = BOOKS_A_PAGE;
        buf_init_fixed(&out, memory, sizeof memory);
        buf_add(&out, S("/van-hanh/doi-chieu?sau="));
        write_url_text(&out, books[count - 1].code);
        page.after = arena_str(visit->arena, buf_str(&out));
    }
    page.books = books;
    page.book_count = count;
    return show_ops_compare(&visit->show, &at.frame, &page);
}

/* ---- one book ---------------------------------------------------------------------------- */

static err_t find_book(struct visit *visit, struct operations *at, struct compared_book *out)
{
    err_t e = operations_open(visit, PERMISSION_CUTOVER_SIGN, at);
    if (e != OK) return e;
    return compared_book_find(visit->db, visit->arena, at->unit_id, visit->request->segment[0], out,
                              visit->err);
}

static err_t read_behind(struct visit *visit, int64_t *out)
{
    struct str text = http_field(&visit->request->query, S("sau"));
    *out = 0;
    if (text.n == 0 || str_to_i64(text, out)) return OK;
    err_set(visit->err, E_INPUT, "sau", "Không có trang này của danh sách",
            "The list has no such page");
    return err_hint(visit->err, "Mở lại danh sách từ đầu", "Open the list from its beginning");
}

static err_t fill_differences(struct visit *visit, const struct compared_book *book,
                              struct show_compare_book *page)
{
    struct compared_difference *items;
    int64_t behind;
    size_t count = 0;
    struct str here = show_compare_address(visit->arena, book->code);
    err_t e = read_behind(visit, &behind);
    if (e == OK)
        e = compared_differences(visit->db, visit->arena, book, behind, DIFFERENCES_A_PAGE + 1,
                                 &items, &count, visit->err);
    if (e != OK) return e;
    if (behind > 0) page->first = here;
    if (count > DIFFERENCES_A_PAGE) {
        count = DIFFERENCES_A_PAGE;
        page->after = arena_printf(visit->arena, "%.*s?sau=%lld", STR_ARG(here),
                                   (long long)items[count - 1].difference_no);
    }
    page->differences = items;
    page->difference_count = count;
    return OK;
}

static err_t show_book(struct visit *visit, const struct err *refused)
{
    struct operations at;
    struct compared_book book;
    struct show_compare_book page = {.book = &book, .month = -1, .refused = refused};
    int64_t month = 0;
    if (refused != NULL) page.pasted = visit_field(visit, S("van-ban"));
    err_t e = find_book(visit, &at, &book);
    if (e == OK) e = fill_differences(visit, &book, &page);
    if (e == OK) e = billing_month(visit->db, at.unit_id, &month, visit->err);
    if (e != OK) return e;
    /* What was typed, or compared last, or the month that the unit is at. */
    bool typed = month_parse(visit_field(visit, S("thang")), &page.month);
    if (!typed && book.compared) page.month = month_from_number(book.month);
    else if (!typed && month != 0) page.month = month_from_number(month);
    e = show_ops_compare_book(&visit->show, &at.frame, &page);
    if (e != OK || page.difference_count == 0) return e;
    return operations_note(visit, at.unit_id, S("compare.show"), book.code);
}

err_t operations_compare_book(struct visit *visit)
{
    return show_book(visit, NULL);
}

/* Back to the page of the book, with the reason where it was refused. */
static err_t answer(struct visit *visit, const struct compared_book *book, err_t e)
{
    const struct err *refused;
    if (is_refusal(e)) {
        e = keep_refusal(visit, &refused);
        return e == OK ? show_book(visit, refused) : e;
    }
    if (e != OK) return e;
    return visit_go(visit, show_compare_address(visit->arena, book->code));
}

err_t operations_compare_do(struct visit *visit)
{
    struct operations at;
    struct compared_book book;
    struct compare_counts counts;
    int32_t month = 0;
    err_t e = find_book(visit, &at, &book);
    if (e == OK) e = operations_month(visit, month_of_day(visit->today), &month);
    if (e != OK) return e;
    struct compare_order order = {.text = pasted_text(visit, S("van-ban")),
                                  .month = month_to_number(month),
                                  .unit_code = at.frame.unit_code,
                                  .book_code = book.code,
                                  .actor_id = visit->actor.staff_id,
                                  .now_ms = clock_now_ms()};
    return answer(visit, &book, compare_keep(visit->db, &order, &counts, visit->err));
}

err_t operations_compare_sign(struct visit *visit)
{
    struct operations at;
    struct compared_book book;
    err_t e = find_book(visit, &at, &book);
    if (e != OK) return e;
    e = compare_sign(visit->db, at.frame.unit_code, &book, &visit->actor, clock_now_ms(),
                     visit->err);
    return answer(visit, &book, e);
}
