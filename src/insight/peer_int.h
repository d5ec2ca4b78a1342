/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share of a publication. Private to the room. */
#ifndef SANGDEN_INSIGHT_PEER_INT_H
#define SANGDEN_INSIGHT_PEER_INT_H

#include "base/date.h"
#include "insight/peer_group.h"
#include "insight/peers.h"
#include "store/store.h"

/* Facts are read for so many homes at once, in the order of their points: one range of the key, and
 * memory that does not grow with the unit. */
enum { PEER_CHUNK_HOMES = 5000, PEER_SCRATCH_BYTES = 64 * 1024 * 1024 };

/* A publication in the making: the unit, its month and what is known at one moment. */
struct peer_work {
    struct db *db;
    struct arena *arena;
    int64_t unit_id, month; /* YYYYMM */
    int64_t known_at;
    int64_t floor;
    struct peer_home *homes;
    size_t count;
    struct peer_group *groups;
    size_t group_count;
};

/* Every home that was billed in the first period of the month at the residential price, with what
 * keeps its use out. Inside the transaction. */
NODISCARD err_t peer_homes_read(struct peer_work *work, struct err *err);
/* Where each home belongs: as stored for the year, else as it stands at the end of its period
 * (period_end, in the order of the homes). */
NODISCARD err_t peer_places_read(struct peer_work *work, const int32_t *period_end,
                                 struct err *err);
/* The month, its groups and homes, and the criteria that are new. */
NODISCARD err_t peer_month_write(struct peer_work *work, int64_t actor_id, struct err *err);

/* 2026 of 202607. */
int64_t peer_year_of(int64_t month);

#endif
