/* SPDX-License-Identifier: Apache-2.0 */
/* Changes that touch the network: load transfers, transformers, meters, relations of points. */
#include "app/change_call.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/date.h"
#include "network/circle.h"
#include "network/network.h"
#include "registry/registry.h"
#include "registry/relation.h"

enum { CONTENT_MAX_BYTES = 512 };

static struct str content_of(struct call *call, const char *what, struct str value, int64_t count)
{
    char memory[CONTENT_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "%s=%.*s count=%lld from=%d", what, STR_ARG(value), (long long)count,
               (int)call_day(call, "from"));
    return arena_str(call->arena, buf_str(&content));
}

static err_t find_station(struct call *call, struct db *db, int64_t unit_id, struct str code,
                          int64_t *out)
{
    err_t e = device_find(db, unit_id, S("station"), code, out, call->err);
    if (e != OK || *out != 0) return e;
    err_set(call->err, E_NOT_FOUND, "station", "Không có trạm biến áp “%.*s” ở đơn vị này",
            "There is no transformer station \"%.*s\" in this unit", STR_ARG(code));
    return err_hint(call->err, "Nhập trạm bằng: sangden import network TỆP",
                    "Import it with: sangden import network FILE");
}

/* ---- load transfer ----------------------------------------------------------------------- */

struct transfer {
    struct change_call running;
    int64_t unit_id;
    int64_t count;
};

static err_t transfer_point(struct transfer *t, int64_t point_id)
{
    struct call *call = t->running.call;
    struct registry_change change = {.subject = SUBJECT_POINT,
                                     .unit_id = t->unit_id,
                                     .subject_id = point_id,
                                     .kind = S("station"),
                                     .state = FACT_SET,
                                     .from_day = call_day(call, "from"),
                                     .value = call_text(call, "to"),
                                     .source = call_text(call, "source")};
    bool changed = false;
    err_t e = registry_change(t->running.db, call->arena, &change, &t->running.author, &changed,
                              call->err);
    if (e != OK) return e;
    t->count += changed;
    if (!call_given(call, "phase")) return OK;
    change.kind = S("phase");
    change.value = call_text(call, "phase");
    return registry_change(t->running.db, call->arena, &change, &t->running.author, NULL,
                           call->err);
}

/* Every point that hangs on a station on the day before. */
static err_t transfer_all(struct transfer *t)
{
    struct call *call = t->running.call;
    char day[DATE_TEXT_BYTES];
    int64_t station = 0;
    err_t e = find_station(call, t->running.db, t->unit_id, call_text(call, "all-of"), &station);
    if (e != OK) return e;
    struct value before = v_text(day_text(call_day(call, "from") - 1, day));
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(t->running.db,
                 "SELECT point_id FROM point_asof WHERE unit_id = $1 AND "
                 "kind IN ('book', 'station', 'agreement') AND kind = 'station' "
                 "AND value_i64 = $2 AND state = 'set' AND valid_from <= $3 AND valid_to > $4 "
                 "AND known_to = 9223372036854775807 ORDER BY point_id",
                 ARGS(v_i64(t->unit_id), v_i64(station), before, before), &rows, call->err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, call->err)) == OK && row)
        e = transfer_point(t, row_i64(rows, 0));
    return e;
}

static err_t transfer_named(struct transfer *t)
{
    struct call *call = t->running.call;
    struct str code;
    err_t e = OK;
    for (size_t i = 0; e == OK && call_operand(call, i, &code); i++) {
        int64_t unit_id, point_id;
        e = point_by_code(t->running.db, code, &unit_id, &point_id, call->err);
        if (e == OK && unit_id != t->unit_id) {
            err_set(call->err, E_INPUT, "POINT", "Điểm đo %.*s thuộc đơn vị khác",
                    "Usage point %.*s belongs to another unit", STR_ARG(code));
            return err_hint(call->err, "Kiểm tra mã và --unit",
                            "Check the code and --unit");
        }
        if (e == OK) e = transfer_point(t, point_id);
    }
    return e;
}

static err_t run_transfer(struct call *call)
{
    struct transfer t = {.count = 0};
    struct str code;
    bool named = call_operand(call, 0, &code);
    if (named == call_given(call, "all-of")) {
        err_set(call->err, E_USAGE, "POINT", "Cần các mã điểm đo, hoặc --all-of TRẠM",
                "Name points, or --all-of STATION");
        return err_hint(call->err, "Ghi một trong hai", "Give one of the two");
    }
    err_t e = change_begin(&t.running, call);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &t.unit_id);
    t.running.author.correct = call_given(call, "correct");
    if (e == OK) e = named ? transfer_named(&t) : transfer_all(&t);
    struct str to = call_text(call, "to");
    if (e == OK)
        e = change_commit(&t.running, t.unit_id, PERMISSION_REGISTRY_CHANGE, to,
                          content_of(call, "load_transfer", to, t.count));
    if (e == OK) change_report(&t.running, to, t.count > 0);
    return e;
}

static const struct option_spec transfer_options[] = {
    {"unit", OPTION_TEXT, true, "CODE", "đơn vị", "the unit"},
    {"to", OPTION_TEXT, true, "STATION", "trạm biến áp mới", "the new station"},
    {"phase", OPTION_TEXT, false, "PHASE", "pha mới", "the new phase"},
    {"all-of", OPTION_TEXT, false, "STATION", "mọi điểm đo của trạm này", "every point of it"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"source", OPTION_TEXT, false, "TEXT", "nguồn thông tin", "who said so"},
    {"correct", OPTION_FLAG, false, NULL, "sửa sai giá trị của cùng ngày",
     "corrects the value of the same day"},
    {"POINT...", OPTION_OPERAND, false, NULL, "mã điểm đo", "codes of points"},
};

const struct command command_change_load_transfer = {
    .name = "change load-transfer",
    .store = STORE_WRITES,
    .help_vi = "Chuyển tải: điểm đo sang trạm biến áp hoặc pha khác",
    .help_en = "Load transfer: points to another station or phase",
    .options = transfer_options,
    .option_count = ARRAY_COUNT(transfer_options),
    .run = run_transfer,
};

/* ---- transformer ------------------------------------------------------------------------- */

static err_t change_device(struct change_call *running, int64_t unit_id, int64_t device_id,
                           enum device_fact kind, struct fact_value value, bool *changed)
{
    struct call *call = running->call;
    struct fact_entry entry = {.unit_id = unit_id,
                               .subject_id = device_id,
                               .kind = &device_fact_kinds[kind],
                               .state = FACT_SET,
                               .valid_from_day = call_day(call, "from"),
                               .value = value,
                               .source = call_text(call, "source")};
    bool wrote = false;
    err_t e = fact_append(running->db, &device_fact_sql, &entry, &running->author, &wrote,
                          call->err);
    *changed |= wrote;
    return e;
}

static err_t change_feeder(struct change_call *running, int64_t unit_id, int64_t station,
                           bool *changed)
{
    struct call *call = running->call;
    int64_t feeder = 0;
    bool closes = false;
    struct str code = call_text(call, "feeder");
    if (!call_given(call, "feeder")) return OK;
    err_t e = device_find(running->db, unit_id, S("feeder"), code, &feeder, call->err);
    if (e == OK && feeder == 0) {
        err_set(call->err, E_NOT_FOUND, "feeder", "Không có lộ “%.*s” ở đơn vị này",
                "There is no feeder \"%.*s\" in this unit", STR_ARG(code));
        return err_hint(call->err, "Nhập lộ bằng: sangden import network TỆP",
                        "Import it with: sangden import network FILE");
    }
    if (e == OK)
        e = circle_closes(running->db, &device_links, unit_id, station, feeder,
                          call_day(call, "from"), &closes, call->err);
    if (e == OK && closes) {
        err_set(call->err, E_INPUT, "feeder", "Lộ “%.*s” nhận điện qua chính trạm này",
                "Feeder \"%.*s\" is supplied through this very station", STR_ARG(code));
        return err_hint(call->err, "Kiểm tra mã lộ và sơ đồ lưới",
                        "Check the code of the feeder and the network");
    }
    if (e != OK) return e;
    return change_device(running, unit_id, station, DEVICE_parent,
                         (struct fact_value){.i64 = feeder}, changed);
}

static err_t run_transformer(struct call *call)
{
    struct change_call running;
    int64_t unit_id, station = 0;
    bool changed = false;
    struct fact_value kva = {.i64 = 0};
    struct str code = call_text(call, "STATION");
    if (!call_given(call, "kva") && !call_given(call, "feeder")) {
        err_set(call->err, E_USAGE, "kva", "Cần --kva hoặc --feeder", "Give --kva or --feeder");
        return err_hint(call->err, "Ghi công suất mới, lộ mới, hoặc cả hai",
                        "Give the new rated power, the new feeder, or both");
    }
    err_t e = change_begin(&running, call);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = find_station(call, running.db, unit_id, code, &station);
    if (e == OK && call_given(call, "kva"))
        e = fact_value_read(&device_fact_kinds[DEVICE_rated_kva], call_text(call, "kva"), &kva,
                            call->err);
    if (e != OK) return e;
    running.author.correct = call_given(call, "correct");
    if (call_given(call, "kva"))
        e = change_device(&running, unit_id, station, DEVICE_rated_kva, kva, &changed);
    if (e == OK) e = change_feeder(&running, unit_id, station, &changed);
    if (e == OK)
        e = change_commit(&running, unit_id, PERMISSION_NETWORK_CHANGE, code,
                          content_of(call, "transformer_kva", call_text(call, "kva"), 1));
    if (e == OK) change_report(&running, code, changed);
    return e;
}

static const struct option_spec transformer_options[] = {
    {"STATION", OPTION_OPERAND, true, NULL, "mã trạm biến áp", "code of the station"},
    {"unit", OPTION_TEXT, true, "CODE", "đơn vị", "the unit"},
    {"kva", OPTION_TEXT, false, "KVA", "công suất máy biến áp mới", "rated power of the new one"},
    {"feeder", OPTION_TEXT, false, "CODE", "lộ cấp điện mới", "the feeder it now hangs on"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"source", OPTION_TEXT, false, "TEXT", "nguồn thông tin", "who said so"},
    {"correct", OPTION_FLAG, false, NULL, "sửa sai giá trị của cùng ngày",
     "corrects the value of the same day"},
};

const struct command command_change_transformer = {
    .name = "change transformer",
    .store = STORE_WRITES,
    .help_vi = "Thay máy biến áp hoặc lộ cấp điện của trạm",
    .help_en = "A new transformer or another feeder for a station",
    .options = transformer_options,
    .option_count = ARRAY_COUNT(transformer_options),
    .run = run_transformer,
};

/* ---- meter ------------------------------------------------------------------------------- */

static err_t read_exchange(struct change_call *running, struct meter_exchange *out)
{
    struct call *call = running->call;
    int64_t meter_unit = 0;
    struct str role = call_text(call, "role");
    err_t e = point_by_code(running->db, call_text(call, "POINT"), &out->unit_id, &out->point_id,
                            call->err);
    if (e == OK && call_given(call, "SERIAL"))
        e = meter_by_serial(running->db, call_text(call, "SERIAL"), call_text(call, "maker"),
                            &meter_unit, &out->new_meter_id, call->err);
    if (e != OK) return e;
    if (meter_unit != 0 && meter_unit != out->unit_id) {
        err_set(call->err, E_INPUT, "SERIAL", "Công tơ thuộc đơn vị khác",
                "The meter belongs to another unit");
        return err_hint(call->err, "Chọn công tơ của đơn vị điểm đo",
                        "Choose a meter of the unit of the point");
    }
    if (role.n > 0 && !meter_role_parse(role, &out->role)) {
        err_set(call->err, E_USAGE, "role", "Không có bộ chỉ số “%.*s”",
                "There is no role \"%.*s\"", STR_ARG(role));
        return err_hint(call->err, "Chọn active, reactive hoặc export",
                        "Choose active, reactive or export");
    }
    if (!instant_parse(call_text(call, "at"), &out->at_ms)) {
        err_set(call->err, E_USAGE, "at", "Thời điểm không đọc được", "The time cannot be read");
        return err_hint(call->err, "Ghi theo dạng 2026-07-31T09:30:00+07:00",
                        "Write it as 2026-07-31T09:30:00+07:00");
    }
    if (out->at_ms > clock_now_ms()) {
        err_set(call->err, E_INPUT, "at", "Thời điểm này chưa tới", "This time has not come yet");
        return err_hint(call->err, "Ghi thời điểm đã treo hoặc đã tháo; kiểm tra năm",
                        "Give the time at which it was hung or removed; check the year");
    }
    out->multiplier = call_i64(call, "multiplier", 1);
    if (out->multiplier >= 1 && out->multiplier <= 10000000) return OK;
    err_set(call->err, E_RANGE, "multiplier", "Hệ số nhân từ 1 đến 10000000",
            "The multiplier is from 1 to 10000000");
    return err_hint(call->err, "Ghi tỷ số biến, ví dụ 40",
                    "Give the ratio, for example 40");
}

static err_t run_meter(struct call *call)
{
    struct change_call running;
    struct meter_exchange exchange = {.role = ROLE_ACTIVE};
    err_t e = change_begin(&running, call);
    if (e == OK) e = read_exchange(&running, &exchange);
    if (e == OK) e = meter_exchange(running.db, &exchange, &running.author, call->err);
    struct str point = call_text(call, "POINT");
    char memory[CONTENT_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "meter=%.*s at=%.*s multiplier=%lld", STR_ARG(call_text(call, "SERIAL")),
               STR_ARG(call_text(call, "at")), (long long)exchange.multiplier);
    if (e == OK)
        e = change_commit(&running, exchange.unit_id, PERMISSION_REGISTRY_CHANGE, point,
                          buf_str(&content));
    if (e == OK) change_report(&running, point, true);
    return e;
}

static const struct option_spec meter_options[] = {
    {"POINT", OPTION_OPERAND, true, NULL, "mã điểm đo", "code of the point"},
    {"SERIAL", OPTION_OPERAND, false, NULL, "số công tơ mới; bỏ trống: chỉ tháo",
     "serial of the new meter; empty: only removed"},
    {"maker", OPTION_TEXT, false, "MAKER", "hãng của công tơ mới", "maker of the new meter"},
    {"at", OPTION_TEXT, true, "TIME", "thời điểm, 2026-07-31T09:30:00+07:00",
     "the time, 2026-07-31T09:30:00+07:00"},
    {"role", OPTION_TEXT, false, "ROLE", "active (mặc định), reactive hoặc export",
     "active (default), reactive or export"},
    {"multiplier", OPTION_I64, false, "N", "hệ số nhân (mặc định 1)", "multiplier (default 1)"},
};

const struct command command_change_meter = {
    .name = "change meter",
    .store = STORE_WRITES,
    .help_vi = "Thay, treo hoặc tháo công tơ, đổi hệ số nhân",
    .help_en = "Exchange, hang or remove a meter, change its multiplier",
    .options = meter_options,
    .option_count = ARRAY_COUNT(meter_options),
    .run = run_meter,
};

/* ---- relation ---------------------------------------------------------------------------- */

static err_t run_relation(struct call *call)
{
    struct change_call running;
    struct point_relation relation = {.point_id = 0};
    int64_t unit_id = 0, other_unit = 0;
    bool changed = false;
    struct str kind = call_text(call, "KIND"), code = call_text(call, "MAIN");
    if (!relation_parse(kind, &relation.kind)) {
        err_set(call->err, E_USAGE, "KIND", "Không có quan hệ “%.*s”",
                "There is no relation \"%.*s\"", STR_ARG(kind));
        return err_hint(call->err, "Chọn sub (trừ), sum (cộng) hoặc export (chiều ngược)",
                        "Choose sub (minus), sum (plus) or export (the other direction)");
    }
    err_t e = change_begin(&running, call);
    if (e == OK) e = point_by_code(running.db, code, &unit_id, &relation.point_id, call->err);
    if (e == OK)
        e = point_by_code(running.db, call_text(call, "OTHER"), &other_unit,
                          &relation.other_point_id, call->err);
    if (e == OK && unit_id != other_unit) {
        err_set(call->err, E_INPUT, "OTHER", "Hai điểm đo thuộc hai đơn vị",
                "The points belong to two units");
        e = err_hint(call->err, "Chuyển khách hàng về cùng đơn vị trước: sangden customer move",
                     "Move the customer into the same unit first: sangden customer move");
    }
    if (e == OK)
        e = relation_write(running.db, unit_id, &relation,
                           call_given(call, "end") ? FACT_END : FACT_SET, call_day(call, "from"),
                           call_text(call, "source"), &running.author, &changed, call->err);
    if (e == OK)
        e = change_commit(&running, unit_id, PERMISSION_REGISTRY_CHANGE, code,
                          content_of(call, "relation", call_text(call, "OTHER"), 1));
    if (e == OK) change_report(&running, code, changed);
    return e;
}

static const struct option_spec relation_options[] = {
    {"MAIN", OPTION_OPERAND, true, NULL, "điểm đo được điều chỉnh", "the point that is corrected"},
    {"KIND", OPTION_OPERAND, true, NULL, "sub, sum hoặc export", "sub, sum or export"},
    {"OTHER", OPTION_OPERAND, true, NULL, "điểm đo trừ ra hoặc cộng vào",
     "the point that is taken off or added"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"source", OPTION_TEXT, false, "TEXT", "nguồn thông tin", "who said so"},
    {"end", OPTION_FLAG, false, NULL, "kết thúc quan hệ", "ends the relation"},
};

const struct command command_change_relation = {
    .name = "change relation",
    .store = STORE_WRITES,
    .help_vi = "Quan hệ điểm đo: chính trừ phụ, cộng, hai chiều",
    .help_en = "Relation of points: main minus sub, sum, two directions",
    .options = relation_options,
    .option_count = ARRAY_COUNT(relation_options),
    .run = run_relation,
};
