/* SPDX-License-Identifier: Apache-2.0 */
#include "app/change_call.h"

#include "base/json_write.h"
#include "identity/audit.h"

err_t change_begin(struct change_call *change, struct call *call)
{
    *change = (struct change_call){.call = call};
    err_t e = call_db(call, &change->db);
    if (e == OK) e = call_actor(call, &change->actor);
    if (e == OK) e = db_begin(change->db, call->err);
    change->author.actor_id = change->actor.staff_id;
    return e;
}

err_t change_commit(struct change_call *change, int64_t unit_id, enum permission permission,
                    struct str subject, struct str content)
{
    struct call *call = change->call;
    struct audit_note note = {.unit_id = unit_id,
                              .stream = S("registry"),
                              .action = str_of(call->command->name),
                              .subject = subject,
                              .content = content};
    err_t e = actor_require(change->db, &change->actor, unit_id, permission, call->err);
    if (e == OK) e = audit_append(change->db, &change->actor, &note, call->err);
    if (e == OK) e = db_commit(change->db, call->err);
    return e;
}

void change_report(struct change_call *change, struct str subject, bool changed)
{
    struct call *call = change->call;
    if (!call->json) {
        if (changed) call_say(call, "Đã ghi", "Recorded", subject);
        else call_say(call, "Đã có, không thay đổi", "There already, unchanged", subject);
        return;
    }
    struct json_writer writer;
    json_writer_init(&writer, call->out);
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("subject"), subject);
    json_bool(&writer, S("changed"), changed);
    json_end(&writer);
    buf_add_char(call->out, '\n');
}
