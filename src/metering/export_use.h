/* SPDX-License-Identifier: Apache-2.0 */
/* What points with two directions gave back to the network in a month.
 *
 *   main point ──closed period [from, to)──► its days
 *       └─ relation 'export' ─► export point ─ meter of role export ─ readings of the same days
 *
 * The other direction is measured and paid for apart, never netted with what was used (Decision
 * 13/2020/QĐ-TTg); closings leave it alone. Registers: KT of the export meter.
 * Ownership: lists live in the arena. Threads: as the connection. */
#ifndef SANGDEN_METERING_EXPORT_USE_H
#define SANGDEN_METERING_EXPORT_USE_H

#include "base/arena.h"
#include "base/error.h"

struct db;

enum export_problem {
    EXPORT_FINE,
    EXPORT_NO_METER, /* no meter of role export hung over the whole period */
    EXPORT_NOT_READ, /* not read on the first or the last day of the main point's period */
    EXPORT_LOWER     /* the register shows less than before: a rollover or a misreading */
};

struct export_use {
    int64_t main_point_id, point_id;
    struct str main_code, code, serial;
    int32_t from_day, to_day; /* of the main point's period */
    enum export_problem problem;
    int64_t from_index_wh, to_index_wh, multiplier; /* with EXPORT_FINE, as energy_wh */
    int64_t energy_wh;
};

/* Everything of the unit's periods of a month (YYYYMM) that are closed, by main point and day. */
NODISCARD err_t export_uses(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                            struct export_use **out, size_t *out_count, struct err *err);

/* The words of a problem, empty for EXPORT_FINE. */
const char *export_problem_vi(enum export_problem problem);
const char *export_problem_en(enum export_problem problem);

#endif
