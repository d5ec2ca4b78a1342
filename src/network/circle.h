/* SPDX-License-Identifier: Apache-2.0 */
/* Links that lead from one thing to the next, by date: a place to the one above it, a device to the
 * one upstream, a unit to the one it is merged into, a main point to its sub. No chain of them may
 * come back to where it began, on any day.
 *
 *   a ─2020─► b ─2022─► c        c ─► a is a circle when it holds on any day from 2022 on
 *
 * Runs inside the caller's transaction, which has taken the moment of the unit (store/fact.h)
 * before, so that nobody else links there meanwhile. Threads: those of the connection. */
#ifndef SANGDEN_NETWORK_CIRCLE_H
#define SANGDEN_NETWORK_CIRCLE_H

#include "store/store.h"

struct circle_links {
    const char *sql; /* counts returns: $1 where the new link leads, $2 its first day, $3 where it
                      * begins, $4 the unit */
};

/* Links out of an as-of view. node and next: its columns; scope: a condition on the unit $4;
 * kinds: a condition on the kind; same: what tells one link from another, given $3 and $1. */
#define CIRCLE_LINKS(view, node, next, scope, kinds, same)                                    \
    {"WITH RECURSIVE chain (node, since, until) AS (SELECT CAST($1 AS BIGINT), "              \
     "CAST($2 AS TEXT), coalesce((SELECT min(r.valid_from) FROM " view " r WHERE " same       \
     " AND " scope " AND " kinds " AND r.valid_from > $2 "                                    \
     "AND r.known_to = 9223372036854775807), '9999-12-31') "                                  \
     "UNION SELECT r." next ", CASE WHEN r.valid_from > c.since THEN r.valid_from "           \
     "ELSE c.since END, CASE WHEN r.valid_to < c.until THEN r.valid_to ELSE c.until END "     \
     "FROM chain c JOIN " view " r ON r." node " = c.node WHERE " scope " AND " kinds         \
     " AND r.known_to = 9223372036854775807 AND r.state = 'set' AND r.valid_from < c.until "  \
     "AND r.valid_to > c.since) SELECT CAST(count(*) AS BIGINT) FROM chain WHERE node = $3"}

/* The links of this room: fact 'parent' of organisations, places and devices, 'merged_into' of
 * units. */
extern const struct circle_links organisation_links, place_links, device_links, merger_links;

/* Whether a link from node to next that holds from a day on closes a circle on any day. */
NODISCARD err_t circle_closes(struct db *db, const struct circle_links *links, int64_t unit_id,
                              int64_t node, int64_t next, int32_t from_day, bool *out,
                              struct err *err);

#endif
