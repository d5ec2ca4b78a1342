/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/installation_correct.h"

#include "base/date.h"
#include "registry/installation.h"
#include "store/store.h"

/* ---- which one --------------------------------------------------------------------------- */

#define SOUGHT                                                                             \
    "WHERE unit_id = $1 AND role = $2 AND ($3 = 0 OR point_id = $3) AND "                  \
    "($4 = 0 OR meter_id = $4) AND ($5 < 0 OR hung_at = $5) "
static const char sought_sql[] =
    "SELECT installation_id, hung_at FROM installation " SOUGHT "ORDER BY hung_at";
static const char sought_before_sql[] =
    "SELECT installation_id, max(hung_at) FROM installation_before " SOUGHT
    "GROUP BY installation_id ORDER BY 2";

#define STATE "SELECT point_id, meter_id, role, multiplier, hung_at, removed_at FROM "
static const char state_sql[] =
    STATE "installation WHERE unit_id = $1 AND installation_id = $2";
static const char state_before_sql[] =
    STATE "installation_before WHERE unit_id = $1 AND installation_id = $2 "
    "ORDER BY entry_no DESC LIMIT 1";

static err_t refuse_none(struct err *err)
{
    err_set(err, E_NOT_FOUND, "CODE", "Không có lần treo nào như vậy",
            "There is no such installation");
    return err_hint(err,
                    "Xem các lần treo: sangden point show CODE --date NGÀY; kiểm tra --role, --at",
                    "See what hung there: sangden point show CODE --date DAY; check --role, --at");
}

static err_t refuse_several(int64_t first_ms, int64_t second_ms, struct err *err)
{
    char one[INSTANT_TEXT_BYTES], two[INSTANT_TEXT_BYTES];
    err_set(err, E_INPUT, "at", "Có nhiều lần treo như vậy",
            "There are several such installations");
    err_detail(err, "Treo lúc %.*s và %.*s", "Hung at %.*s and %.*s",
               STR_ARG(instant_text(first_ms, one)), STR_ARG(instant_text(second_ms, two)));
    return err_hint(err, "Nêu thời điểm treo đã ghi bằng --at",
                    "Give the recorded moment of hanging with --at");
}

/* *out_id is 0 when none fits. */
static err_t find_id(struct db *db, const char *sql, const struct installation_state *sought,
                     int64_t *out_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = false;
    *out_id = 0;
    err_t e = db_query(db, sql,
                       ARGS(v_i64(sought->unit_id), v_text(meter_role_text(sought->role)),
                            v_i64(sought->point_id), v_i64(sought->meter_id),
                            v_i64(sought->hung_at_ms)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK || !more) return e;
    int64_t first_ms = row_i64(rows, 1);
    *out_id = row_i64(rows, 0);
    e = rows_next(rows, &more, err);
    return e == OK && more ? refuse_several(first_ms, row_i64(rows, 1), err) : e;
}

static err_t load_state(struct db *db, const char *sql, int64_t unit_id, int64_t id,
                        struct installation_state *out, bool *out_found, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, sql, ARGS(v_i64(unit_id), v_i64(id)), &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    *out = (struct installation_state){.unit_id = unit_id,
                                       .installation_id = id,
                                       .point_id = row_i64(rows, 0),
                                       .meter_id = row_i64(rows, 1),
                                       .multiplier = row_i64(rows, 3),
                                       .hung_at_ms = row_i64(rows, 4),
                                       .removed_at_ms = row_i64_or(rows, 5, INT64_MAX)};
    bool known = meter_role_parse(row_text(rows, 2), &out->role);
    ASSERT(known); /* the table's own checks allow no other words */
    return OK;
}

err_t installation_find(struct db *db, const struct installation_state *sought,
                        struct installation_state *out, bool *out_gone, struct err *err)
{
    int64_t id = 0, moment_ms;
    bool found = false;
    /* Taken before anything is read: of two writers the second sees what the first wrote. */
    err_t e = fact_moment(db, sought->unit_id, &moment_ms, err);
    if (e == OK) e = find_id(db, sought_sql, sought, &id, err);
    if (e == OK && id == 0) e = find_id(db, sought_before_sql, sought, &id, err);
    if (e == OK && id == 0) e = refuse_none(err);
    if (e == OK) e = load_state(db, state_sql, sought->unit_id, id, out, &found, err);
    *out_gone = !found;
    if (e != OK || found) return e;
    return load_state(db, state_before_sql, sought->unit_id, id, out, &found, err);
}

/* ---- writing ----------------------------------------------------------------------------- */

static err_t keep_before(struct db *db, const struct installation_correction *correction,
                         const struct fact_author *author, int64_t moment_ms, struct err *err)
{
    const struct installation_state *was = &correction->was;
    return db_run(db,
                  "INSERT INTO installation_before (unit_id, installation_id, entry_no, point_id, "
                  "meter_id, role, multiplier, hung_at, removed_at, removal_recorded_at, actor_id, "
                  "known_from, known_to, corrected_by, source) SELECT i.unit_id, "
                  "i.installation_id, COALESCE((SELECT max(b.entry_no) FROM installation_before b "
                  "WHERE b.unit_id = i.unit_id AND b.installation_id = i.installation_id), 0) + 1, "
                  "i.point_id, i.meter_id, i.role, i.multiplier, i.hung_at, i.removed_at, "
                  "i.removal_recorded_at, i.actor_id, i.recorded_at, $1, $2, $3 "
                  "FROM installation i WHERE i.unit_id = $4 AND i.installation_id = $5",
                  ARGS(v_i64(moment_ms), v_i64(author->actor_id), v_text(correction->source),
                       v_i64(was->unit_id), v_i64(was->installation_id)),
                  NULL, err);
}

static err_t rewrite(struct db *db, const struct installation_correction *correction,
                     const struct fact_author *author, int64_t moment_ms, struct err *err)
{
    const struct installation_state *right = &correction->right;
    bool ended = right->removed_at_ms != INT64_MAX;
    return db_run(db,
                  "UPDATE installation SET multiplier = $1, hung_at = $2, removed_at = $3, "
                  "removal_recorded_at = $4, recorded_at = $5, actor_id = $6 "
                  "WHERE unit_id = $7 AND installation_id = $8",
                  ARGS(v_i64(right->multiplier), v_i64(right->hung_at_ms),
                       ended ? v_i64(right->removed_at_ms) : v_null(),
                       ended ? v_i64(moment_ms) : v_null(), v_i64(moment_ms),
                       v_i64(author->actor_id), v_i64(right->unit_id),
                       v_i64(right->installation_id)),
                  NULL, err);
}

static err_t take_away(struct db *db, const struct installation_state *was, struct err *err)
{
    return db_run(db, "DELETE FROM installation WHERE unit_id = $1 AND installation_id = $2",
                  ARGS(v_i64(was->unit_id), v_i64(was->installation_id)), NULL, err);
}

static err_t check_right(struct db *db, const struct installation_correction *correction,
                         struct err *err)
{
    const struct installation_state *right = &correction->right;
    if (right->removed_at_ms <= right->hung_at_ms) {
        err_set(err, E_INPUT, "removed-at", "Thời điểm tháo không sau thời điểm treo",
                "The meter would be removed before it was hung");
        return err_hint(err, "Sửa một trong hai thời điểm", "Mend one of the two times");
    }
    if (correction->overlaps_judged) return OK;
    const struct installation_new hung = {.point_id = right->point_id,
                                          .meter_id = right->meter_id,
                                          .role = right->role,
                                          .multiplier = right->multiplier,
                                          .hung_at_ms = right->hung_at_ms,
                                          .removed_at_ms = right->removed_at_ms};
    return installation_is_free(db, right->unit_id, &hung, right->installation_id, err);
}

static bool says_the_same(const struct installation_state *a, const struct installation_state *b)
{
    return a->multiplier == b->multiplier && a->hung_at_ms == b->hung_at_ms &&
           a->removed_at_ms == b->removed_at_ms;
}

err_t installation_correct(struct db *db, const struct installation_correction *correction,
                           const struct fact_author *author, bool *out_changed, struct err *err)
{
    int64_t moment_ms;
    *out_changed = false;
    if (!correction->retract && says_the_same(&correction->was, &correction->right)) return OK;
    err_t e = fact_moment(db, correction->was.unit_id, &moment_ms, err);
    if (e == OK && !correction->retract) e = check_right(db, correction, err);
    if (e == OK) e = keep_before(db, correction, author, moment_ms, err);
    if (e == OK)
        e = correction->retract ? take_away(db, &correction->was, err)
                                : rewrite(db, correction, author, moment_ms, err);
    *out_changed = e == OK;
    return e;
}
