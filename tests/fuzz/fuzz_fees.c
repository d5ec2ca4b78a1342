/* SPDX-License-Identifier: Apache-2.0 */
/* Back-billing, fees and prepaid sales: an answer is one JSON object, the same twice, and its sums
 * close; a refusal adds nothing and says why in both languages. */
#include "fuzz.h"

#include "base/json_read.h"
#include "tariff/backbill.h"
#include "tariff/fee.h"
#include "tariff/vend.h"

enum { ARENA_BYTES = 16 << 20, ANSWER_BYTES = 4 << 20 };

typedef err_t calculator(const struct price_book *book, struct arena *arena, struct str text,
                         struct buf *out, struct err *err);

static const struct price_book *builtin_book(void)
{
    static struct arena arena;
    static const struct price_book *book;
    struct err err;
    if (book != NULL) return book;
    arena_init(&arena, ARENA_BYTES);
    ASSERT(book_load(&arena, book_builtin_text(), &book, &err) == OK);
    return book;
}

static void check_sums(const struct json *answer)
{
    int64_t pre_vat_vnd, vat_vnd, total_vnd;
    if (!json_to_i64(json_member(answer, S("pre_vat")), &pre_vat_vnd) ||
        !json_to_i64(json_member(answer, S("vat")), &vat_vnd) ||
        !json_to_i64(json_member(answer, S("total")), &total_vnd))
        return;
    ASSERT(pre_vat_vnd + vat_vnd == total_vnd);
}

static void check(calculator *answer, struct str text)
{
    struct arena arena;
    struct buf first, second;
    struct err err = {0};
    struct json *parsed = NULL;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&first, ANSWER_BYTES);
    buf_init(&second, ANSWER_BYTES);
    err_t status = answer(builtin_book(), &arena, text, &first, &err);
    arena_reset(&arena);
    ASSERT(answer(builtin_book(), &arena, text, &second, &err) == status);
    ASSERT(str_equal(buf_str(&first), buf_str(&second)));
    if (status != OK) {
        ASSERT(first.n == 0);
        ASSERT(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    } else if (!first.failed) {
        ASSERT(json_parse(&arena, buf_str(&first), &parsed, &err) == OK);
        check_sums(parsed);
    }
    buf_release(&first);
    buf_release(&second);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    check(backbill_answer, text);
    check(fee_answer, text);
    check(vend_answer, text);
    return 0;
}
