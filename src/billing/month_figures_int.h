/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of a month, counted part by part. Private to the room.
 *
 *   bills of the month ─ a book at a time ─┐
 *   bills posted later than their own ─────┴─► month_part ─ summed up ─► month_figure
 *
 * The parts of a month have rising numbers: MONTH_PART_LATE, 0 (no book), each book. */
#ifndef SANGDEN_BILLING_MONTH_FIGURES_INT_H
#define SANGDEN_BILLING_MONTH_FIGURES_INT_H

#include "billing/month_close.h"

enum { MONTH_PART_LATE = -1, MONTH_PART_NONE = -2 /* before the first */ };

/* The part behind a part; *out_found is false behind the last. */
NODISCARD err_t month_part_next(struct db *db, int64_t unit_id, int64_t after, int64_t *out,
                                bool *out_found, struct err *err);
/* How many there are. */
NODISCARD err_t month_part_number(struct db *db, int64_t unit_id, int64_t *out, struct err *err);
/* Counts one, inside a transaction. E_CONFLICT when it is counted already. */
NODISCARD err_t month_part_count(struct db *db, int64_t unit_id, int64_t month, int64_t part,
                                 struct err *err);
/* Forgets what was counted of a month. */
NODISCARD err_t month_parts_drop(struct db *db, int64_t unit_id, int64_t month, struct err *err);
/* The sums of the counted parts; fees are not told apart. */
NODISCARD err_t month_parts_total(struct db *db, int64_t unit_id, int64_t month,
                                  struct month_totals *out, struct err *err);
/* Writes the figures of a closed month from its parts, which go. */
NODISCARD err_t month_parts_write(struct db *db, int64_t unit_id, int64_t month, struct err *err);

/* The sums of a month as its bills are now, in one question of the length of the month. */
NODISCARD err_t month_sum(struct db *db, int64_t unit_id, int64_t month, struct month_totals *out,
                          struct err *err);

#endif
