/* SPDX-License-Identifier: Apache-2.0 */
/* What planning a run and planning its issue share. Private to the room. */
#ifndef SANGDEN_BILLING_PLAN_INT_H
#define SANGDEN_BILLING_PLAN_INT_H

#include "billing/run_int.h"
#include "network/unit_list.h"

enum { PLAN_ARENA_BYTES = 32 * 1024 * 1024, QUEUE_BYTES = 64, ITEM_ATTEMPT = 1000000 };

/* A book period whose use may be billed; period 0 stands for use outside the cycle. */
struct book_due {
    int64_t book_id, period_no, closing_no;
    int64_t usage_count, bill_count; /* what may be billed, and what is */
    int64_t ready_count;             /* drafts without a problem */
};

struct due_list {
    struct book_due *items;
    size_t count;
    int32_t last_read_day;
};

/* Closed or signed periods of the month, and books with use outside the cycle. */
NODISCARD err_t due_load(struct db *db, struct arena *arena, const struct run_order *order,
                         int64_t unit_id, struct due_list *out, struct err *err);

/* A plan in the making, of one unit. */
struct plan {
    struct db *db;
    int64_t unit_id, run_id, attempt;
    enum run_stage stage;
    char queue[QUEUE_BYTES];
    int64_t chunk_count, bill_count;
};

/* Adds chunks over the rising points that sql gives in its first column; place says where. */
NODISCARD err_t plan_points(struct plan *plan, const struct chunk *place, const char *sql,
                            struct args args, struct err *err);

/* "bill.draft 20261001", NUL-terminated. An item's number is attempt and chunk together. */
void run_queue_name(int64_t run_id, enum run_stage stage, char out[QUEUE_BYTES]);
int64_t run_item_no(int64_t attempt, int64_t chunk_no);
/* The ticket of a run's stage. E_NOT_FOUND when no unit has the run. */
NODISCARD err_t run_ticket_load(struct db *db, int64_t run_id, enum run_stage stage,
                                struct run_ticket *out, struct err *err);

#endif
