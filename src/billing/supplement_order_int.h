/* SPDX-License-Identifier: Apache-2.0 */
/* An order under way, and what it comes to. Private to the room. */
#ifndef SANGDEN_BILLING_SUPPLEMENT_ORDER_INT_H
#define SANGDEN_BILLING_SUPPLEMENT_ORDER_INT_H

#include "billing/supplement_order.h"
#include "identity/approval.h"
#include "store/store.h"

struct supplement_ordering {
    struct db *db;
    const struct actor *actor;
    struct arena *arena;
    struct supplement_order order;
    int64_t unit_id, point_id, order_id;
    struct str unit_code;
    struct str code, content, digest; /* "PD0100-TT7"; the order in fixed words, and their hash */
    struct str order_key;
    int64_t caller_id;
    struct str state; /* as stored */
    struct bill_key slot; /* of the bill to be; the judge fills it */
    int64_t closing_no;   /* of its use; 0: none */
    struct str detail;    /* of the use to be */
    struct str request;
    struct rated_bill rated;
};

/* What the order comes to if it is approved today: the slot, the detail of its use, the request and
 * the rated bill. E_INPUT with place, reason and remedy where it cannot be billed. */
NODISCARD err_t supplement_judge(struct supplement_ordering *o, struct err *err);

/* The state of an order that a query has as s, its unit as u: the word of its row, or withdrawn. */
#define SUPPLEMENT_STATE \
    "CASE WHEN EXISTS (SELECT 1 FROM order_withdrawal y WHERE y.unit_id = s.unit_id AND " \
    "y.kind = 'supplement' AND y.order_code = u.code || '-TT' || CAST(s.order_id AS TEXT)) " \
    "THEN 'withdrawn' ELSE s.state END"

/* The stored order of a code in the caller's transaction; requires the right to adjust bills at its
 * unit. E_NOT_FOUND, E_FORBIDDEN. */
NODISCARD err_t supplement_order_load(struct supplement_ordering *o, struct str code,
                                      struct err *err);
/* What a second person decides on: this order under this code. */
struct approval_matter supplement_matter(const struct supplement_ordering *o);
/* Ends a proposed order in the caller's transaction. E_STATE when it is decided. */
NODISCARD err_t supplement_refuse_with(struct supplement_ordering *o, struct str reason,
                                       struct err *err);

#endif
