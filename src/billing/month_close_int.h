/* SPDX-License-Identifier: Apache-2.0 */
/* Closing a month in steps. Private to the room. */
#ifndef SANGDEN_BILLING_MONTH_CLOSE_INT_H
#define SANGDEN_BILLING_MONTH_CLOSE_INT_H

#include "billing/month_close.h"

/* The last link of the unit's billing chain: whoever posts a bill while no run is being issued
 * appends one, so that parts counted behind a mark hold as long as it stands. */
NODISCARD err_t month_mark(struct db *db, int64_t unit_id, int64_t *out, struct err *err);

/* Closes a month whose parts (month_figures_int.h) were all counted behind a mark, inside a
 * transaction. *out_stale: something was posted since, nothing is closed, and the transaction has
 * to be given up. Refusals as month_close. */
NODISCARD err_t month_close_counted(struct db *db, int64_t unit_id, int64_t month,
                                    const struct actor *actor, int64_t now_ms, int64_t mark,
                                    bool *out_stale, struct err *err);
/* Counts and closes inside a transaction, while nobody else of the unit posts. */
NODISCARD err_t month_close_inside(struct db *db, int64_t unit_id, int64_t month,
                                   const struct actor *actor, int64_t now_ms,
                                   struct month_totals *out, struct err *err);

#endif
