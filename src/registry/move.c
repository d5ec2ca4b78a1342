/* SPDX-License-Identifier: Apache-2.0 */
/* A customer that really moves from one unit to another: closed here, opened there, one code. */
#include "base/date.h"
#include "base/json_write.h"
#include "registry/installation.h"
#include "registry/login.h"
#include "registry/move_int.h"
#include "registry/search_words.h"
#include "store/event.h"

enum { POINTS_MAX = 10000, PAYLOAD_MAX_BYTES = 256 };

/* ---- what is closed ---------------------------------------------------------------------- */

/* The agreement must be in force, and none of its points part of a relation, on the day before. */
static err_t check_movable(const struct moving *m, struct err *err)
{
    int64_t active = 0, related = 0;
    struct value unit = v_i64(m->move->unit_id), id = v_i64(m->move->agreement_id);
    err_t e = db_get_i64(m->db,
                         "SELECT CAST(count(*) AS BIGINT) FROM agreement_asof WHERE unit_id = $1 "
                         "AND agreement_id = $2 AND kind = 'contract_state' AND valid_from <= $3 "
                         "AND valid_to > $4 AND known_to = 9223372036854775807 AND state = 'set'",
                         ARGS(unit, id, m->day_before, m->day), &active, err);
    if (e == OK)
        e = db_get_i64(
            m->db,
            "SELECT CAST(count(*) AS BIGINT) FROM point_asof p JOIN point_relation_asof r "
            "ON r.unit_id = p.unit_id AND (r.point_id = p.point_id OR "
            "r.other_point_id = p.point_id) WHERE p.unit_id = $1 "
            "AND p.kind IN ('book', 'station', 'agreement') AND p.kind = 'agreement' "
            "AND p.value_i64 = $2 AND p.state = 'set' AND p.valid_from <= $3 "
            "AND p.known_to = 9223372036854775807 AND p.valid_to > $4 AND r.state = 'set' "
            "AND r.valid_to > $5 AND r.known_to = 9223372036854775807",
            ARGS(unit, id, m->day_before, m->day_before, m->day), &related, err);
    if (e != OK) return e;
    if (active == 0) {
        err_set(err, E_STATE, "agreement", "Hợp đồng không có hiệu lực qua ngày chuyển",
                "The agreement is not in force across the day of the move");
        return err_hint(err, "Chọn ngày khác, hoặc kiểm tra hợp đồng bằng point show",
                        "Choose another day, or see the agreement with point show");
    }
    if (related == 0) return OK;
    err_set(err, E_STATE, "agreement", "Điểm đo của hợp đồng có quan hệ chính phụ với điểm đo khác",
            "A point of the agreement is related to other points");
    return err_hint(err, "Kết thúc quan hệ điểm đo trước ngày chuyển",
                    "End the relation of the points before the day of the move");
}

/* ---- what is opened ---------------------------------------------------------------------- */

/* A customer that comes back finds its things again. */
static err_t find_there(const struct moving *m, const char *sql, struct str code, int64_t *out,
                        struct err *err)
{
    return db_get_i64_or(m->db, sql, ARGS(v_i64(m->move->to_unit_id), v_text(code)), 0, out, err);
}

/* An account of the customer's own, paid by whom it was paid before. */
static err_t open_account(struct moving *m, struct str code, struct err *err)
{
    err_t e = find_there(m, "SELECT account_id FROM account WHERE unit_id = $1 AND code = $2",
                         code, &m->account_id, err);
    if (e == OK && m->account_id == 0) {
        e = store_take_numbers(m->db, m->move->to_unit_id, S("account"), 1, &m->account_id, err);
        if (e == OK)
            e = db_run(m->db,
                       "INSERT INTO account (unit_id, account_id, code, created_at) "
                       "VALUES ($1, $2, $3, $4)",
                       ARGS(v_i64(m->move->to_unit_id), v_i64(m->account_id), v_text(code),
                            v_i64(m->now_ms)),
                       NULL, err);
        struct search_entry entry = {SEARCH_account, code, m->move->to_unit_id, m->account_id};
        if (e == OK) e = search_enter(m->db, m->arena, &entry, err);
    }
    if (e == OK)
        e = db_get_i64_or(m->db,
                          "SELECT value_i64 FROM agreement_asof WHERE unit_id = $1 "
                          "AND agreement_id = $2 AND kind = 'account' AND valid_from <= $3 "
                          "AND valid_to > $4 AND known_to = 9223372036854775807 "
                          "AND state = 'set'",
                          ARGS(v_i64(m->move->unit_id), v_i64(m->move->agreement_id), m->day,
                               m->day),
                          0, &m->old_account_id, err);
    if (e != OK || m->old_account_id == 0) return e;
    e = move_carry(m, SUBJECT_ACCOUNT, m->old_account_id, m->account_id, err);
    return e == OK ? move_holds(m, "account", m->old_account_id, m->account_id, err) : e;
}

static const char open_agreement_sql[] =
    "INSERT INTO agreement (unit_id, agreement_id, code, signed_on, moved_from_unit_id, "
    "moved_from_agreement_id, created_at) "
    "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), code, signed_on, unit_id, "
    "agreement_id, CAST($3 AS BIGINT) FROM agreement WHERE unit_id = $4 "
    "AND agreement_id = $5";
static const char reopen_agreement_sql[] =
    "UPDATE agreement SET moved_from_unit_id = $1, moved_from_agreement_id = $2 "
    "WHERE unit_id = $3 AND agreement_id = $4";

static err_t open_agreement(struct moving *m, struct err *err)
{
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    struct value old = v_i64(m->move->agreement_id);
    struct str code;
    err_t e = db_get_text(m->db, m->arena,
                          "SELECT code FROM agreement WHERE unit_id = $1 AND agreement_id = $2",
                          ARGS(from, old), &code, err);
    if (e == OK)
        e = find_there(m, "SELECT agreement_id FROM agreement WHERE unit_id = $1 AND code = $2",
                       code, &m->agreement_id, err);
    bool there = m->agreement_id != 0;
    if (e == OK && !there)
        e = store_take_numbers(m->db, m->move->to_unit_id, S("agreement"), 1, &m->agreement_id,
                               err);
    struct value id = v_i64(m->agreement_id);
    if (e == OK)
        e = there ? db_run(m->db, reopen_agreement_sql, ARGS(from, old, to, id), NULL, err)
                  : db_run(m->db, open_agreement_sql, ARGS(to, id, v_i64(m->now_ms), from, old),
                           NULL, err);
    if (e == OK)
        e = db_run(m->db,
                   "UPDATE agreement_directory SET unit_id = $1, agreement_id = $2 "
                   "WHERE code = $3",
                   ARGS(to, id, v_text(code)), NULL, err);
    if (e == OK) e = open_account(m, code, err);
    if (e == OK)
        e = move_carry(m, SUBJECT_AGREEMENT, m->move->agreement_id, m->agreement_id, err);
    return e;
}

/* ---- points and meters ------------------------------------------------------------------- */

/* The same meter in the new unit: a number of its own, the serial unchanged. */
static err_t copy_meter(const struct moving *m, int64_t old_meter, int64_t *out_id,
                        struct err *err)
{
    int64_t id = 0;
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    err_t e = db_get_i64_or(m->db,
                            "SELECT n.meter_id FROM meter n JOIN meter o ON o.serial = n.serial "
                            "AND o.maker = n.maker WHERE n.unit_id = $1 AND o.unit_id = $2 "
                            "AND o.meter_id = $3 ORDER BY n.meter_id LIMIT 1",
                            ARGS(to, from, v_i64(old_meter)), 0, &id, err);
    bool there = id != 0;
    if (e == OK && !there)
        e = store_take_numbers(m->db, m->move->to_unit_id, S("meter"), 1, &id, err);
    if (e == OK && !there)
        e = db_run(m->db,
                   "INSERT INTO meter (unit_id, meter_id, serial, maker, type, batch, phases, "
                   "registers, digits, decimals, electronic, remote, created_at) "
                   "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), serial, maker, type, batch, "
                   "phases, registers, digits, decimals, electronic, remote, CAST($3 AS BIGINT) "
                   "FROM meter WHERE unit_id = $4 AND meter_id = $5",
                   ARGS(to, v_i64(id), v_i64(m->now_ms), from, v_i64(old_meter)), NULL, err);
    if (e == OK)
        e = db_run(m->db,
                   "UPDATE meter_directory SET unit_id = $1, meter_id = $2 "
                   "WHERE (serial, maker) = (SELECT serial, maker FROM meter WHERE unit_id = $3 "
                   "AND meter_id = $4)",
                   ARGS(to, v_i64(id), from, v_i64(old_meter)), NULL, err);
    if (e == OK) e = move_carry(m, SUBJECT_METER, old_meter, id, err);
    if (e == OK) *out_id = id;
    return e;
}

/* What hangs at the point is removed here and hung there at the first minute of the day. */
static err_t move_meters(const struct moving *m, int64_t old_point, int64_t new_point,
                         struct err *err)
{
    static const enum meter_role roles[] = {ROLE_ACTIVE, ROLE_REACTIVE, ROLE_EXPORT};
    int64_t at_ms = vietnam_midnight_ms(m->move->from_day);
    err_t e = OK;
    for (size_t i = 0; e == OK && i < ARRAY_COUNT(roles); i++) {
        int64_t installation = 0, old_meter = 0, new_meter = 0, multiplier = 1, ignored;
        e = installation_open_of(m->db, m->move->unit_id, old_point, roles[i], &installation,
                                 &old_meter, err);
        if (e != OK || installation == 0) continue;
        e = db_get_i64(m->db,
                       "SELECT multiplier FROM installation WHERE unit_id = $1 "
                       "AND installation_id = $2",
                       ARGS(v_i64(m->move->unit_id), v_i64(installation)), &multiplier, err);
        if (e == OK)
            e = installation_remove(m->db, m->move->unit_id, installation, at_ms, &m->author, err);
        if (e == OK) e = copy_meter(m, old_meter, &new_meter, err);
        struct installation_new hung = {.point_id = new_point,
                                        .meter_id = new_meter,
                                        .role = roles[i],
                                        .multiplier = multiplier,
                                        .hung_at_ms = at_ms,
                                        .removed_at_ms = INT64_MAX};
        if (e == OK)
            e = installation_hang(m->db, m->move->to_unit_id, &hung, &m->author, &ignored, err);
    }
    return e;
}

static err_t open_point(const struct moving *m, int64_t old_point, int64_t *out_id,
                        struct err *err)
{
    int64_t id = 0;
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    struct str code;
    err_t e = db_get_text(m->db, m->arena,
                          "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2",
                          ARGS(from, v_i64(old_point)), &code, err);
    if (e == OK)
        e = find_there(m, "SELECT point_id FROM usage_point WHERE unit_id = $1 AND code = $2",
                       code, &id, err);
    bool there = id != 0;
    if (e == OK && !there)
        e = store_take_numbers(m->db, m->move->to_unit_id, S("point"), 1, &id, err);
    if (e == OK && !there)
        e = db_run(m->db,
                   "INSERT INTO usage_point (unit_id, point_id, code, created_at) "
                   "VALUES ($1, $2, $3, $4)",
                   ARGS(to, v_i64(id), v_text(code), v_i64(m->now_ms)), NULL, err);
    if (e == OK)
        e = db_run(m->db,
                   "UPDATE point_directory SET unit_id = $1, point_id = $2 WHERE code = $3",
                   ARGS(to, v_i64(id), v_text(code)), NULL, err);
    if (e == OK) *out_id = id;
    return e;
}

static err_t move_point(const struct moving *m, int64_t old_point, struct err *err)
{
    int64_t id;
    err_t e = open_point(m, old_point, &id, err);
    if (e == OK) e = move_carry(m, SUBJECT_POINT, old_point, id, err);
    if (e == OK) e = move_holds(m, "point", old_point, id, err);
    if (e == OK) e = move_meters(m, old_point, id, err);
    if (e == OK)
        e = move_clear(m, m->move->unit_id, SUBJECT_POINT, old_point,
                       "agreement|book|station|route_order", err);
    return e;
}

static err_t move_points(const struct moving *m, struct err *err)
{
    int64_t *points = ARENA_ARRAY(m->arena, int64_t, POINTS_MAX);
    if (points == NULL) return err_memory(err);
    size_t count = 0;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(m->db,
                       "SELECT point_id FROM point_asof WHERE unit_id = $1 "
                       "AND kind IN ('book', 'station', 'agreement') AND kind = 'agreement' "
                       "AND value_i64 = $2 AND state = 'set' "
                       "AND valid_from <= $3 AND valid_to > $4 "
                       "AND known_to = 9223372036854775807 ORDER BY point_id",
                       ARGS(v_i64(m->move->unit_id), v_i64(m->move->agreement_id), m->day_before,
                            m->day_before),
                       &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        if (count == POINTS_MAX) {
            err_set(err, E_LIMIT, "agreement", "Hợp đồng có quá nhiều điểm đo",
                    "The agreement has too many points");
            return err_hint(err, "Tách hợp đồng trước khi chuyển",
                            "Split the agreement before it moves");
        }
        points[count++] = row_i64(rows, 0);
    }
    for (size_t i = 0; e == OK && i < count; i++) e = move_point(m, points[i], err);
    return e;
}

/* Whoever could see the agreement sees it in the new unit too. */
static err_t move_logins(const struct moving *m, struct err *err)
{
    const struct login_supply from = {.unit_id = m->move->unit_id,
                                      .agreement_id = m->move->agreement_id};
    const struct login_supply to = {.unit_id = m->move->to_unit_id,
                                    .agreement_id = m->agreement_id};
    return login_move(m->db, &from, &to, m->move->from_day, m->author.actor_id, err);
}

static err_t append_event(const struct moving *m, struct err *err)
{
    char memory[PAYLOAD_MAX_BYTES];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    struct json_writer writer;
    json_writer_init(&writer, &payload);
    json_object(&writer, JSON_ITEM);
    json_i64(&writer, S("to_unit"), m->move->to_unit_id);
    json_i64(&writer, S("to_agreement"), m->agreement_id);
    json_end(&writer);
    return event_append(m->db, m->move->unit_id, S("customer.moved"), m->move->agreement_id,
                        buf_str(&payload), err);
}

err_t customer_move(struct db *db, struct arena *arena, const struct customer_move *move,
                    const struct fact_author *author, int64_t *out_agreement_id, struct err *err)
{
    char day[DATE_TEXT_BYTES], before[DATE_TEXT_BYTES];
    struct moving m = {.db = db,
                       .arena = arena,
                       .move = move,
                       .author = {.actor_id = author->actor_id, .correct = true},
                       .day = v_text(day_text(move->from_day, day)),
                       .day_before = v_text(day_text(move->from_day - 1, before))};
    if (move->unit_id == move->to_unit_id) {
        err_set(err, E_INPUT, "to", "Khách hàng đã thuộc đơn vị này",
                "The customer belongs to this unit already");
        return err_hint(err, "Kiểm tra đơn vị ở --to",
                        "Check the unit in --to");
    }
    /* Both units, always in the same order: nobody else changes the customer meanwhile. */
    bool up = move->unit_id < move->to_unit_id;
    err_t e = fact_moment(db, up ? move->unit_id : move->to_unit_id, &m.now_ms, err);
    if (e == OK) e = fact_moment(db, up ? move->to_unit_id : move->unit_id, &m.now_ms, err);
    if (e == OK) e = check_movable(&m, err);
    if (e == OK) e = open_agreement(&m, err);
    if (e == OK) e = move_logins(&m, err);
    if (e == OK) e = move_points(&m, err);
    if (e == OK)
        e = move_clear(&m, move->unit_id, SUBJECT_AGREEMENT, move->agreement_id,
                       "contract_state", err);
    if (e == OK) e = append_event(&m, err);
    if (e == OK) *out_agreement_id = m.agreement_id;
    return e;
}
