/* SPDX-License-Identifier: Apache-2.0 */
/* The calculators on the built-in price book (a letter in front chooses another than bills: b, f,
 * v): whatever comes in, one JSON object comes out, the
 * same one twice; no energy is lost between the usage and the lines, and the sums are those of the
 * lines. */
#include "fuzz.h"

#include "base/integer.h"
#include "base/json_read.h"
#include "base/refusal.h"
#include "tariff/answer.h"
#include "tariff/backbill.h"
#include "tariff/fee.h"
#include "tariff/request.h"
#include "tariff/vend.h"

enum { BOOK_BYTES = 16 << 20, ARENA_BYTES = 32 << 20, OUTPUT_BYTES = 8 << 20 };

static const struct price_book *the_book(void)
{
    static struct arena arena;
    static const struct price_book *book;
    struct err err = {0};
    if (book != NULL) return book;
    arena_init(&arena, BOOK_BYTES);
    ASSERT(book_load(&arena, book_builtin_text(), &book, &err) == OK);
    return book;
}

static int64_t usage_wh(const struct calc_usage *usage)
{
    return usage->wh[0] + usage->wh[1] + usage->wh[2];
}

static void check_sums(struct arena *arena, const struct json *json)
{
    struct calc_request request;
    struct calc_result result;
    struct err err = {0};
    calc_request_init(&request);
    if (request_read(the_book(), REQUEST_CALC, arena, json, &request, &err) != OK ||
        calc_rate(the_book(), &request, arena, &result, &err) != OK)
        return;
    int64_t wh = 0, mvnd = 0;
    for (size_t i = 0; i < result.line_count; i++) {
        if (result.line[i].kind == LINE_ENERGY) wh += result.line[i].wh;
        mvnd += result.line[i].amount_mvnd;
    }
    ASSERT(wh == usage_wh(&request.usage) && wh == result.total_wh);
    ASSERT(result.pre_vat_vnd == div_half_up(mvnd, 1000));
    ASSERT(result.total_vnd == result.pre_vat_vnd + result.vat_vnd);
}

typedef err_t answer_function(const struct price_book *book, struct arena *arena,
                              struct str request, struct buf *out, struct err *err);

/* Takes the letter off the request. */
static answer_function *chosen(struct str *request)
{
    static const struct {
        char letter;
        answer_function *function;
    } others[] = {{'b', backbill_answer}, {'f', fee_answer}, {'v', vend_answer}};
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        if (request->n == 0 || request->p[0] != others[i].letter) continue;
        *request = str_sub(*request, 1, request->n);
        return others[i].function;
    }
    return calc_answer;
}

/* One answer, refusals included; false when memory ran out. */
static bool answer(answer_function *function, struct arena *arena, struct str request,
                   struct buf *out)
{
    struct err err = {0};
    struct json *json = NULL;
    err_t status = function(the_book(), arena, request, out, &err);
    if (status == E_MEMORY || arena->failed) return false;
    if (status != OK) {
        ASSERT(status == err.code && out->n == 0);
        ASSERT(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
        refusal_add(out, &err);
    }
    ASSERT(!out->failed);
    ASSERT(json_parse(arena, buf_str(out), &json, &err) == OK || arena->failed);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct buf first, second;
    struct json *json = NULL;
    struct err err = {0};
    struct str request = {(const char *)data, size};
    answer_function *function = chosen(&request);
    arena_init(&arena, ARENA_BYTES);
    buf_init(&first, OUTPUT_BYTES);
    buf_init(&second, OUTPUT_BYTES);
    if (answer(function, &arena, request, &first) &&
        answer(function, &arena, request, &second)) {
        ASSERT(str_equal(buf_str(&first), buf_str(&second)));
        if (function == calc_answer && json_parse(&arena, request, &json, &err) == OK)
            check_sums(&arena, json);
    }
    buf_release(&first);
    buf_release(&second);
    arena_release(&arena);
    return 0;
}
