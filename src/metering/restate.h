/* SPDX-License-Identifier: Apache-2.0 */
/* Closed use seen again after readings or installations were corrected behind the closing.
 *
 *   usage.detail (what the closing read) ─┐
 *   reading, its later entries ───────────┼─► the difference, register by register
 *   installation, believed now ───────────┘
 *
 * A row of usage is never edited: an issued bill is put right by an adjustment, and this says by
 * how much. Days, meters, estimates and other points stay as they were closed; only register values
 * and multipliers are exchanged. What does not follow plainly from that is left to a person: a
 * value that is lower than the one before it, a reading of a price-change day, losses next to
 * agreed energy, a related point, a meter that hung on other days than the closing took.
 * Ownership: lists live in the arena given. Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_RESTATE_H
#define SANGDEN_METERING_RESTATE_H

#include "base/arena.h"
#include "base/error.h"
#include "metering/register.h"

struct db;

/* A value that stood before, and the one that stands now. Register values in thousandths. */
struct corrected_reading {
    int64_t point_id, installation_id;
    enum register_code reg;
    enum reading_kind kind;
    int32_t day;
    int64_t old_index_wh;
    int64_t index_wh; /* -1: it says now that there was no reading */
};

/* An installation as it was known once, and as it is believed now. */
struct corrected_installation {
    int64_t point_id, installation_id;
    int64_t multiplier; /* now; 0: it never was */
    int32_t old_hung_day, old_removed_day;
    int32_t hung_day, removed_day;
};

/* Readings, and the installations they were read on. */
struct corrected_readings {
    const struct corrected_reading *items; /* by point */
    size_t count;
    const struct corrected_installation *installations; /* by point */
    size_t installation_count;
};

/* Everything corrected of points first..last of a unit. */
NODISCARD err_t corrected_readings_load(struct db *db, struct arena *arena, int64_t unit_id,
                                        int64_t first_point, int64_t last_point,
                                        struct corrected_readings *out, struct err *err);

/* Whether what was believed of the installations of a point at a moment, for days from_day to
 * to_day, is another than what is believed now. */
NODISCARD err_t installations_differ_since(struct db *db, int64_t unit_id, int64_t point_id,
                                           int32_t from_day, int32_t to_day, int64_t known_at_ms,
                                           bool *out, struct err *err);

/* A closed use, as its row of usage has it. */
struct closed_use {
    int64_t unit_id, point_id;
    int32_t from_day, to_day;
    struct str detail;
    int64_t loss_ppm; /* of the terms; 0: none */
};

enum restatement {
    RESTATE_SAME,   /* nothing it rests on was corrected */
    RESTATE_KNOWN,  /* the difference is known, and may be 0 */
    RESTATE_UNCLEAR /* corrected, but the difference does not follow plainly */
};

/* What is to be added to the registers of the use, in watt-hours (VC: varh). out_wh is written with
 * RESTATE_KNOWN only. E_CHECK when the detail cannot be read. */
NODISCARD err_t use_restate(struct db *db, struct arena *arena, const struct closed_use *use,
                            const struct corrected_readings *corrected,
                            enum restatement *out, int64_t out_wh[REGISTER_COUNT],
                            struct err *err);

#endif
