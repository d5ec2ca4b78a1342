/* SPDX-License-Identifier: Apache-2.0 */
/* The calculators without a price book: whatever comes in, one JSON object comes out; what is
 * answered twice is the same, and the total of a plan is the sum of its lines. The first byte
 * chooses the calculator. */
#include "fuzz.h"

#include "base/json_read.h"
#include "base/refusal.h"
#include "tariff/meter_kwh.h"
#include "tariff/rate.h"

enum { ARENA_BYTES = 32 << 20, OUTPUT_BYTES = 8 << 20 };

static void check_sum(struct arena *arena, const struct json *request)
{
    struct rate_plan plan;
    struct rate_usage usage;
    struct rate_result result;
    struct err err = {0};
    if (rate_read(arena, request, &plan, &usage, &err) != OK ||
        rate_compute(arena, &plan, &usage, &result, &err) != OK)
        return;
    int128 sum_e18 = 0;
    size_t count = 0;
    for (const struct rate_line *line = result.first; line != NULL; line = line->next, count++)
        sum_e18 += line->amount_e18;
    ASSERT(sum_e18 == result.total_e18 && count == result.line_count);
}

/* One answer, refusals included; false when memory ran out. */
static bool answer(bool meter, struct arena *arena, struct str request, struct buf *out)
{
    struct err err = {0};
    struct json *json = NULL;
    err_t status = meter ? meter_kwh_answer(arena, request, out, &err)
                         : rate_answer(arena, request, out, &err);
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
    if (size == 0) return 0;
    struct arena arena;
    struct buf first, second;
    struct json *json = NULL;
    struct err err = {0};
    struct str request = {(const char *)data + 1, size - 1};
    bool meter = data[0] == 'm';
    arena_init(&arena, ARENA_BYTES);
    buf_init(&first, OUTPUT_BYTES);
    buf_init(&second, OUTPUT_BYTES);
    if (answer(meter, &arena, request, &first) && answer(meter, &arena, request, &second)) {
        ASSERT(str_equal(buf_str(&first), buf_str(&second)));
        if (json_parse(&arena, request, &json, &err) == OK) check_sum(&arena, json);
    }
    buf_release(&first);
    buf_release(&second);
    arena_release(&arena);
    return 0;
}
