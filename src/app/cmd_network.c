/* SPDX-License-Identifier: Apache-2.0 */
/* Everything known of a unit, an organisation, a place or a device on any past day and in any past
 * state of knowledge, and all that lies above it on that day. */
#include "app/asof_call.h"
#include "app/table.h"
#include "app/unit_call.h"
#include "base/json_write.h"
#include "network/network.h"
#include "network/seller.h"

/* A tree is not deeper than this. */
enum { LEVELS_MAX = 32, SUBJECT_OF_ORGANISATIONS = 2 };

/* What can be asked for. $1 code, $2 unit; of a fact its subject, and what its value is called. */
struct subject {
    const char *kind;
    const char *find_sql;
    const char *facts_sql;
    const char *above; /* the kind of fact that leads up */
    const struct fact_kind *kinds;
    size_t kind_count;
};

#define FACTS_OF(view, subject, joins, code, scope)                                         \
    "SELECT f.kind, f.value_i64, f.value_text, f.valid_from, f.source, " code " FROM " view  \
    " f " joins " WHERE f." subject " = $1 AND " scope " AND f.valid_from <= $3 "           \
    "AND f.valid_to > $4 AND f.known_from <= $5 AND f.known_to > $6 AND f.state = 'set' "   \
    "ORDER BY f.kind"
#define SHARED "CAST($2 AS BIGINT) >= 0"
#define DEVICE(word)                                                                        \
    {word, "SELECT device_id FROM device WHERE code = $1 AND unit_id = $2 AND kind = '" word \
     "'", FACTS_OF("device_asof", "device_id",                                              \
     "LEFT JOIN device d ON f.kind = 'parent' AND d.unit_id = f.unit_id "                   \
     "AND d.device_id = f.value_i64 "                                                       \
     "LEFT JOIN place l ON f.kind = 'place' AND l.place_id = f.value_i64",                  \
     "coalesce(d.code, l.code)", "f.unit_id = $2"), "parent", device_fact_kinds,            \
     DEVICE_FACT_COUNT}

static const struct subject subjects[] = {
    {"unit", "SELECT unit_id FROM unit WHERE code = $1 AND " SHARED,
     FACTS_OF("unit_asof", "unit_id",
              "LEFT JOIN organisation o ON f.kind = 'organisation' "
              "AND o.organisation_id = f.value_i64 "
              "LEFT JOIN unit u ON f.kind = 'merged_into' AND u.unit_id = f.value_i64",
              "coalesce(o.code, u.code)", SHARED),
     "merged_into", unit_fact_kinds, UNIT_FACT_COUNT},
    {"seller", "SELECT unit_id FROM unit WHERE code = $1 AND " SHARED,
     FACTS_OF("seller_asof", "unit_id", "", "CAST(NULL AS TEXT)", SHARED), "", seller_fact_kinds,
     SELLER_FACT_COUNT},
    {"organisation", "SELECT organisation_id FROM organisation WHERE code = $1 AND " SHARED,
     FACTS_OF("organisation_asof", "organisation_id",
              "LEFT JOIN organisation o ON f.kind = 'parent' AND o.organisation_id = f.value_i64",
              "o.code", SHARED),
     "parent", organisation_fact_kinds, ORGANISATION_FACT_COUNT},
    {"place", "SELECT place_id FROM place WHERE code = $1 AND " SHARED,
     FACTS_OF("place_asof", "place_id",
              "LEFT JOIN place l ON f.kind = 'parent' AND l.place_id = f.value_i64", "l.code",
              SHARED),
     "parent", place_fact_kinds, PLACE_FACT_COUNT},
    DEVICE("substation"),
    DEVICE("feeder"),
    DEVICE("switch"),
    DEVICE("station"),
};

struct question {
    struct call *call;
    struct db *db;
    struct asof asof;
    const struct subject *subject;
    int64_t unit_id;
    int64_t organisation_id; /* that manages a unit */
    struct str organisation;
    struct json_writer writer;
    struct table table;
};

static void show_fact(struct question *q, struct str code, const struct fact_kind *kind,
                      struct str value, const struct rows *row)
{
    if (q->call->json) {
        json_object(&q->writer, JSON_ITEM);
        json_text(&q->writer, S("kind"), str_of(kind->name));
        json_text(&q->writer, S("value"), value);
        json_text(&q->writer, S("from"), row_text(row, 3));
        json_text(&q->writer, S("source"), row_text_or_empty(row, 4));
        json_end(&q->writer);
        return;
    }
    table_text(&q->table, code);
    table_text(&q->table, str_of(kind->vi));
    table_text(&q->table, value);
    table_text(&q->table, row_text(row, 3));
    table_text(&q->table, row_text_or_empty(row, 4));
}

static struct str value_words(struct question *q, const struct fact_kind *kind,
                              const struct rows *row)
{
    char memory[1100];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    struct fact_value value = {.is_text = !row_is_null(row, 2),
                               .i64 = row_i64_or(row, 1, 0),
                               .text = row_text_or_empty(row, 2)};
    if (!row_is_null(row, 5)) buf_add(&words, row_text(row, 5));
    else fact_value_write(kind, value, &words);
    return arena_str(q->call->arena, buf_str(&words));
}

/* The facts of one thing; *out_above and *out_code are what lies above it, 0 when nothing does. */
static err_t show_facts(struct question *q, int64_t id, struct str code, int64_t *out_above,
                        struct str *out_code)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    const struct asof *asof = &q->asof;
    err_t e = db_query(q->db, q->subject->facts_sql,
                       ARGS(v_i64(id), v_i64(q->unit_id), asof->on, asof->on, asof->known,
                            asof->known),
                       &rows, q->call->err);
    bool row = true;
    *out_above = 0;
    while (e == OK && (e = rows_next(rows, &row, q->call->err)) == OK && row) {
        const struct fact_kind *kind =
            fact_kind_find(q->subject->kinds, q->subject->kind_count, row_text(rows, 0));
        if (kind == NULL) continue;
        struct str value = value_words(q, kind, rows);
        show_fact(q, code, kind, value, rows);
        if (kind == &unit_fact_kinds[UNIT_organisation]) {
            q->organisation_id = row_i64(rows, 1);
            q->organisation = value;
        }
        if (!str_equal(str_of(kind->name), str_of(q->subject->above))) continue;
        *out_above = row_i64(rows, 1);
        *out_code = value;
    }
    return e;
}

static err_t show_tree(struct question *q, int64_t id)
{
    struct str code = call_text(q->call, "CODE");
    err_t e = OK;
    for (int level = 0; e == OK && id != 0 && level < LEVELS_MAX; level++) {
        int64_t above;
        struct str next = {"", 0};
        if (q->call->json) {
            json_object(&q->writer, JSON_ITEM);
            json_text(&q->writer, S("code"), code);
            json_array(&q->writer, S("facts"));
        }
        e = show_facts(q, id, code, &above, &next);
        if (q->call->json) {
            json_end(&q->writer);
            json_end(&q->writer);
        }
        id = above;
        code = next;
        if (id != 0 || q->organisation_id == 0) continue;
        /* From the last unit on into the tree of organisations. */
        q->subject = &subjects[SUBJECT_OF_ORGANISATIONS];
        id = q->organisation_id;
        code = q->organisation;
        q->organisation_id = 0;
    }
    return e;
}

static err_t find_subject(struct question *q, int64_t *out_id)
{
    struct call *call = q->call;
    struct str kind = call_text(call, "KIND"), code = call_text(call, "CODE");
    for (size_t i = 0; i < ARRAY_COUNT(subjects); i++)
        if (str_equal(str_of(subjects[i].kind), kind)) q->subject = &subjects[i];
    if (q->subject == NULL) {
        err_set(call->err, E_USAGE, "KIND", "Không có loại “%.*s”", "There is no kind \"%.*s\"",
                STR_ARG(kind));
        return err_hint(call->err,
                        "Chọn unit, seller, organisation, place, substation, feeder, switch, "
                        "station",
                        "Choose unit, seller, organisation, place, substation, feeder, switch, "
                        "station");
    }
    bool device = q->subject->kinds == device_fact_kinds;
    if (device && !call_given(call, "unit")) {
        err_set(call->err, E_USAGE, "unit", "Thiết bị thuộc một đơn vị",
                "A device belongs to a unit");
        return err_hint(call->err, "Thêm --unit MÃ", "Add --unit CODE");
    }
    err_t e = device ? call_unit(call, call_text(call, "unit"), &q->unit_id) : OK;
    if (e == OK)
        e = db_get_i64_or(q->db, q->subject->find_sql, ARGS(v_text(code), v_i64(q->unit_id)), 0,
                          out_id, call->err);
    if (e != OK || *out_id != 0) return e;
    err_set(call->err, E_NOT_FOUND, "CODE", "Không có %.*s “%.*s”", "There is no %.*s \"%.*s\"",
            STR_ARG(kind), STR_ARG(code));
    return err_hint(call->err, "Kiểm tra mã, kể cả số 0 ở đầu",
                    "Check the code, zeros in front included");
}

static err_t run(struct call *call)
{
    static const struct table_column columns[] = {{"Mã", ALIGN_LEFT},
                                                  {"Dữ kiện", ALIGN_LEFT},
                                                  {"Giá trị", ALIGN_LEFT},
                                                  {"Từ ngày", ALIGN_LEFT},
                                                  {"Nguồn", ALIGN_LEFT}};
    struct question q = {.call = call};
    int64_t id = 0;
    err_t e = call_asof(call, &q.asof);
    if (e == OK) e = call_db(call, &q.db);
    if (e == OK) e = db_begin_read(q.db, call->err);
    if (e == OK) e = find_subject(&q, &id);
    if (e != OK) return e;
    table_init(&q.table, call->arena, columns, ARRAY_COUNT(columns));
    json_writer_init(&q.writer, call->out);
    if (call->json) {
        json_object(&q.writer, JSON_ITEM);
        json_text(&q.writer, S("kind"), call_text(call, "KIND"));
        json_day(&q.writer, S("date"), q.asof.day);
        json_array(&q.writer, S("levels"));
    }
    e = show_tree(&q, id);
    db_rollback(q.db);
    if (e != OK) return e;
    if (!call->json) return table_print(&q.table, call->out, call->err);
    json_end(&q.writer);
    json_end(&q.writer);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec options[] = {
    {"KIND", OPTION_OPERAND, true, NULL,
     "unit, organisation, place, substation, feeder, switch hoặc station",
     "unit, organisation, place, substation, feeder, switch or station"},
    {"CODE", OPTION_OPERAND, true, NULL, "mã", "its code"},
    {"unit", OPTION_TEXT, false, "CODE", "đơn vị của thiết bị", "the unit of a device"},
    ASOF_OPTIONS,
};

const struct command command_network_show = {
    .name = "network show",
    .store = STORE_READS,
    .help_vi = "Mọi điều đã biết về đơn vị, tổ chức, địa bàn, thiết bị và cấp trên vào một ngày",
    .help_en = "Everything known of a unit, organisation, place or device and above it on a day",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
