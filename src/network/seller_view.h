/* SPDX-License-Identifier: Apache-2.0 */
/* Who sells, on a day: what documents and invoices of a unit must say.
 *
 * Pure query. Ownership: texts go to the arena. Threads: as the connection. */
#ifndef SANGDEN_NETWORK_SELLER_VIEW_H
#define SANGDEN_NETWORK_SELLER_VIEW_H

#include "base/arena.h"
#include "base/error.h"

struct db;

/* Every text is empty where nothing is recorded. */
struct seller {
#define SELLER_FACT(name, ...) struct str name;
#include "network/seller_facts.def"
};

/* As believed at known_at (unix ms; INT64_MAX: all that is known). A unit that was merged into
 * another keeps its own records until others are written for it. */
NODISCARD err_t seller_of_unit(struct db *db, struct arena *arena, int64_t unit_id, int32_t day,
                               int64_t known_at, struct seller *out, struct err *err);

#endif
