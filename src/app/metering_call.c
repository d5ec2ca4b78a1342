/* SPDX-License-Identifier: Apache-2.0 */
#include "app/metering_call.h"

#include "app/unit_call.h"
#include "base/json_write.h"
#include "identity/audit.h"
#include "registry/registry_view.h"

enum { CONTENT_MAX_BYTES = 16384 };

err_t metering_call(struct call *call, struct metering_call *out)
{
    *out = (struct metering_call){0};
    err_t e = call_db(call, &out->db);
    if (e == OK) e = call_actor(call, &out->actor);
    if (e == OK && call_given(call, "unit"))
        e = call_unit(call, call_text(call, "unit"), &out->unit_id);
    return e;
}

err_t metering_book(struct call *call, struct metering_call *metering,
                    enum permission permission, struct book *out)
{
    err_t e = book_by_code(metering->db, call->arena, metering->unit_id, call_text(call, "BOOK"),
                           out, call->err);
    if (e != OK) return e;
    metering->unit_id = out->unit_id;
    return actor_require(metering->db, &metering->actor, out->unit_id, permission, call->err);
}

int metering_period(const struct call *call)
{
    int64_t period = call_i64(call, "period", 1);
    return period < 0 || period > BOOK_PERIODS_MAX ? BOOK_PERIODS_MAX + 1 : (int)period;
}

err_t metering_unit(struct call *call, struct metering_call *metering)
{
    if (metering->unit_id != 0) return OK;
    int64_t units;
    err_t e = db_get_i64(metering->db, "SELECT count(*) FROM unit", NO_ARGS, &units, call->err);
    if (e != OK) return e;
    if (units == 1)
        return db_get_i64(metering->db, "SELECT unit_id FROM unit", NO_ARGS, &metering->unit_id,
                          call->err);
    err_set(call->err, E_INPUT, "unit", "Kho dữ liệu có %lld đơn vị", "The store has %lld units",
            (long long)units);
    return err_hint(call->err, "Thêm --unit MÃ_ĐƠN_VỊ", "Add --unit CODE");
}

err_t metering_point(struct call *call, struct metering_call *metering, int64_t *out_point_id)
{
    return point_by_code(metering->db, call_text(call, "POINT"), &metering->unit_id, out_point_id,
                         call->err);
}

err_t metering_begin(struct call *call, const struct metering_call *metering,
                     enum permission permission)
{
    err_t e = actor_require(metering->db, &metering->actor, metering->unit_id, permission,
                            call->err);
    return e == OK ? db_begin(metering->db, call->err) : e;
}

/* What was typed is what was decided: the first operand is the subject, all options the content. */
static err_t note_call(struct call *call, const struct metering_call *metering)
{
    const struct command *command = call->command;
    struct str subject = S("");
    struct buf content;
    struct json_writer writer;
    buf_init(&content, CONTENT_MAX_BYTES);
    json_writer_init(&writer, &content);
    json_object(&writer, JSON_ITEM);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_spec *option = &command->options[i];
        if (!call_given(call, option->name)) continue;
        if (option->kind == OPTION_OPERAND && subject.n == 0)
            subject = call_text(call, option->name);
        json_text(&writer, str_of(option->name), call_text(call, option->name));
    }
    json_end(&writer);
    struct audit_note note = {metering->unit_id, S("metering"), str_of(command->name),
                              str_first(subject, AUDIT_SUBJECT_MAX_BYTES), buf_str(&content)};
    err_t e = audit_append(metering->db, &metering->actor, &note, call->err);
    buf_release(&content);
    return e;
}

err_t metering_note_load(const struct metering_call *metering, struct str action,
                         const struct reading_load_request *request,
                         const struct reading_load_counts *counts, struct err *err)
{
    char memory[256];
    struct buf content;
    struct json_writer writer;
    buf_init_fixed(&content, memory, sizeof memory);
    json_writer_init(&writer, &content);
    json_object(&writer, JSON_ITEM);
    json_i64(&writer, S("batch"), counts->batch_id);
    json_i64(&writer, S("rows"), counts->rows);
    json_i64(&writer, S("added"), counts->added);
    json_i64(&writer, S("changed"), counts->corrected);
    json_i64(&writer, S("rejected"), counts->refused);
    json_end(&writer);
    struct audit_note note = {metering->unit_id, S("import"), action,
                              str_first(request->name, AUDIT_SUBJECT_MAX_BYTES),
                              buf_str(&content)};
    return audit_append(metering->db, &metering->actor, &note, err);
}

err_t metering_end(struct call *call, const struct metering_call *metering, err_t e)
{
    if (e == OK) e = note_call(call, metering);
    if (e == OK) e = db_commit(metering->db, call->err);
    if (e != OK) db_rollback(metering->db);
    return e;
}
