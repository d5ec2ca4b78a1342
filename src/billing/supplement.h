/* SPDX-License-Identifier: Apache-2.0 */
/* What a supplementary use comes on top of: the energy that the same days were billed already.
 *
 *   billed     |████████ 190 ████████|
 *   supplement                       |░░ 50 ░░|
 *   tiers      |--1--|--2--|----3----|----4----|
 *
 * A household has one allotment of each tier in a period, so a supplement fills what the bill of
 * the period left of them (Circular 42/2022/TT-BCT, annex II, for compensation; the tiers are per
 * household and month). Its request is one of back-billing: the whole use, with what of it is
 * billed. Days that nobody was billed for are rated by themselves.
 *
 * The detail of a supplementary use may name its "cause" (theft, wrong_price, not_measured; the
 * last when it says nothing) and the day of "settlement", whose tax rate holds.
 * Pure queries. Threads: as the connection. */
#ifndef SANGDEN_BILLING_SUPPLEMENT_H
#define SANGDEN_BILLING_SUPPLEMENT_H

#include "billing/request.h"
#include "store/store.h"

/* Completes a supplementary use of a bill's slot with what its days were billed before it; other
 * uses stay as they are. Texts go to the arena. *out is PROBLEM_NONE, PROBLEM_SUPPLEMENT_DAYS when
 * its days are those of no bill but meet one, or PROBLEM_SUPPLEMENT_EARLY when their own bill is
 * still to be issued. */
NODISCARD err_t supplement_complete(struct db *db, struct arena *arena,
                                    const struct bill_key *slot, struct usage_row *usage,
                                    enum problem *out, struct err *err);

/* Whether the request of a supplementary draft still states what is billed now, and its order was
 * not withdrawn. */
NODISCARD err_t supplement_is_current(struct db *db, struct arena *arena,
                                      const struct bill_key *slot, int64_t closing_no,
                                      int32_t from_day, int32_t to_day, struct str request,
                                      bool *out, struct err *err);

/* What a person gave a supplement (bill adjust --kwh) stands when only what was billed before it
 * changed: *out_usage is the usage object of from_facts with the person's energy on top, in the
 * arena, or empty when nobody gave one. first and now are the request the supplement began with and
 * what its chain comes to. E_NOT_FOUND when they are not of the same registers. */
NODISCARD err_t supplement_stated(struct arena *arena, struct str first, struct str now,
                                  struct str from_facts, struct str *out_usage, struct err *err);

#endif
