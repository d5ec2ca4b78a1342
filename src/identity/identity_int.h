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

/* The day as a parameter; the text stands in place. */
static inline struct value v_day(int32_t day, char place[DATE_TEXT_BYTES])
{
    return v_text(day_text(day, place));
}

/* Appends the next entry of a fact of a staff member; value may be empty for 'active'. */
NODISCARD err_t staff_fact_append(struct db *db, int64_t actor_id, int64_t staff_id,
                                  const char *kind, int32_t from_day, bool ends,
                                  struct str value, struct err *err);

#endif
