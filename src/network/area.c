/* SPDX-License-Identifier: Apache-2.0 */
/* Restricted areas: declared, given members, lifted. */
#include "base/date.h"
#include "network/network.h"

err_t area_declare(struct db *db, int64_t unit_id, struct str kind, struct str name,
                   struct str document, int64_t *out_area_id, struct err *err)
{
    if (!str_equal(kind, S("isolation")) && !str_equal(kind, S("disaster"))) {
        err_set(err, E_INPUT, "kind", "Loại khu vực “%.*s” không hợp lệ",
                "\"%.*s\" is no kind of area", STR_ARG(kind));
        return err_hint(err, "Chọn isolation (cách ly) hoặc disaster (thiên tai)",
                        "Choose isolation or disaster");
    }
    int64_t id;
    err_t e = store_take_numbers(db, unit_id, S("restricted_area"), 1, &id, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO restricted_area (unit_id, area_id, kind, name, document) "
                   "VALUES ($1, $2, $3, $4, $5)",
                   ARGS(v_i64(unit_id), v_i64(id), v_text(kind), v_text(name), v_text(document)),
                   NULL, err);
    if (e == OK) *out_area_id = id;
    return e;
}

static err_t must_exist(struct db *db, int64_t unit_id, int64_t area_id, struct err *err)
{
    int64_t count;
    err_t e = db_get_i64(db, "SELECT count(*) FROM restricted_area WHERE unit_id = $1 AND "
                             "area_id = $2", ARGS(v_i64(unit_id), v_i64(area_id)), &count, err);
    if (e != OK || count == 1) return e;
    err_set(err, E_NOT_FOUND, "area", "Đơn vị không có khu vực số %lld",
            "The unit has no area %lld", (long long)area_id);
    return err_hint(err, "Xem số khu vực bằng: sangden area list",
                    "See the numbers with: sangden area list");
}

/* The last entry of a membership's day: 0 and an empty state when there is none. */
static err_t last_entry(struct db *db, struct args key, int64_t *out_entry_no, bool *out_set,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT entry_no, state FROM restricted_area_fact WHERE unit_id = $1 "
                       "AND area_id = $2 AND member_kind = $3 AND member_id = $4 "
                       "AND valid_from = $5 ORDER BY entry_no DESC LIMIT 1",
                       key, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_entry_no = row ? row_i64(rows, 0) : 0;
    *out_set = row && str_equal(row_text(rows, 1), S("set"));
    return OK;
}

err_t area_member(struct db *db, int64_t unit_id, int64_t area_id, struct str member_kind,
                  int64_t member_id, enum fact_state state, int32_t from_day, struct str source,
                  const struct fact_author *author, struct err *err)
{
    ASSERT(state != FACT_RETRACT);
    char memory[DATE_TEXT_BYTES];
    struct str from = day_text(from_day, memory);
    int64_t entry_no = 0;
    bool set = false;
    struct args key = ARGS(v_i64(unit_id), v_i64(area_id), v_text(member_kind), v_i64(member_id),
                           v_text(from));
    err_t e = must_exist(db, unit_id, area_id, err);
    if (e == OK) e = last_entry(db, key, &entry_no, &set, err);
    if (e != OK || (entry_no > 0 && set == (state == FACT_SET))) return e;
    int64_t moment_ms;
    e = fact_moment(db, unit_id, &moment_ms, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO restricted_area_fact (unit_id, area_id, member_kind, member_id, "
                  "valid_from, entry_no, state, recorded_at, actor_id, source) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                  ARGS(v_i64(unit_id), v_i64(area_id), v_text(member_kind), v_i64(member_id),
                       v_text(from), v_i64(entry_no + 1),
                       v_text(fact_state_text(state)), v_i64(moment_ms),
                       v_i64(author->actor_id), v_text(source)),
                  NULL, err);
}

err_t area_lift(struct db *db, int64_t unit_id, int64_t area_id, int32_t from_day,
                struct str source, const struct fact_author *author, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    struct value from = v_text(day_text(from_day, memory));
    struct value known = v_i64(INT64_MAX - 1);
    int64_t ended = 0, moment_ms;
    err_t e = must_exist(db, unit_id, area_id, err);
    if (e == OK) e = fact_moment(db, unit_id, &moment_ms, err);
    if (e != OK) return e;
    /* One statement: members in force on the first day end on it, also those that began on it. */
    e = db_run(db,
               "INSERT INTO restricted_area_fact (unit_id, area_id, member_kind, member_id, "
               "valid_from, entry_no, state, recorded_at, actor_id, source) "
               "SELECT a.unit_id, a.area_id, a.member_kind, a.member_id, CAST($1 AS TEXT), "
               "1 + COALESCE((SELECT max(f.entry_no) FROM restricted_area_fact f WHERE "
               "f.unit_id = a.unit_id AND f.area_id = a.area_id AND "
               "f.member_kind = a.member_kind AND f.member_id = a.member_id AND "
               "f.valid_from = $2), 0), 'end', CAST($3 AS BIGINT), CAST($4 AS BIGINT), "
               "CAST($5 AS TEXT) FROM restricted_area_asof a WHERE a.unit_id = $6 "
               "AND a.area_id = $7 AND a.valid_from <= $8 AND a.valid_to > $9 "
               "AND a.known_from <= $10 AND a.known_to > $11 AND a.state = 'set'",
               ARGS(from, from, v_i64(moment_ms), v_i64(author->actor_id), v_text(source),
                    v_i64(unit_id), v_i64(area_id), from, from, known, known),
               &ended, err);
    if (e != OK || ended > 0) return e;
    err_set(err, E_STATE, "area", "Khu vực không còn thành viên nào để dỡ bỏ",
            "The area has no member to lift");
    return err_hint(err, "Kiểm tra số khu vực và ngày bằng: sangden area list",
                    "Check the area and the day with: sangden area list");
}
