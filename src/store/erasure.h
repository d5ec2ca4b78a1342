/* SPDX-License-Identifier: Apache-2.0 */
/* What of a person may be erased, declared row by row in erasure.def of each room, done where all
 * rooms are seen (document/person_erase.h).
 *
 *   ERASURE(by, retention, Vietnamese, English, from, change)
 *
 * from counts the rows that hold something, change erases it; NULL: rows that are only ever added.
 * The parameters are those of own_data.h.
 * Threads: as the connection. */
#ifndef SANGDEN_STORE_ERASURE_H
#define SANGDEN_STORE_ERASURE_H

#include "store/own_data.h"

struct erasure {
    enum own_by by;
    int retention; /* enum retention */
    const char *vi, *en;
    const char *count, *change;
};

/* One row of a table of them. */
#define ERASURE_ROW(by, retention, vi, en, from, change) \
    { \
        OWN_BY_##by, RETENTION_##retention, vi, en, "SELECT count(*) FROM " from, change \
    }

/* Counts the rows of one thing; erases them too when asked and there are any. */
NODISCARD err_t erasure_run(struct db *db, const struct erasure *erasure, struct args args,
                            bool erase, int64_t *out_count, struct err *err);

#endif
