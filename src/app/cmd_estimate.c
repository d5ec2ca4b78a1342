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
    err_set(call->err, E_INPUT, "kwh", "Số kWh không hợp lệ", "The kWh are not valid");
    return err_hint(call->err, "Ghi số không âm có dấu chấm thập phân, ví dụ 120.5",
                    "Write a number, not negative, with a decimal point, for example 120.5");
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
    if (e == OK && !str_to_i64(call_text(call, "ESTIMATE"), &id)) {
        err_set(call->err, E_USAGE, "ESTIMATE", "Số đề nghị không hợp lệ",
                "The number is not valid");
        e = err_hint(call->err, "Xem danh sách: sangden estimate list",
                     "See the list: sangden estimate list");
    }
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
