/* SPDX-License-Identifier: Apache-2.0 */
/* The bill of a fee: disconnection and reconnection, or a service of the price list.
 *
 *   order ─► fee_bill_order (key, digest) + draft P1 + approval ─ adjust_release ─► bill P1, posted
 *
 * What was ordered becomes a request of the fee calculator (tariff/fee.h), stored with the draft
 * and then with the bill; the amount follows from it and the price book in force when it was
 * ordered.
 * An order carries a key that counts in its unit, whoever sends it: sent twice it makes one bill.
 * Without one, the order's own content is the key.
 * Ownership: results live in the caller's arena. Threads: as the connection. */
#ifndef SANGDEN_BILLING_FEE_BILL_H
#define SANGDEN_BILLING_FEE_BILL_H

#include "billing/billing_view.h"
#include "identity/identity.h"

enum { FEE_KEY_MAX_BYTES = 100 };

struct fee_order {
    struct str point_code;     /* empty: the only point of the agreement on the day */
    struct str agreement_code; /* empty: the one supplied at the point on the day */
    struct str code;           /* "reconnection", or a code of the price list */
    int32_t day;               /* on which it was done */
    struct str quantity;       /* a decimal; empty: 1 */
    struct str ground;         /* the document it rests on; may be empty */
    struct str key;            /* of the order; empty: its content */
    /* Of a reconnection; residential customers need no distance and region. */
    struct str voltage, distance_km, region;
    bool residential;
};

struct fee_proposal {
    char number[BILL_NUMBER_BYTES];
    struct rated_bill rated;
    struct str state; /* "proposed", "issued", "refused" or "withdrawn" */
    bool repeated;    /* the order had come before */
};

/* Writes the draft, its approval and the order in a transaction of its own, or answers what the
 * same order made before. E_FORBIDDEN; E_INPUT where the calculator refuses; E_NOT_FOUND;
 * E_CONFLICT when the key came with another order. */
NODISCARD err_t fee_bill_propose(struct db *db, const struct actor *actor, struct arena *arena,
                                 const struct fee_order *order, struct fee_proposal *out,
                                 struct err *err);

#endif
