/* SPDX-License-Identifier: Apache-2.0 */
/* What the bills of an account come to, by month and by point. */
#include "base/date.h"
#include "billing/bill_read_int.h"

enum { MONTHS_MAX = 600 };

/* Of an account; a bill that was replaced, and what corrected it before, does not count. */
#define COUNTED \
    "FROM bill b WHERE b.unit_id = $1 AND b.account_id = $2 AND b.month >= $3 AND b.month <= $4 " \
    "AND NOT EXISTS (SELECT 1 FROM bill t WHERE " TAKES_BACK("t", "b") ") "

err_t account_months(struct db *db, struct arena *arena, int64_t unit_id, int64_t account_id,
                     int64_t first_month, int64_t last_month, struct account_month **out,
                     size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct account_month *months = ARENA_ARRAY(arena, struct account_month, MONTHS_MAX);
    size_t count = 0;
    if (months == NULL) return err_memory(err);
    err_t e = db_query(
        db,
        "SELECT b.month, CAST(count(DISTINCT b.point_id) AS BIGINT), "
        "CAST(count(*) AS BIGINT), "
        "CAST(sum(b.total_wh) AS BIGINT), CAST(sum(b.total_vnd) AS BIGINT) " COUNTED
        "GROUP BY b.month ORDER BY b.month LIMIT 600",
        ARGS(v_i64(unit_id), v_i64(account_id), v_i64(first_month), v_i64(last_month)), &rows, err);
    for (bool more = true; e == OK && count < MONTHS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        months[count++] =
            (struct account_month){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2),
                                   row_i64(rows, 3), row_i64(rows, 4)};
    }
    if (e != OK) return e;
    *out = months;
    *out_count = count;
    return OK;
}

static const char points_sql[] =
    "SELECT s.point_id, s.agreement_id, p.code, a.code, f.value_text, s.wh, s.vnd, s.bills FROM "
    "(SELECT b.point_id AS point_id, b.agreement_id AS agreement_id, "
    "CAST(sum(b.total_wh) AS BIGINT) AS wh, CAST(sum(b.total_vnd) AS BIGINT) AS vnd, "
    "CAST(count(*) AS BIGINT) AS bills " COUNTED "GROUP BY b.point_id, b.agreement_id) s "
    "JOIN usage_point p ON p.unit_id = $1 AND p.point_id = s.point_id "
    "JOIN agreement a ON a.unit_id = $1 AND a.agreement_id = s.agreement_id "
    "LEFT JOIN point_asof f ON f.unit_id = $1 AND f.point_id = s.point_id AND "
    "f.kind = 'address' AND f.state = 'set' AND f.known_to = 9223372036854775807 AND "
    "f.valid_from <= $5 AND f.valid_to > $5 "
    "WHERE p.code > $6 ORDER BY p.code, s.agreement_id LIMIT $7";

err_t account_points(struct db *db, struct arena *arena, int64_t unit_id, int64_t account_id,
                     int64_t month, struct str after_code, size_t most, struct account_point **out,
                     size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char text[DATE_TEXT_BYTES];
    struct account_point *points = ARENA_ARRAY(arena, struct account_point, most);
    size_t count = 0;
    int32_t last_day = first_day_of_month(month_from_number(month) + 1) - 1;
    if (points == NULL) return err_memory(err);
    err_t e =
        db_query(db, points_sql,
                 ARGS(v_i64(unit_id), v_i64(account_id), v_i64(month), v_i64(month),
                      v_text(day_text(last_day, text)), v_text(after_code), v_i64((int64_t)most)),
                 &rows, err);
    for (bool more = true; e == OK && count < most;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        points[count++] =
            (struct account_point){.point_id = row_i64(rows, 0),
                                   .agreement_id = row_i64(rows, 1),
                                   .point_code = arena_str(arena, row_text(rows, 2)),
                                   .agreement_code = arena_str(arena, row_text(rows, 3)),
                                   .address = arena_str(arena, row_text_or_empty(rows, 4)),
                                   .total_wh = row_i64(rows, 5),
                                   .total_vnd = row_i64(rows, 6),
                                   .bill_count = row_i64(rows, 7)};
    }
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    *out = points;
    *out_count = count;
    return OK;
}

static err_t refuse_many(struct err *err)
{
    err_set(err, E_LIMIT, "account", "Tài khoản có quá nhiều hợp đồng để xem một lần",
            "The account has too many agreements to be seen at once");
    return err_hint(err, "Chọn ít tháng hơn, hoặc nhờ đơn vị gửi bảng kê",
                    "Choose fewer months, or ask the unit for the statement");
}

err_t account_agreements(struct db *db, struct arena *arena, int64_t unit_id, int64_t account_id,
                         int64_t first_month, int64_t last_month, size_t most, int64_t **out,
                         size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t *ids = ARENA_ARRAY(arena, int64_t, most);
    size_t count = 0;
    if (ids == NULL) return err_memory(err);
    err_t e = db_query(db,
                       "SELECT DISTINCT b.agreement_id FROM bill b WHERE b.unit_id = $1 AND "
                       "b.account_id = $2 AND b.month >= $3 AND b.month <= $4 "
                       "ORDER BY b.agreement_id LIMIT $5",
                       ARGS(v_i64(unit_id), v_i64(account_id), v_i64(first_month),
                            v_i64(last_month), v_i64((int64_t)most + 1)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (count == most) return refuse_many(err);
        ids[count++] = row_i64(rows, 0);
    }
    if (e != OK) return e;
    *out = ids;
    *out_count = count;
    return OK;
}
