/* SPDX-License-Identifier: Apache-2.0 */
/* The reading books of a month. */
#include "web/operations/books.h"

#include "base/date.h"

enum { BOOKS_A_PAGE = 50 };

struct str books_address(struct visit *visit, struct str unit_code, struct str book_code,
                         int32_t month, int period_no)
{
    char text[MONTH_TEXT_BYTES];
    return arena_printf(visit->arena, "/van-hanh/so/%.*s/%.*s/%.*s/%d", STR_ARG(unit_code),
                        STR_ARG(book_code), STR_ARG(month_text(month, text)), period_no);
}

struct str books_list_address(struct visit *visit, int32_t month, struct str state)
{
    char text[MONTH_TEXT_BYTES];
    return arena_printf(visit->arena, "/van-hanh/so?thang=%.*s%s%.*s",
                        STR_ARG(month_text(month, text)), state.n > 0 ? "&tinh-trang=" : "",
                        STR_ARG(state));
}

static struct str state_word(size_t choice)
{
    return choice < BOOK_STATE_COUNT ? book_state_text((enum book_state)choice) : S("");
}

static void read_filter(struct visit *visit, struct book_filter *filter, size_t *out_choice)
{
    struct str state = visit_field(visit, S("tinh-trang"));
    *out_choice = BOOK_STATE_COUNT;
    for (size_t i = 0; i < BOOK_STATE_COUNT; i++)
        if (str_equal(state, state_word(i))) *out_choice = i;
    filter->any_state = *out_choice == BOOK_STATE_COUNT;
    filter->state = filter->any_state ? BOOK_OPEN : (enum book_state) * out_choice;
    filter->after = visit_field(visit, S("sau"));
    filter->limit = BOOKS_A_PAGE + 1;
}

/* One row for each period of a book, those in other states left out. */
static err_t fill_rows(struct visit *visit, const struct operations *at,
                       const struct book_filter *filter, const struct book *books, size_t count,
                       struct show_books *page)
{
    struct show_books_row *rows =
        ARENA_ARRAY(visit->arena, struct show_books_row, count * BOOK_PERIODS_MAX);
    err_t e = rows == NULL ? err_memory(visit->err) : OK;
    for (size_t i = 0; i < count && e == OK; i++)
        for (int period_no = 1; period_no <= books[i].periods && e == OK; period_no++) {
            struct show_books_row *row = &rows[page->row_count];
            row->book = &books[i];
            e = book_period_get(visit->db, &books[i], filter->month, period_no, &row->period,
                                visit->err);
            if (e != OK || (!filter->any_state && row->period.state != filter->state)) continue;
            row->address =
                books_address(visit, at->frame.unit_code, books[i].code, filter->month, period_no);
            page->row_count++;
        }
    page->rows = rows;
    return e;
}

static void add_addresses(struct visit *visit, const struct book_filter *filter,
                          struct show_books *page)
{
    struct str state = state_word(page->choice);
    page->before_month = books_list_address(visit, filter->month - 1, state);
    page->after_month = books_list_address(visit, filter->month + 1, state);
    for (size_t i = 0; i < BOOK_CHOICES; i++)
        page->choices[i] = books_list_address(visit, filter->month, state_word(i));
    if (filter->after.n > 0) page->first = page->choices[page->choice];
}

err_t operations_books(struct visit *visit)
{
    struct operations at;
    struct book_filter filter = {0};
    struct show_books page = {.row_count = 0};
    struct book *books;
    size_t count = 0;
    err_t e = operations_open(visit, PERMISSION_READING_READ, &at);
    if (e == OK) e = operations_month(visit, month_of_day(visit->today), &filter.month);
    if (e != OK) return e;
    filter.unit_id = at.unit_id;
    read_filter(visit, &filter, &page.choice);
    e = book_page(visit->db, visit->arena, &filter, &books, &count, visit->err);
    if (e != OK) return e;
    page.month = filter.month;
    add_addresses(visit, &filter, &page);
    if (count > BOOKS_A_PAGE) {
        count = BOOKS_A_PAGE;
        page.after = arena_printf(visit->arena, "%.*s&sau=%.*s", STR_ARG(page.choices[page.choice]),
                                  STR_ARG(books[count - 1].code));
    }
    e = fill_rows(visit, &at, &filter, books, count, &page);
    return e == OK ? show_ops_books(&visit->show, &at.frame, &page) : e;
}
