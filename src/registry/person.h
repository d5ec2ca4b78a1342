/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is one person's, found from one agreement: for handing it out and for erasing it.
 *
 *   customer code ─► agreement ─ holder ─► party ─► all agreements it holds, accounts it pays,
 *                                                   points they supply, owners' logins
 *
 * Each thing belongs to the person from a day on: what an earlier holder used is not theirs. A
 * person is one in a unit; in another unit the same human being is another party.
 * Threads: as the connection. Ownership: lists live in the arena. */
#ifndef SANGDEN_REGISTRY_PERSON_H
#define SANGDEN_REGISTRY_PERSON_H

#include "base/arena.h"
#include "base/error.h"

struct db;

enum { PERSON_THINGS_MAX = 10000, PERSON_NO_END = INT32_MAX };

struct person_thing {
    int64_t id;
    int32_t from_day;
    int32_t to_day; /* not included, or PERSON_NO_END */
};

struct person_things {
    struct person_thing *list;
    size_t count;
};

struct person {
    int64_t unit_id, party_id;
    struct person_things agreements, accounts, points;
    struct person_things logins; /* of owners; from_day is that of the role */
    bool supplied;               /* an agreement is in force */
};

/* The person who holds the agreement on the day, or held it last. E_LIMIT for more than
 * PERSON_THINGS_MAX of one kind. */
NODISCARD err_t person_of_agreement(struct db *db, struct arena *arena, int64_t unit_id,
                                    int64_t agreement_id, int32_t day, struct person *out,
                                    struct err *err);

#endif
