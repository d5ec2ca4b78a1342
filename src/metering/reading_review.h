/* SPDX-License-Identifier: Apache-2.0 */
/* Findings on readings that wait for a person: accepted as true, or refused and to be corrected.
 *
 * An accepted "rollover" lets the closing count through the register's width; a refused one keeps
 * the point out until the reading is corrected. Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_READING_REVIEW_H
#define SANGDEN_METERING_READING_REVIEW_H

#include "base/arena.h"
#include "base/error.h"

struct actor;
struct db;

struct reading_review {
    struct str point_code, reg, kind, finding;
    int32_t read_day;
    int64_t before_wh, index_wh; /* register values in thousandths */
};

/* Open findings of a unit in a month, by point; finding empty: all. */
NODISCARD err_t review_list(struct db *db, struct arena *arena, int64_t unit_id, int32_t month,
                            struct str finding, int64_t limit, struct reading_review **out,
                            size_t *out_count, struct err *err);

/* Decides every open finding of this kind of a point on a day, inside a transaction. E_INPUT
 * without reason, E_NOT_FOUND when none is open, E_FORBIDDEN for the person who loaded it,
 * unless that person is alone at the unit and decides on a later day (identity/approval.h). */
NODISCARD err_t review_decide(struct db *db, int64_t unit_id, int64_t point_id, int32_t read_day,
                              struct str finding, bool accept, const struct actor *actor,
                              struct str reason, struct err *err);

#endif
