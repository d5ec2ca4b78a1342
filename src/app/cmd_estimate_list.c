/* SPDX-License-Identifier: Apache-2.0 */
/* estimate list: who asked, who approved, which use it went into, how it was settled. */
#include "app/metering_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/json_write.h"
#include "metering/estimate.h"

enum { KWH_PLACES = 3 };

static const char *const stages_vi[ESTIMATE_STAGE_COUNT] = {
    "chờ duyệt", "từ chối", "đã duyệt, chưa chốt", "không dùng (đã ghi được)",
    "đã lên sản lượng, chưa quyết toán", "đã quyết toán"};

static const char *stage_vi(const struct estimate *estimate)
{
    bool final = estimate->stage == ESTIMATE_BILLED && !estimate_is_open(estimate);
    return final ? "đã lên sản lượng" : stages_vi[estimate->stage];
}

static void settlement_json(struct json_writer *w, const struct estimate *estimate)
{
    const struct estimate_settlement *settlement = &estimate->settlement;
    if (estimate->stage != ESTIMATE_SETTLED) return;
    json_object(w, S("settlement"));
    json_text(w, S("manner"), settlement->manner);
    json_day(w, S("from"), settlement->from_day);
    json_day(w, S("to"), settlement->to_day);
    json_decimal(w, S("read_kwh"), settlement->read_wh, KWH_PLACES);
    json_decimal(w, S("estimated_kwh"), settlement->owed_wh, KWH_PLACES);
    json_decimal(w, S("difference_kwh"), settlement->read_wh - settlement->owed_wh, KWH_PLACES);
    json_text(w, S("ground"), settlement->ground);
    json_text(w, S("proof"), settlement->proof);
    json_text(w, S("by"), settlement->actor);
    json_day(w, S("on"), vietnam_day(settlement->settled_at));
    json_end(w);
}

static void estimate_json(struct json_writer *w, const struct estimate *estimate)
{
    json_object(w, JSON_ITEM);
    json_i64(w, S("estimate"), estimate->estimate_id);
    json_i64(w, S("point_id"), estimate->point_id);
    json_text(w, S("kind"), estimate_kind_text(estimate->kind));
    json_text(w, S("register"), register_text(estimate->reg));
    json_day(w, S("from"), estimate->from_day);
    json_day(w, S("to"), estimate->to_day);
    json_decimal(w, S("kwh"), estimate->energy_wh, KWH_PLACES);
    json_text(w, S("ground"), estimate->ground);
    json_text(w, S("state"), estimate->state);
    json_text(w, S("stage"), estimate_stage_text(estimate->stage));
    json_bool(w, S("open"), estimate_is_open(estimate));
    json_text(w, S("asked_by"), estimate->proposed_by);
    if (estimate->decided_by.n > 0) json_text(w, S("decided_by"), estimate->decided_by);
    if (estimate->use.month != 0) json_i64(w, S("used_in"), estimate->use.month);
    settlement_json(w, estimate);
    json_end(w);
}

static err_t print_table(struct call *call, const struct estimate *estimates, size_t count,
                         bool open)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT}, {"Điểm đo", ALIGN_RIGHT}, {"Loại", ALIGN_LEFT}, {"Từ", ALIGN_RIGHT},
        {"Đến", ALIGN_RIGHT}, {"kWh", ALIGN_RIGHT}, {"Căn cứ", ALIGN_LEFT},
        {"Đề nghị", ALIGN_LEFT}, {"Duyệt", ALIGN_LEFT}, {"Tình trạng", ALIGN_LEFT},
        {"Thực tế − tạm tính", ALIGN_RIGHT}, {"Quyết toán", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        const struct estimate *estimate = &estimates[i];
        const struct estimate_settlement *settlement = &estimate->settlement;
        bool settled = estimate->stage == ESTIMATE_SETTLED;
        if (open && !estimate_is_open(estimate)) continue;
        table_i64(&table, estimate->estimate_id);
        table_i64(&table, estimate->point_id);
        table_text(&table, estimate_kind_text(estimate->kind));
        table_day(&table, estimate->from_day);
        table_day(&table, estimate->to_day);
        table_decimal(&table, estimate->energy_wh, KWH_PLACES);
        table_text(&table, estimate->ground);
        table_text(&table, estimate->proposed_by);
        table_text(&table, estimate->decided_by);
        table_text(&table, str_of(stage_vi(estimate)));
        if (settled)
            table_decimal(&table, settlement->read_wh - settlement->owed_wh, KWH_PLACES);
        else table_text(&table, S(""));
        table_text(&table, settled ? settlement->actor : S(""));
    }
    return table_print(&table, call->out, call->err);
}

static err_t run_list(struct call *call)
{
    struct metering_call metering;
    struct estimate *estimates;
    size_t count;
    bool open = call_given(call, "open");
    int32_t since = call_given(call, "since") ? call_day(call, "since") : 0;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK)
        e = estimate_list(metering.db, call->arena, metering.unit_id, since, &estimates, &count,
                          call->err);
    if (e != OK) return e;
    if (!call->json) return print_table(call, estimates, count, open);
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++)
        if (!open || estimate_is_open(&estimates[i])) estimate_json(&w, &estimates[i]);
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec list_options[] = {
    {"since", OPTION_DAY, false, "YYYY-MM-DD", "kết thúc từ ngày này",
     "that end on or after a day"},
    {"open", OPTION_FLAG, false, NULL, "chỉ những tạm tính còn việc phải làm",
     "only those on which somebody still has to act"},
    OPTION_OF_UNIT,
};

const struct command command_estimate_list = {
    .name = "estimate list",
    .store = STORE_READS,
    .help_vi = "Liệt kê tạm tính: ai đề nghị, ai duyệt, đã quyết toán hay chưa",
    .help_en = "List estimates: who asked, who approved, settled or not",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
