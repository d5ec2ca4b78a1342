/* SPDX-License-Identifier: Apache-2.0 */
/* A price book that waits for its release: that of the program with a further, sample decision. */
#include "app/demo/demo_day.h"
#include "base/clock.h"
#include "base/date.h"
#include "billing/price_book_change.h"

enum { RAISED_PERCENT = 103, PERCENT = 100, WORD_BYTES = 64, FILE_BYTES_MAX = 4 * 1024 * 1024 };

/* Where needle begins in text from a place on; -1: nowhere. */
static ptrdiff_t find(struct str text, size_t from, struct str needle)
{
    for (size_t i = from; i + needle.n <= text.n; i++)
        if (str_equal(str_sub(text, i, needle.n), needle)) return (ptrdiff_t)i;
    return -1;
}

/* The value of a member of one line, `"name": ` and what stands behind it. */
static void replace_member(struct buf *out, struct str *rest, struct str name, struct str value)
{
    ptrdiff_t at = find(*rest, 0, name);
    if (at < 0) return;
    size_t end = (size_t)at + name.n;
    while (end < rest->n && rest->p[end] != ',') end++;
    buf_add(out, str_sub(*rest, 0, (size_t)at + name.n));
    buf_add(out, value);
    *rest = str_sub(*rest, end, rest->n - end);
}

/* Nobody verified what stands in a sample. */
static void add_unverified(struct buf *out, struct str text)
{
    const struct str word = S("\"verified\"");
    for (ptrdiff_t at = find(text, 0, word); at >= 0; at = find(text, 0, word)) {
        buf_add(out, str_sub(text, 0, (size_t)at));
        buf_add(out, S("\"from memory\""));
        text = str_sub(text, (size_t)at + word.n, text.n - (size_t)at - word.n);
    }
    buf_add(out, text);
}

/* The rows of the decision with every price raised and rounded to whole đồng. */
static void raise_prices(struct buf *out, struct str rest)
{
    const struct str price = S("\"price\": \"");
    for (;;) {
        ptrdiff_t at = find(rest, 0, price);
        size_t begin = (size_t)at + price.n, end = begin;
        int64_t vnd;
        if (at < 0) break;
        while (end < rest.n && rest.p[end] != '"') end++;
        if (!str_to_i64(str_sub(rest, begin, end - begin), &vnd)) break;
        add_unverified(out, str_sub(rest, 0, begin));
        buf_add_i64(out, (vnd * RAISED_PERCENT + PERCENT / 2) / PERCENT);
        rest = str_sub(rest, end, rest.n - end);
    }
    add_unverified(out, rest);
}

/* One decision of the file: from its brace to behind the one that closes it. */
static bool find_decision(struct str text, struct str id, struct str *out)
{
    char memory[WORD_BYTES];
    struct buf head;
    int depth = 0;
    buf_init_fixed(&head, memory, sizeof memory);
    buf_printf(&head, "{\"id\": \"%.*s\"", STR_ARG(id));
    ptrdiff_t at = find(text, 0, buf_str(&head));
    for (size_t i = (size_t)at; at >= 0 && i < text.n; i++) {
        depth += text.p[i] == '{' ? 1 : text.p[i] == '}' ? -1 : 0;
        if (depth > 0) continue;
        *out = str_sub(text, (size_t)at, i + 1 - (size_t)at);
        return true;
    }
    return false;
}

static void replace_day(struct buf *out, struct str *rest, struct str name, int32_t day)
{
    char memory[WORD_BYTES], text[DATE_TEXT_BYTES];
    struct buf value;
    buf_init_fixed(&value, memory, sizeof memory);
    buf_printf(&value, "\"%.*s\"", STR_ARG(day_text(day, text)));
    replace_member(out, rest, name, buf_str(&value));
}

static void add_decision(struct buf *out, struct str like, int32_t first_day, int32_t today)
{
    replace_member(out, &like, S("{\"id\": "), S("\"MAU-1\""));
    replace_member(out, &like, S("\"document_vi\": "),
                   S("\"Quyết định mẫu (dữ liệu trình diễn)\""));
    replace_member(out, &like, S("\"document_en\": "), S("\"Sample decision (demonstration)\""));
    replace_day(out, &like, S("\"issued\": "), today);
    replace_day(out, &like, S("\"effective_from\": "), first_day);
    replace_member(out, &like, S("\"average\": "), S("null"));
    raise_prices(out, like);
}

/* The book with a further decision, three percent up from a day on, before which the last ends. */
static bool write_book(struct buf *out, struct str text, struct str last_id, int32_t first_day,
                       int32_t today)
{
    struct str last, rest;
    if (!find_decision(text, last_id, &last)) return false;
    size_t begin = (size_t)(last.p - text.p), end = begin + last.n;
    rest = str_sub(text, 0, begin);
    replace_member(out, &rest, S("\"version\": "), S("\"mau-1\""));
    buf_add(out, rest);
    rest = last;
    replace_day(out, &rest, S("\"effective_to\": "), first_day - 1);
    buf_add(out, rest);
    buf_add(out, S(",\n  "));
    add_decision(out, last, first_day, today);
    buf_add(out, str_sub(text, end, text.n - end));
    return !out->failed;
}

/* From the first day of the next month on. */
err_t demo_day_prices(struct demo_day *day, struct err *err)
{
    struct actor leader;
    struct loaded_book loaded;
    const struct price_book *book;
    struct buf text;
    int32_t first_day = first_day_of_month(month_of_day(day->today) + 1);
    err_t e = demo_day_actor(day, "TRUONGHD", &leader, err);
    if (e == OK) e = book_load(day->arena, book_builtin_text(), &book, err);
    if (e != OK) return e;
    int at = book_decision_at(book, first_day);
    ASSERT(at >= 0);
    buf_init(&text, FILE_BYTES_MAX);
    if (write_book(&text, book_builtin_text(), book->decision[at].id, first_day, day->today))
        e = price_book_load(day->db, &leader, day->arena, buf_str(&text), clock_now_ms(), &loaded,
                            err);
    buf_release(&text);
    return e;
}
