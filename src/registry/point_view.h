/* SPDX-License-Identifier: Apache-2.0 */
/* Usage points as they stand on a day, page by page, and the meters that ever hung at one.
 *
 * Pure queries: no locks, no changes. Ownership: texts of a row live during its callback, those of
 * a find in the arena. Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_POINT_VIEW_H
#define SANGDEN_REGISTRY_POINT_VIEW_H

#include "base/arena.h"
#include "base/error.h"

struct db;

/* Texts are empty where nothing is recorded. */
struct point_row {
    int64_t unit_id, point_id;
    int64_t agreement_id; /* supplied on the day; 0: nobody is */
    struct str unit_code, code, agreement_code, book_code, address;
    struct str supplied_since_on; /* since when that agreement has been supplied here */
    struct str uses;              /* price uses, canonical text */
    int64_t household_quarters;   /* -1: none are recorded */
};

typedef err_t point_visit(void *context, const struct point_row *row, struct err *err);

/* Points of a unit behind one (INT64_MIN: from the first), at most so many, by number; agreement_id
 * 0: of all agreements, otherwise those that it supplies on the day. As known now. */
NODISCARD err_t point_page(struct db *db, int64_t unit_id, int64_t agreement_id,
                           int64_t after_point_id, int64_t limit, int32_t day, point_visit *visit,
                           void *context, struct err *err);
/* One of them. E_NOT_FOUND. */
NODISCARD err_t point_view(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                           int32_t day, struct point_row *out, struct err *err);

struct point_meter {
    struct str serial, maker, role, registers;
    int64_t multiplier, digits, decimals;
    int64_t hung_at_ms, removed_at_ms; /* removed_at_ms INT64_MAX: it hangs */
};

enum { POINT_METERS_MOST = 100 };
/* Every meter that hung at a point, by time, into the arena; of more than POINT_METERS_MOST the
 * last ones. E_MEMORY. */
NODISCARD err_t point_meters(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                             struct point_meter **out, size_t *out_count, struct err *err);

#endif
