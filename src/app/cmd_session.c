/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of the staff: who is signed in where, and ending it from outside. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "identity/session.h"
#include "identity/staff.h"
#include "identity/throttle.h"

enum { KEEP_DAYS = 90 };

static err_t find_staff(struct call *call, struct db **out_db, struct actor *out_actor,
                        int64_t *out_staff_id)
{
    err_t e = call_db(call, out_db);
    if (e == OK) e = call_actor(call, out_actor);
    if (e == OK)
        e = actor_require(*out_db, out_actor, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE,
                          call->err);
    if (e == OK && out_staff_id != NULL)
        e = staff_id_of(*out_db, call_text(call, "CODE"), out_staff_id, call->err);
    return e;
}

/* ---- session list ------------------------------------------------------------------------ */

static void take(void *context, const struct session_row *row)
{
    struct listing *l = context;
    char began[INSTANT_TEXT_BYTES], seen[INSTANT_TEXT_BYTES];
    const struct session *s = &row->session;
    struct str level = s->level == SESSION_FULL ? S("full") : S("first");
    struct str from = instant_text(s->created_at_ms, began);
    struct str last = instant_text(s->seen_at_ms, seen);
    if (!l->call->json) {
        table_text(&l->table, str_sub(str_of(s->token_hash), 0, 12));
        table_text(&l->table, level);
        table_text(&l->table, from);
        table_text(&l->table, last);
        table_text(&l->table, row->address);
        table_text(&l->table, row->agent);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("session"), str_of(s->token_hash));
    json_text(&l->w, S("level"), level);
    json_text(&l->w, S("began_at"), from);
    json_text(&l->w, S("seen_at"), last);
    json_text(&l->w, S("address"), row->address);
    json_text(&l->w, S("agent"), row->agent);
    listing_item_end(l);
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {
        {"Phiên", ALIGN_LEFT},    {"Mức", ALIGN_LEFT},     {"Từ", ALIGN_LEFT},
        {"Lần cuối", ALIGN_LEFT}, {"Địa chỉ", ALIGN_LEFT}, {"Trình duyệt", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    struct actor actor;
    int64_t staff_id = 0;
    err_t e = find_staff(call, &db, &actor, &staff_id);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = session_each(db, SESSION_STAFF, staff_id, take, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec code_option[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã nhân viên", "staff code"},
};

const struct command command_session_list = {
    .name = "session list",
    .store = STORE_READS,
    .help_vi = "Các phiên đang mở của một nhân viên",
    .help_en = "The open sessions of a staff member",
    .options = code_option,
    .option_count = ARRAY_COUNT(code_option),
    .run = run_list,
};

/* ---- session end ------------------------------------------------------------------------- */

static err_t run_end(struct call *call)
{
    struct db *db;
    struct actor actor;
    int64_t staff_id = 0;
    struct str code = call_text(call, "CODE");
    err_t e = find_staff(call, &db, &actor, &staff_id);
    if (e == OK) e = db_begin(db, call->err);
    if (e != OK) return e;
    e = session_end_all(db, SESSION_STAFF, staff_id, NULL, SESSION_REVOKED, call->err);
    if (e == OK) e = device_end_all(db, SESSION_STAFF, staff_id, call->err);
    struct audit_note note = {.stream = S("identity"), .action = S("session.end"), .subject = code};
    if (e == OK) e = audit_append(db, &actor, &note, call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) db_rollback(db);
    else if (call->json) buf_add(call->out, S("{\"recorded\":true}\n"));
    else call_say(call, "Đã kết thúc mọi phiên và quên mọi thiết bị", "All sessions ended", code);
    return e;
}

const struct command command_session_end = {
    .name = "session end",
    .store = STORE_WRITES,
    .help_vi = "Kết thúc mọi phiên và quên mọi thiết bị của một nhân viên",
    .help_en = "End all sessions of a staff member and forget the devices",
    .options = code_option,
    .option_count = ARRAY_COUNT(code_option),
    .run = run_end,
};

/* ---- session forget ---------------------------------------------------------------------- */

static err_t run_forget(struct call *call)
{
    struct db *db;
    struct actor actor;
    int64_t count = 0, swept = 0, days = call_i64(call, "days", KEEP_DAYS);
    if (days < 1 || days > 3650) {
        err_set(call->err, E_USAGE, "days", "Số ngày %lld nằm ngoài giới hạn",
                "%lld days are out of bounds", (long long)days);
        return err_hint(call->err, "Chọn từ 1 đến 3650", "Choose from 1 to 3650");
    }
    err_t e = find_staff(call, &db, &actor, NULL);
    if (e == OK) e = session_forget(db, clock_now_ms() - days * 86400000, &count, call->err);
    if (e == OK) e = throttle_sweep(db, &swept, call->err);
    if (e == OK && call->json) buf_printf(call->out, "{\"forgotten\":%lld}\n", (long long)count);
    else if (e == OK)
        buf_printf(call->out, "Đã quên %lld phiên cũ\n  Forgot %lld old sessions\n",
                   (long long)count, (long long)count);
    return e;
}

static const struct option_spec forget_options[] = {
    {"days", OPTION_I64, false, "N", "giữ bao nhiêu ngày sau khi kết thúc (mặc định 90)",
     "days kept after their end (default 90)"},
};

const struct command command_session_forget = {
    .name = "session forget",
    .store = STORE_WRITES,
    .help_vi = "Xóa các phiên đã kết thúc lâu, cùng địa chỉ mạng của chúng",
    .help_en = "Forget sessions that ended long ago, with their addresses",
    .options = forget_options,
    .option_count = ARRAY_COUNT(forget_options),
    .run = run_forget,
};
