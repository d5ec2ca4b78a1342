/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of restate share; private to them. */
#ifndef SANGDEN_METERING_RESTATE_INT_H
#define SANGDEN_METERING_RESTATE_INT_H

#include "base/json_read.h"
#include "metering/restate.h"

enum { PLACES = 3 };

/* One use that is looked at. */
struct restating {
    const struct closed_use *use;
    const struct corrected_reading *own; /* of the point */
    size_t own_count;
    const struct corrected_installation *hung; /* of the point */
    size_t hung_count;
    bool changed, unclear, start_changed, multiplied;
    int64_t closed_wh[REGISTER_COUNT];
    int64_t delta_wh[REGISTER_COUNT];
};

/* One register of one meter, as the closing noted it. */
struct noted_pair {
    int64_t installation_id, multiplier;
    int64_t rollover_digits; /* 0: it did not roll over */
    enum register_code reg;
    int32_t from_day, to_day;
    int64_t from_wh, to_wh, wh;
};

/* A text of a map; empty when it has none. */
struct str noted_text(const struct json *map, struct str name);
/* False when the closing did not write it. */
NODISCARD bool noted_pair_read(const struct json *item, struct noted_pair *out);
/* E_CHECK, with the point. */
err_t restate_bad_detail(const struct closed_use *use, struct err *err);

/* Adds to out the installations of points first..last that were corrected. */
NODISCARD err_t corrected_installations_load(struct db *db, struct arena *arena, int64_t unit_id,
                                             int64_t first_point, int64_t last_point,
                                             struct corrected_readings *out, struct err *err);
/* The multiplier believed now of what a pair was read on; 0: it never hung there. */
int64_t restate_multiplier(struct restating *r, const struct noted_pair *pair);
/* Whether the meters hung on the days that the closing took. */
void restate_days(struct restating *r, const struct json *detail);
/* What the pairs of a use come to: closed_wh, delta_wh, and the days. */
NODISCARD err_t restate_pairs(struct restating *r, const struct json *detail, struct err *err);
/* Whether the energy that the closing took from another point still is what that point measured;
 * item is that point in the detail. */
NODISCARD err_t restate_related(struct restating *r, struct db *db, struct arena *arena,
                                const struct json *item, const struct corrected_readings *others,
                                struct err *err);

#endif
