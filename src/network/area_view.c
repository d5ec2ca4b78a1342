/* SPDX-License-Identifier: Apache-2.0 */
#include "network/area_view.h"

/* A tree of places or devices is not deeper than this; a circle ends here. */
enum { TREE_DEPTH_MAX = 32 };

static const char members_sql[] =
    "SELECT CASE member_kind WHEN 'place' THEN 0 WHEN 'station' THEN 1 WHEN 'feeder' THEN 2 "
    "ELSE 3 END AS member_code, member_id, area_id, valid_from, state, CAST(0 AS BIGINT) "
    "FROM restricted_area_fact WHERE unit_id = $1 AND recorded_at <= $2 "
    "ORDER BY member_code, member_id, area_id, valid_from, entry_no";

static const char places_sql[] =
    "SELECT place_id, CAST(0 AS BIGINT), CAST(0 AS BIGINT), valid_from, state, value_i64 "
    "FROM place_fact WHERE unit_id = 0 AND kind = 'parent' AND recorded_at <= $1 "
    "ORDER BY place_id, valid_from, entry_no";

static const char devices_sql[] =
    "SELECT device_id, CAST(0 AS BIGINT), CAST(0 AS BIGINT), valid_from, state, value_i64 "
    "FROM device_fact WHERE unit_id = $1 AND kind = 'parent' AND recorded_at <= $2 "
    "ORDER BY device_id, valid_from, entry_no";

err_t restricted_set_load(struct db *db, struct arena *arena, int64_t unit_id, int64_t known_at,
                          struct restricted_set *out, struct err *err)
{
    struct restricted_set set;
    dated_init(&set.members, arena);
    dated_init(&set.place_parents, arena);
    dated_init(&set.device_parents, arena);
    err_t e = dated_load(&set.members, db, members_sql, ARGS(v_i64(unit_id), v_i64(known_at)),
                         err);
    if (e == OK && set.members.count > 0)
        e = dated_load(&set.place_parents, db, places_sql, ARGS(v_i64(known_at)), err);
    if (e == OK && set.members.count > 0)
        e = dated_load(&set.device_parents, db, devices_sql,
                       ARGS(v_i64(unit_id), v_i64(known_at)), err);
    if (e == OK) *out = set;
    return e;
}

static int64_t area_of(const struct restricted_set *set, enum area_member kind, int64_t id,
                       int32_t day)
{
    struct dated_key found;
    struct dated_key key = {{kind, id, 0}};
    return dated_any_on(&set->members, key, 2, day, &found) ? found.part[2] : 0;
}

/* The area of a member or of anything above it in its tree. */
static int64_t area_above(const struct restricted_set *set, const struct dated_list *parents,
                          enum area_member first, enum area_member above, int64_t id, int32_t day)
{
    int64_t area = id == 0 ? 0 : area_of(set, first, id, day);
    for (int depth = 0; depth < TREE_DEPTH_MAX && area == 0 && id != 0; depth++) {
        int64_t parent = 0;
        if (!dated_value_on(parents, (struct dated_key){{id, 0, 0}}, day, &parent)) break;
        id = parent;
        area = area_of(set, above, id, day);
    }
    return area;
}

int64_t restricted_on(const struct restricted_set *set, int64_t point_id, int64_t station_id,
                      int64_t place_id, int32_t day)
{
    if (set->members.count == 0) return 0;
    int64_t area = area_of(set, AREA_POINT, point_id, day);
    if (area == 0)
        area = area_above(set, &set->device_parents, AREA_STATION, AREA_FEEDER, station_id, day);
    if (area == 0)
        area = area_above(set, &set->place_parents, AREA_PLACE, AREA_PLACE, place_id, day);
    return area;
}
