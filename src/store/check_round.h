/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants asked by workers in rounds, each check by itself, and their results kept.
 *
 *   check_ask (a person, or once a day) ─► a round: one work item a check
 *   check_work (any number of workers) ─► takes a check, asks it, writes its result
 *   check_round_last ─► what a page shows
 *
 * Each check sees the store of the moment at which it is asked. The results of CHECK_ROUNDS_KEPT
 * rounds are kept. Ownership: results live in the arena. Threads: as the connection. */
#ifndef SANGDEN_STORE_CHECK_ROUND_H
#define SANGDEN_STORE_CHECK_ROUND_H

#include "store/check.h"

enum { CHECK_DAY_MS = 24 * 60 * 60 * 1000, CHECK_ROUNDS_KEPT = 30 };

/* Every check of the program, in the order of their questions. */
struct check_list {
    const struct check *const *check;
    size_t count;
};

/* Begins a round for a member of the staff (0: the daily one), in a transaction of its own. While
 * one is not answered in full nothing new begins, and *out_begun is false. */
NODISCARD err_t check_ask(struct db *db, const struct check_list *list, int64_t staff_id,
                          int64_t now_ms, bool *out_begun, struct err *err);
/* The daily round, when the last one was asked, or the store was made, a day ago. */
NODISCARD err_t check_ask_daily(struct db *db, const struct check_list *list, int64_t now_ms,
                                struct err *err);
/* Asks one check that waits, and writes its result; *out_done is 0 when none did. */
NODISCARD err_t check_work(struct db *db, const struct check_list *list, int64_t lease_ms,
                           int64_t *out_done, struct err *err);

struct check_result {
    struct str name;
    bool answered;
    int64_t found, part, whole, answered_at_ms;
    struct str shown; /* the first offenders, one a line */
};
struct check_round {
    bool known; /* false: nobody has asked yet */
    int64_t round_no, asked_at_ms, asked_by;
    const struct check_result *result;
    size_t count;
};
/* The newest round that is answered in full, or, when there is none, the newest. */
NODISCARD err_t check_round_last(struct db *db, struct arena *arena, struct check_round *out,
                                 struct err *err);
/* How many checks of the newest round wait for their answer. */
NODISCARD err_t check_waiting(struct db *db, int64_t *out, struct err *err);

#endif
