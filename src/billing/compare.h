/* SPDX-License-Identifier: Apache-2.0 */
/* Our bills beside those of the earlier system: every difference with its reason.
 *
 *   history file, row by row ─► our bill or draft of the same point and month ─► verdict
 *
 * A difference is explained when it follows from rounding, or when our own computation with
 * another permitted method (denominator of proration, order of rounding at a price change) gives
 * the earlier figure. Whatever else differs waits for people: facts to be mended here or there. A
 * book goes live at zero unexplained differences, signed.
 * Ownership: views given to a visitor live until it returns. Threads: as the connection. */
#ifndef SANGDEN_BILLING_COMPARE_H
#define SANGDEN_BILLING_COMPARE_H

#include "base/arena.h"
#include "billing/problem.h"
#include "identity/identity.h"

enum verdict {
#define VERDICT(name, code, explained, vi, en) VERDICT_##name,
#include "billing/verdicts.def"
#undef VERDICT
    VERDICT_COUNT
};

struct verdict_text {
    const char *code;
    bool explained;
    const char *vi, *en;
};
/* Texts of a verdict. */
const struct verdict_text *verdict_text(enum verdict verdict);

struct compared {
    struct str point_code;
    int64_t point_id;
    int64_t earlier_wh, earlier_vnd;
    int64_t our_wh, our_vnd;
    enum verdict verdict;
    struct str detail; /* "households 2", the problem's text …; may be empty */
};
typedef err_t compared_visit(void *context, const struct compared *compared, struct err *err);

struct compare_order {
    const char *path;     /* "-" is standard input */
    struct str text;      /* the file itself where path is NULL */
    int64_t month;        /* YYYYMM; rows of other months are left out */
    struct str unit_code; /* empty: any */
    struct str book_code; /* empty: any */
    int64_t actor_id;
    int64_t now_ms;
};

struct compare_counts {
    int64_t rows, same, explained, unexplained;
    int64_t not_there; /* bills of ours that the file does not have; unexplained too */
};

/* E_INPUT when rows of the file cannot be read: they are listed by rejected. */
typedef void compare_rejected(void *context, int64_t row_no, struct str column,
                              const struct err *why);
/* Compares the whole file; visit is called for every row and for every bill the file lacks. */
NODISCARD err_t bill_compare(struct db *db, const struct compare_order *order,
                             compared_visit *visit, compare_rejected *rejected, void *context,
                             struct compare_counts *out, struct err *err);

/* Records that a book goes live and who signed it, in a transaction of its own. E_STATE with
 * unexplained differences, E_CONFLICT when it is live already. */
NODISCARD err_t cut_over_sign(struct db *db, const struct compare_order *order,
                              const struct compare_counts *counts, const struct actor *actor,
                              struct err *err);

#endif
