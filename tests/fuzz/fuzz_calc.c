/* SPDX-License-Identifier: Apache-2.0 */
/* The bill calculator on the built-in price book: whatever comes in, one JSON object comes out, the
 * same one twice; no energy is lost between the usage and the lines, and the sums are those of the
 * lines. */
#include "fuzz.h"

#include "base/integer.h"
#include "base/json_read.h"
#include "tariff/answer.h"
#include "tariff/refusal.h"
#include "tariff/request.h"

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

/* One answer, refusals included; false when memory ran out. */
static bool answer(struct arena *arena, struct str request, struct buf *out)
{
    struct err err = {0};
    struct json *json = NULL;
    err_t status = calc_answer(the_book(), arena, request, out, &err);
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
    arena_init(&arena, ARENA_BYTES);
    buf_init(&first, OUTPUT_BYTES);
    buf_init(&second, OUTPUT_BYTES);
    if (answer(&arena, request, &first) && answer(&arena, request, &second)) {
        ASSERT(str_equal(buf_str(&first), buf_str(&second)));
        if (json_parse(&arena, request, &json, &err) == OK) check_sums(&arena, json);
    }
    buf_release(&first);
    buf_release(&second);
    arena_release(&arena);
    return 0;
}
