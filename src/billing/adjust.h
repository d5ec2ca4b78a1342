/* SPDX-License-Identifier: Apache-2.0 */
/* Putting an issued bill right by a new record: proposed by one person, released by another.
 *
 *   bill K1 ─ adjust_propose ─► draft D2 (difference)     ─ adjust_release ─► bill D2, posted
 *                            or draft T2 (the whole bill) ─ adjust_release ─► bill T2, posted, and
 *                                                                             K1 taken back
 *
 * What a slot comes to is the request behind its last version. The new request follows from the
 * facts known now (terms, the use that is valid now), or from a price book that came late, or is
 * given. Past periods are computed with the prices of those periods, because the days stand in the
 * request. A proposal is a draft with an approval; what was changed since cannot be released.
 * Ownership: results live in the caller's arena. Threads: as the connection. */
#ifndef SANGDEN_BILLING_ADJUST_H
#define SANGDEN_BILLING_ADJUST_H

#include "billing/billing_view.h"
#include "identity/identity.h"

struct adjust_order {
    struct str number;  /* any bill of the slot */
    struct str cause;   /* a word of adjust_causes */
    struct str request; /* the new request; empty: from the facts known now */
    struct str usage;   /* the new usage object, for the request as it was; empty: as it was */
    struct str quantity; /* of a fee, a decimal; empty: as it was */
    struct str price_book; /* hash; empty: that of the bill */
    bool replace;
    int64_t now_ms;
};

struct adjustment {
    char number[BILL_NUMBER_BYTES]; /* of the draft */
    struct rated_bill before, after, difference;
};

/* "households", "uses", "reading", "price", "decision", "inspection", "buyer" (a replacement over
 * the same amounts), "other". */
bool adjust_cause_known(struct str cause);

/* Writes the draft and its approval in a transaction of its own. E_NOT_FOUND, E_INPUT; E_STATE when
 * nothing differs, or a proposal of the slot is open. */
NODISCARD err_t adjust_propose(struct db *db, const struct actor *actor, struct arena *arena,
                               const struct adjust_order *order, struct adjustment *out,
                               struct err *err);
/* The same inside the caller's transaction, which ends with what else the caller writes. */
NODISCARD err_t adjust_propose_with(struct db *db, const struct actor *actor, struct arena *arena,
                                    const struct adjust_order *order, struct adjustment *out,
                                    struct err *err);
/* Issues a proposal on issued_day in a transaction of its own. E_NOT_FOUND without a proposal,
 * E_FORBIDDEN for the person who proposed, E_CONFLICT when it was changed. */
NODISCARD err_t adjust_release(struct db *db, const struct actor *actor, struct arena *arena,
                               struct str number, int32_t issued_day, struct err *err);
/* Withdraws a proposal with a reason. E_NOT_FOUND, E_INPUT. */
NODISCARD err_t adjust_refuse(struct db *db, const struct actor *actor, struct str number,
                              struct str reason, struct err *err);

/* adjustment NULL: readings of the bill were corrected behind its closing, and its use does not
 * follow plainly from them; a person gives it (adjust_propose). */
typedef err_t adjust_found(void *context, const struct bill_row *row,
                           const struct adjustment *adjustment, struct err *err);

/* Finds every own bill of the months, and every supplement of their days whenever it was billed,
 * whose facts known now (readings corrected behind the closing among them), or whose price book
 * when book_hash is given, say something else, and proposes its adjustment; with dry_run it only
 * tells. What is billed before a supplement is one of its facts: once the correction of its bill is
 * released, the supplement is found. Bills with an open proposal are left alone. Works part by part
 * in transactions of its own, each told when it is committed: killed at any instant, the same call
 * goes on. *out_count counts those found. */
NODISCARD err_t adjust_find(struct db *db, const struct actor *actor,
                            const struct bill_filter *filter, struct str book_hash, bool dry_run,
                            adjust_found *found, void *context, int64_t *out_count,
                            struct err *err);

#endif
