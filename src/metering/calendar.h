/* SPDX-License-Identifier: Apache-2.0 */
/* When a book is read, and which readings may close a period.
 *
 *   reading day 25, three periods:   5 ───── 15 ───── 25      of every month
 *   window of a period:              [day − w, day + w]       w = reading_window_days at most
 *
 * A day that a month does not have is its last day. EVN's business process (Decision 1050/QD-EVN of
 * 7/9/2017) allows one day of shift; a unit may allow more for floods and restricted areas, but
 * never so much that two periods meet. Threads: pure. */
#ifndef SANGDEN_METERING_CALENDAR_H
#define SANGDEN_METERING_CALENDAR_H

#include "base/compat.h"

/* The reading day of period 1..periods in a month (base/date.h), for a book that is read on
 * reading_day (1 to 31) and, with several periods, at equal distances from it. */
int32_t reading_day_of(int32_t month, int reading_day, int periods, int period_no);

/* Days around the reading day that still belong to the period: the parameter, but less than half
 * the distance of two periods. */
int32_t reading_window(int periods, int64_t reading_window_days);

/* The share of an agreed monthly energy that falls to period_no of periods; the shares of all
 * periods add up to the whole. */
int64_t energy_of_period(int64_t month_wh, int periods, int period_no);

#endif
