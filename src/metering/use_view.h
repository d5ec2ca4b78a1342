/* SPDX-License-Identifier: Apache-2.0 */
/* What a closed use rests on, and the months before it: for people who judge it.
 *
 *   usage of a closing ─ detail ─► pairs    KT  23.900 ─► 24.361   461 kWh
 *   live usage, packed past ─────► months   … 365  402  461
 *
 * Pure queries. Ownership: results live in the arena. Threads: as the connection. */
#ifndef SANGDEN_METERING_USE_VIEW_H
#define SANGDEN_METERING_USE_VIEW_H

#include "base/arena.h"
#include "base/error.h"
#include "metering/register.h"

struct db;

/* One register of one meter between the two readings that the use rests on. An index is in
 * thousandths of what the dial shows, before the multiplier; VC is reactive and counts in varh. */
struct use_pair {
    enum register_code reg;
    int64_t installation_id;
    struct str serial; /* of the meter; empty: not known */
    int32_t from_day, to_day;
    int64_t from_index_wh, to_index_wh;
    int64_t multiplier;
    int64_t wh;
    enum reading_source source; /* of the present reading */
    bool rollover;              /* the register passed its last digit */
};

/* A use by everything that tells it apart. */
struct use_key {
    int64_t unit_id, book_id;
    int32_t month;
    int period_no;
    int64_t point_id;
    struct str kind;
    int64_t closing_no;
};

struct use_seen {
    int32_t from_day, to_day;
    bool estimated;
    const struct use_pair *pair;
    size_t pair_count;
};
/* E_NOT_FOUND, E_CHECK for a record that cannot be read. */
NODISCARD err_t use_of(struct db *db, struct arena *arena, const struct use_key *key,
                       struct use_seen *out, struct err *err);

enum { USE_MONTHS = 24 };

/* The use of a month from all live closings, or as the earlier system had it. */
struct use_month {
    bool known; /* false: a gap */
    bool estimated;
    int64_t wh, days;
};
/* The months up to last_month, oldest first, in whatever books the point was. Supplements that an
 * inspection found are no part of a month. */
NODISCARD err_t use_months(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                           int32_t last_month, struct use_month out[USE_MONTHS], struct err *err);

#endif
