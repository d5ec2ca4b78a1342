/* SPDX-License-Identifier: Apache-2.0 */
/* What an inspection asks to bill on top of a period that is billed.
 *
 *   order ─► supplement_order + approval ─ approve ─► usage (supplement) ─ run ─► draft ─► bill
 *
 * The days are those of one bill: the supplement fills what that bill left of the tiers
 * (supplement.h). One person orders, another approves; an approved order is a use like any other,
 * in period 0 of the month of approval, and is drafted, held and issued by the run of that month.
 * An order carries a key that counts in its unit, whoever sends it: sent twice it makes one
 * supplement. Without one, the order's own content is the key.
 * Ownership: results live in the caller's arena. Threads: as the connection. */
#ifndef SANGDEN_BILLING_SUPPLEMENT_ORDER_H
#define SANGDEN_BILLING_SUPPLEMENT_ORDER_H

#include "billing/billing.h"
#include "billing/rated.h"
#include "identity/identity.h"

enum { SUPPLEMENT_KEY_MAX_BYTES = 100, SUPPLEMENT_GROUND_MAX_BYTES = 500,
       SUPPLEMENT_CODE_BYTES = 64 };

struct supplement_order {
    struct str point_code;
    int32_t from_day, to_day; /* those of a bill */
    int64_t total_wh;         /* above 0 */
    bool three_registers;     /* then the next three come to total_wh */
    int64_t normal_wh, peak_wh, offpeak_wh;
    int64_t reactive_varh;    /* -1: none */
    struct str cause;         /* supplement_cause_known */
    int32_t settlement_day;   /* whose tax rate holds; -1: the last day of the period */
    struct str ground;        /* the document it rests on */
    struct str key;           /* of the order; empty: its content */
};

struct supplement_proposal {
    char code[SUPPLEMENT_CODE_BYTES]; /* "PD0100-TT7"; empty where nothing was written */
    struct str point_code;
    int32_t from_day, to_day;
    int64_t month;           /* whose run bills it, YYYYMM; 0 of an order that is not approved */
    struct rated_bill rated; /* what it comes to now; without lines where the order is repeated */
    struct str request;      /* the request of back-billing that says so; empty then */
    struct str ground, state; /* "proposed", "approved", "refused", "withdrawn" */
    bool repeated;           /* the order had come before */
};

/* Whether billing has the cause: not_measured, wrong_price, theft. */
NODISCARD bool supplement_cause_known(struct str cause);

/* Writes the order and its approval in a transaction of its own, or answers what the same order
 * made before; with dry_run nothing is written. E_FORBIDDEN; E_INPUT where the days are those of no
 * bill or the calculator refuses; E_NOT_FOUND; E_CONFLICT when the key came with another order. */
NODISCARD err_t supplement_propose(struct db *db, const struct actor *actor, struct arena *arena,
                                   const struct supplement_order *order, bool dry_run,
                                   struct supplement_proposal *out, struct err *err);

/* Approves the order of that code: its use, audit link and event are one transaction, the event is
 * supplement.approved. With dry_run it only says what would be billed. Judged again as of now:
 * E_INPUT as above, E_STATE when it is decided or an earlier supplement of its days is not billed
 * yet, E_FORBIDDEN by the two-person rule, E_NOT_FOUND. */
NODISCARD err_t supplement_approve(struct db *db, const struct actor *actor, struct arena *arena,
                                   struct str code, bool dry_run,
                                   struct supplement_proposal *out, struct err *err);

/* Ends a proposed order; the one who proposed may do this too. */
NODISCARD err_t supplement_refuse(struct db *db, const struct actor *actor, struct arena *arena,
                                  struct str code, struct str reason, struct err *err);

#endif
