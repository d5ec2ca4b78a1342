/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of a provider: whatever the bytes, an answer is one of the contract or a refusal that
 * says why in both languages. The first byte decides whether a code of the tax office is asked
 * for. */
#include "fuzz.h"

#include "document/einvoice_answer.h"

enum { ARENA_BYTES = 8 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct err err = {0};
    struct provider_answer answer;
    if (size == 0) return 0;
    bool coded = data[0] == 'c';
    arena_init(&arena, ARENA_BYTES);
    err_t e = answer_read(&arena, (struct str){(const char *)data + 1, size - 1}, S("V01"), coded,
                          &answer, &err);
    if (e != OK) {
        ASSERT(err.code == e && err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    } else {
        ASSERT(answer.state <= ANSWER_REFUSED && answer.notice >= 0 && answer.notice <= 9);
        ASSERT(answer.state != ANSWER_REFUSED || answer.code.n > 0);
        ASSERT((answer.office_code.n > 0) == (coded && answer.state == ANSWER_ACCEPTED));
        ASSERT(str_length(answer.code) <= ANSWER_CODE_MAX);
        ASSERT(str_length(answer.reason) <= ANSWER_REASON_MAX);
    }
    arena_release(&arena);
    return 0;
}
