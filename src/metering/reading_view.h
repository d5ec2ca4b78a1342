/* SPDX-License-Identifier: Apache-2.0 */
/* The readings of a point as its customer sees them: every register, its source, what was used
 * since the reading before, the photo.
 *
 *   30/06  KT 23.900                        ┐
 *   31/07  KT 24.361   use 461   photo ab…  ┘ (24.361 − 23.900) × multiplier
 *
 * The latest entry of each reading; use is what the register shows, before losses, estimates and
 * other points, which the bill names. Pure queries: no locks, no changes.
 * Ownership: results live in the arena. Threads: as the connection.
 * Limits: READING_MONTHS_MAX months, READING_ROWS_MAX rows. */
#ifndef SANGDEN_METERING_READING_VIEW_H
#define SANGDEN_METERING_READING_VIEW_H

#include "base/arena.h"
#include "base/error.h"
#include "metering/register.h"

struct db;

enum { READING_MONTHS_MAX = 24, READING_ROWS_MAX = 20000 };

struct reading_seen {
    int64_t point_id, installation_id;
    struct str serial; /* of the meter */
    int32_t day;
    enum register_code reg;
    enum reading_kind kind;
    enum reading_source source;
    enum not_read not_read;
    bool rollover;    /* the register passed its last digit since the reading before */
    bool corrected;   /* another value stood there first */
    int64_t index_wh; /* in thousandths, before the multiplier; -1: not read */
    int64_t multiplier;
    unsigned digits;   /* whole ones of the register */
    int64_t use_wh;    /* since since_day; varh of VC; -1: nothing to compare with */
    int32_t since_day; /* of the reading before */
    struct str photo;  /* SHA-256 of the latest picture of it; empty: none */
};

struct reading_question {
    int64_t unit_id, point_id;
    int32_t since_day; /* of the customer: an earlier reading is not even compared with */
    int32_t from_day, to_day; /* shown, both included */
};

/* By day, installation and register. A picture that names no register stands beside the first
 * register of its day. E_LIMIT beyond the limits, E_MEMORY. */
NODISCARD err_t readings_of_point(struct db *db, struct arena *arena,
                                  const struct reading_question *question,
                                  struct reading_seen **out, size_t *out_count, struct err *err);

/* The first month (of base/date.h) that the unit has readings of; *out_found tells of any. */
NODISCARD err_t readings_first_month(struct db *db, int64_t unit_id, int32_t *out_month,
                                     bool *out_found, struct err *err);

/* The day that a picture of a point in a month shows. E_NOT_FOUND. */
NODISCARD err_t photo_day(struct db *db, int64_t unit_id, int32_t month, int64_t point_id,
                          struct str sha256, int32_t *out_day, struct err *err);

/* The latest picture of a point on a day, by its SHA-256; empty when there is none. */
NODISCARD err_t photo_of_day(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                             int32_t day, struct str *out_sha256, struct err *err);

#endif
