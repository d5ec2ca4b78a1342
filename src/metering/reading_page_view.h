/* SPDX-License-Identifier: Apache-2.0 */
/* Reported values page by page, for programs: of a unit in a month, or of a point over months.
 *
 * Every entry stands there, also those that a later entry corrected; latest tells which counts.
 * Pure queries: no locks, no changes. Ownership: texts of a row live during its callback.
 * Threads: as the connection. */
#ifndef SANGDEN_METERING_READING_PAGE_VIEW_H
#define SANGDEN_METERING_READING_PAGE_VIEW_H

#include "store/store.h"

struct reading_row {
    int64_t month, point_id, installation_id; /* month: YYYYMM of the day */
    struct str read_on, reg, kind;            /* with the others, the order of the list */
    int64_t entry_no;
    struct str point_code, serial, source, state, not_read; /* not_read empty: it was read */
    int64_t index_wh;   /* thousandths of what the dial shows; -1: not read */
    int64_t multiplier; /* 0: not noted */
    bool latest;
};

/* Where a page begins: the row before it. */
enum { READING_KEYS = 7 };
#define READING_KINDS "iititti"

struct reading_filter {
    int64_t unit_id, point_id;       /* point_id 0: all points, then of first_month alone */
    int64_t first_month, last_month; /* YYYYMM, both included */
    struct str since_on;             /* no reading before this day; empty: any */
    const struct value *after; /* month, point_id, read_on, installation_id, reg, kind, entry */
    int64_t limit;
};

typedef err_t reading_visit(void *context, const struct reading_row *row, struct err *err);

/* Readings in the order of those keys. */
NODISCARD err_t reading_page(struct db *db, const struct reading_filter *filter,
                             reading_visit *visit, void *context, struct err *err);

#endif
