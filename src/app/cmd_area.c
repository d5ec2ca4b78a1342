/* SPDX-License-Identifier: Apache-2.0 */
/* Areas under restriction: declared, given members, lifted. */
#include "app/asof_call.h"
#include "app/change_call.h"
#include "app/listing.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/date.h"
#include "network/network.h"
#include "registry/registry_view.h"
#include "store/store.h"

enum { CONTENT_MAX_BYTES = 256 };

static err_t commit(struct change_call *running, int64_t unit_id, int64_t area_id,
                    struct str member)
{
    char subject_memory[32], memory[CONTENT_MAX_BYTES];
    struct buf subject, content;
    buf_init_fixed(&subject, subject_memory, sizeof subject_memory);
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&subject, "area %lld", (long long)area_id);
    buf_printf(&content, "member=%.*s", STR_ARG(member));
    return change_commit(running, unit_id, PERMISSION_NETWORK_CHANGE, buf_str(&subject),
                         buf_str(&content));
}

static void report(struct call *call, int64_t area_id)
{
    if (!call->json) {
        buf_printf(call->out, "Khu vực số %lld\n", (long long)area_id);
        return;
    }
    struct json_writer writer;
    json_writer_init(&writer, call->out);
    json_object(&writer, JSON_ITEM);
    json_i64(&writer, S("area"), area_id);
    json_end(&writer);
    buf_add_char(call->out, '\n');
}

static err_t run_declare(struct call *call)
{
    struct change_call running;
    int64_t unit_id, area_id;
    err_t e = change_begin(&running, call);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK)
        e = area_declare(running.db, unit_id, call_text(call, "kind"), call_text(call, "NAME"),
                         call_text(call, "document"), &area_id, call->err);
    if (e == OK) e = commit(&running, unit_id, area_id, S(""));
    if (e == OK) report(call, area_id);
    return e;
}

static err_t read_area(struct call *call, int64_t *out)
{
    if (str_to_i64(call_text(call, "AREA"), out) && *out > 0) return OK;
    err_set(call->err, E_USAGE, "AREA", "Số khu vực không đúng: “%.*s”",
            "The area is no number: \"%.*s\"", STR_ARG(call_text(call, "AREA")));
    return err_hint(call->err, "Xem số khu vực bằng: sangden area list",
                    "See the numbers with: sangden area list");
}

static err_t find_member(struct change_call *running, int64_t unit_id, struct str kind,
                         struct str code, int64_t *out)
{
    struct call *call = running->call;
    int64_t point_unit = unit_id;
    err_t e = OK;
    *out = 0;
    if (str_equal(kind, S("place"))) e = place_find(running->db, code, out, call->err);
    else if (str_equal(kind, S("point")))
        e = point_by_code(running->db, code, &point_unit, out, call->err);
    else if (str_equal(kind, S("station")) || str_equal(kind, S("feeder")))
        e = device_find(running->db, unit_id, kind, code, out, call->err);
    if (e != OK) return e;
    if (*out != 0 && point_unit == unit_id) return OK;
    err_set(call->err, E_NOT_FOUND, "CODE", "Không có %.*s “%.*s” ở đơn vị này",
            "There is no %.*s \"%.*s\" in this unit", STR_ARG(kind), STR_ARG(code));
    return err_hint(call->err, "Loại thành viên: place, station, feeder hoặc point",
                    "Kinds of members: place, station, feeder or point");
}

static err_t run_member(struct call *call)
{
    struct change_call running;
    int64_t unit_id, member, area_id = 0;
    struct str kind = call_text(call, "KIND"), code = call_text(call, "CODE");
    err_t e = change_begin(&running, call);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = read_area(call, &area_id);
    if (e == OK) e = find_member(&running, unit_id, kind, code, &member);
    if (e == OK)
        e = area_member(running.db, unit_id, area_id, kind, member,
                        call_given(call, "end") ? FACT_END : FACT_SET, call_day(call, "from"),
                        call_text(call, "source"), &running.author, call->err);
    if (e == OK) e = commit(&running, unit_id, area_id, code);
    if (e == OK) report(call, area_id);
    return e;
}

static err_t run_lift(struct call *call)
{
    struct change_call running;
    int64_t unit_id, area_id;
    err_t e = change_begin(&running, call);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = read_area(call, &area_id);
    if (e == OK)
        e = area_lift(running.db, unit_id, area_id, call_day(call, "from"),
                      call_text(call, "source"), &running.author, call->err);
    if (e == OK) e = commit(&running, unit_id, area_id, S(""));
    if (e == OK) report(call, area_id);
    return e;
}

/* ---- list -------------------------------------------------------------------------------- */

/* Areas with what they cover on the day; an area without a member then has one row of its own. */
static const char list_sql[] =
    "SELECT r.area_id, r.kind, r.name, r.document, m.member_kind, "
    "COALESCE(l.code, d.code, p.code), m.valid_from FROM restricted_area r "
    "LEFT JOIN restricted_area_asof m ON m.unit_id = r.unit_id AND m.area_id = r.area_id "
    "AND m.valid_from <= $1 AND m.valid_to > $2 AND m.known_from <= $3 AND m.known_to > $4 "
    "AND m.state = 'set' "
    "LEFT JOIN place l ON m.member_kind = 'place' AND l.place_id = m.member_id "
    "LEFT JOIN device d ON (m.member_kind = 'station' OR m.member_kind = 'feeder') "
    "AND d.unit_id = m.unit_id AND d.device_id = m.member_id "
    "LEFT JOIN usage_point p ON m.member_kind = 'point' AND p.unit_id = m.unit_id "
    "AND p.point_id = m.member_id "
    "WHERE r.unit_id = $5 ORDER BY r.area_id, m.member_kind, 6";

static const char *const list_names[] = {"area", "kind", "name", "document", "member_kind",
                                         "member", "from"};

static void list_row_json(struct listing *l, const struct rows *rows)
{
    struct json_writer *writer = &l->w;
    listing_item(l);
    json_i64(writer, str_of(list_names[0]), row_i64(rows, 0));
    for (int i = 1; i < (int)ARRAY_COUNT(list_names); i++) {
        if (row_is_null(rows, i)) json_null(writer, str_of(list_names[i]));
        else json_text(writer, str_of(list_names[i]), row_text(rows, i));
    }
    listing_item_end(l);
}

static err_t list_rows(struct call *call, struct rows *rows)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT}, {"Loại", ALIGN_LEFT}, {"Khu vực", ALIGN_LEFT}, {"Văn bản", ALIGN_LEFT},
        {"Gồm", ALIGN_LEFT}, {"Mã", ALIGN_LEFT}, {"Từ ngày", ALIGN_LEFT}};
    struct listing l;
    bool row = false;
    err_t e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    while ((e = rows_next(rows, &row, call->err)) == OK && row) {
        if (call->json) {
            list_row_json(&l, rows);
            continue;
        }
        table_i64(&l.table, row_i64(rows, 0));
        for (int i = 1; i < (int)ARRAY_COUNT(columns); i++)
            table_text(&l.table, row_text_or_empty(rows, i));
    }
    return listing_end(&l, e);
}

static err_t run_list(struct call *call)
{
    struct db *db;
    int64_t unit_id;
    struct asof asof;
    err_t e = call_asof(call, &asof);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, list_sql,
                 ARGS(asof.on, asof.on, asof.known, asof.known, v_i64(unit_id)), &rows,
                 call->err);
    return e == OK ? list_rows(call, rows) : e;
}

#define UNIT_OPTION {"unit", OPTION_TEXT, true, "CODE", "đơn vị", "the unit"}
#define AREA_OPTION {"AREA", OPTION_OPERAND, true, NULL, "số khu vực", "number of the area"}
#define FROM_OPTION {"from", OPTION_DAY, true, "YYYY-MM-DD", "từ ngày", "from this day"}
#define SOURCE_OPTION \
    {"source", OPTION_TEXT, false, "TEXT", "văn bản hoặc nguồn", "document or source"}

static const struct option_spec declare_options[] = {
    {"NAME", OPTION_OPERAND, true, NULL, "tên khu vực", "name of the area"},
    UNIT_OPTION,
    {"kind", OPTION_TEXT, true, "KIND", "isolation (cách ly) hoặc disaster (thiên tai)",
     "isolation or disaster"},
    {"document", OPTION_TEXT, true, "TEXT", "văn bản công bố", "the paper that declares it"},
};
static const struct option_spec member_options[] = {
    AREA_OPTION,
    {"KIND", OPTION_OPERAND, true, NULL, "place, station, feeder hoặc point",
     "place, station, feeder or point"},
    {"CODE", OPTION_OPERAND, true, NULL, "mã thành viên", "code of the member"},
    UNIT_OPTION,
    FROM_OPTION,
    SOURCE_OPTION,
    {"end", OPTION_FLAG, false, NULL, "đưa ra khỏi khu vực", "takes it out of the area"},
};
static const struct option_spec lift_options[] = {AREA_OPTION, UNIT_OPTION, FROM_OPTION,
                                                  SOURCE_OPTION};

const struct command command_area_declare = {
    .name = "area declare",
    .store = STORE_WRITES,
    .help_vi = "Công bố khu vực hạn chế (cách ly, thiên tai)",
    .help_en = "Declare an area under restriction (isolation, disaster)",
    .options = declare_options,
    .option_count = ARRAY_COUNT(declare_options),
    .run = run_declare,
};
const struct command command_area_member = {
    .name = "area member",
    .store = STORE_WRITES,
    .help_vi = "Thêm hoặc bớt thành viên của khu vực hạn chế",
    .help_en = "Add a member to a restricted area, or take it out",
    .options = member_options,
    .option_count = ARRAY_COUNT(member_options),
    .run = run_member,
};
const struct command command_area_lift = {
    .name = "area lift",
    .store = STORE_WRITES,
    .help_vi = "Dỡ bỏ hạn chế của cả khu vực",
    .help_en = "Lift the restriction of a whole area",
    .options = lift_options,
    .option_count = ARRAY_COUNT(lift_options),
    .run = run_lift,
};

static const struct option_spec list_options[] = {
    UNIT_OPTION,
    ASOF_OPTIONS,
};

const struct command command_area_list = {
    .name = "area list",
    .store = STORE_READS,
    .help_vi = "Các khu vực hạn chế và những gì chúng gồm vào một ngày",
    .help_en = "Restricted areas and what they cover on a day",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
