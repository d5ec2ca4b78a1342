/* SPDX-License-Identifier: Apache-2.0 */
/* Supplements that stand on a bill: correcting it changes the tiers that they begin in.
 *
 *   bill K1        |████████ 190 ████████|        corrected: |██ 90 ██|
 *   supplement B1                        |░░ 50 ░░|                   |░░ 50 ░░|
 *
 * A supplement is billed in the month of its approval, which may be later than that of its days.
 * Pure queries. Threads: as the connection. */
#ifndef SANGDEN_BILLING_SUPPLEMENT_FOLLOW_H
#define SANGDEN_BILLING_SUPPLEMENT_FOLLOW_H

#include "billing/billing_view.h"

/* The last month, YYYYMM, in which the unit has a bill; 0 without any. */
NODISCARD err_t supplement_last_month(struct db *db, int64_t unit_id, int64_t *out,
                                      struct err *err);
/* Whether the unit has a supplement that was billed in the month. */
NODISCARD err_t supplement_in_month(struct db *db, int64_t unit_id, int64_t month, bool *out,
                                    struct err *err);
/* Whether the supplement that a chain of the slot began with is of the days of a bill of months
 * first..last. */
NODISCARD err_t supplement_stands_on(struct db *db, const struct bill_key *slot, int64_t root,
                                     int64_t first_month, int64_t last_month, bool *out,
                                     struct err *err);

typedef err_t supplement_visit(void *context, struct str number, struct err *err);

/* Tells every supplement that came after the bill of that number (a correction stands for its
 * bill), of the same days, in the order of their bills. E_INPUT, E_NOT_FOUND. */
NODISCARD err_t supplements_behind(struct db *db, struct arena *arena, struct str number,
                                   supplement_visit *visit, void *context, struct err *err);

#endif
