/* SPDX-License-Identifier: Apache-2.0 */
/* Everything known about a usage point, a customer's points or a meter's places, on any past day
 * and in any past state of knowledge. */
#include "app/actor_call.h"
#include "app/asof_call.h"
#include "app/reading_call.h"
#include "app/table.h"
#include "base/json_write.h"
#include "network/area_view.h"
#include "registry/registry.h"
#include "registry/relation.h"
#include "store/store.h"

enum { PROOF_MAX_BYTES = 4096 };

/* The question: a day, and how much was known. */
struct question {
    struct call *call;
    struct db *db;
    struct asof asof;
    struct json_writer writer;
    struct table table;
    size_t shown;
};

/* One home of a point: a customer that moved has had several. */
struct home {
    int64_t unit_id;
    int64_t point_id;
    struct str unit_code;
    struct str code;
};

static const struct table_column columns[] = {{"Đối tượng", ALIGN_LEFT}, {"Dữ kiện", ALIGN_LEFT},
                                              {"Giá trị", ALIGN_LEFT},   {"Từ ngày", ALIGN_LEFT},
                                              {"Căn cứ", ALIGN_LEFT},    {"Nguồn", ALIGN_LEFT}};

#define HOLDS_ON                                                                            \
    " AND valid_from <= $3 AND valid_to > $4 AND known_from <= $5 AND known_to > $6 "       \
    "AND state = 'set' ORDER BY kind"
#define FACTS_OF(view, subject)                                                             \
    "SELECT kind, value_i64, value_text, valid_from, proof, source, expires_on FROM " view  \
    " WHERE unit_id = $1 AND " subject " = $2" HOLDS_ON
static const char *const facts_sql[] = {
    [SUBJECT_POINT] = FACTS_OF("point_asof", "point_id"),
    [SUBJECT_AGREEMENT] = FACTS_OF("agreement_asof", "agreement_id"),
    [SUBJECT_ACCOUNT] = FACTS_OF("account_asof", "account_id"),
    [SUBJECT_METER] = "SELECT kind, value_i64, value_text, valid_from, CAST(NULL AS TEXT), source, "
                      "CAST(NULL AS TEXT) FROM meter_asof WHERE unit_id = $1 AND meter_id = $2"
                      HOLDS_ON,
};
static const char *const subject_words[] = {"điểm đo", "hợp đồng", "tài khoản", "công tơ"};
static const char *const subject_names[] = {"point", "agreement", "account", "meter"};

/* ---- facts ------------------------------------------------------------------------------- */

static err_t value_words(struct question *q, int64_t unit_id, const struct fact_kind *kind,
                         const struct rows *row, struct str *out)
{
    struct arena *arena = q->call->arena;
    struct fact_value value = {.is_text = !row_is_null(row, 2),
                               .i64 = row_i64_or(row, 1, 0),
                               .text = arena_str(arena, row_text_or_empty(row, 2))};
    err_t e = registry_code_of(q->db, arena, unit_id, kind, value.i64, out, q->call->err);
    if (e != OK || out->n > 0) return e;
    char memory[1100];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    fact_value_write(kind, value, &words);
    *out = arena_str(arena, buf_str(&words));
    return OK;
}

static void fact_json(struct question *q, const struct fact_kind *kind, struct str value,
                      const struct rows *row)
{
    int32_t last = 0;
    json_object(&q->writer, JSON_ITEM);
    json_text(&q->writer, S("kind"), str_of(kind->name));
    json_text(&q->writer, S("value"), value);
    json_text(&q->writer, S("from"), row_text(row, 3));
    json_text(&q->writer, S("proof"), row_text_or_empty(row, 4));
    json_text(&q->writer, S("source"), row_text_or_empty(row, 5));
    if (!row_is_null(row, 6) && day_parse(row_text(row, 6), &last)) {
        json_day(&q->writer, S("expires_on"), last);
        json_bool(&q->writer, S("expired"), last < q->asof.day);
    }
    json_end(&q->writer);
}

/* "Giấy xác nhận 12 (đến 31/12/2026)" */
static void proof_cell(struct question *q, const struct rows *row)
{
    int32_t last = 0;
    struct buf words;
    buf_init(&words, PROOF_MAX_BYTES);
    buf_add(&words, row_text_or_empty(row, 4));
    if (!row_is_null(row, 6) && day_parse(row_text(row, 6), &last)) {
        buf_add(&words, last < q->asof.day ? S(" (hết hạn ") : S(" (đến "));
        buf_add_day_vi(&words, last);
        buf_add_char(&words, ')');
    }
    table_text(&q->table, buf_str(&words));
    buf_release(&words);
}

static void fact_cells(struct question *q, enum registry_subject subject,
                       const struct fact_kind *kind, struct str value, const struct rows *row)
{
    table_text(&q->table, str_of(subject_words[subject]));
    table_text(&q->table, str_of(kind->vi));
    table_text(&q->table, value);
    table_text(&q->table, row_text(row, 3));
    proof_cell(q, row);
    table_text(&q->table, row_text_or_empty(row, 5));
}

static err_t show_facts(struct question *q, enum registry_subject subject, int64_t unit_id,
                        int64_t id)
{
    size_t count;
    const struct fact_kind *kinds = registry_kinds(subject, &count);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(q->db, facts_sql[subject],
                       ARGS(v_i64(unit_id), v_i64(id), q->asof.on, q->asof.on, q->asof.known,
                            q->asof.known),
                       &rows, q->call->err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, q->call->err)) == OK && row) {
        const struct fact_kind *kind = fact_kind_find(kinds, count, row_text(rows, 0));
        struct str value;
        if (kind == NULL) continue;
        e = value_words(q, unit_id, kind, rows, &value);
        if (e != OK) return e;
        if (q->call->json) fact_json(q, kind, value, rows);
        else fact_cells(q, subject, kind, value, rows);
    }
    return e;
}

static void open_part(struct question *q, const char *name, struct str code)
{
    if (!q->call->json) return;
    json_object(&q->writer, str_of(name));
    json_text(&q->writer, S("code"), code);
    json_array(&q->writer, S("facts"));
}

static void close_part(struct question *q)
{
    if (!q->call->json) return;
    json_end(&q->writer);
    json_end(&q->writer);
}

static err_t show_supply(struct question *q, const struct home *home)
{
    struct call *call = q->call;
    struct supply supply;
    struct str code;
    err_t e = supply_of_point(q->db, home->unit_id, home->point_id, q->asof.day,
                              q->asof.known_at, &supply, call->err);
    if (e != OK || supply.agreement_id == 0) return e;
    e = db_get_text(q->db, call->arena,
                    "SELECT code FROM agreement WHERE unit_id = $1 AND agreement_id = $2",
                    ARGS(v_i64(home->unit_id), v_i64(supply.agreement_id)), &code, call->err);
    if (e != OK) return e;
    open_part(q, "agreement", code);
    e = show_facts(q, SUBJECT_AGREEMENT, home->unit_id, supply.agreement_id);
    close_part(q);
    if (e != OK || supply.account_id == 0) return e;
    e = db_get_text(q->db, call->arena,
                    "SELECT code FROM account WHERE unit_id = $1 AND account_id = $2",
                    ARGS(v_i64(home->unit_id), v_i64(supply.account_id)), &code, call->err);
    if (e != OK) return e;
    open_part(q, "account", code);
    e = show_facts(q, SUBJECT_ACCOUNT, home->unit_id, supply.account_id);
    close_part(q);
    return e;
}

/* ---- meters ------------------------------------------------------------------------------ */

static void meter_json(struct question *q, const struct installation_span *span,
                       struct str serial)
{
    json_object(&q->writer, JSON_ITEM);
    json_text(&q->writer, S("serial"), serial);
    json_text(&q->writer, S("role"), meter_role_text(span->role));
    json_text(&q->writer, S("registers"), meter_registers_text(span->registers));
    json_i64(&q->writer, S("multiplier"), span->multiplier);
    json_i64(&q->writer, S("digits"), span->digits);
    json_instant(&q->writer, S("hung_at"), span->hung_at);
    if (span->removed_at != INT64_MAX)
        json_instant(&q->writer, S("removed_at"), span->removed_at);
}

static void meter_cells(struct question *q, const struct installation_span *span,
                        struct str serial)
{
    char memory[160], instant[INSTANT_TEXT_BYTES];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    buf_printf(&words, "%.*s, %.*s, hệ số nhân %lld", STR_ARG(serial),
               STR_ARG(meter_registers_text(span->registers)), (long long)span->multiplier);
    table_text(&q->table, str_of(subject_words[SUBJECT_METER]));
    table_text(&q->table, meter_role_text(span->role));
    table_text(&q->table, buf_str(&words));
    table_text(&q->table, instant_text(span->hung_at, instant));
    table_text(&q->table, S(""));
    table_text(&q->table, S(""));
}

/* The meters that hang at any time of the day. */
static bool hangs_on(const struct installation_span *span, int32_t day)
{
    return span->hung_at < vietnam_midnight_ms(day + 1) &&
           span->removed_at > vietnam_midnight_ms(day);
}

static err_t show_meter(struct question *q, const struct home *home,
                        const struct installation_span *span)
{
    struct str serial;
    err_t e = db_get_text(q->db, q->call->arena,
                          "SELECT serial FROM meter WHERE unit_id = $1 AND meter_id = $2",
                          ARGS(v_i64(home->unit_id), v_i64(span->meter_id)), &serial,
                          q->call->err);
    if (e != OK) return e;
    if (!q->call->json) {
        meter_cells(q, span, serial);
        return show_facts(q, SUBJECT_METER, home->unit_id, span->meter_id);
    }
    meter_json(q, span, serial);
    json_array(&q->writer, S("facts"));
    e = show_facts(q, SUBJECT_METER, home->unit_id, span->meter_id);
    json_end(&q->writer);
    json_end(&q->writer);
    return e;
}

static err_t show_meters(struct question *q, const struct home *home)
{
    struct installation_scan *scan;
    struct installation_span span;
    bool more = true;
    err_t e = installation_scan_open(q->db, home->unit_id, home->point_id, home->point_id,
                                     q->asof.known_at, &scan, q->call->err);
    if (e != OK) return e;
    if (q->call->json) json_array(&q->writer, S("meters"));
    while (e == OK && (e = installation_scan_next(scan, &span, &more, q->call->err)) == OK && more)
        if (hangs_on(&span, q->asof.day)) e = show_meter(q, home, &span);
    if (q->call->json) json_end(&q->writer);
    installation_scan_close(scan);
    return e;
}

/* ---- relations and areas ----------------------------------------------------------------- */

static err_t show_relations(struct question *q, const struct home *home)
{
    const struct point_relation *relations;
    size_t count;
    struct arena *arena = q->call->arena;
    err_t e = relations_on(q->db, arena, home->unit_id, home->point_id, home->point_id, q->asof.day,
                           q->asof.known_at, &relations, &count, q->call->err);
    if (e == OK && q->call->json) json_array(&q->writer, S("relations"));
    for (size_t i = 0; e == OK && i < count; i++) {
        struct str code;
        e = db_get_text(q->db, arena,
                        "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2",
                        ARGS(v_i64(home->unit_id), v_i64(relations[i].other_point_id)), &code,
                        q->call->err);
        if (e != OK) break;
        struct str kind = relation_text(relations[i].kind);
        if (q->call->json) {
            json_object(&q->writer, JSON_ITEM);
            json_text(&q->writer, S("kind"), kind);
            json_text(&q->writer, S("point"), code);
            json_end(&q->writer);
            continue;
        }
        table_text(&q->table, S("quan hệ"));
        table_text(&q->table, kind);
        table_text(&q->table, code);
        for (int empty = 0; empty < 3; empty++) table_text(&q->table, S(""));
    }
    if (e == OK && q->call->json) json_end(&q->writer);
    return e;
}

static err_t fact_number(struct question *q, const struct home *home, const char *kind,
                         int64_t *out)
{
    return db_get_i64_or(q->db,
                         "SELECT value_i64 FROM point_asof WHERE unit_id = $1 AND point_id = $2 "
                         "AND kind = $3 AND valid_from <= $4 AND valid_to > $5 "
                         "AND known_from <= $6 AND known_to > $7 AND state = 'set'",
                         ARGS(v_i64(home->unit_id), v_i64(home->point_id), v_text(str_of(kind)),
                              q->asof.on, q->asof.on, q->asof.known, q->asof.known),
                         0, out, q->call->err);
}

static err_t area_cells(struct question *q, int64_t unit_id, int64_t area_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(q->db, "SELECT name, document FROM restricted_area WHERE unit_id = $1 AND "
                              "area_id = $2", ARGS(v_i64(unit_id), v_i64(area_id)), &rows,
                       q->call->err);
    bool row = false;
    if (e == OK) e = rows_next(rows, &row, q->call->err);
    if (e != OK || !row) return e;
    table_text(&q->table, S("khu vực hạn chế"));
    table_i64(&q->table, area_id);
    table_text(&q->table, row_text(rows, 0));
    table_text(&q->table, S(""));
    table_text(&q->table, row_text(rows, 1));
    table_text(&q->table, S(""));
    return OK;
}

static err_t show_area(struct question *q, const struct home *home)
{
    struct restricted_set set;
    int64_t station = 0, place = 0;
    err_t e = restricted_set_load(q->db, q->call->arena, home->unit_id, q->asof.known_at, &set,
                                  q->call->err);
    if (e == OK) e = fact_number(q, home, "station", &station);
    if (e == OK) e = fact_number(q, home, "place", &place);
    if (e != OK) return e;
    int64_t area = restricted_on(&set, home->point_id, station, place, q->asof.day);
    if (q->call->json) {
        json_bool(&q->writer, S("restricted"), area != 0);
    } else if (area != 0) {
        e = area_cells(q, home->unit_id, area);
    }
    return e;
}

/* ---- homes ------------------------------------------------------------------------------- */

static err_t show_home(struct question *q, const struct home *home)
{
    err_t noted = call_note_reading(q->call, home->unit_id, ACCESS_POINT, home->point_id);
    if (noted != OK) return noted;
    q->shown++;
    if (q->call->json) {
        json_object(&q->writer, JSON_ITEM);
        json_text(&q->writer, S("point"), home->code);
        json_text(&q->writer, S("unit"), home->unit_code);
        json_array(&q->writer, S("facts"));
    } else {
        table_init(&q->table, q->call->arena, columns, ARRAY_COUNT(columns));
        buf_printf(q->call->out, "Điểm đo %.*s, đơn vị %.*s\n", STR_ARG(home->code),
                   STR_ARG(home->unit_code));
    }
    err_t e = show_facts(q, SUBJECT_POINT, home->unit_id, home->point_id);
    if (q->call->json) json_end(&q->writer);
    if (e == OK) e = show_supply(q, home);
    if (e == OK) e = show_meters(q, home);
    if (e == OK) e = show_relations(q, home);
    if (e == OK) e = show_area(q, home);
    if (q->call->json) json_end(&q->writer);
    else if (e == OK) e = table_print(&q->table, q->call->out, q->call->err);
    return e;
}

/* A customer that moved has a home in each unit; those with nothing on the day are passed over. */
static const char homes_sql[] =
    "SELECT p.unit_id, p.point_id, u.code, p.code FROM unit u JOIN usage_point p "
    "ON p.unit_id = u.unit_id WHERE p.code = $1 AND EXISTS (SELECT 1 FROM point_asof f "
    "WHERE f.unit_id = p.unit_id AND f.point_id = p.point_id AND f.kind = 'agreement' "
    "AND f.valid_from <= $2 AND f.valid_to > $3 AND f.known_from <= $4 AND f.known_to > $5 "
    "AND f.state = 'set') ORDER BY p.unit_id";
/* A point without an agreement: a master meter, a supply that has ended. */
static const char homes_without_sql[] =
    "SELECT p.unit_id, p.point_id, u.code, p.code FROM point_directory d JOIN usage_point p "
    "ON p.unit_id = d.unit_id AND p.point_id = d.point_id JOIN unit u ON u.unit_id = p.unit_id "
    "WHERE d.code = $1 AND EXISTS (SELECT 1 FROM point_asof f WHERE f.unit_id = p.unit_id "
    "AND f.point_id = p.point_id AND f.valid_from <= $2 AND f.valid_to > $3 "
    "AND f.known_from <= $4 AND f.known_to > $5 AND f.state = 'set')";
static const char homes_of_agreement_sql[] =
    "SELECT p.unit_id, p.point_id, u.code, p.code FROM unit u JOIN agreement a "
    "ON a.unit_id = u.unit_id JOIN point_asof f ON f.unit_id = a.unit_id "
    "AND f.kind = 'agreement' AND f.value_i64 = a.agreement_id "
    "JOIN usage_point p ON p.unit_id = f.unit_id AND p.point_id = f.point_id "
    "WHERE a.code = $1 AND f.valid_from <= $2 AND f.valid_to > $3 AND f.known_from <= $4 "
    "AND f.known_to > $5 AND f.state = 'set' ORDER BY p.unit_id, p.code";
/* Points at which a meter hangs on the day; what was corrected later counts as it was known. */
static const char homes_of_meter_sql[] =
    "SELECT DISTINCT p.unit_id, p.point_id, u.code, p.code FROM unit u JOIN meter m "
    "ON m.unit_id = u.unit_id JOIN (SELECT unit_id, meter_id, point_id, hung_at, removed_at, "
    "removal_recorded_at, recorded_at AS known_from, "
    "CAST(9223372036854775807 AS BIGINT) AS known_to FROM installation UNION ALL "
    "SELECT unit_id, meter_id, point_id, hung_at, removed_at, removal_recorded_at, known_from, "
    "known_to FROM installation_before) i ON i.unit_id = m.unit_id "
    "AND i.meter_id = m.meter_id JOIN usage_point p ON p.unit_id = i.unit_id "
    "AND p.point_id = i.point_id WHERE m.serial = $1 AND i.hung_at < $2 "
    "AND (coalesce(i.removed_at, 9223372036854775807) > $3 OR i.removal_recorded_at > $4) "
    "AND i.known_from <= $5 AND (i.known_to > $5 OR i.known_to = 9223372036854775807) "
    "ORDER BY p.unit_id, p.code";
/* A meter in stock is nobody's. */
static err_t note_thing(struct question *q, enum registry_subject subject, int64_t unit_id,
                        int64_t id)
{
    if (subject == SUBJECT_METER) return OK;
    return call_note_reading(q->call, unit_id,
                             subject == SUBJECT_ACCOUNT ? ACCESS_ACCOUNT : ACCESS_AGREEMENT, id);
}

/* What hangs nowhere on the day: a meter in stock, an agreement without a point. */
static const char things_sql[] =
    "SELECT CAST(1 AS BIGINT), x.unit_id, x.agreement_id, u.code FROM agreement x "
    "JOIN unit u ON u.unit_id = x.unit_id WHERE x.code = $1 AND EXISTS (SELECT 1 FROM "
    "agreement_asof f WHERE f.unit_id = x.unit_id AND f.agreement_id = x.agreement_id "
    "AND f.valid_from <= $2 AND f.valid_to > $3 AND f.known_from <= $4 AND f.known_to > $5 "
    "AND f.state = 'set') "
    "UNION ALL SELECT CAST(2 AS BIGINT), x.unit_id, x.account_id, u.code FROM account x "
    "JOIN unit u ON u.unit_id = x.unit_id WHERE x.code = $1 AND EXISTS (SELECT 1 FROM "
    "account_asof f WHERE f.unit_id = x.unit_id AND f.account_id = x.account_id "
    "AND f.valid_from <= $2 AND f.valid_to > $3 AND f.known_from <= $4 AND f.known_to > $5 "
    "AND f.state = 'set') "
    "UNION ALL SELECT CAST(3 AS BIGINT), x.unit_id, x.meter_id, u.code FROM meter_directory d "
    "JOIN meter x ON x.unit_id = d.unit_id AND x.meter_id = d.meter_id "
    "JOIN unit u ON u.unit_id = x.unit_id WHERE d.serial = $1 AND x.created_at <= $4 "
    "ORDER BY 1, 4, 3";

static err_t show_homes(struct question *q, const char *sql, struct args args)
{
    struct arena *arena = q->call->arena;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(q->db, sql, args, &rows, q->call->err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, q->call->err)) == OK && row) {
        struct home home = {.unit_id = row_i64(rows, 0),
                            .point_id = row_i64(rows, 1),
                            .unit_code = arena_str(arena, row_text(rows, 2)),
                            .code = arena_str(arena, row_text(rows, 3))};
        e = show_home(q, &home);
    }
    return e;
}

static err_t show_thing(struct question *q, enum registry_subject subject, int64_t unit_id,
                        int64_t id, struct str unit_code)
{
    err_t noted = note_thing(q, subject, unit_id, id);
    if (noted != OK) return noted;
    q->shown++;
    if (q->call->json) {
        json_object(&q->writer, JSON_ITEM);
        json_text(&q->writer, S("subject"), str_of(subject_names[subject]));
        json_text(&q->writer, S("unit"), unit_code);
        json_array(&q->writer, S("facts"));
        err_t e = show_facts(q, subject, unit_id, id);
        close_part(q);
        return e;
    }
    table_init(&q->table, q->call->arena, columns, ARRAY_COUNT(columns));
    buf_printf(q->call->out, "Đơn vị %.*s, không gắn với điểm đo nào\n", STR_ARG(unit_code));
    err_t e = show_facts(q, subject, unit_id, id);
    return e == OK ? table_print(&q->table, q->call->out, q->call->err) : e;
}

static err_t show_things(struct question *q, struct args args)
{
    static const enum registry_subject subjects[] = {SUBJECT_POINT, SUBJECT_AGREEMENT,
                                                     SUBJECT_ACCOUNT, SUBJECT_METER};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(q->db, things_sql, args, &rows, q->call->err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, q->call->err)) == OK && row)
        e = show_thing(q, subjects[row_i64(rows, 0)], row_i64(rows, 1), row_i64(rows, 2),
                       arena_str(q->call->arena, row_text(rows, 3)));
    return e;
}

static err_t show_all(struct question *q, struct str code)
{
    struct value on = q->asof.on, known = q->asof.known;
    struct args args = ARGS(v_text(code), on, on, known, known);
    err_t e = show_homes(q, homes_sql, args);
    if (e == OK && q->shown == 0) e = show_homes(q, homes_without_sql, args);
    if (e == OK && q->shown == 0) e = show_homes(q, homes_of_agreement_sql, args);
    if (e == OK && q->shown == 0)
        e = show_homes(q, homes_of_meter_sql,
                       ARGS(v_text(code), v_i64(vietnam_midnight_ms(q->asof.day + 1)),
                            v_i64(vietnam_midnight_ms(q->asof.day)), known, known));
    if (q->call->json) {
        json_end(&q->writer);
        json_array(&q->writer, S("things"));
    }
    if (e == OK && q->shown == 0) e = show_things(q, args);
    if (e != OK || q->shown > 0) return e;
    err_set(q->call->err, E_NOT_FOUND, "CODE", "Ngày đó không có gì dưới mã “%.*s”",
            "Nothing is known of \"%.*s\" on that day", STR_ARG(code));
    return err_hint(q->call->err,
                    "Ghi mã điểm đo, mã khách hàng, tài khoản hoặc số công tơ; kiểm tra --date",
                    "Give a point, a customer, an account or a meter serial; check --date");
}

static err_t run(struct call *call)
{
    struct question q = {.call = call};
    err_t e = call_asof(call, &q.asof);
    if (e == OK) e = call_db(call, &q.db);
    if (e == OK) e = db_begin_read(q.db, call->err);
    if (e != OK) return e;
    json_writer_init(&q.writer, call->out);
    if (call->json) {
        json_object(&q.writer, JSON_ITEM);
        json_text(&q.writer, S("code"), call_text(call, "CODE"));
        json_day(&q.writer, S("date"), q.asof.day);
        json_array(&q.writer, S("points"));
    }
    e = show_all(&q, call_text(call, "CODE"));
    db_rollback(q.db);
    if (e == OK) e = call_write_notes(call);
    if (e != OK) {
        buf_reset(call->out);
        return e;
    }
    if (!call->json) return OK;
    json_end(&q.writer);
    json_end(&q.writer);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã điểm đo, mã khách hàng hoặc số công tơ",
     "usage point, customer code or meter serial"},
    ASOF_OPTIONS,
};

const struct command command_point_show = {
    .name = "point show",
    .store = STORE_READS,
    .help_vi = "Mọi điều đã biết về điểm đo, khách hàng, công tơ vào một ngày",
    .help_en = "Everything known of a point, a customer, a meter on a day",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
