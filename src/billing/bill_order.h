/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of fees and supplements: what became of each, and taking one back.
 *
 *   proposed ─► approved (a supplement, until its run) ─► issued
 *      │            │
 *      ├─► refused  └─► withdrawn ◄─ also from proposed
 *
 * What is issued is put right by an adjustment, never withdrawn.
 * Ownership: views given to a visitor live until it returns. Threads: as the connection. */
#ifndef SANGDEN_BILLING_BILL_ORDER_H
#define SANGDEN_BILLING_BILL_ORDER_H

#include "billing/billing.h"
#include "identity/identity.h"

struct bill_order_row {
    struct str kind;  /* "fee" or "supplement" */
    struct str code;  /* of a supplement; the number of a fee's bill */
    struct str state; /* "proposed", "approved", "refused", "withdrawn" or "issued" */
    struct str point_code;
    struct str ground; /* of a supplement: the document it rests on */
    struct str ordered_by, ordered_on, decided_by, decided_on; /* staff codes, days; or empty */
    struct str reason; /* of a refusal or withdrawal; or empty */
    struct str bill;   /* its number once it is issued; or empty */
    int64_t month;     /* whose run bills an approved supplement, YYYYMM; or 0 */
};

struct bill_order_filter {
    struct str unit_code; /* empty: all units */
    struct str state;     /* empty: any */
};

typedef err_t bill_order_visit(void *context, const struct bill_order_row *row, struct err *err);

/* "proposed", "approved", "refused", "withdrawn", "issued". */
bool bill_order_state_known(struct str state);

/* Every order of the filter: by unit supplements, then fees, each in the order they came. */
NODISCARD err_t bill_order_each(struct db *db, const struct bill_order_filter *filter,
                                bill_order_visit *visit, void *context, struct err *err);

/* Takes back the order of a supplement's code or of a fee's number, with a reason, in a transaction
 * of its own that appends to the audit chain; its draft goes, a run passes its use over, an open
 * proposal ends. *out_repeated when it was withdrawn for the same reason before, or by somebody
 * else at the same moment. E_FORBIDDEN; E_NOT_FOUND; E_INPUT without a reason; E_STATE once it is
 * issued or was refused; E_CONFLICT when it was withdrawn for another reason. */
NODISCARD err_t bill_order_withdraw(struct db *db, const struct actor *actor, struct arena *arena,
                                    struct str code, struct str reason, bool *out_repeated,
                                    struct err *err);

#endif
