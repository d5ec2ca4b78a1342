/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/peer_int.h"

#include <stdlib.h>

/* The order of the tables. */
static int compare_points(const void *left, const void *right)
{
    const struct peer_home *a = left, *b = right;
    if (a->point_id != b->point_id) return a->point_id < b->point_id ? -1 : 1;
    return a->agreement_id < b->agreement_id ? -1 : a->agreement_id > b->agreement_id;
}

static err_t write_criteria(struct peer_work *work, struct err *err)
{
    struct bulk *bulk;
    struct value unit = v_i64(work->unit_id), year = v_i64(peer_year_of(work->month));
    err_t e = bulk_open(work->db, "peer_criteria",
                        "unit_id, year, point_id, agreement_id, urban, households, station_id, "
                        "commune_id, district_id, province_id",
                        &bulk, err);
    if (e != OK) return e;
    for (size_t i = 0; i < work->count && e == OK; i++) {
        const struct peer_home *home = &work->homes[i];
        if (!home->fresh || home->state == PEER_NO_PLACE) continue;
        e = bulk_row(bulk,
                     ARGS(unit, year, v_i64(home->point_id), v_i64(home->agreement_id),
                          v_i64(home->urban), v_i64(home->households),
                          v_i64(home->place_id[PEER_STATION]), v_i64(home->place_id[PEER_COMMUNE]),
                          v_i64(home->place_id[PEER_DISTRICT]),
                          v_i64(home->place_id[PEER_PROVINCE])),
                     err);
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t write_group(struct bulk *bulk, const struct peer_work *work,
                         const struct peer_group *group, struct err *err)
{
    const struct peer_statistics *s = &group->statistics;
    bool shown = group->verdict == PEER_PUBLISHED;
    struct peer_figures figures = {0};
    if (shown) figures = peer_figures_of(s, false, 0);
#define WHEN_SHOWN(number) (shown ? v_i64(number) : v_null())
    return bulk_row(
        bulk,
        ARGS(v_i64(work->unit_id), v_i64(work->month), v_i64(group->group_no),
             v_text(peer_level_text(group->level)), v_i64(group->station_id),
             v_i64(group->place_id), v_i64(group->urban), v_i64(group->households),
             v_i64(group->days), v_i64(group->members), v_text(peer_verdict_text(group->verdict)),
             WHEN_SHOWN(figures.median_kwh), WHEN_SHOWN(figures.efficient_kwh),
             WHEN_SHOWN(s->below_wh), WHEN_SHOWN(s->middle_wh), WHEN_SHOWN(s->above_wh),
             WHEN_SHOWN(s->low_sum_wh), WHEN_SHOWN(s->low_edge_wh), WHEN_SHOWN(s->low_next_wh),
             WHEN_SHOWN(s->sum_wh), WHEN_SHOWN(s->top_wh), WHEN_SHOWN(s->second_wh)),
        err);
#undef WHEN_SHOWN
}

static err_t write_groups(struct peer_work *work, struct err *err)
{
    struct bulk *bulk;
    err_t e = bulk_open(work->db, "peer_group",
                        "unit_id, month, group_no, level, station_id, place_id, urban, "
                        "households, days, member_count, state, median_kwh, efficient_kwh, "
                        "below_wh, middle_wh, above_wh, low_sum_wh, low_edge_wh, low_next_wh, "
                        "sum_wh, top_wh, second_wh",
                        &bulk, err);
    if (e != OK) return e;
    for (size_t i = 0; i < work->group_count && e == OK; i++)
        e = write_group(bulk, work, &work->groups[i], err);
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t write_homes(struct peer_work *work, struct err *err)
{
    struct bulk *bulk;
    struct value unit = v_i64(work->unit_id), month = v_i64(work->month);
    err_t e = bulk_open(work->db, "peer_home",
                        "unit_id, month, point_id, agreement_id, state, group_no, household_wh, "
                        "quarters",
                        &bulk, err);
    if (e != OK) return e;
    for (size_t i = 0; i < work->count && e == OK; i++) {
        const struct peer_home *home = &work->homes[i];
        e = bulk_row(bulk,
                     ARGS(unit, month, v_i64(home->point_id), v_i64(home->agreement_id),
                          v_text(peer_state_text((enum peer_state)home->state)),
                          home->group_no == PEER_NO_GROUP ? v_null() : v_i64(home->group_no),
                          v_i64(home->household_wh), v_i64(home->quarters)),
                     err);
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

err_t peer_month_write(struct peer_work *work, int64_t actor_id, struct err *err)
{
    qsort(work->homes, work->count, sizeof work->homes[0], compare_points);
    err_t e = db_run(work->db,
                     "INSERT INTO peer_month (unit_id, month, known_at, floor, home_count, "
                     "actor_id) VALUES ($1, $2, $3, $4, $5, $6)",
                     ARGS(v_i64(work->unit_id), v_i64(work->month), v_i64(work->known_at),
                          v_i64(work->floor), v_i64((int64_t)work->count), v_i64(actor_id)),
                     NULL, err);
    if (e == OK) e = write_criteria(work, err);
    if (e == OK) e = write_groups(work, err);
    if (e == OK) e = write_homes(work, err);
    if (e == OK && work->count >= DB_GROWN_ROWS)
        e = db_grown(work->db, "peer_criteria, peer_group, peer_home", err);
    return e;
}
