/* SPDX-License-Identifier: Apache-2.0 */
/* An order under way, and what it comes to. Private to the room. */
#ifndef SANGDEN_BILLING_SUPPLEMENT_ORDER_INT_H
#define SANGDEN_BILLING_SUPPLEMENT_ORDER_INT_H

#include "billing/supplement_order.h"
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
    struct str detail;    /* of the use to be */
    struct str request;
    struct rated_bill rated;
};

/* What the order comes to if it is approved today: the slot, the detail of its use, the request and
 * the rated bill. E_INPUT with place, reason and remedy where it cannot be billed. */
NODISCARD err_t supplement_judge(struct supplement_ordering *o, struct err *err);

#endif
