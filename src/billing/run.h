/* SPDX-License-Identifier: Apache-2.0 */
/* A run of a month: planned once, worked on by many, issued, and started again at any point.
 *
 *   run_start ─► bill_run, bill_chunk, work items ─► run_work (any number of processes) ─► drafted
 *   issue_start ─► …                              ─► run_work                           ─► issued
 *
 * A run bills closed books; only signed books are issued. Its business day, its moment of knowledge
 * and its price book are stored with it, and a run that was interrupted goes on with them. A run
 * that is drafted but not issued is computed anew when something new is to be billed. What one run
 * leaves behind (held, exception, not closed) the next one takes up.
 * The run's number is YYYYMM and two digits, the same in all units of one call.
 * Threads: each worker has its own connection. */
#ifndef SANGDEN_BILLING_RUN_H
#define SANGDEN_BILLING_RUN_H

#include "billing/billing.h"
#include "identity/identity.h"

struct run_order {
    int64_t month;         /* YYYYMM */
    struct str unit_code;  /* empty: all units */
    struct str book_code;  /* empty: all books */
    int32_t business_day;  /* -1: the day after the last reading day of the books */
    int64_t actor_id;
    struct str os_user;    /* whose account typed it; empty: asked for on a page */
    int64_t now_ms;        /* when it is made */
};

struct run_ticket {
    int64_t run_id;
    bool issue;          /* which stage the workers do */
    int64_t chunk_count; /* still to do */
    int64_t bill_count;  /* estimated, still to do */
    char queue[64];
};

/* Creates the run of the month, goes on with an interrupted one, or answers the finished one.
 * E_NOT_FOUND when there is nothing to bill; E_STATE while a run of the month is being issued. */
NODISCARD err_t run_start(struct db *db, const struct run_order *order, struct run_ticket *out,
                          struct err *err);
/* Plans the issue of a drafted run, or goes on with it. E_STATE when it is not drafted yet. */
NODISCARD err_t issue_start(struct db *db, int64_t run_id, struct str unit_code,
                            struct run_ticket *out, struct err *err);

/* Told after each chunk; false stops the worker between two chunks. */
typedef bool run_told(void *context, int64_t bills);

/* Takes chunks until all are done, by whomever. A chunk that cannot be done at all is set aside, so
 * that the others go on; its error is answered at the end. */
NODISCARD err_t run_work(struct db *db, const struct run_ticket *ticket, int64_t lease_ms,
                         run_told *told, void *context, struct err *err);
/* Closes a stage whose chunks are all done: the run's state, and for an issue the books that are
 * billed in full and who issued (audit chain of each unit). Chunks that were set aside do not
 * keep it open: the next call of the stage plans them again. Harmless when called by several or
 * again. */
NODISCARD err_t run_close(struct db *db, const struct run_ticket *ticket,
                          const struct actor *actor, int64_t now_ms, struct err *err);

struct run_counts {
    int64_t bills_done;  /* of bill_count, by finished chunks */
    int64_t chunks_left; /* not done, or set aside because they could not be */
    int64_t ready;       /* drafted, or issued */
    int64_t held;
    int64_t exceptions;
    int64_t energy_wh;
    int64_t total_vnd;
};

/* What the chunks of the stage came to, in its present attempt. */
NODISCARD err_t run_count(struct db *db, const struct run_ticket *ticket,
                          struct run_counts *out, struct err *err);

/* One draft computed without writing anything; views live until the visit returns. */
struct preview {
    struct bill_key key;
    struct str state; /* ready, held, exception */
    struct str problem;
    int64_t total_wh, total_vnd;
    struct str request;
};
typedef err_t preview_visit(void *context, const struct preview *preview, struct err *err);

/* What a run would draft for one book, or for one point of it (point_id 0: all). */
NODISCARD err_t run_preview(struct db *db, const struct run_order *order, int64_t point_id,
                            preview_visit *visit, void *context, struct err *err);

#endif
