/* SPDX-License-Identifier: Apache-2.0 */
/* Relations between points: main minus sub, sum of points, the other direction of one place.
 *
 * A relation must not close a circle, and both points belong to one unit. Runs inside the caller's
 * transaction. Threads: those of the connection. */
#ifndef SANGDEN_REGISTRY_RELATION_H
#define SANGDEN_REGISTRY_RELATION_H

#include "network/fact_write.h"
#include "registry/registry_view.h"

/* Whether other_point may correct point from a day on: E_INPUT for itself or a circle. */
NODISCARD err_t relation_check(struct db *db, int64_t unit_id,
                               const struct point_relation *relation, int32_t from_day,
                               struct err *err);
/* Sets or ends a relation from a day on; the same twice changes nothing (*out_changed, which may be
 * NULL). Checks first. */
NODISCARD err_t relation_write(struct db *db, int64_t unit_id,
                               const struct point_relation *relation, enum fact_state state,
                               int32_t from_day, struct str source,
                               const struct fact_author *author, bool *out_changed,
                               struct err *err);
/* "sub", "sum", "export". */
struct str relation_text(enum relation_kind kind);
/* From the words of the table. */
NODISCARD bool relation_parse(struct str text, enum relation_kind *out);

#endif
