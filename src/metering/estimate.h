/* SPDX-License-Identifier: Apache-2.0 */
/* Energy that no register shows: asked for by one person, approved by another, with its ground.
 *
 *   provisional    the meter could not be read; the next real reading settles it, or two sides
 *                  settle it by name before (spread over its days, or agreed)
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

/* Where an estimate stands. Only provisional ones are settled; the others end when billed. */
enum estimate_stage {
    ESTIMATE_ASKED,    /* proposed, not decided */
    ESTIMATE_REFUSED,
    ESTIMATE_APPROVED, /* no closing has used it yet */
    ESTIMATE_UNUSED,   /* the meter was read after all: the closing took the reading */
    ESTIMATE_BILLED,   /* a closing used it */
    ESTIMATE_SETTLED,
    ESTIMATE_STAGE_COUNT
};

/* The live use (table usage) that an estimate went into. */
struct estimate_use {
    int64_t book_id, month, period_no, closing_no; /* month YYYYMM */
    int64_t agreement_id;
    bool final;
};

/* How it ended: see table estimate_settlement. */
struct estimate_settlement {
    struct str manner; /* "reading", "spread", "agreed"; empty: not settled */
    int32_t from_day, to_day;
    int64_t read_wh, owed_wh;
    struct str ground, proof;
    struct str actor;   /* code of who settled, or closed the book */
    int64_t settled_at; /* unix ms */
};

struct estimate {
    int64_t unit_id, estimate_id, point_id;
    enum estimate_kind kind;
    enum register_code reg;
    int32_t from_day, to_day;
    int64_t energy_wh;
    struct str ground, proof;
    struct str state; /* "proposed", "approved", "refused" */
    struct str proposed_by, decided_by;     /* staff codes; filled when read, as all below */
    enum estimate_stage stage;
    struct estimate_use use;
    struct estimate_settlement settlement;
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

/* "asked", "approved" … as commands print it; and whether somebody still has to act. */
struct str estimate_stage_text(enum estimate_stage stage);
bool estimate_is_open(const struct estimate *estimate);

/* One estimate with its stage; E_NOT_FOUND. */
NODISCARD err_t estimate_get(struct db *db, struct arena *arena, int64_t unit_id,
                             int64_t estimate_id, struct estimate *out, struct err *err);

/* What a billed provisional estimate is to be settled at before a closing does it by reading: what
 * the first real reading behind it shows, divided by days over the days since the last real one
 * (spread), half up to a watt-hour. E_STATE unless it is billed and not settled; E_NOT_FOUND
 * without such a reading; E_INPUT where the registers do not tell it plainly (exchange, rollover):
 * then the energy must be agreed. */
NODISCARD err_t estimate_spread(struct db *db, const struct estimate *estimate, int64_t *out_wh,
                                struct err *err);
/* Records the settlement by name, with its ground: wh is what the estimate's days come to from now
 * on, so that the next real reading takes off wh instead of what was billed. The bill of those days
 * is put right by an adjustment. E_STATE, E_INPUT. */
NODISCARD err_t estimate_settle(struct db *db, const struct estimate *estimate, bool spread,
                                int64_t wh, struct str ground, struct str proof,
                                int64_t actor_id, struct err *err);
/* E_STATE with the reason unless the estimate may be settled by name now. */
NODISCARD err_t estimate_may_settle(const struct estimate *estimate, struct err *err);

#endif
