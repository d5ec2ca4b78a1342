/* SPDX-License-Identifier: Apache-2.0 */
/* What the stages of a run share: the run's parameters, a chunk of a book, what stops a bill.
 *
 *   run ─► chunk (book period, points first..last) ─► draft rows        stage draft
 *                                                  ─► bills, postings   stage issue
 *
 * A chunk is computed without any lock and written in one transaction. Private to the room. */
#ifndef SANGDEN_BILLING_RUN_INT_H
#define SANGDEN_BILLING_RUN_INT_H

#include "base/hash.h"
#include "billing/billing.h"
#include "billing/problem.h"
#include "billing/rater.h"
#include "billing/run.h"
#include "metering/restate.h"
#include "store/store.h"

enum { CHUNK_BILLS = 1500, CHUNK_MEMORY_BYTES = 96 * 1024 * 1024,
       CHUNK_TEXT_BYTES = 64 * 1024 * 1024 };

enum run_stage { STAGE_DRAFT, STAGE_ISSUE, STAGE_COUNT };
struct str run_stage_code(enum run_stage stage);

/* One row of bill_run, with the code of its unit. */
struct run_row {
    int64_t unit_id;
    char unit_code[UNIT_CODE_BYTES];
    int64_t run_id;
    int64_t month;
    int32_t business_day;
    int64_t known_at_ms;
    char price_book[HASH_TEXT_BYTES];
    char state[16];
    int64_t posting_month; /* 0 until it is issued */
    int64_t attempt, issue_attempt;
};

NODISCARD err_t run_load(struct db *db, int64_t unit_id, int64_t run_id, struct run_row *out,
                         struct err *err);

struct chunk {
    int64_t chunk_no;
    int64_t book_id;
    int64_t period_no;
    int64_t closing_no; /* of the book period; 0 for period 0 */
    int64_t first_point, last_point;
    int64_t bill_count; /* estimated when planned */
};

NODISCARD err_t chunk_load(struct db *db, const struct run_row *run, enum run_stage stage,
                           int64_t attempt, int64_t chunk_no, struct chunk *out,
                           struct err *err);

/* ---- use ---------------------------------------------------------------------------------- */

#define USAGE_COLUMNS                                                                           \
    "u.point_id, u.agreement_id, u.closing_no, u.kind, u.from_on, u.to_on, u.total_wh, "        \
    "u.normal_wh, u.peak_wh, u.offpeak_wh, u.reactive_varh, u.estimated, u.prorate, u.spike, "  \
    "u.detail"
/* Of a supplement that a query has as u: its order was not withdrawn. */
#define USE_NOT_WITHDRAWN                                                                       \
    "NOT EXISTS (SELECT 1 FROM order_withdrawal w WHERE w.unit_id = u.unit_id AND "             \
    "w.month = u.month AND w.book_id = u.book_id AND w.point_id = u.point_id AND "              \
    "w.closing_no = u.closing_no)"
/* The row that a query of USAGE_COLUMNS stands on; views live as long as the row. */
struct usage_row usage_read(const struct rows *rows);
/* The use that is valid now for the slot of a periodic or final bill, or the supplement of that
 * closing. Views live until the caller ends *out_rows. E_NOT_FOUND when there is none. */
NODISCARD err_t usage_live(struct db *db, const struct bill_key *key, int64_t closing_no,
                           struct usage_row *out, struct rows **out_rows, struct err *err);

/* Adds to a use what readings that were corrected behind its closing make of it (restate.h).
 * Where that does not follow plainly it is RESTATE_UNCLEAR and the use as it was. */
NODISCARD err_t usage_restate(struct db *db, struct arena *arena, int64_t unit_id,
                              const struct corrected_readings *corrected,
                              const struct point_terms *terms, struct usage_row *usage,
                              enum restatement *out, struct err *err);

/* ---- what stops a bill ------------------------------------------------------------------- */

struct stop {
    int64_t id; /* point or account */
    int64_t closing_no;
    struct str matter;
    bool open;
};

/* Everything that may stop a bill of a chunk, sorted by id. */
struct stops {
    struct stop *point_hold, *account_hold, *spike;
    size_t point_hold_count, account_hold_count, spike_count;
};

NODISCARD err_t stops_load(struct db *db, struct arena *arena, const struct run_row *run,
                           const struct chunk *chunk, struct stops *out, struct err *err);
/* PROBLEM_NONE, or why the bill is held; *out_concerns names the matter. spike_flag is the
 * usage row's word, empty when unknown. */
enum problem stops_judge(const struct stops *stops, int64_t point_id, int64_t account_id,
                         int64_t closing_no, struct str spike_flag, struct str *out_concerns);

/* ---- what exists already ----------------------------------------------------------------- */

struct billed {
    int64_t point_id, agreement_id, version, closing_no;
    enum bill_kind kind;
};

struct billed_list {
    struct billed *items; /* by point */
    size_t count;
};

NODISCARD err_t billed_load(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                            const struct chunk *chunk, struct billed_list *out,
                            struct err *err);
/* Whether this use is billed already. *out_version is the next free version of its slot. */
bool billed_already(const struct billed_list *list, const struct usage_row *usage,
                    int64_t *out_version);

/* ---- the two stages ---------------------------------------------------------------------- */

struct chunk_result {
    int64_t ready, held, exceptions;
    int64_t energy_wh, total_vnd; /* of the ready ones */
};

/* A worker's own tools, reused from chunk to chunk. */
struct run_worker {
    struct db *db;
    struct rater *rater;
    struct arena arena;
    struct buf text;
};

/* Reads and computes the drafts of a chunk without any lock, then calls guard inside the writing
 * transaction; guard must make sure that the chunk still belongs to this worker. */
typedef err_t chunk_guard(void *context, const struct chunk_result *result, struct err *err);

NODISCARD err_t chunk_draft(struct run_worker *worker, const struct run_row *run,
                            const struct chunk *chunk, chunk_guard *guard, void *context,
                            struct chunk_result *out, struct err *err);
NODISCARD err_t chunk_issue(struct run_worker *worker, const struct run_row *run,
                            const struct chunk *chunk, chunk_guard *guard, void *context,
                            struct chunk_result *out, struct err *err);

/* The drafts of a chunk without writing them. */
NODISCARD err_t chunk_preview(struct run_worker *worker, const struct run_row *run,
                              const struct chunk *chunk, preview_visit *visit, void *context,
                              struct err *err);

/* Tools of a worker, with limits; released by run_worker_release. */
void run_worker_init(struct run_worker *worker, struct db *db);
void run_worker_release(struct run_worker *worker);

#endif
