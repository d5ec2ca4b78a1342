/* SPDX-License-Identifier: Apache-2.0 */
/* Why one bill is more than another: the difference in parts that sum to it exactly, to the đồng.
 *
 *   before ─ days ─ use ─ blocks ─ hours ─ households ─ purpose ─ price ─ VAT ─ support ─ … ─► now
 *            └────────────── one counterfactual bill after the other ──────────────────┘
 *
 * Each part is what the bill would change by if that one thing changed, with everything before it
 * in the row changed already. The order is fixed (docs/decisions/055-why-more-than-last-month.md):
 *
 *   days        the use per day of before, over the days of now, at the average price of before
 *   use         the use per day of now, at the same average price
 *   blocks      what the tiers add to that: their prices beyond the average
 *   hours       another share of peak and off-peak hours
 *   households  their number, and what else widens or closes tiers
 *   purpose     category, voltage and shares
 *   price       other decisions, and how a change inside a period divided it
 *   vat         another rate
 *   support     the amounts taken off, less those of before
 *   reactive    the charge for a low power factor, less that of before
 *   correction  what the bills say otherwise than their requests come to with this price book
 *
 * Parts are in đồng with tax, because that is what is paid. A part of nothing is left out. A
 * counterfactual bill that the tariff does not know (a category that a decision has no price for)
 * is passed over: the next part takes its difference too.
 * Threads: pure. Memory: the arena is scratch. */
#ifndef SANGDEN_DOCUMENT_DIFFERENCE_H
#define SANGDEN_DOCUMENT_DIFFERENCE_H

#include "base/arena.h"
#include "base/error.h"

struct calc_request;
struct price_book;

enum difference_part {
    DIFF_DAYS,
    DIFF_USE,
    DIFF_BLOCKS,
    DIFF_HOURS,
    DIFF_HOUSEHOLDS,
    DIFF_PURPOSE,
    DIFF_PRICE,
    DIFF_VAT,
    DIFF_SUPPORT,
    DIFF_REACTIVE,
    DIFF_CORRECTION,
    DIFF_PART_COUNT
};

struct difference_step {
    enum difference_part part;
    int64_t amount_vnd;
};

/* One of the two bills: what it is computed from, and what it says. */
struct difference_side {
    const struct calc_request *request; /* no back-billing */
    int64_t total_vnd;
};

struct difference {
    int64_t change_vnd; /* now less before */
    int64_t before_vnd, now_vnd;
    int64_t before_wh, now_wh;
    int64_t before_days, now_days;
    int64_t top_tier_before, top_tier_now; /* 0: no tiers */
    /* Largest first; of equal size in the order of the parts. They sum to change_vnd. */
    struct difference_step step[DIFF_PART_COUNT];
    size_t step_count;
};

/* E_INPUT where the engine refuses one of the two bills themselves. */
NODISCARD err_t difference_split(const struct price_book *book, struct arena *arena,
                                 const struct difference_side *before,
                                 const struct difference_side *now, struct difference *out,
                                 struct err *err);

#endif
