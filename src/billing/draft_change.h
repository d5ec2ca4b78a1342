/* SPDX-License-Identifier: Apache-2.0 */
/* What another price book does to the drafts of a month: their totals before, compared with those
 * after they were computed again.
 *
 * Pure queries. Ownership: the totals live in their own arena, some seventy bytes a draft.
 * Threads: as the connection. */
#ifndef SANGDEN_BILLING_DRAFT_CHANGE_H
#define SANGDEN_BILLING_DRAFT_CHANGE_H

#include "base/arena.h"
#include "billing/billing.h"
#include "store/store.h"

enum { DRAFT_NOT_COMPUTED = -1 }; /* the total of a draft that was or is an exception */

struct draft_total {
    struct bill_key key;
    int64_t total_vnd; /* or DRAFT_NOT_COMPUTED */
};

struct draft_totals {
    struct arena arena;
    int64_t month;
    struct draft_total *item; /* in the order of their identity */
    size_t count;
};

/* Without any total yet. */
void draft_totals_init(struct draft_totals *totals);
/* Frees what was taken down. */
void draft_totals_release(struct draft_totals *totals);
/* Takes down the drafts of use of a month (YYYYMM) in all units. */
NODISCARD err_t draft_totals_take(struct db *db, int64_t month, struct draft_totals *out,
                                  struct err *err);

typedef void draft_changed(void *context, struct str number, int64_t before_vnd,
                           int64_t after_vnd);
/* Calls visit for every draft that was there and now comes to something else, in the order of their
 * identity. */
NODISCARD err_t draft_totals_compare(struct db *db, const struct draft_totals *before,
                                     draft_changed *visit, void *context, struct err *err);

#endif
