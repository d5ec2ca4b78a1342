/* SPDX-License-Identifier: Apache-2.0 */
/* The months of a point before our own first closing, packed into one value per point.
 *
 *   | month YYYYMM 4 | days 4 | watt-hours 8 |  | … |     little-endian, oldest month first
 *
 * They serve comparison (the rise over last month and last year) and are never billed.
 * Threads: pure. */
#ifndef SANGDEN_METERING_HISTORY_H
#define SANGDEN_METERING_HISTORY_H

#include "base/buffer.h"
#include "metering/spike.h"

enum { HISTORY_MONTH_BYTES = 16 };

/* Adds one month (of base/date.h) to a packed value. */
void history_add(struct buf *out, int32_t month, int32_t days, int64_t wh);
/* The use of a month, unknown when it is not there. */
struct period_use history_month(struct str packed, int32_t month);
/* The use of the last month before a month, unknown when there is none. */
struct period_use history_before(struct str packed, int32_t month);

#endif
