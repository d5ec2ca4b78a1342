/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the calculators: one request in, one answer or one refusal out, as text. */
#ifndef SANGDEN_TESTS_TARIFF_ANSWER_H
#define SANGDEN_TESTS_TARIFF_ANSWER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

typedef err_t answer_function(struct arena *arena, struct str request, struct buf *out,
                              struct err *err);

struct answer {
    struct arena arena;
    struct buf out;
    err_t code;
    struct err err;
};

/* Runs the calculator; a refusal becomes the answer of refusal_add. */
void answer_init(struct answer *answer, answer_function *function, const char *request);
void answer_release(struct answer *answer);

/* Asserts (cmocka) that the answer is exactly expected. */
void check_answer(answer_function *function, const char *request, const char *expected);
/* Asserts that the request is refused, naming the field ("" when the fault has no place), with a
 * message and a hint in both languages. */
void check_refused(answer_function *function, const char *request, const char *field);

#endif
