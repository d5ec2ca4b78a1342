/* SPDX-License-Identifier: Apache-2.0 */
/* Holds: placed, released, listed with those whose escalation is due. */
#include "app/change_call.h"
#include "app/table.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "registry/hold.h"
#include "registry/registry_view.h"

static err_t commit(struct change_call *running, int64_t unit_id, enum permission permission,
                    int64_t hold_id)
{
    char memory[32];
    struct buf subject;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_printf(&subject, "hold %lld", (long long)hold_id);
    struct call *call = running->call;
    err_t e = change_commit(running, unit_id, permission, buf_str(&subject),
                            call_text(call, "reason"));
    if (e != OK) return e;
    if (call->json) {
        struct json_writer writer;
        json_writer_init(&writer, call->out);
        json_object(&writer, JSON_ITEM);
        json_i64(&writer, S("hold"), hold_id);
        json_end(&writer);
        buf_add_char(call->out, '\n');
    } else {
        buf_printf(call->out, "Lần giữ số %lld\n", (long long)hold_id);
    }
    return OK;
}

static err_t find_subject(struct change_call *running, struct hold *hold, int64_t *out_unit_id)
{
    struct call *call = running->call;
    struct str code = call_text(call, "CODE");
    if (!call_given(call, "account")) {
        hold->subject = HOLD_POINT;
        return point_by_code(running->db, code, out_unit_id, &hold->subject_id, call->err);
    }
    hold->subject = HOLD_ACCOUNT;
    err_t e = call_unit(call, call_text(call, "unit"), out_unit_id);
    if (e != OK) return e;
    e = db_get_i64(running->db, "SELECT account_id FROM account WHERE unit_id = $1 AND code = $2",
                   ARGS(v_i64(*out_unit_id), v_text(code)), &hold->subject_id, call->err);
    if (e != E_NOT_FOUND) return e;
    err_set(call->err, e, "CODE", "Không có tài khoản “%.*s” ở đơn vị này",
            "There is no account \"%.*s\" in this unit", STR_ARG(code));
    return err_hint(call->err, "Kiểm tra mã và đơn vị",
                    "Check the code and the unit");
}

static err_t run_place(struct call *call)
{
    struct change_call running;
    int64_t unit_id, hold_id;
    struct hold hold = {.matter = call_text(call, "matter"),
                        .reason = call_text(call, "reason"),
                        .last_day = call_day(call, "last"),
                        .escalate_day = call_given(call, "escalate") ? call_day(call, "escalate")
                                                                     : call_day(call, "last")};
    if (!hold_stops_parse(call_text(call, "stops"), &hold.stops)) {
        err_set(call->err, E_USAGE, "stops", "Không giữ được “%.*s”", "\"%.*s\" cannot be held",
                STR_ARG(call_text(call, "stops")));
        return err_hint(call->err, "Chọn draft (hóa đơn), collection (thu) hoặc cut (cắt điện)",
                        "Choose draft, collection or cut");
    }
    err_t e = change_begin(&running, call);
    hold.owner_id = running.actor.staff_id;
    if (e == OK) e = find_subject(&running, &hold, &unit_id);
    if (e == OK)
        e = hold_place(running.db, unit_id, &hold, clock_now_ms(), &hold_id, call->err);
    return e == OK ? commit(&running, unit_id, PERMISSION_HOLD_PLACE, hold_id) : e;
}

static err_t run_release(struct call *call)
{
    struct change_call running;
    int64_t unit_id, hold_id;
    err_t e = change_begin(&running, call);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK && !str_to_i64(call_text(call, "HOLD"), &hold_id)) {
        err_set(call->err, E_USAGE, "HOLD", "Số lần giữ không đúng", "The hold is no number");
        e = err_hint(call->err, "Xem danh sách: sangden hold list",
                     "See the list: sangden hold list");
    }
    if (e == OK)
        e = hold_release(running.db, unit_id, hold_id, running.actor.staff_id,
                         call_text(call, "reason"), clock_now_ms(), call->err);
    return e == OK ? commit(&running, unit_id, PERMISSION_HOLD_LIFT, hold_id) : e;
}

static void list_json(struct call *call, const struct hold *holds, size_t count)
{
    struct json_writer writer;
    json_writer_init(&writer, call->out);
    json_array(&writer, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        json_object(&writer, JSON_ITEM);
        json_i64(&writer, S("hold"), holds[i].hold_id);
        json_text(&writer, S("subject"), hold_subject_text(holds[i].subject));
        json_i64(&writer, S("subject_id"), holds[i].subject_id);
        json_text(&writer, S("stops"), hold_stops_text(holds[i].stops));
        json_text(&writer, S("matter"), holds[i].matter);
        json_text(&writer, S("reason"), holds[i].reason);
        json_day(&writer, S("escalate_on"), holds[i].escalate_day);
        json_day(&writer, S("last_on"), holds[i].last_day);
        json_end(&writer);
    }
    json_end(&writer);
    buf_add_char(call->out, '\n');
}

static err_t list_table(struct call *call, const struct hold *holds, size_t count)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT},      {"Giữ", ALIGN_LEFT},        {"Việc", ALIGN_LEFT},
        {"Lý do", ALIGN_LEFT},    {"Báo cấp trên", ALIGN_LEFT}, {"Ngày cuối", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        table_i64(&table, holds[i].hold_id);
        table_text(&table, hold_stops_text(holds[i].stops));
        table_text(&table, holds[i].matter);
        table_text(&table, holds[i].reason);
        table_day(&table, holds[i].escalate_day);
        table_day(&table, holds[i].last_day);
    }
    return table_print(&table, call->out, call->err);
}

static err_t run_list(struct call *call)
{
    struct db *db;
    int64_t unit_id;
    const struct hold *holds;
    size_t count;
    int32_t by = call_given(call, "escalated-by") ? call_day(call, "escalated-by") : INT32_MAX;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = hold_list(db, call->arena, unit_id, by, &holds, &count, call->err);
    if (e != OK) return e;
    if (!call->json) return list_table(call, holds, count);
    list_json(call, holds, count);
    return OK;
}

static const struct option_spec place_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã điểm đo, hoặc mã tài khoản cùng --account",
     "a usage point, or an account with --account"},
    {"account", OPTION_FLAG, false, NULL, "mã là tài khoản (cần --unit)",
     "the code is an account (with --unit)"},
    {"unit", OPTION_TEXT, false, "CODE", "đơn vị của tài khoản", "unit of the account"},
    {"stops", OPTION_TEXT, true, "WHAT", "draft, collection hoặc cut", "draft, collection or cut"},
    {"matter", OPTION_TEXT, true, "TEXT", "việc gây ra, ví dụ request:123",
     "the matter, for example request:123"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do", "the reason"},
    {"last", OPTION_DAY, true, "YYYY-MM-DD", "ngày cuối cùng", "the last day"},
    {"escalate", OPTION_DAY, false, "YYYY-MM-DD", "báo cấp trên từ ngày (mặc định ngày cuối)",
     "escalated from this day (default the last day)"},
};
static const struct option_spec release_options[] = {
    {"HOLD", OPTION_OPERAND, true, NULL, "số lần giữ", "number of the hold"},
    {"unit", OPTION_TEXT, true, "CODE", "đơn vị", "the unit"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do", "the reason"},
};
static const struct option_spec list_options[] = {
    {"unit", OPTION_TEXT, true, "CODE", "đơn vị", "the unit"},
    {"escalated-by", OPTION_DAY, false, "YYYY-MM-DD", "chỉ những lần đã đến ngày báo cấp trên",
     "only those whose escalation is due by this day"},
};

const struct command command_hold_place = {
    .name = "hold place",
    .store = STORE_WRITES,
    .help_vi = "Giữ một hóa đơn nháp, việc thu tiền hoặc việc cắt điện",
    .help_en = "Hold a draft, collection or a cut",
    .options = place_options,
    .option_count = ARRAY_COUNT(place_options),
    .run = run_place,
};
const struct command command_hold_release = {
    .name = "hold release",
    .store = STORE_WRITES,
    .help_vi = "Bỏ một lần giữ",
    .help_en = "Release a hold",
    .options = release_options,
    .option_count = ARRAY_COUNT(release_options),
    .run = run_release,
};
const struct command command_hold_list = {
    .name = "hold list",
    .store = STORE_READS,
    .help_vi = "Các lần giữ đang mở, và lần nào đến hạn báo cấp trên",
    .help_en = "Open holds, and which are due for escalation",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
