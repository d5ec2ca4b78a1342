/* SPDX-License-Identifier: Apache-2.0 */
/* Counts that workers keep for pages, because their questions are too long for one. Private to the
 * room. */
#ifndef SANGDEN_BILLING_COUNTED_INT_H
#define SANGDEN_BILLING_COUNTED_INT_H

#include "base/arena.h"
#include "store/store.h"

struct unit_ref;

/* When a count was made, up to which event of its unit, and how long that took. */
struct counted {
    bool known;
    int64_t at_ms, position, took_ms;
};

/* Whether something happened since, and not too soon: counting takes at most a sixtieth of the
 * workers' time. */
bool counted_is_due(const struct counted *last, int64_t position, int64_t now_ms);

/* Renews the count of one unit; *out_counted: it was due. */
typedef err_t count_renew(struct db *db, const struct unit_ref *unit, int64_t now_ms,
                          bool *out_counted, struct err *err);
/* The same of every unit. *out_done counts those that were. */
NODISCARD err_t count_every_unit(struct db *db, count_renew *renew, int64_t now_ms,
                                 int64_t *out_done, struct err *err);

#endif
