/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to runs: how far they are, what they came to, which drafts they could not bill.
 *
 *   bill_run ─► run_see ─ stages with their chunks ─► done / planned, ready, held, money
 *   bill_draft (held, exception) ─► stopped_count, stopped_page
 *
 * Pure queries. Ownership: texts live in the arena. Threads: as the connection. */
#ifndef SANGDEN_BILLING_RUN_PROGRESS_H
#define SANGDEN_BILLING_RUN_PROGRESS_H

#include "base/arena.h"
#include "billing/billing.h"
#include "billing/problem.h"
#include "billing/run_view.h"
#include "store/store.h"

enum run_state { RUN_PLANNED, RUN_DRAFTING, RUN_DRAFTED, RUN_ISSUING, RUN_ISSUED };

/* One run in one unit. */
struct run_seen {
    int64_t unit_id, run_id, month; /* YYYYMM */
    enum run_state state;
    int32_t business_day;
    struct str price_book, started_by; /* hash; code of who started it */
    int64_t created_at_ms;
    int64_t began_at_ms, ended_at_ms; /* of the stage it is in; 0: not known, not yet */
    struct run_stage_counts draft, issue;
};

/* Runs of a unit, newest first, behind a run (0: from the newest). */
NODISCARD err_t run_list(struct db *db, struct arena *arena, int64_t unit_id, int64_t behind,
                         size_t most, struct run_seen **out, size_t *out_count, struct err *err);
/* E_NOT_FOUND where the unit has no such run. */
NODISCARD err_t run_see(struct db *db, struct arena *arena, int64_t unit_id, int64_t run_id,
                        struct run_seen *out, struct err *err);

/* The newest month of a unit with an issued run (0: none), and how many bills its runs issued. */
NODISCARD err_t run_last_issued(struct db *db, int64_t unit_id, int64_t *out_month,
                                int64_t *out_bills, struct err *err);

/* ---- drafts that are stopped ------------------------------------------------------------- */

enum stopped { STOPPED_HELD, STOPPED_EXCEPTION };

struct stopped_draft {
    int64_t point_id, run_id, total_wh, total_vnd; /* of an exception 0 */
    struct str point_code, agreement_code, book_code;
    enum problem problem;
    struct str concerns;
    int32_t read_day; /* the last day of its period; -1 outside the cycle */
};

/* How many drafts of a month are held or could not be computed. */
NODISCARD err_t stopped_count(struct db *db, int64_t unit_id, int64_t month, enum stopped what,
                              int64_t *out, struct err *err);
/* Those behind a point (0: from the first), at most some more than most because those of a point
 * stay together; *out_more tells whether others follow. */
NODISCARD err_t stopped_page(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                             enum stopped what, int64_t behind, size_t most,
                             struct stopped_draft **out, size_t *out_count, bool *out_more,
                             struct err *err);

/* ---- days -------------------------------------------------------------------------------- */

/* Within how many days behind the end of a period its invoice is due, by the rule of a day
 * (billing_rule invoice_days). */
NODISCARD err_t invoice_days(struct db *db, int32_t day, int64_t *out, struct err *err);

/* The periods of the books of a unit whose bills of a month are not issued in full. */
struct books_open {
    int64_t open, closed, is_signed; /* not closed, not signed in full, signed and not issued */
    bool any;
    int32_t first_read_day; /* the earliest of their last days, where any */
    bool planned;           /* nobody has written that one yet: it is the day of its schedule */
};
NODISCARD err_t books_open(struct db *db, int64_t unit_id, int64_t month, struct books_open *out,
                           struct err *err);

#endif
