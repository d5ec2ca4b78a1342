/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of one person, as it is handed to that person: declared row by row in own_data.def
 * of each room, read here, gathered where all rooms are seen (document/person_data.h).
 *
 *   OWN_DATA(section, by, columns, from)   "party", OWN_BY_PARTY, "name, phone", "party WHERE …"
 *
 * Columns become members of JSON by their names; those that end in _at are instants. What tells of
 * other people (staff, earlier holders) is left out by the columns and the days.
 * Threads: as the connection. */
#ifndef SANGDEN_STORE_OWN_DATA_H
#define SANGDEN_STORE_OWN_DATA_H

#include "base/json_write.h"
#include "store/store.h"

/* What $1, $2 … are. from and to are days ("2026-07-01"), to is not included; _ms the same as
 * instants. A query uses the first so many. */
enum own_by {
    OWN_BY_LOGIN,        /* login */
    OWN_BY_CONTACT,      /* kind ("phone"), address */
    OWN_BY_PARTY,        /* unit, party */
    OWN_BY_ACCOUNT,      /* unit, account, from */
    OWN_BY_AGREEMENT,    /* unit, agreement, from */
    OWN_BY_AGREEMENT_MS, /* unit, agreement, from_ms, to_ms */
    OWN_BY_POINT,        /* unit, point, from, to */
    OWN_BY_POINT_MS,     /* unit, point, from_ms, to_ms */
    OWN_BY_COUNT
};

struct own_data {
    const char *section; /* "party" */
    enum own_by by;
    const char *columns; /* "name, phone" */
    const char *sql;     /* the query of these columns */
};

/* One row of a table of them. */
#define OWN_DATA_ROW(section, by, columns, from) \
    { \
        section, OWN_BY_##by, columns, "SELECT " columns " FROM " from \
    }

/* Writes the rows of one thing as items of the list that is open. *out_count counts them. */
NODISCARD err_t own_data_rows(struct db *db, const struct own_data *data, struct args args,
                              struct json_writer *w, int64_t *out_count, struct err *err);

#endif
