/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/refusal.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, OUT_BYTES = 4 * 1024 * 1024 };

void answer_init(struct answer *answer, answer_function *function, const char *request)
{
    arena_init(&answer->arena, ARENA_BYTES);
    buf_init(&answer->out, OUT_BYTES);
    answer->err = (struct err){0};
    answer->code = function(&answer->arena, str_of(request), &answer->out, &answer->err);
    if (answer->code == OK) return;
    assert_int_equal(answer->out.n, 0);
    assert_int_equal(answer->code, answer->err.code);
    refusal_add(&answer->out, &answer->err);
}

void answer_release(struct answer *answer)
{
    buf_release(&answer->out);
    arena_release(&answer->arena);
}

void check_answer(answer_function *function, const char *request, const char *expected)
{
    struct answer answer;
    answer_init(&answer, function, request);
    assert_string_equal(answer.out.p, expected);
    answer_release(&answer);
}

void check_refused(answer_function *function, const char *request, const char *field)
{
    struct answer answer;
    answer_init(&answer, function, request);
    if (answer.code == OK) fail_msg("answered %s to %s", answer.out.p, request);
    assert_string_equal(answer.err.field, field);
    assert_true(answer.err.vi.message[0] != '\0' && answer.err.en.message[0] != '\0');
    assert_true(answer.err.vi.hint[0] != '\0' && answer.err.en.hint[0] != '\0');
    answer_release(&answer);
}
