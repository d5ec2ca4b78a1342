/* SPDX-License-Identifier: Apache-2.0 */
/* What lies above a unit on a day, for rights (identity_use_tree) and reports.
 *
 *   unit ─ merged_into ─► unit        unit ─ organisation ─► district ─► company ─► corporation
 *
 * Threads: as the connection. Limit: IDENTITY_TREE_DEPTH_MAX organisations. */
#ifndef SANGDEN_NETWORK_TREE_H
#define SANGDEN_NETWORK_TREE_H

#include "identity/identity.h"

/* By what is known now of that day. E_STATE when the organisations form a circle. */
NODISCARD err_t unit_tree(struct db *db, int64_t unit_id, int32_t day, struct identity_tree *out,
                          struct err *err);

#endif
