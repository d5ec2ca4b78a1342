/* SPDX-License-Identifier: Apache-2.0 */
#include "network/circle.h"

#include "base/date.h"

#define PARENT_LINKS(view, subject)                                                   \
    CIRCLE_LINKS(view, subject, "value_i64", "r.unit_id = $4", "r.kind = 'parent'",   \
                 "r." subject " = $3")

const struct circle_links organisation_links = PARENT_LINKS("organisation_asof",
                                                            "organisation_id");
const struct circle_links place_links = PARENT_LINKS("place_asof", "place_id");
const struct circle_links device_links = PARENT_LINKS("device_asof", "device_id");
/* Mergers lead from unit to unit. */
const struct circle_links merger_links =
    CIRCLE_LINKS("unit_asof", "unit_id", "value_i64", "CAST($4 AS BIGINT) >= 0",
                 "r.kind = 'merged_into'", "r.unit_id = $3");

err_t circle_closes(struct db *db, const struct circle_links *links, int64_t unit_id,
                    int64_t node, int64_t next, int32_t from_day, bool *out, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    int64_t returns = 0;
    err_t e = OK;
    if (node != next)
        e = db_get_i64(db, links->sql,
                       ARGS(v_i64(next), v_text(day_text(from_day, memory)), v_i64(node),
                            v_i64(unit_id)),
                       &returns, err);
    if (e == OK) *out = node == next || returns > 0;
    return e;
}
