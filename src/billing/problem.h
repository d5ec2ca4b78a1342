/* SPDX-License-Identifier: Apache-2.0 */
/* Why a bill is held, cannot be computed or is missing: one table of codes with the reason and the
 * remedy in both languages (problems.def).
 *
 * Stored as the code, with what it concerns behind a colon: "hold:meter dispute". Threads: pure. */
#ifndef SANGDEN_BILLING_PROBLEM_H
#define SANGDEN_BILLING_PROBLEM_H

#include "base/str.h"

enum problem {
#define PROBLEM(name, code, vi, en, remedy_vi, remedy_en) PROBLEM_##name,
#include "billing/problems.def"
#undef PROBLEM
    PROBLEM_COUNT
};

struct problem_text {
    const char *code;
    const char *vi, *en;
    const char *remedy_vi, *remedy_en;
};

/* Texts of a problem. */
const struct problem_text *problem_text(enum problem problem);
/* Takes the stored form apart; an unknown code gives PROBLEM_RATING with the whole text. */
enum problem problem_parse(struct str stored, struct str *out_concerns);

#endif
