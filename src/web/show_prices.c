/* SPDX-License-Identifier: Apache-2.0 */
/* Price books: those that were loaded, and what one would do. */
#include "web/show_billing_int.h"

static enum web_text state_of(const struct price_book_row *book)
{
    if (book->release_no == 0) return TEXT_ops_price_waits;
    return book->in_force ? TEXT_ops_price_now : TEXT_ops_price_past;
}

/* "Biểu giá 3 · 2026-11". */
static struct str words_of(const struct show *show, const struct price_book_row *book)
{
    return arena_printf(show->arena,
                        show->english ? "Price book %lld · %.*s" : "Biểu giá %lld · %.*s",
                        (long long)book->book_no, STR_ARG(book->version));
}

err_t show_ops_prices(const struct show *show, const struct show_operations *frame,
                      const struct show_prices *prices)
{
    struct operations_links links;
    struct page_ops_prices_books *rows =
        ARENA_ARRAY(show->arena, struct page_ops_prices_books, prices->book_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < prices->book_count; i++) {
        const struct price_book_row *book = &prices->books[i];
        rows[i] = (struct page_ops_prices_books){
            .words = words_of(show, book),
            .address =
                arena_printf(show->arena, "/van-hanh/bieu-gia/%lld", (long long)book->book_no),
            .first = book->first_day,
            .state = state_of(book),
            .waits = book->release_no == 0};
    }
    operations_links(frame, OPERATIONS_prices, &links);
    page_ops_prices(
        show->out, show->english,
        &(struct page_ops_prices){OPERATIONS_FRAME(show, frame, links), .token = show->token,
                                  .current = prices->current, .hash = prices->hash,
                                  .problem = refusal_notice(show, prices->refused),
                                  .pasted = prices->pasted, .may_load = prices->may_load,
                                  .books = rows, .books_count = prices->book_count});
    return shown(show);
}

/* ---- one book ---------------------------------------------------------------------------- */

static const enum web_text kind_words[] = {[CHANGE_ADDED] = TEXT_ops_diff_added,
                                           [CHANGE_REMOVED] = TEXT_ops_diff_removed,
                                           [CHANGE_VALUE] = TEXT_ops_diff_changed};

static void fill_effect(const struct show *show, const struct show_operations *frame,
                        const struct show_price_book *in, struct page_ops_price_book *page)
{
    page->has_effect = in->effect_month >= 0 && !in->too_many;
    page->effect_month = in->effect_month;
    page->bills = in->effect.bill_count;
    page->before = in->effect.before_vnd;
    page->after = in->effect.after_vnd;
    page->raised = in->effect.raised;
    page->lowered = in->effect.lowered;
    page->refused = in->effect.refused;
    page->too_many = in->too_many;
    page->command = arena_printf(show->arena, "sangden tariff release %lld --preview --unit %.*s",
                                 (long long)in->book->book_no, STR_ARG(frame->unit_code));
}

err_t show_ops_price_book(const struct show *show, const struct show_operations *frame,
                          const struct show_price_book *in)
{
    struct operations_links links;
    const struct price_book_row *book = in->book;
    struct page_ops_price_book_changes *changes =
        ARENA_ARRAY(show->arena, struct page_ops_price_book_changes, in->change_count);
    if (changes == NULL) return err_memory(show->err);
    for (size_t i = 0; i < in->change_count; i++) {
        const struct book_change *change = &in->changes[i];
        changes[i] = (struct page_ops_price_book_changes){
            .kind = kind_words[change->kind],
            .what = pick(show, change->what_vi, change->what_en),
            .before = change->before,
            .after = change->after,
            .both = change->kind == CHANGE_VALUE};
    }
    operations_links(frame, OPERATIONS_prices, &links);
    struct page_ops_price_book page = {
        OPERATIONS_FRAME(show, frame, links),
        .token = show->token,
        .title = words_of(show, book),
        .problem = refusal_notice(show, in->refused),
        .first = book->first_day,
        .state = state_of(book),
        .waits = book->release_no == 0,
        .hash = book->hash,
        .changes = changes,
        .changes_count = in->change_count,
        .more = (int64_t)in->changes_more,
        .none = in->change_count == 0,
        .may_release = in->may_release && book->release_no == 0,
        .release =
            arena_printf(show->arena, "/van-hanh/bieu-gia/%lld/duyet", (long long)book->book_no),
        .late = book->first_day <= in->today};
    fill_effect(show, frame, in, &page);
    page_ops_price_book(show->out, show->english, &page);
    return shown(show);
}
