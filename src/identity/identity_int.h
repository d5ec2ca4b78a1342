/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the identity room: how facts are read. */
#ifndef SANGDEN_IDENTITY_INT_H
#define SANGDEN_IDENTITY_INT_H

#include "base/date.h"
#include "identity/identity.h"

/* What the latest knowledge says holds on a day: alias of an as-of view, "$n" of the day. Rights
 * follow what is known now, also about the past. */
#define HOLDS(alias, day)                                                                       \
    " " alias ".state = 'set' AND " alias ".known_to = 9223372036854775807 AND "                \
    alias ".valid_from <= " day " AND " alias ".valid_to > " day " "

/* Every role with its scope, in the place of a table: a unit (0: every unit), or an organisation,
 * whose rows have the unit -1. */
#define STAFF_SCOPE                                                                             \
    "(SELECT unit_id, CAST(0 AS BIGINT) AS organisation_id, staff_id, role, valid_from, "       \
    "valid_to, known_to, state FROM staff_role_asof UNION ALL "                                 \
    "SELECT CAST(-1 AS BIGINT) AS unit_id, organisation_id, staff_id, role, valid_from, "       \
    "valid_to, known_to, state FROM organisation_role_asof)"

/* The day as a parameter; the text stands in place. */
static inline struct value v_day(int32_t day, char place[DATE_TEXT_BYTES])
{
    return v_text(day_text(day, place));
}

/* What lies above the unit on the day, by the finder of the program. */
NODISCARD err_t identity_tree_of(struct db *db, int64_t unit_id, int32_t day,
                                 struct identity_tree *out, struct err *err);

#endif
