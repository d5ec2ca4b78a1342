/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/problem.h"

static const struct problem_text texts[PROBLEM_COUNT] = {
#define PROBLEM(name, code, vi, en, remedy_vi, remedy_en) {code, vi, en, remedy_vi, remedy_en},
#include "billing/problems.def"
#undef PROBLEM
};

const struct problem_text *problem_text(enum problem problem)
{
    ASSERT(problem >= 0 && problem < PROBLEM_COUNT);
    return &texts[problem];
}

enum problem problem_parse(struct str stored, struct str *out_concerns)
{
    size_t colon = str_find(stored, ':');
    struct str code = str_sub(stored, 0, colon);
    for (int problem = 0; problem < PROBLEM_COUNT; problem++) {
        if (!str_equal(code, str_of(texts[problem].code))) continue;
        *out_concerns = str_sub(stored, colon + 1, stored.n);
        return (enum problem)problem;
    }
    *out_concerns = stored;
    return PROBLEM_RATING;
}
