/* SPDX-License-Identifier: Apache-2.0 */
/* The level at which a customer wants to be warned: so many kWh, or đồng, a month.
 *
 *   agreement ─ facts 'warning_wh', 'warning_vnd' ─► one of them at a time, from a day on
 *
 * Customers set it themselves; each change is a fact, an event "agreement.changed" and a link of
 * the audit stream "login". Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_WARNING_H
#define SANGDEN_REGISTRY_WARNING_H

#include "base/arena.h"
#include "base/error.h"

struct db;

enum warning_kind { WARNING_NONE, WARNING_ENERGY, WARNING_MONEY };

struct warning_level {
    enum warning_kind kind;
    int64_t value; /* watt-hours or đồng, of a month; 0 of none */
};

/* The level on a day, as known now. */
NODISCARD err_t warning_level_on(struct db *db, int64_t unit_id, int64_t agreement_id, int32_t day,
                                 struct warning_level *out, struct err *err);

/* Sets the level from a day on, or ends it (WARNING_NONE), for a login that may change things;
 * inside a transaction. E_FORBIDDEN; E_INPUT with the field "level" beyond 1 to 1,000,000,000 kWh
 * or 1,000 to 1,000,000,000,000 đồng. */
NODISCARD err_t warning_level_set(struct db *db, struct arena *arena, int64_t login_id,
                                  int64_t unit_id, int64_t agreement_id, int32_t day,
                                  const struct warning_level *level, struct err *err);

#endif
