/* SPDX-License-Identifier: Apache-2.0 */
/* Estimates: proposed by one person with a ground, approved by another, settled by reading. */
#include "app/metering_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "metering/estimate.h"

static err_t read_estimate(struct call *call, struct estimate *out)
{
    struct str kind = call_given(call, "kind") ? call_text(call, "kind") : S("provisional");
    struct str reg = call_given(call, "register") ? call_text(call, "register") : S("KT");
    *out = (struct estimate){.from_day = call_day(call, "from"), .to_day = call_day(call, "to"),
                             .energy_wh = -1, .ground = call_text(call, "ground"),
                             .proof = call_text(call, "proof")};
    if (!estimate_kind_parse(kind, &out->kind) || !register_parse(reg, &out->reg)) {
        err_set(call->err, E_USAGE, "kind", "Loại hoặc bộ chỉ số không hợp lệ",
                "The kind or the register is not valid");
        return err_hint(call->err, "Loại: provisional, stopped_meter, direct; bộ chỉ số: KT, BT, "
                        "CD, TD, VC",
                        "Kinds: provisional, stopped_meter, direct; registers: KT, BT, CD, TD, VC");
    }
    if (!call_given(call, "kwh")) return OK;
    if (decimal_parse(call_text(call, "kwh"), 3, &out->energy_wh) && out->energy_wh >= 0) return OK;
    return err_set(call->err, E_INPUT, "kwh", "Số kWh không hợp lệ", "The kWh are not valid");
}

static void say(struct call *call, const char *vi, int64_t id, int64_t wh)
{
    if (call->json) {
        struct json_writer w;
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        json_i64(&w, S("estimate"), id);
        if (wh >= 0) json_decimal(&w, S("kwh"), wh, 3);
        json_end(&w);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out, "%s: %lld", vi, (long long)id);
    if (wh >= 0) buf_add(call->out, S(", "));
    if (wh >= 0) buf_add_decimal_vi(call->out, wh, 3);
    if (wh >= 0) buf_add(call->out, S(" kWh"));
    buf_add_char(call->out, '\n');
}

static err_t run_propose(struct call *call)
{
    struct metering_call metering;
    struct estimate estimate;
    int64_t id = 0;
    err_t e = read_estimate(call, &estimate);
    if (e == OK) e = metering_call(call, &metering);
    if (e == OK) e = metering_point(call, &metering, &estimate.point_id);
    if (e != OK) return e;
    estimate.unit_id = metering.unit_id;
    if (estimate.energy_wh < 0)
        e = estimate_suggest(metering.db, metering.unit_id, estimate.point_id, estimate.kind,
                             estimate.from_day, estimate.to_day, &estimate.energy_wh, call->err);
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_ESTIMATE_ASK);
    if (e != OK) return e;
    e = estimate_propose(metering.db, &estimate, metering.actor.staff_id, &id, call->err);
    e = metering_end(call, &metering, e);
    if (e == OK) say(call, "Đã đề nghị tạm tính số", id, estimate.energy_wh);
    return e;
}

static const struct option_spec propose_options[] = {
    {"POINT", OPTION_OPERAND, true, NULL, "mã điểm đo", "code of the usage point"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "từ ngày", "from"},
    {"to", OPTION_DAY, true, "YYYY-MM-DD", "đến ngày (ngày ghi của kỳ)",
     "to (the reading day of the period)"},
    {"ground", OPTION_TEXT, true, "TEXT", "căn cứ pháp lý hoặc hợp đồng",
     "ground in law or contract"},
    {"kind", OPTION_TEXT, false, "KIND", "provisional, stopped_meter, direct",
     "provisional, stopped_meter, direct"},
    {"register", OPTION_TEXT, false, "REGISTER", "KT, BT, CD, TD, VC", "KT, BT, CD, TD, VC"},
    {"kwh", OPTION_TEXT, false, "KWH", "sản lượng; bỏ trống: bình quân ba kỳ trước",
     "energy; empty: the average of the three periods before"},
    {"proof", OPTION_TEXT, false, "TEXT", "tài liệu kèm theo", "proof"},
    OPTION_OF_UNIT,
};

const struct command command_estimate_propose = {
    .name = "estimate propose",
    .store = STORE_WRITES,
    .help_vi = "Đề nghị tạm tính sản lượng, có căn cứ",
    .help_en = "Propose an estimate, with its ground",
    .options = propose_options,
    .option_count = ARRAY_COUNT(propose_options),
    .run = run_propose,
};

static err_t run_approve(struct call *call)
{
    struct metering_call metering;
    int64_t id;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK && !str_to_i64(call_text(call, "ESTIMATE"), &id))
        e = err_set(call->err, E_USAGE, "ESTIMATE", "Số đề nghị không hợp lệ",
                    "The number is not valid");
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_ESTIMATE_APPROVE);
    if (e != OK) return e;
    e = estimate_decide(metering.db, metering.unit_id, id, !call_given(call, "refuse"),
                        &metering.actor, call->err);
    e = metering_end(call, &metering, e);
    const char *done = call_given(call, "refuse") ? "Đã từ chối" : "Đã duyệt tạm tính số";
    if (e == OK) say(call, done, id, -1);
    return e;
}

static const struct option_spec approve_options[] = {
    {"ESTIMATE", OPTION_OPERAND, true, NULL, "số đề nghị", "number of the proposal"},
    {"refuse", OPTION_FLAG, false, NULL, "từ chối", "refuse it"},
    OPTION_OF_UNIT,
};

const struct command command_estimate_approve = {
    .name = "estimate approve",
    .store = STORE_WRITES,
    .help_vi = "Người thứ hai duyệt (hoặc từ chối) tạm tính",
    .help_en = "A second person approves (or refuses) an estimate",
    .options = approve_options,
    .option_count = ARRAY_COUNT(approve_options),
    .run = run_approve,
};

static void list_json(struct call *call, const struct estimate *estimates, size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        json_i64(&w, S("estimate"), estimates[i].estimate_id);
        json_i64(&w, S("point_id"), estimates[i].point_id);
        json_text(&w, S("kind"), estimate_kind_text(estimates[i].kind));
        json_text(&w, S("register"), register_text(estimates[i].reg));
        json_day(&w, S("from"), estimates[i].from_day);
        json_day(&w, S("to"), estimates[i].to_day);
        json_decimal(&w, S("kwh"), estimates[i].energy_wh, 3);
        json_text(&w, S("ground"), estimates[i].ground);
        json_text(&w, S("state"), estimates[i].state);
        json_end(&w);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT}, {"Điểm đo", ALIGN_RIGHT}, {"Loại", ALIGN_LEFT}, {"Từ", ALIGN_RIGHT},
        {"Đến", ALIGN_RIGHT}, {"kWh", ALIGN_RIGHT}, {"Căn cứ", ALIGN_LEFT},
        {"Trạng thái", ALIGN_LEFT}};
    struct metering_call metering;
    struct estimate *estimates;
    size_t count;
    int32_t since = call_given(call, "since") ? call_day(call, "since") : 0;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK)
        e = estimate_list(metering.db, call->arena, metering.unit_id, since, &estimates, &count,
                          call->err);
    if (e != OK) return e;
    if (call->json) {
        list_json(call, estimates, count);
        return OK;
    }
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        table_i64(&table, estimates[i].estimate_id);
        table_i64(&table, estimates[i].point_id);
        table_text(&table, estimate_kind_text(estimates[i].kind));
        table_day(&table, estimates[i].from_day);
        table_day(&table, estimates[i].to_day);
        table_decimal(&table, estimates[i].energy_wh, 3);
        table_text(&table, estimates[i].ground);
        table_text(&table, estimates[i].state);
    }
    return table_print(&table, call->out, call->err);
}

static const struct option_spec list_options[] = {
    {"since", OPTION_DAY, false, "YYYY-MM-DD", "kết thúc từ ngày này",
     "that end on or after a day"},
    OPTION_OF_UNIT,
};

const struct command command_estimate_list = {
    .name = "estimate list",
    .store = STORE_READS,
    .help_vi = "Liệt kê tạm tính",
    .help_en = "List estimates",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
