/* SPDX-License-Identifier: Apache-2.0 */
/* Units by the codes that people type: one that must be there, or all of a question.
 *
 * Pure queries. Ownership: lists and texts go to the arena. Threads: as the connection. */
#ifndef SANGDEN_NETWORK_UNIT_LIST_H
#define SANGDEN_NETWORK_UNIT_LIST_H

#include "base/arena.h"
#include "base/error.h"

struct db;

struct unit_ref {
    int64_t unit_id;
    struct str code, name;
};

struct unit_list {
    struct unit_ref *items; /* by unit_id */
    size_t count;
};

/* The unit with the code. E_NOT_FOUND on the field "unit" with the remedy. */
NODISCARD err_t unit_require(struct db *db, struct str code, int64_t *out_unit_id, struct err *err);
/* The same where the empty code stands for every unit. */
NODISCARD err_t unit_known(struct db *db, struct str code, struct err *err);
/* Every unit, or the one with the code where it is not empty. E_NOT_FOUND as above. */
NODISCARD err_t unit_list_load(struct db *db, struct arena *arena, struct str code,
                               struct unit_list *out, struct err *err);
bool unit_list_has(const struct unit_list *units, int64_t unit_id);

#endif
