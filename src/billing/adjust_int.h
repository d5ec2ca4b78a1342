/* SPDX-License-Identifier: Apache-2.0 */
/* What proposing and releasing adjustments share. Private to the room. */
#ifndef SANGDEN_BILLING_ADJUST_INT_H
#define SANGDEN_BILLING_ADJUST_INT_H

#include "billing/adjust.h"
#include "billing/recompute.h"
#include "identity/approval.h"

/* The matter of a draft for the two-person rule: its number and everything it would issue. */
struct approval_matter adjust_matter(int64_t unit_id, struct str number, struct str request,
                                     struct str answer);

/* The last version of the slot that a bill belongs to. */
struct slot {
    struct bill_key key;       /* of the last version */
    int64_t principal_version; /* of the bill that stands: the first, or the last replacement */
    struct str kind;           /* of the first version: what metering calls the use */
    struct str request;        /* what the slot comes to */
    struct str price_book;
    int64_t account_id, closing_no;
    bool proposed;             /* a proposal is open */
    bool shared;               /* outside the cycle: other uses have records of their own here */
};

/* Outside the cycle a slot may hold several supplements and a final bill; closing_no tells whose
 * records count. Texts go to the arena. */
NODISCARD err_t slot_load(struct db *db, struct arena *arena, const struct bill_key *key,
                          int64_t closing_no, struct slot *out, struct err *err);

#endif
