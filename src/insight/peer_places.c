/* SPDX-License-Identifier: Apache-2.0 */
/* Where homes belong: frozen for the year, or as it stands when a home is first compared in it. */
#include "insight/peer_int.h"

#include "network/dated.h"

enum { PLACES_DEEP = 8, FACT_PLACE = 1, FACT_STATION = 2, LEVEL_COMMUNE = 1 };

struct map {
    struct peer_work *work;
    const int32_t *period_end;
    struct dated_list points;                 /* place and station by point */
    struct dated_list parents, urban, levels; /* by place */
};

/* ---- frozen ------------------------------------------------------------------------------ */

static struct peer_home *home_of(struct peer_work *work, int64_t point_id, int64_t agreement_id)
{
    size_t low = 0, high = work->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct peer_home *home = &work->homes[middle];
        if (home->point_id < point_id ||
            (home->point_id == point_id && home->agreement_id < agreement_id))
            low = middle + 1;
        else high = middle;
    }
    if (low == work->count) return NULL;
    struct peer_home *home = &work->homes[low];
    return home->point_id == point_id && home->agreement_id == agreement_id ? home : NULL;
}

static void take_frozen(struct peer_work *work, const struct rows *rows)
{
    struct peer_home *home = home_of(work, row_i64(rows, 0), row_i64(rows, 1));
    if (home == NULL) return;
    home->fresh = false;
    home->urban = row_i64(rows, 2) == 1;
    home->households = (uint8_t)row_i64(rows, 3);
    for (int level = 0; level < PEER_LEVEL_COUNT; level++)
        home->place_id[level] = row_i64(rows, 4 + level);
}

/* *out_fresh counts the homes that have no criteria yet. */
static err_t read_frozen(struct peer_work *work, size_t *out_fresh, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    for (size_t i = 0; i < work->count; i++) work->homes[i].fresh = true;
    err_t e = db_query(work->db,
                       "SELECT point_id, agreement_id, urban, households, station_id, "
                       "commune_id, district_id, province_id FROM peer_criteria "
                       "WHERE unit_id = $1 AND year = $2",
                       ARGS(v_i64(work->unit_id), v_i64(peer_year_of(work->month))), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        take_frozen(work, rows);
    }
    *out_fresh = 0;
    for (size_t i = 0; i < work->count; i++) *out_fresh += work->homes[i].fresh;
    return e;
}

/* ---- as it stands ------------------------------------------------------------------------ */

/* Places and what lies above them: few, and the same for all homes. */
static err_t load_places(struct map *map, struct err *err)
{
    struct db *db = map->work->db;
    dated_init(&map->parents, map->work->arena);
    dated_init(&map->urban, map->work->arena);
    dated_init(&map->levels, map->work->arena);
    err_t e = dated_load(&map->parents, db,
                         "SELECT place_id, 0, 0, valid_from, state, value_i64 FROM place_fact "
                         "WHERE unit_id = 0 AND kind = 'parent' "
                         "ORDER BY place_id, valid_from, entry_no",
                         NO_ARGS, err);
    if (e == OK)
        e = dated_load(&map->urban, db,
                       "SELECT place_id, 0, 0, valid_from, state, CASE WHEN value_text = "
                       "'commune' THEN 0 ELSE 1 END FROM place_fact WHERE unit_id = 0 AND "
                       "kind = 'class' ORDER BY place_id, valid_from, entry_no",
                       NO_ARGS, err);
    if (e == OK)
        e = dated_load(&map->levels, db,
                       "SELECT place_id, 0, 0, '1900-01-01', 'set', CASE level WHEN 'commune' "
                       "THEN 1 WHEN 'district' THEN 2 ELSE 3 END FROM place ORDER BY place_id",
                       NO_ARGS, err);
    return e;
}

/* The places from the commune up, each at its level. */
static void climb(const struct map *map, int64_t commune_id, int32_t day, struct peer_home *home)
{
    int64_t place_id = commune_id;
    for (int i = 0; i < PLACES_DEEP; i++) {
        struct dated_key key = {{place_id, 0, 0}};
        int64_t level = 0;
        if (dated_value_on(&map->levels, key, day, &level)) home->place_id[level] = place_id;
        if (!dated_value_on(&map->parents, key, day, &place_id)) return;
    }
}

/* Without a commune, or one whose class is not known, nobody is a neighbour. */
static void settle(const struct map *map, struct peer_home *home, int32_t day)
{
    int64_t commune_id = 0, station_id = 0, urban = 0, level = 0;
    home->households = (uint8_t)peer_band_of(home->quarters);
    dated_value_on(&map->points, (struct dated_key){{home->point_id, FACT_PLACE, 0}}, day,
                   &commune_id);
    dated_value_on(&map->points, (struct dated_key){{home->point_id, FACT_STATION, 0}}, day,
                   &station_id);
    struct dated_key commune = {{commune_id, 0, 0}};
    bool known = dated_value_on(&map->levels, commune, day, &level) && level == LEVEL_COMMUNE &&
                 dated_value_on(&map->urban, commune, day, &urban);
    if (!known) return;
    home->urban = urban == 1;
    home->place_id[PEER_STATION] = station_id;
    climb(map, commune_id, day, home);
}

static err_t load_points(struct map *map, struct arena *scratch, size_t first, size_t end,
                         struct err *err)
{
    const struct peer_home *homes = map->work->homes;
    arena_reset(scratch);
    dated_init(&map->points, scratch);
    return dated_load(&map->points, map->work->db,
                      "SELECT point_id, CASE kind WHEN 'place' THEN 1 ELSE 2 END, 0, "
                      "valid_from, state, value_i64 FROM point_fact WHERE unit_id = $1 AND "
                      "point_id >= $2 AND point_id <= $3 AND kind IN ('place', 'station') "
                      "ORDER BY point_id, kind, valid_from, entry_no",
                      ARGS(v_i64(map->work->unit_id), v_i64(homes[first].point_id),
                           v_i64(homes[end - 1].point_id)),
                      err);
}

/* The next fresh homes from *at on, few enough for one look: [*at, *out_end). False: there are no
 * more. */
static bool next_fresh(const struct peer_work *work, size_t *at, size_t *out_end)
{
    while (*at < work->count && !work->homes[*at].fresh) (*at)++;
    *out_end = *at + PEER_CHUNK_HOMES < work->count ? *at + PEER_CHUNK_HOMES : work->count;
    return *at < work->count;
}

static err_t settle_fresh(struct map *map, struct err *err)
{
    struct arena scratch;
    size_t end = 0;
    err_t e = load_places(map, err);
    arena_init(&scratch, PEER_SCRATCH_BYTES);
    for (size_t at = 0; e == OK && next_fresh(map->work, &at, &end); at = end) {
        e = load_points(map, &scratch, at, end, err);
        for (size_t i = at; i < end && e == OK; i++)
            if (map->work->homes[i].fresh)
                settle(map, &map->work->homes[i], map->period_end[i] - 1);
    }
    arena_release(&scratch);
    return e;
}

err_t peer_places_read(struct peer_work *work, const int32_t *period_end, struct err *err)
{
    struct map map = {.work = work, .period_end = period_end};
    size_t fresh = 0;
    err_t e = read_frozen(work, &fresh, err);
    if (e == OK && fresh > 0) e = settle_fresh(&map, err);
    if (e != OK) return e;
    for (size_t i = 0; i < work->count; i++)
        if (work->homes[i].place_id[PEER_COMMUNE] == 0) work->homes[i].state = PEER_NO_PLACE;
    return OK;
}
