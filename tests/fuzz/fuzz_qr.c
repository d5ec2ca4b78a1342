/* SPDX-License-Identifier: Apache-2.0 */
/* Payment QRs: what is accepted is described the same twice as one JSON object; what is refused
 * says why and adds nothing. Changed bytes rarely keep their checksum, so each input is also tried
 * with the right one behind it. */
#include "fuzz.h"

#include "base/json_read.h"
#include "payment/emv.h"
#include "payment/qr_describe.h"
#include "payment/qr_request.h"
#include "payment/vietqr.h"

enum { ARENA_BYTES = 4 << 20, ANSWER_BYTES = 1 << 20 };

static void check_described(struct str payload)
{
    struct arena arena;
    struct buf first, second;
    struct err err = {0};
    struct json *parsed = NULL;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&first, ANSWER_BYTES);
    buf_init(&second, ANSWER_BYTES);
    err_t status = qr_describe(&arena, payload, &first, &err);
    ASSERT(qr_describe(&arena, payload, &second, &err) == status);
    ASSERT(str_equal(buf_str(&first), buf_str(&second)));
    if (status == OK) {
        ASSERT(json_parse(&arena, buf_str(&first), &parsed, &err) == OK);
    } else {
        ASSERT(first.n == 0 && err.vi.message[0] != '\0' && err.en.hint[0] != '\0');
    }
    buf_release(&first);
    buf_release(&second);
    arena_release(&arena);
}

static void check_written(struct str request)
{
    struct arena arena;
    struct buf payload, told;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    buf_init(&payload, ANSWER_BYTES);
    buf_init(&told, ANSWER_BYTES);
    if (qr_answer(&arena, request, VIETQR_LIMIT_VND, &payload, &err) == OK)
        ASSERT(qr_describe(&arena, buf_str(&payload), &told, &err) == OK);
    buf_release(&payload);
    buf_release(&told);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct buf completed;
    check_described(text);
    check_written(text);
    buf_init(&completed, ANSWER_BYTES);
    buf_add(&completed, text);
    emv_add_crc(&completed);
    check_described(buf_str(&completed));
    buf_release(&completed);
    return 0;
}
