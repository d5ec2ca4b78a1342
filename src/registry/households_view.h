/* SPDX-License-Identifier: Apache-2.0 */
/* The households that share a meter, as they were declared, beside the paper behind each count and
 * the number that the paper states.
 *
 * A count is kept in quarters: four are one household. Pure queries: no locks, no changes.
 * Ownership: results live in the arena. Threads: as the connection. Limit: HOUSEHOLDS_MAX. */
#ifndef SANGDEN_REGISTRY_HOUSEHOLDS_VIEW_H
#define SANGDEN_REGISTRY_HOUSEHOLDS_VIEW_H

#include "base/arena.h"
#include "base/error.h"

struct db;

enum { HOUSEHOLDS_MAX = 50 };

struct households {
    int32_t from_day, to_day; /* to_day is not included; INT32_MAX: until now */
    int64_t quarters;
    struct str proof, source; /* empty: none recorded */
    int32_t proof_until_day;  /* last day of count or paper, whichever ends first; 0: none ends */
    bool paper_counted;       /* what the paper states is recorded */
    int64_t paper_quarters;
};

/* What a count is worth beside its paper on the last of its days that is not behind a day. */
enum paper_state {
    PAPER_NONE,      /* there is no paper */
    PAPER_OVER,      /* it ran out before */
    PAPER_UNCOUNTED, /* it holds, but its number was not recorded */
    PAPER_AGREES,
    PAPER_DIFFERS
};
enum paper_state paper_state_on(const struct households *count, int32_t day);

/* What is believed of a point now, from a day on, the latest first, each with the paper of the last
 * of its days (facts 'households' and 'paper_households'); *out_papers_missing tells
 * whether the papers count as missing on that last day. E_MEMORY. */
NODISCARD err_t households_of_point(struct db *db, struct arena *arena, int64_t unit_id,
                                    int64_t point_id, int32_t since_day, int32_t day,
                                    struct households **out, size_t *out_count,
                                    bool *out_papers_missing, struct err *err);

#endif
