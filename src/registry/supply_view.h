/* SPDX-License-Identifier: Apache-2.0 */
/* What an agreement is supplied at, and since when its holder may look at it.
 *
 *   agreement ──holder A──────────│──holder B────────►      asked today: since B
 *   point 12   [from ──────────────────── to)
 *   point 40                 [from ──────────────►
 *
 * Pure queries: no locks, no changes. Ownership: results live in the arena. Threads: as the
 * connection. Limit: SUPPLIED_POINTS_MAX spans; later ones are left out. */
#ifndef SANGDEN_REGISTRY_SUPPLY_VIEW_H
#define SANGDEN_REGISTRY_SUPPLY_VIEW_H

#include "base/arena.h"
#include "base/error.h"

struct db;

enum { SUPPLIED_POINTS_MAX = 200, SUPPLIED_FOR_EVER = INT32_MAX };

struct supplied_point {
    int64_t point_id;
    struct str code;
    int32_t from_day;
    int32_t to_day; /* not included; SUPPLIED_FOR_EVER: no end is known */
};

/* The points of an agreement under the holder it has on a day, as known now: nobody is shown what
 * the holder before used. By point and day. E_MEMORY. */
NODISCARD err_t supplied_points(struct db *db, struct arena *arena, int64_t unit_id,
                                int64_t agreement_id, int32_t day, struct supplied_point **out,
                                size_t *out_count, struct err *err);

/* Where the first point of an agreement is, as its address is recorded on a day; empty where there
 * is none. E_MEMORY. */
NODISCARD err_t supply_place(struct db *db, struct arena *arena, int64_t unit_id,
                             int64_t agreement_id, int32_t day, struct str *out, struct err *err);

/* Who holds an agreement and which account pays; ids are 0 and texts empty where nothing is
 * recorded. Personal data: for who holds it. */
struct supply_holder {
    int64_t party_id, account_id;
    int32_t since_day; /* of this holder; 1900-01-01 where none is recorded */
    struct str account_code;
    struct str name, tax_code, identity_no, phone, email, address;
};
/* On a day, as known now. E_MEMORY. */
NODISCARD err_t supply_holder_on(struct db *db, struct arena *arena, int64_t unit_id,
                                 int64_t agreement_id, int32_t day, struct supply_holder *out,
                                 struct err *err);

/* The account with a code in a unit; *out_found tells of one. */
NODISCARD err_t account_in_unit(struct db *db, int64_t unit_id, struct str code,
                                int64_t *out_account_id, bool *out_found, struct err *err);

#endif
