/* SPDX-License-Identifier: Apache-2.0 */
/* A customer that really moves from one unit to another: closed here, opened there, one code. */
#include "base/date.h"
#include "base/json_write.h"
#include "registry/installation.h"
#include "registry/party_words.h"
#include "registry/registry.h"
#include "store/event.h"

enum { POINTS_MAX = 10000, PAYLOAD_MAX_BYTES = 256 };

struct moving {
    struct db *db;
    struct arena *arena;
    const struct customer_move *move;
    const struct fact_author *author;
    int64_t now_ms;
    struct value day; /* the first day in the new unit, and the last in the old one */
    struct value day_before;
    int64_t agreement_id; /* in the new unit */
    int64_t account_id;
};

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
            "r.other_point_id = p.point_id) WHERE p.unit_id = $1 AND p.kind = 'agreement' "
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

static err_t end_fact(const struct moving *m, enum registry_subject subject, int64_t id,
                      struct str kind, struct err *err)
{
    struct registry_change change = {.subject = subject,
                                     .unit_id = m->move->unit_id,
                                     .subject_id = id,
                                     .kind = kind,
                                     .state = FACT_END,
                                     .from_day = m->move->from_day,
                                     .source = m->move->source};
    return registry_change(m->db, m->arena, &change, m->author, NULL, err);
}

/* ---- what is opened ---------------------------------------------------------------------- */

/* A party of the new unit with the same code and content. */
static err_t copy_party(const struct moving *m, int64_t old_id, int64_t *out_id, struct err *err)
{
    int64_t id = 0;
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    err_t e = db_get_i64_or(m->db,
                            "SELECT n.party_id FROM party n JOIN party o ON o.code = n.code "
                            "WHERE n.unit_id = $1 AND o.unit_id = $2 AND o.party_id = $3",
                            ARGS(to, from, v_i64(old_id)), 0, &id, err);
    if (e != OK || id != 0) {
        *out_id = id;
        return e;
    }
    e = store_take_numbers(m->db, m->move->to_unit_id, S("party"), 1, &id, err);
    if (e == OK)
        e = db_run(m->db,
                   "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, tax_code, "
                   "identity_no, phone, email, address, created_at) "
                   "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), code, kind, name, folded_name, "
                   "tax_code, identity_no, phone, email, address, CAST($3 AS BIGINT) FROM party "
                   "WHERE unit_id = $4 AND party_id = $5",
                   ARGS(to, v_i64(id), v_i64(m->now_ms), from, v_i64(old_id)), NULL, err);
    if (e == OK) e = party_words_enter(m->db, m->arena, m->move->to_unit_id, id, err);
    if (e == OK) *out_id = id;
    return e;
}

/* Writes into the new unit a fact that holds in the old one; references have been translated. */
static err_t open_fact(const struct moving *m, const struct fact_sql *sql,
                       const struct fact_kind *kind, int64_t subject_id, struct fact_value value,
                       const struct rows *row, struct err *err)
{
    int32_t expires = 0;
    struct str proof = row == NULL ? S("") : arena_str(m->arena, row_text_or_empty(row, 3));
    if (row != NULL && !row_is_null(row, 4) && !day_parse(row_text(row, 4), &expires)) expires = 0;
    struct fact_entry entry = {.unit_id = m->move->to_unit_id,
                               .subject_id = subject_id,
                               .kind = kind,
                               .state = FACT_SET,
                               .valid_from_day = m->move->from_day,
                               .value = value,
                               .proof = proof,
                               .source = m->move->source,
                               .expires_day = expires};
    return fact_append(m->db, sql, &entry, m->author, NULL, err);
}

static err_t open_account(struct moving *m, struct str code, struct err *err)
{
    err_t e = db_get_i64_or(m->db,
                            "SELECT account_id FROM account WHERE unit_id = $1 AND code = $2",
                            ARGS(v_i64(m->move->to_unit_id), v_text(code)), 0, &m->account_id,
                            err);
    if (e != OK || m->account_id != 0) return e;
    e = store_take_numbers(m->db, m->move->to_unit_id, S("account"), 1, &m->account_id, err);
    if (e == OK)
        e = db_run(m->db,
                   "INSERT INTO account (unit_id, account_id, code, created_at) "
                   "VALUES ($1, $2, $3, $4)",
                   ARGS(v_i64(m->move->to_unit_id), v_i64(m->account_id), v_text(code),
                        v_i64(m->now_ms)),
                   NULL, err);
    return e;
}

static err_t open_agreement(struct moving *m, struct err *err)
{
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    struct value old = v_i64(m->move->agreement_id);
    struct str code;
    err_t e = db_get_text(m->db, m->arena,
                          "SELECT code FROM agreement WHERE unit_id = $1 AND agreement_id = $2",
                          ARGS(from, old), &code, err);
    if (e == OK)
        e = store_take_numbers(m->db, m->move->to_unit_id, S("agreement"), 1, &m->agreement_id,
                               err);
    if (e == OK)
        e = db_run(m->db,
                   "INSERT INTO agreement (unit_id, agreement_id, code, signed_on, "
                   "moved_from_unit_id, moved_from_agreement_id, created_at) "
                   "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), code, signed_on, unit_id, "
                   "agreement_id, CAST($3 AS BIGINT) FROM agreement WHERE unit_id = $4 "
                   "AND agreement_id = $5",
                   ARGS(to, v_i64(m->agreement_id), v_i64(m->now_ms), from, old), NULL, err);
    if (e == OK)
        e = db_run(m->db,
                   "UPDATE agreement_directory SET unit_id = $1, agreement_id = $2 "
                   "WHERE code = $3",
                   ARGS(to, v_i64(m->agreement_id), v_text(code)), NULL, err);
    return e == OK ? open_account(m, code, err) : e;
}

/* Facts of the agreement that hold on the day before, in the new unit from the day on. */
static err_t copy_agreement_facts(const struct moving *m, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(m->db,
                       "SELECT kind, value_i64, value_text, proof, expires_on FROM agreement_asof "
                       "WHERE unit_id = $1 AND agreement_id = $2 AND valid_from <= $3 "
                       "AND valid_to > $4 AND known_to = 9223372036854775807 AND state = 'set' "
                       "ORDER BY kind",
                       ARGS(v_i64(m->move->unit_id), v_i64(m->move->agreement_id), m->day_before,
                            m->day_before),
                       &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        const struct fact_kind *kind = fact_kind_find(
            agreement_fact_kinds, AGREEMENT_FACT_COUNT, arena_str(m->arena, row_text(rows, 0)));
        if (kind == NULL) continue;
        struct fact_value value = {.is_text = !row_is_null(rows, 2),
                                   .i64 = row_i64_or(rows, 1, 0),
                                   .text = arena_str(m->arena, row_text_or_empty(rows, 2))};
        if (kind == &agreement_fact_kinds[AGREEMENT_account]) value.i64 = m->account_id;
        else if (kind->type == FACT_REF) e = copy_party(m, value.i64, &value.i64, err);
        if (e == OK)
            e = open_fact(m, &agreement_fact_sql, kind, m->agreement_id, value, rows, err);
    }
    return e;
}

/* ---- points and meters ------------------------------------------------------------------- */

/* What belongs to the unit itself stays behind. */
static bool stays(enum point_fact kind)
{
    return kind == POINT_agreement || kind == POINT_book || kind == POINT_station ||
           kind == POINT_route_order || kind == POINT_FACT_COUNT;
}

static err_t copy_point_facts(const struct moving *m, int64_t old_point, int64_t new_point,
                              struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(m->db,
                       "SELECT kind, value_i64, value_text, proof, expires_on FROM point_asof "
                       "WHERE unit_id = $1 AND point_id = $2 AND valid_from <= $3 "
                       "AND valid_to > $4 AND known_to = 9223372036854775807 AND state = 'set' "
                       "ORDER BY kind",
                       ARGS(v_i64(m->move->unit_id), v_i64(old_point), m->day_before,
                            m->day_before),
                       &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        enum point_fact kind = point_fact_of(row_text(rows, 0));
        if (stays(kind)) continue;
        struct fact_value value = {.is_text = !row_is_null(rows, 2),
                                   .i64 = row_i64_or(rows, 1, 0),
                                   .text = arena_str(m->arena, row_text_or_empty(rows, 2))};
        e = open_fact(m, &point_fact_sql, &point_fact_kinds[kind], new_point, value, rows, err);
    }
    return e;
}

/* The same meter in the new unit: a number of its own, the serial unchanged. */
static err_t copy_meter(const struct moving *m, int64_t old_meter, int64_t *out_id,
                        struct err *err)
{
    int64_t id;
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    err_t e = store_take_numbers(m->db, m->move->to_unit_id, S("meter"), 1, &id, err);
    if (e == OK)
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
            e = installation_remove(m->db, m->move->unit_id, installation, at_ms, m->author, err);
        if (e == OK) e = copy_meter(m, old_meter, &new_meter, err);
        struct installation_new hung = {.point_id = new_point,
                                        .meter_id = new_meter,
                                        .role = roles[i],
                                        .multiplier = multiplier,
                                        .hung_at_ms = at_ms,
                                        .removed_at_ms = INT64_MAX};
        if (e == OK)
            e = installation_hang(m->db, m->move->to_unit_id, &hung, m->author, &ignored, err);
    }
    return e;
}

static err_t move_point(const struct moving *m, int64_t old_point, struct err *err)
{
    int64_t id;
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    err_t e = store_take_numbers(m->db, m->move->to_unit_id, S("point"), 1, &id, err);
    if (e == OK)
        e = db_run(m->db,
                   "INSERT INTO usage_point (unit_id, point_id, code, created_at) "
                   "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), code, CAST($3 AS BIGINT) "
                   "FROM usage_point WHERE unit_id = $4 AND point_id = $5",
                   ARGS(to, v_i64(id), v_i64(m->now_ms), from, v_i64(old_point)), NULL, err);
    if (e == OK)
        e = db_run(m->db,
                   "UPDATE point_directory SET unit_id = $1, point_id = $2 WHERE code = "
                   "(SELECT code FROM usage_point WHERE unit_id = $3 AND point_id = $4)",
                   ARGS(to, v_i64(id), from, v_i64(old_point)), NULL, err);
    if (e == OK) e = copy_point_facts(m, old_point, id, err);
    if (e == OK)
        e = open_fact(m, &point_fact_sql, &point_fact_kinds[POINT_agreement], id,
                      (struct fact_value){.i64 = m->agreement_id}, NULL, err);
    if (e == OK) e = move_meters(m, old_point, id, err);
    if (e == OK) e = end_fact(m, SUBJECT_POINT, old_point, S("agreement"), err);
    if (e == OK) e = end_fact(m, SUBJECT_POINT, old_point, S("book"), err);
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
                       "AND kind = 'agreement' AND value_i64 = $2 AND state = 'set' "
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
                       .author = author,
                       .day = v_text(day_text(move->from_day, day)),
                       .day_before = v_text(day_text(move->from_day - 1, before))};
    if (move->unit_id == move->to_unit_id) {
        err_set(err, E_INPUT, "to", "Khách hàng đã thuộc đơn vị này",
                "The customer belongs to this unit already");
        return err_hint(err, "Kiểm tra đơn vị ở --to",
                        "Check the unit in --to");
    }
    err_t e = fact_moment(db, move->to_unit_id, &m.now_ms, err);
    if (e == OK) e = check_movable(&m, err);
    if (e == OK) e = open_agreement(&m, err);
    if (e == OK) e = copy_agreement_facts(&m, err);
    if (e == OK) e = move_points(&m, err);
    if (e == OK)
        e = end_fact(&m, SUBJECT_AGREEMENT, move->agreement_id, S("contract_state"), err);
    if (e == OK) e = append_event(&m, err);
    if (e == OK) *out_agreement_id = m.agreement_id;
    return e;
}
