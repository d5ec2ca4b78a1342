/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a home is compared with similar ones: it is, unless its holder declined (decision 121).
 *
 *   agreement ─ fact 'peer_comparison' = out, from a day on ─► not shown others, not counted among
 *                                                             them from the next publication on
 *
 * Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_COMPARING_H
#define SANGDEN_REGISTRY_COMPARING_H

#include "base/arena.h"
#include "base/error.h"

struct db;

/* Whether the holder declined, on a day, as known now. */
NODISCARD err_t comparing_declined_on(struct db *db, int64_t unit_id, int64_t agreement_id,
                                      int32_t day, bool *out, struct err *err);

/* Declines from a day on, or takes that back, for a login that may change things; inside a
 * transaction. What holds already is left as it is. E_FORBIDDEN. */
NODISCARD err_t comparing_decline(struct db *db, struct arena *arena, int64_t login_id,
                                  int64_t unit_id, int64_t agreement_id, int32_t day, bool declined,
                                  struct err *err);

#endif
