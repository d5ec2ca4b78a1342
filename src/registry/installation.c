/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/installation.h"

#include "base/date.h"

/* Another installation at the place, or of the meter, at any time of the one asked about. */
static const char taken_sql[] =
    "SELECT i.installation_id, m.serial, p.code, i.hung_at FROM installation i "
    "JOIN meter m ON m.unit_id = i.unit_id AND m.meter_id = i.meter_id "
    "JOIN usage_point p ON p.unit_id = i.unit_id AND p.point_id = i.point_id "
    "WHERE i.unit_id = $1 AND i.role = $2 AND (i.point_id = $3 OR i.meter_id = $4) "
    "AND i.hung_at < $5 AND COALESCE(i.removed_at, 9223372036854775807) > $6 "
    "AND i.installation_id <> $7 "
    "ORDER BY i.hung_at, i.installation_id LIMIT 1";

static err_t refuse_taken(const struct rows *row, struct err *err)
{
    char memory[INSTANT_TEXT_BYTES];
    err_set(err, E_CONFLICT, "meter",
            "Công tơ %.*s đang treo ở bộ chỉ số này của điểm đo %.*s từ %.*s",
            "Meter %.*s hangs on this register role of usage point %.*s since %.*s",
            STR_ARG(row_text(row, 1)), STR_ARG(row_text(row, 2)),
            STR_ARG(instant_text(row_i64(row, 3), memory)));
    return err_hint(err, "Tháo công tơ đó trước, hoặc sửa điểm đo, bộ chỉ số hay thời điểm",
                    "Remove that meter first, or mend the point, the role or the time");
}

err_t installation_is_free(struct db *db, int64_t unit_id, const struct installation_new *new_one,
                           int64_t but_installation_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, taken_sql,
                       ARGS(v_i64(unit_id), v_text(meter_role_text(new_one->role)),
                            v_i64(new_one->point_id), v_i64(new_one->meter_id),
                            v_i64(new_one->removed_at_ms), v_i64(new_one->hung_at_ms),
                            v_i64(but_installation_id)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    return e == OK && row ? refuse_taken(rows, err) : e;
}

err_t installation_hang(struct db *db, int64_t unit_id,
                        const struct installation_new *installation,
                        const struct fact_author *author, int64_t *out_installation_id,
                        struct err *err)
{
    ASSERT(installation->multiplier >= 1);
    ASSERT(installation->hung_at_ms < installation->removed_at_ms);
    bool ended = installation->removed_at_ms != INT64_MAX;
    int64_t id, moment_ms;
    /* Taken before anything is read: of two writers the second sees what the first hung. */
    err_t e = fact_moment(db, unit_id, &moment_ms, err);
    if (e == OK) e = installation_is_free(db, unit_id, installation, 0, err);
    if (e == OK) e = store_take_numbers(db, unit_id, S("installation"), 1, &id, err);
    if (e != OK) return e;
    e = db_run(db,
               "INSERT INTO installation (unit_id, installation_id, point_id, meter_id, role, "
               "multiplier, hung_at, removed_at, recorded_at, removal_recorded_at, actor_id) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
               ARGS(v_i64(unit_id), v_i64(id), v_i64(installation->point_id),
                    v_i64(installation->meter_id), v_text(meter_role_text(installation->role)),
                    v_i64(installation->multiplier), v_i64(installation->hung_at_ms),
                    ended ? v_i64(installation->removed_at_ms) : v_null(), v_i64(moment_ms),
                    ended ? v_i64(moment_ms) : v_null(), v_i64(author->actor_id)),
               NULL, err);
    if (e == OK) *out_installation_id = id;
    return e;
}

err_t installation_remove(struct db *db, int64_t unit_id, int64_t installation_id,
                          int64_t removed_at_ms, const struct fact_author *author,
                          struct err *err)
{
    int64_t hung_at, moment_ms, changed = 0;
    err_t e = fact_moment(db, unit_id, &moment_ms, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT hung_at FROM installation WHERE unit_id = $1 "
                       "AND installation_id = $2",
                       ARGS(v_i64(unit_id), v_i64(installation_id)), &hung_at, err);
    if (e != OK) return e;
    if (removed_at_ms <= hung_at) {
        err_set(err, E_INPUT, "at", "Thời điểm tháo không sau thời điểm treo",
                "The meter would be removed before it was hung");
        return err_hint(err, "Sửa thời điểm tháo", "Mend the time of the removal");
    }
    e = db_run(db,
               "UPDATE installation SET removed_at = $1, removal_recorded_at = $2 "
               "WHERE unit_id = $3 AND installation_id = $4 AND removed_at IS NULL",
               ARGS(v_i64(removed_at_ms), v_i64(moment_ms), v_i64(unit_id),
                    v_i64(installation_id)),
               &changed, err);
    if (e != OK || changed == 1) return e;
    err_set(err, E_STATE, "meter", "Công tơ đã được tháo trước đó",
            "The meter was removed before");
    return err_hint(err, "Xem lịch sử treo tháo của điểm đo", "See the history of the point");
}

err_t installation_open_of(struct db *db, int64_t unit_id, int64_t point_id, enum meter_role role,
                           int64_t *out_installation_id, int64_t *out_meter_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT installation_id, meter_id FROM installation WHERE unit_id = $1 "
                       "AND point_id = $2 AND role = $3 AND removed_at IS NULL",
                       ARGS(v_i64(unit_id), v_i64(point_id), v_text(meter_role_text(role))),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_installation_id = row ? row_i64(rows, 0) : 0;
    *out_meter_id = row ? row_i64(rows, 1) : 0;
    return OK;
}
