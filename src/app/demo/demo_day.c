/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of the day, each done once. */
#include "app/demo/demo_day.h"
#include "base/date.h"
#include "identity/audit.h"
#include "registry/point_view.h"
#include "registry/supply_view.h"
#include "store/store.h"

enum { POINTS_OF_A_LOGIN = 3 };

#define DONE_PROPERTY S("demonstration_day")

/* joined: inside the transaction that keeps that it is done; others may be done again. */
static const struct {
    err_t (*take)(struct demo_day *day, struct err *err);
    bool joined;
} steps[] = {
    {demo_day_readings, false}, {demo_day_photos, false}, {demo_day_customers, true},
    {demo_day_flagged, true},   {demo_day_run, false},    {demo_day_prices, false},
    {demo_day_compare, false},  {demo_day_checks, false},
};

err_t demo_day_actor(struct demo_day *day, const char *code, struct actor *out, struct err *err)
{
    return actor_resolve(day->db, day->arena, str_of(code), S(""), day->today, out, err);
}

err_t demo_day_note(struct demo_day *day, const struct actor *actor, struct str stream,
                    const char *action, struct str subject, struct str content, struct err *err)
{
    struct audit_note note = {day->unit_id, stream, str_of(action), subject, content};
    return audit_append(day->db, actor, &note, err);
}

/* ---- whom it is about -------------------------------------------------------------------- */

static bool add_point(struct demo_day *day, int64_t point_id)
{
    if (day->point_count == DEMO_DAY_POINTS) return false;
    for (size_t i = 0; i < day->point_count; i++)
        if (day->point_id[i] == point_id) return true;
    day->point_id[day->point_count++] = point_id;
    return true;
}

static err_t find_own_points(struct demo_day *day, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; i < day->login_count && e == OK; i++) {
        int64_t agreement_id = 0;
        struct supplied_point *points = NULL;
        size_t count = 0;
        e = db_get_i64(
            day->db, "SELECT agreement_id FROM agreement WHERE unit_id = $1 AND code = $2",
            ARGS(v_i64(day->unit_id), v_text(day->logins[i].customer_code)), &agreement_id, err);
        if (e == OK)
            e = supplied_points(day->db, day->arena, day->unit_id, agreement_id, day->today,
                                &points, &count, err);
        for (size_t k = 0; k < count && k < POINTS_OF_A_LOGIN && e == OK; k++)
            (void)add_point(day, points[k].point_id);
    }
    day->own_point_count = day->point_count;
    return e;
}

static err_t take_point(void *context, const struct point_row *row, struct err *err)
{
    (void)err;
    (void)add_point(context, row->point_id);
    return OK;
}

static err_t find_logins(struct demo_day *day, struct err *err)
{
    struct actor boss = day->boss;
    boss.day = demo_people_day();
    err_t e = db_begin(day->db, err);
    if (e != OK) return e;
    e = demo_customers_register(day->db, day->arena, &boss, day->unit_id, day->logins,
                                &day->login_count, err);
    if (e == OK) return db_commit(day->db, err);
    db_rollback(day->db);
    return e;
}

static err_t refuse_unbilled(struct err *err)
{
    err_set(err, E_STATE, NULL, "Dữ liệu trình diễn chưa có hóa đơn nào",
            "The demonstration has no bills yet");
    return err_hint(err, "Tạo lại dữ liệu bằng sangden demo ở một kho trống",
                    "Make it anew with sangden demo in an empty store");
}

static err_t open_day(struct demo_day *day, struct err *err)
{
    int64_t month = 0;
    err_t e = db_get_i64_or(day->db, "SELECT max(month) FROM bill WHERE unit_id = $1",
                            ARGS(v_i64(day->unit_id)), 0, &month, err);
    if (e != OK) return e;
    if (month == 0) return refuse_unbilled(err);
    day->month = month_from_number(month);
    e = find_logins(day, err);
    if (e == OK) e = find_own_points(day, err);
    if (e != OK) return e;
    return point_page(day->db, day->unit_id, 0, INT64_MIN, DEMO_DAY_POINTS, day->today, take_point,
                      day, err);
}

/* ---- once -------------------------------------------------------------------------------- */

static err_t read_done(struct demo_day *day, struct err *err)
{
    struct str text = S("");
    err_t e = store_property(day->db, day->arena, DONE_PROPERTY, &text, err);
    if (e == E_NOT_FOUND) return OK;
    if (e == OK && text.n > 0 && !str_to_i64(text, &day->done)) day->done = 0;
    return e;
}

static err_t keep_done(struct demo_day *day, int64_t done, struct err *err)
{
    return store_property_set(day->db, DONE_PROPERTY,
                              arena_printf(day->arena, "%lld", (long long)done), err);
}

static err_t take_step(struct demo_day *day, size_t i, struct err *err)
{
    err_t e = steps[i].joined ? OK : steps[i].take(day, err);
    if (e == OK) e = db_begin(day->db, err);
    if (e != OK) return e;
    if (steps[i].joined) e = steps[i].take(day, err);
    if (e == OK) e = keep_done(day, (int64_t)i + 1, err);
    if (e == OK) return db_commit(day->db, err);
    db_rollback(day->db);
    return e;
}

err_t demo_day(struct demo_day *day, struct err *err)
{
    err_t e = read_done(day, err);
    if (e != OK || day->done >= (int64_t)ARRAY_COUNT(steps)) return e;
    e = open_day(day, err);
    for (size_t i = (size_t)day->done; i < ARRAY_COUNT(steps) && e == OK; i++, day->steps++)
        e = take_step(day, i, err);
    return e == OK && day->arena->failed ? err_memory(err) : e;
}
