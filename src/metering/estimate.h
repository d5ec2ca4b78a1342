/* SPDX-License-Identifier: Apache-2.0 */
/* Energy that no register shows: asked for by one person, approved by another, with its ground.
 *
 *   provisional    the meter could not be read; the next real reading settles it
 *   stopped_meter  days without a working meter: average of the three periods before (Decree
 *                  137/2013/NĐ-CP art. 20 cl. 3)
 *   direct         added by hand (SL_TTIEP of today's reading files)
 *
 * An approved estimate is used by the closing whose period holds its last day. Functions that
 * change work inside the caller's transaction. Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_ESTIMATE_H
#define SANGDEN_METERING_ESTIMATE_H

#include "base/arena.h"
#include "base/error.h"
#include "metering/register.h"

struct actor;
struct db;

enum estimate_kind { ESTIMATE_PROVISIONAL, ESTIMATE_STOPPED_METER, ESTIMATE_DIRECT,
                     ESTIMATE_KIND_COUNT };

struct estimate {
    int64_t unit_id, estimate_id, point_id;
    enum estimate_kind kind;
    enum register_code reg;
    int32_t from_day, to_day;
    int64_t energy_wh;
    struct str ground, proof;
    struct str state; /* "proposed", "approved", "refused" */
    int64_t proposed_by, decided_by;
};

/* The words of the table, and from them. */
struct str estimate_kind_text(enum estimate_kind kind);
NODISCARD bool estimate_kind_parse(struct str text, enum estimate_kind *out);

/* What the rule of the kind gives for the days: for provisional and stopped_meter the average per
 * day of the (at most three) live periods that ended last on or before from_day, times the days,
 * half up to a watt-hour. E_NOT_FOUND when the point has no period yet; E_INPUT for direct. */
NODISCARD err_t estimate_suggest(struct db *db, int64_t unit_id, int64_t point_id,
                                 enum estimate_kind kind, int32_t from_day, int32_t to_day,
                                 int64_t *out_wh, struct err *err);

/* Records a proposal; ground and a period are needed. */
NODISCARD err_t estimate_propose(struct db *db, const struct estimate *estimate,
                                 int64_t actor_id, int64_t *out_estimate_id, struct err *err);
/* Approves or refuses; E_FORBIDDEN for the person who proposed (identity/approval.h: alone at the
 * unit, on a later day, it may be the same), E_STATE when decided already. */
NODISCARD err_t estimate_decide(struct db *db, int64_t unit_id, int64_t estimate_id, bool approve,
                                const struct actor *actor, struct err *err);

/* Estimates of a unit that ended on or behind a day. */
NODISCARD err_t estimate_list(struct db *db, struct arena *arena, int64_t unit_id,
                              int32_t since_day, struct estimate **out, size_t *out_count,
                              struct err *err);

#endif
