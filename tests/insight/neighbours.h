/* SPDX-License-Identifier: Apache-2.0 */
/* Homes with bills, written straight into the tables of registry, network and billing, so that
 * their comparison can be tested and measured by itself.
 *
 *   point i (1…): agreement i, account i, book (i - 1) / 1000 + 1, station (i - 1) / station_homes
 *   + 1, four stations to a commune, all in province 1; every fourth commune is a ward
 *   every 10th point has two households, every 25th is a business; kWh: neighbours_kwh(i) */
#ifndef SANGDEN_TESTS_INSIGHT_NEIGHBOURS_H
#define SANGDEN_TESTS_INSIGHT_NEIGHBOURS_H

#include "base/buffer.h"
#include "store/store.h"

struct neighbours {
    int64_t unit_id;
    const char *unit_code;
    int64_t homes;
    int64_t station_homes;
};

enum { NEIGHBOURS_PROVINCE = 1, NEIGHBOURS_COMMUNE = 100 }; /* commune k has place 100 + k */

/* Unit, places, stations, points and their facts, in transactions of its own. */
NODISCARD err_t neighbours_make(struct db *db, const struct neighbours *neighbours,
                                struct err *err);
/* One periodic bill of every point in a month (YYYYMM), from its first day to the next. */
NODISCARD err_t neighbours_bill(struct db *db, const struct neighbours *neighbours, int64_t month,
                                struct err *err);
int64_t neighbours_kwh(int64_t point_id);
/* All rows of all publications but their moments, as text. */
void neighbours_rows(struct db *db, struct buf *out);

#endif
