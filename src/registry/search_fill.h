/* SPDX-License-Identifier: Apache-2.0 */
/* Search words made from what the units hold: for stores from before there was a search, and to
 * prove that nothing drifted.
 *
 *   party, account, point_fact ─ search_keys_of ─► search_directory
 *
 * Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_SEARCH_FILL_H
#define SANGDEN_REGISTRY_SEARCH_FILL_H

#include "base/error.h"

struct db;

/* Fills the directory of a store that has none yet; nothing otherwise. Inside the transaction that
 * upgraded or restored the store. */
NODISCARD err_t search_ensure(struct db *db, struct err *err);

#endif
