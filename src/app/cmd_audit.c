/* SPDX-License-Identifier: Apache-2.0 */
/* The daily anchor of the audit chain. */
#include "app/actor_call.h"
#include "base/date.h"
#include "base/json_write.h"
#include "identity/audit.h"

static void report(struct call *call, int32_t day, bool made, const struct hash *hash)
{
    char text[HASH_TEXT_BYTES], on[DATE_TEXT_BYTES];
    struct str hex = hash_text(hash, text);
    if (call->json) {
        struct json_writer writer;
        json_writer_init(&writer, call->out);
        json_object(&writer, JSON_ITEM);
        json_day(&writer, S("date"), day);
        json_bool(&writer, S("made"), made);
        json_text(&writer, S("hash"), hex);
        json_end(&writer);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out, "%s %.*s: %.*s\n",
               made ? "Đã chốt nhật ký kiểm soát ngày" : "Nhật ký kiểm soát đã chốt ngày",
               STR_ARG(day_text(day, on)), STR_ARG(hex));
    if (made)
        buf_add(call->out, S("Lưu chuỗi này ở nơi khác (in ra, gửi cho kiểm soát viên) để chứng "
                             "minh về sau.\n"));
}

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct hash hash;
    bool made;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = db_begin(db, call->err);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_AUDIT_ANCHOR, call->err);
    if (e == OK) e = audit_anchor(db, actor.day, &made, &hash, call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (e == OK) report(call, actor.day, made, &hash);
    return e;
}

const struct command command_audit_anchor = {
    .name = "audit anchor",
    .store = STORE_WRITES,
    .help_vi = "Chốt nhật ký kiểm soát trong ngày",
    .help_en = "Anchor the audit chain of the day",
    .run = run,
};
