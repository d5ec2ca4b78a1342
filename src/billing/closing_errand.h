/* SPDX-License-Identifier: Apache-2.0 */
/* Closings that somebody asks for and workers do: of a period of a book, or of a month.
 *
 *   closing_place ─► asked ─► working ─ book: one transaction ───────────────────────┐
 *                      │         └───── month: part by part, then the figures ───────┴─► done
 *                      └──────── refused, with the reason
 *
 * Whoever asks must hold the permission when asking and when the workers take it up. What is wrong
 * beforehand is refused when asking. A worker that dies is followed by another one, which goes on
 * where it stopped; a closing stands in the transaction in which its errand ends, so that it is
 * done once. A month whose bills change while its parts are counted is counted again.
 * Ownership: texts live in the arena. Threads: as the connection. */
#ifndef SANGDEN_BILLING_CLOSING_ERRAND_H
#define SANGDEN_BILLING_CLOSING_ERRAND_H

#include "billing/errand.h"

/* What is closed: a period of a book, or with book_id and period_no 0 the month of the unit. */
struct closing_subject {
    int64_t unit_id, month; /* YYYYMM */
    int64_t book_id, period_no;
};

struct closing_errand {
    struct closing_subject subject;
    int64_t errand_no, actor_id, ordered_at_ms, ended_at_ms;
    enum errand_state state;
    int64_t parts, parts_done; /* of a month; 0 parts: not known yet, or a book */
    struct str reason_vi, reason_en, remedy_vi, remedy_en; /* of a refused one */
};

/* Asks for a closing, in a transaction of its own. E_FORBIDDEN; E_STATE with the refusals of
 * closing_run or month_close, before the reading day of a book, or while the same closing is asked
 * for already. */
NODISCARD err_t closing_place(struct db *db, const struct actor *actor,
                              const struct closing_subject *subject, int64_t now_ms,
                              struct err *err);
/* The last one of a subject, whatever became of it. */
NODISCARD err_t closing_last(struct db *db, struct arena *arena,
                             const struct closing_subject *subject, bool *out_found,
                             struct closing_errand *out, struct err *err);

/* Works at the oldest one that nobody works at for at most slice_ms, or until told answers false.
 * *out_done counts the parts of months, and one for what came to its end; 0: nothing was to be
 * done. What is wrong with an errand itself is written into it. */
NODISCARD err_t closing_work(struct db *db, int64_t lease_ms, int64_t slice_ms, run_told *told,
                             void *context, int64_t *out_done, struct err *err);

#endif
