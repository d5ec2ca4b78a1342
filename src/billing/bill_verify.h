/* SPDX-License-Identifier: Apache-2.0 */
/* Recomputes bills from what they store: request and price book. Bills of the earlier system are
 * counted, never recomputed. Threads: as the connection. */
#ifndef SANGDEN_BILLING_BILL_VERIFY_H
#define SANGDEN_BILLING_BILL_VERIFY_H

#include "billing/billing_view.h"

struct verify_counts {
    int64_t same, different, refused, earlier;
};

/* A bill that is not what its request says: computed is NULL when the engine refuses the request,
 * with why. */
typedef void verify_differs(void *context, const struct bill_row *row,
                            const struct rated_bill *computed, const struct err *why);

/* Computes every bill of the filter again and calls differs for those that are not the same; it may
 * be NULL. E_NOT_FOUND when a price book is missing. */
NODISCARD err_t bill_verify(struct db *db, const struct bill_filter *filter,
                            verify_differs *differs, void *context, struct verify_counts *out,
                            struct err *err);

#endif
