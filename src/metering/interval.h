/* SPDX-License-Identifier: Apache-2.0 */
/* Interval energy of points: one row per day, and the three registers rebuilt from it.
 *
 *   point,date,minutes,values        values: whole watt-hours, one per interval, spaces between
 *   P1,2026-03-02,30,"120 95 … 80"   48 of them for half hours; a day is taken whole
 *
 * A day that is there already with the same values is unchanged; with other values it is refused,
 * or, with correct, a new entry. The loader writes nothing unless every row is good or keep_good is
 * asked. Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_INTERVAL_H
#define SANGDEN_METERING_INTERVAL_H

#include "base/error.h"
#include "metering/reading_load.h"
#include "tariff/tou.h"

enum { INTERVALS_A_DAY_MAX = 96 };

/* Columns of the file, for templates. */
const struct reading_column *interval_columns(size_t *out_count);

/* The request, findings and counts are those of readings (reading_load.h). */
NODISCARD err_t interval_load_csv(struct db *db, const struct reading_load_request *request,
                                  const char *path, struct str text,
                                  struct reading_load_counts *out, struct err *err);

/* The energy of a point in [from_day, to_day) by register, with the hours of the price book on each
 * day. *out_missing days have no intervals; their energy is not in the sums. */
NODISCARD err_t interval_registers(struct db *db, const struct price_book *book, int64_t unit_id,
                                   int64_t point_id, int32_t from_day, int32_t to_day,
                                   struct calc_usage *out, int64_t *out_missing,
                                   struct err *err);

#endif
