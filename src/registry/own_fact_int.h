/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the registry room: facts of an agreement that customers set themselves. */
#ifndef SANGDEN_REGISTRY_OWN_FACT_INT_H
#define SANGDEN_REGISTRY_OWN_FACT_INT_H

#include "base/arena.h"
#include "base/error.h"

struct actor;
struct db;

struct own_fact {
    struct db *db;
    struct arena *arena;
    int64_t login_id, unit_id, agreement_id;
    int32_t day; /* from which on */
    struct err *err;
};

/* E_FORBIDDEN unless the login may change things of the agreement. */
NODISCARD err_t own_fact_require(const struct own_fact *own);
/* Sets a fact from the day on; value empty: ends it. Inside a transaction. As registry_change. */
NODISCARD err_t own_fact_write(const struct own_fact *own, struct str kind, struct str value);
/* The link itself; actor NULL: the customer did it. */
NODISCARD err_t login_note(struct db *db, const struct actor *actor, const char *action,
                           int64_t unit_id, int64_t login_id, int64_t agreement_id,
                           struct str content, struct err *err);
/* Appends a link to the audit stream "login": who, of which agreement, what, from which day. */
NODISCARD err_t own_fact_note(const struct own_fact *own, const char *action, struct str content);

#endif
