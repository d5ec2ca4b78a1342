/* SPDX-License-Identifier: Apache-2.0 */
/* Runs of a unit: their state, and what their chunks came to.
 *
 * Pure queries: no locks, no changes. Ownership: texts of a row live during its callback.
 * Threads: as the connection. */
#ifndef SANGDEN_BILLING_RUN_VIEW_H
#define SANGDEN_BILLING_RUN_VIEW_H

#include "store/store.h"

/* A stage of a run in its present attempt. */
struct run_stage_counts {
    int64_t chunks, chunks_done;
    int64_t bills;      /* estimated, of all chunks */
    int64_t bills_done; /* of finished chunks */
    int64_t ready, held, exceptions, energy_wh, total_vnd;
};

struct run_summary {
    int64_t unit_id, run_id, month; /* month: YYYYMM */
    struct str unit_code, state, business_on, price_book;
    int64_t posting_month; /* 0: not issued */
    int64_t created_at_ms;
    struct run_stage_counts draft, issue;
};

/* What the stages of a run came to, as run_page tells. */
NODISCARD err_t run_stages(struct db *db, int64_t unit_id, int64_t run_id,
                           struct run_stage_counts *out_draft, struct run_stage_counts *out_issue,
                           struct err *err);

typedef err_t run_visit(void *context, const struct run_summary *run, struct err *err);

/* Runs of a unit behind one (INT64_MIN: from the first), at most so many, by number; month 0: of
 * all months. */
NODISCARD err_t run_page(struct db *db, int64_t unit_id, int64_t month, int64_t after_run_id,
                         int64_t limit, run_visit *visit, void *context, struct err *err);

#endif
