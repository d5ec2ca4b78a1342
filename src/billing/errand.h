/* SPDX-License-Identifier: Apache-2.0 */
/* Errands: a run, or its issue, that somebody asks for and workers do.
 *
 *   errand_place ─► asked ─ plan (run_start, issue_start) ─► working ─ chunks ─► done
 *                     └─────────── refused, with the reason ───────┘
 *
 * Whoever asks must hold the permission when asking and when the workers take it up. Any number of
 * workers share an errand: they share the chunks of its run (run.h), and what one leaves behind the
 * next takes up. A unit has one open errand for a month.
 * Ownership: texts live in the arena. Threads: as the connection. */
#ifndef SANGDEN_BILLING_ERRAND_H
#define SANGDEN_BILLING_ERRAND_H

#include "billing/run.h"

enum errand_state { ERRAND_ASKED, ERRAND_WORKING, ERRAND_DONE, ERRAND_REFUSED };
/* The state that the store names: "asked", "working", "done"; "refused" for any other word. */
enum errand_state errand_state_of(struct str word);

struct errand {
    int64_t unit_id, errand_no, month, run_id, actor_id, ordered_at_ms, ended_at_ms;
    bool issue;
    bool prices; /* drafts computed again, because a price book was released */
    enum errand_state state;
    struct str reason_vi, reason_en, remedy_vi, remedy_en; /* of a refused one */
};

/* Asks for the drafts of a month (run_id 0) or for the issue of a run, in a transaction of its own.
 * E_FORBIDDEN; E_STATE while another errand of the month is open; E_NOT_FOUND for a run that the
 * unit does not have. */
NODISCARD err_t errand_place(struct db *db, const struct actor *actor, int64_t unit_id,
                             int64_t month, int64_t run_id, int64_t now_ms, struct err *err);
/* Asks for the drafts of every run that is drafted by another book than that of the hash, for who
 * released it. E_FORBIDDEN. */
NODISCARD err_t errand_follow_prices(struct db *db, const struct actor *actor, struct str hash,
                                     int64_t now_ms, struct err *err);
/* The last errand of a month in a unit, whatever became of it. */
NODISCARD err_t errand_last(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                            bool *out_found, struct errand *out, struct err *err);

/* Works at the oldest open errand for at most slice_ms, until its run is done or told answers
 * false. *out_done counts bills, and one for the errand that came to its end; 0: nothing was to be
 * done. What is wrong with an errand itself is written into it. */
NODISCARD err_t errand_work(struct db *db, int64_t lease_ms, int64_t slice_ms, run_told *told,
                            void *context, int64_t *out_done, struct err *err);

#endif
