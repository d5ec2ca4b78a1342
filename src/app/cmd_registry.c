/* SPDX-License-Identifier: Apache-2.0 */
/* registry expiring: facts whose proof runs out, so that somebody asks for a new one in time. */
#include "app/table.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json_write.h"
#include "registry/expiry.h"

enum { DAYS_AHEAD = 30 };

static const char *const subject_names[] = {
    [SUBJECT_POINT] = "point", [SUBJECT_AGREEMENT] = "agreement", [SUBJECT_ACCOUNT] = "account"};
static const char *const subject_words[] = {
    [SUBJECT_POINT] = "điểm đo", [SUBJECT_AGREEMENT] = "hợp đồng",
    [SUBJECT_ACCOUNT] = "tài khoản"};

static void print_json(struct call *call, const struct expiring_fact *facts, size_t count,
                       int32_t today_day)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        const struct expiring_fact *fact = &facts[i];
        json_object(&w, JSON_ITEM);
        json_text(&w, S("subject"), str_of(subject_names[fact->subject]));
        json_text(&w, S("code"), fact->code);
        json_text(&w, S("kind"), str_of(fact->kind->name));
        json_text(&w, S("value"), fact->value);
        json_day(&w, S("from"), fact->from_day);
        json_day(&w, S("expires_on"), fact->expires_day);
        json_bool(&w, S("expired"), fact->expires_day < today_day);
        json_text(&w, S("proof"), fact->proof);
        json_text(&w, S("source"), fact->source);
        json_end(&w);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t print_table(struct call *call, const struct expiring_fact *facts, size_t count,
                         int32_t today_day)
{
    static const struct table_column columns[] = {
        {"Hết hạn", ALIGN_RIGHT}, {"Đối tượng", ALIGN_LEFT}, {"Mã", ALIGN_LEFT},
        {"Dữ kiện", ALIGN_LEFT},  {"Giá trị", ALIGN_LEFT},   {"Từ ngày", ALIGN_RIGHT},
        {"Căn cứ", ALIGN_LEFT},   {"Tình trạng", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        const struct expiring_fact *fact = &facts[i];
        table_day(&table, fact->expires_day);
        table_text(&table, str_of(subject_words[fact->subject]));
        table_text(&table, fact->code);
        table_text(&table, str_of(fact->kind->vi));
        table_text(&table, fact->value);
        table_day(&table, fact->from_day);
        table_text(&table, fact->proof);
        table_text(&table, fact->expires_day < today_day ? S("đã hết hạn") : S("sắp hết hạn"));
    }
    return table_print(&table, call->out, call->err);
}

static err_t run_expiring(struct call *call)
{
    struct db *db;
    int64_t unit_id;
    const struct expiring_fact *facts;
    size_t count;
    int32_t today_day = vietnam_day(clock_now_ms());
    int32_t before = call_given(call, "before") ? call_day(call, "before")
                                                : today_day + DAYS_AHEAD;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK)
        e = facts_expiring(db, call->arena, unit_id, before, &facts, &count, call->err);
    if (e != OK) return e;
    if (!call->json) return print_table(call, facts, count, today_day);
    print_json(call, facts, count, today_day);
    return OK;
}

static const struct option_spec expiring_options[] = {
    {"unit", OPTION_TEXT, true, "CODE", "mã đơn vị", "code of the unit"},
    {"before", OPTION_DAY, false, "YYYY-MM-DD", "hết hạn trước ngày (mặc định 30 ngày tới)",
     "that run out before the day (default 30 days ahead)"},
};

const struct command command_registry_expiring = {
    .name = "registry expiring",
    .store = STORE_READS,
    .help_vi = "Dữ kiện có giấy tờ sắp hoặc đã hết hạn: số hộ, định mức, lưu trú",
    .help_en = "Facts whose proof runs out or ran out: households, lodgers, lodging",
    .options = expiring_options,
    .option_count = ARRAY_COUNT(expiring_options),
    .run = run_expiring,
};
