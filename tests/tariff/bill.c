/* SPDX-License-Identifier: Apache-2.0 */
#include "bill.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal.h"
#include "tariff/answer.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, TEXT_BYTES = 8192 };

const struct price_book *bill_book(void)
{
    static struct arena arena;
    static const struct price_book *book;
    if (book != NULL) return book;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    if (book_load(&arena, book_builtin_text(), &book, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
    return book;
}

struct str bill_text(struct arena *arena, const char *request)
{
    struct str text = arena_str(arena, str_of(request));
    char *p = (char *)text.p;
    for (size_t i = 0; i < text.n; i++)
        if (p[i] == '\'') p[i] = '"';
    return text;
}

static err_t rate(enum request_kind kind, struct arena *arena, const char *text,
                  struct calc_request *request, struct calc_result *result, struct err *err)
{
    struct json *root;
    err_t code = json_parse(arena, bill_text(arena, text), &root, err);
    if (code == OK) code = request_read(bill_book(), kind, arena, root, request, err);
    return code == OK ? calc_rate(bill_book(), request, arena, result, err) : code;
}

static void describe_line(struct buf *buf, const struct calc_line *line)
{
    static const char registers[] = {' ', 'n', 'p', 'o'};
    if (line->kind == LINE_REACTIVE) {
        buf_add(buf, S("R "));
        buf_add_decimal(buf, line->cosphi_hundredths, 2);
        buf_add_char(buf, ' ');
        buf_add_decimal(buf, line->percent_hundredths, 2);
        buf_add(buf, S("% "));
        buf_add_decimal(buf, line->amount_mvnd, 3);
        return;
    }
    if (line->kind == LINE_SUPPORT) buf_add_char(buf, '-');
    buf_add(buf, category_code((enum category)line->category));
    if (line->voltage != VOLTAGE_NONE)
        buf_printf(buf, "/%.*s", STR_ARG(voltage_code((enum voltage)line->voltage)));
    buf_add_char(buf, ' ');
    if (line->tier != 0) buf_printf(buf, "%d ", line->tier);
    if (line->tou != TOU_NONE) buf_printf(buf, "%c ", registers[line->tou]);
    if (line->wh < 0) {
        buf_add_decimal(buf, line->percent_hundredths, 2);
        buf_add(buf, S("% "));
        buf_add_decimal(buf, line->amount_mvnd, 3);
        return;
    }
    buf_add_decimal(buf, line->wh, 3);
    buf_printf(buf, "x%d", line->price_vnd);
    assert_int_equal(line->amount_mvnd, line->wh * line->price_vnd);
}

static void describe(struct buf *buf, const struct calc_result *result)
{
    int decision = -1;
    bool several = false;
    for (size_t i = 0; i < result->line_count; i++)
        several = several || (result->line[i].kind == LINE_ENERGY &&
                              result->line[i].decision != result->line[0].decision);
    for (size_t i = 0; i < result->line_count; i++) {
        const struct calc_line *line = &result->line[i];
        if (i > 0) buf_add(buf, S("; "));
        if (several && line->kind == LINE_ENERGY && line->decision != decision)
            buf_printf(buf, "%.*s: ", STR_ARG(bill_book()->decision[line->decision].id));
        decision = line->decision;
        describe_line(buf, line);
    }
    if (result->line_count > 0) buf_add(buf, S(" = "));
    buf_printf(buf, "%lld + %lld", (long long)result->pre_vat_vnd, (long long)result->vat_vnd);
    assert_int_equal(result->total_vnd, result->pre_vat_vnd + result->vat_vnd);
}

static void check(enum request_kind kind, const char *text, const char *expected)
{
    struct arena arena;
    struct calc_request request;
    struct calc_result result;
    struct err err = {0};
    struct buf buf;
    char described[TEXT_BYTES];
    arena_init(&arena, ARENA_BYTES);
    if (rate(kind, &arena, text, &request, &result, &err) != OK)
        fail_msg("%s refused: %s: %s", text, err.field, err.en.message);
    buf_init_fixed(&buf, described, sizeof described);
    describe(&buf, &result);
    assert_string_equal(described, expected);
    arena_release(&arena);
}

void check_bill(const char *request, const char *expected)
{
    check(REQUEST_CALC, request, expected);
}

void check_backbill(const char *request, const char *expected)
{
    check(REQUEST_BACKBILL, request, expected);
}

static void check_refusal(enum request_kind kind, const char *text, const char *field)
{
    struct arena arena;
    struct calc_request request;
    struct calc_result result;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    if (rate(kind, &arena, text, &request, &result, &err) == OK) fail_msg("%s answered", text);
    assert_string_equal(err.field, field);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    arena_release(&arena);
}

void check_bill_refused(const char *request, const char *field)
{
    check_refusal(REQUEST_CALC, request, field);
}

void check_backbill_refused(const char *request, const char *field)
{
    check_refusal(REQUEST_BACKBILL, request, field);
}

void bill_of(struct arena *arena, const char *request, struct calc_request *out_request,
             struct calc_result *out_result)
{
    struct err err = {0};
    if (rate(REQUEST_CALC, arena, request, out_request, out_result, &err) != OK)
        fail_msg("%s refused: %s: %s", request, err.field, err.en.message);
}

err_t bill_calc_answer(struct arena *arena, struct str request, struct buf *out,
                       struct err *err)
{
    return calc_answer(bill_book(), arena, request, out, err);
}
