/* SPDX-License-Identifier: Apache-2.0 */
/* Cut-over: the books of a unit beside the earlier system, and the differences of one. */
#include "base/date.h"
#include "web/show_billing_int.h"

struct component_notice refusal_notice(const struct show *show, const struct err *refused)
{
    struct component_notice problem = {0};
    place_refusal(show, refused, NULL, 0, &problem);
    if (refused != NULL)
        problem.safe = str_of(show->english ? refused->en.detail : refused->vi.detail);
    return problem;
}

struct str show_compare_address(struct arena *arena, struct str code)
{
    char memory[512];
    struct buf out;
    buf_init_fixed(&out, memory, sizeof memory);
    buf_add(&out, S("/van-hanh/doi-chieu/"));
    write_url_text(&out, code);
    return arena_str(arena, buf_str(&out));
}

err_t show_ops_compare(const struct show *show, const struct show_operations *frame,
                       const struct show_compare *compare)
{
    struct operations_links links;
    struct page_ops_compare_books *rows =
        ARENA_ARRAY(show->arena, struct page_ops_compare_books, compare->book_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < compare->book_count; i++) {
        const struct compared_book *book = &compare->books[i];
        rows[i] = (struct page_ops_compare_books){.words = book->code,
                                                  .name = book->name,
                                                  .address =
                                                      show_compare_address(show->arena, book->code),
                                                  .compared = book->compared,
                                                  .rows = book->counts.rows,
                                                  .same = book->counts.same,
                                                  .explained = book->counts.explained,
                                                  .unexplained = book->counts.unexplained,
                                                  .live = book->live,
                                                  .good = book->counts.unexplained == 0,
                                                  .bad = book->counts.unexplained > 0};
    }
    operations_links(frame, OPERATIONS_compare, &links);
    page_ops_compare(show->out, show->english,
                     &(struct page_ops_compare){OPERATIONS_FRAME(show, frame, links), .books = rows,
                                                .books_count = compare->book_count,
                                                .first = compare->first, .after = compare->after});
    return shown(show);
}

static struct page_ops_compare_book_differences difference_of(const struct show *show,
                                                              const struct compared *compared)
{
    const struct verdict_text *text = verdict_text(compared->verdict);
    return (struct page_ops_compare_book_differences){
        .point = compared->point_code,
        .why = str_of(show->english ? text->en : text->vi),
        .detail = compared->detail,
        .known = text->explained,
        .earlier_use = compared->earlier_wh,
        .our_use = compared->our_wh,
        .earlier = compared->earlier_vnd,
        .ours = compared->our_vnd};
}

err_t show_ops_compare_book(const struct show *show, const struct show_operations *frame,
                            const struct show_compare_book *in)
{
    char month[MONTH_TEXT_BYTES];
    struct operations_links links;
    const struct compared_book *book = in->book;
    const struct compare_counts *counts = &book->counts;
    struct str words = web_text(TEXT_ops_compare_book, show->english);
    struct str here = show_compare_address(show->arena, book->code);
    struct page_ops_compare_book_differences *rows =
        ARENA_ARRAY(show->arena, struct page_ops_compare_book_differences, in->difference_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < in->difference_count; i++)
        rows[i] = difference_of(show, &in->differences[i].compared);
    operations_links(frame, OPERATIONS_compare, &links);
    struct page_ops_compare_book page = {
        OPERATIONS_FRAME(show, frame, links),
        .token = show->token,
        .title = arena_printf(show->arena, "%.*s %.*s", STR_ARG(words), STR_ARG(book->code)),
        .problem = refusal_notice(show, in->refused),
        .live = book->live,
        .signed_at = book->signed_at_ms,
        .compared = book->compared,
        .month = book->compared ? month_from_number(book->month) : 0,
        .at = book->compared_at_ms,
        .rows = counts->rows,
        .same = counts->same,
        .explained = counts->explained,
        .unexplained = counts->unexplained,
        .not_there = counts->not_there,
        .differences = rows,
        .differences_count = in->difference_count,
        .first = in->first,
        .after = in->after,
        .may_sign = book->compared && !book->live && counts->unexplained == 0 && counts->rows > 0,
        .sign = arena_printf(show->arena, "%.*s/ky", STR_ARG(here)),
        .here = here,
        .month_text = in->month >= 0 ? month_text(in->month, month) : S(""),
        .pasted = in->pasted};
    page_ops_compare_book(show->out, show->english, &page);
    return shown(show);
}
