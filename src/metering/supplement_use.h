/* SPDX-License-Identifier: Apache-2.0 */
/* The use that an inspection found: it comes from no closing of a book.
 *
 *   usage   month 202611, period 0, point 17   supplement 1 (30/9 – 31/10, 50 kWh)
 *                                              supplement 2 (31/10 – 30/11, 20 kWh)
 *
 * It stands in period 0 of the month in which it was approved, with a number of its own, and a run
 * of that month bills it. What it may come on top of is for billing to judge.
 * Threads: as the connection. */
#ifndef SANGDEN_METERING_SUPPLEMENT_USE_H
#define SANGDEN_METERING_SUPPLEMENT_USE_H

#include "base/error.h"

struct db;

struct supplement_use {
    int64_t unit_id, book_id, point_id, agreement_id;
    int64_t month; /* YYYYMM */
    int32_t from_day, to_day;
    int64_t total_wh;
    bool three_registers; /* then the next three come to total_wh */
    int64_t normal_wh, peak_wh, offpeak_wh;
    int64_t reactive_varh; /* -1: none */
    struct str detail;     /* JSON: what billing needs to know of it */
};

/* Adds the row in the caller's transaction; *out_number is what usage calls closing_no, counted per
 * point and month. E_CONFLICT when somebody adds one at the same moment. */
NODISCARD err_t supplement_use_add(struct db *db, const struct supplement_use *use,
                                   int64_t *out_number, struct err *err);

#endif
