/* SPDX-License-Identifier: Apache-2.0 */
/* The audit chain: its daily anchor, and what stands in it. */
#include "app/actor_call.h"
#include "app/unit_call.h"
#include "base/date.h"
#include "base/json_write.h"
#include "identity/audit.h"
#include "identity/identity_view.h"

/* ---- audit anchor ---------------------------------------------------------------------------- */

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
                             "minh về sau.\n"
                             "  Keep this line elsewhere (on paper, at the auditor's) for a later "
                             "proof.\n"));
}

static err_t run_anchor(struct call *call)
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
    .run = run_anchor,
};

/* ---- audit prove ----------------------------------------------------------------------------- */

static err_t refuse_broken(const struct audit_break *found, struct err *err)
{
    err_set(err, E_CHECK, NULL, "Nhật ký kiểm soát đã bị sửa", "The audit chain was changed");
    err_detail(err, "Tại %s: %s%.0s", "At %s: %.0s%s", found->where, found->vi, found->en);
    return err_hint(err, "Giữ nguyên kho dữ liệu, đối chiếu với bản sao lưu trước đó",
                    "Keep the store as it is and compare it with an earlier backup");
}

static err_t prove(struct call *call, struct db *db)
{
    struct audit_break found;
    bool broken;
    int64_t links;
    int32_t day;
    char on[DATE_TEXT_BYTES];
    err_t e = audit_verify(db, &broken, &found, &links, call->err);
    if (e == OK && broken) return refuse_broken(&found, call->err);
    if (e == OK) e = audit_anchored_day(db, call_text(call, "HASH"), &day, call->err);
    if (e != OK) return e;
    struct str until = day_text(day, on);
    if (call->json)
        buf_printf(call->out, "{\"date\":\"%.*s\",\"links\":%lld}\n", STR_ARG(until),
                   (long long)links);
    else
        buf_printf(call->out,
                   "Nhật ký kiểm soát còn nguyên đến lần chốt ngày %.*s; có %lld mắt xích\n"
                   "  The audit chain is unchanged up to the anchor of %.*s; %lld links\n",
                   STR_ARG(until), (long long)links, STR_ARG(until), (long long)links);
    return OK;
}

static err_t run_prove(struct call *call)
{
    struct db *db;
    err_t e = call_db(call, &db);
    if (e == OK) e = db_begin_read(db, call->err);
    if (e != OK) return e;
    e = prove(call, db);
    db_rollback(db);
    return e;
}

static const struct option_spec prove_options[] = {
    {"HASH", OPTION_OPERAND, true, NULL, "chuỗi mà sangden audit anchor đã in",
     "the line that sangden audit anchor printed"},
};

const struct command command_audit_prove = {
    .name = "audit prove",
    .store = STORE_READS,
    .help_vi = "Chứng minh nhật ký chưa bị sửa trước lần chốt được lưu ở nơi khác",
    .help_en = "Prove by an anchor kept elsewhere that nothing before it was changed",
    .options = prove_options,
    .option_count = ARRAY_COUNT(prove_options),
    .run = run_prove,
};

/* ---- audit list ------------------------------------------------------------------------------ */

enum { FLUSH_BYTES = 64 * 1024 };

/* One JSON object or one line per link, written out as it comes: the chain may be long. */
static void take_link(void *context, const struct audit_row *row)
{
    struct call *call = context;
    char at[INSTANT_TEXT_BYTES];
    if (call->json) {
        struct json_writer writer;
        json_writer_init(&writer, call->out);
        json_object(&writer, JSON_ITEM);
        json_i64(&writer, S("unit_id"), row->unit_id);
        json_text(&writer, S("stream"), row->stream);
        json_i64(&writer, S("seq"), row->seq);
        json_instant(&writer, S("at"), row->recorded_at_ms);
        json_text(&writer, S("actor"), row->actor);
        json_text(&writer, S("os_user"), row->os_user);
        json_text(&writer, S("action"), row->action);
        json_text(&writer, S("subject"), row->subject);
        json_text(&writer, S("hash"), row->hash);
        json_end(&writer);
    } else {
        buf_printf(call->out, "%.*s  %lld/%.*s/%lld  %.*s  %.*s  %.*s",
                   STR_ARG(instant_text(row->recorded_at_ms, at)), (long long)row->unit_id,
                   STR_ARG(row->stream), (long long)row->seq, STR_ARG(row->actor),
                   STR_ARG(row->action), STR_ARG(row->subject));
    }
    buf_add_char(call->out, '\n');
    if (call->out->n > FLUSH_BYTES) call_flush(call);
}

static err_t run_list(struct call *call)
{
    struct db *db;
    struct audit_filter filter = {.unit_id = -1, .stream = S(""), .to_ms = INT64_MAX};
    if (call_given(call, "stream")) filter.stream = call_text(call, "stream");
    if (call_given(call, "from")) filter.from_ms = vietnam_midnight_ms(call_day(call, "from"));
    if (call_given(call, "to")) filter.to_ms = vietnam_midnight_ms(call_day(call, "to") + 1);
    err_t e = call_db(call, &db);
    if (e == OK && call_given(call, "unit"))
        e = call_unit(call, call_text(call, "unit"), &filter.unit_id);
    if (e == OK) e = audit_each(db, &filter, take_link, call, call->err);
    return e;
}

static const struct option_spec list_options[] = {
    {"unit", OPTION_TEXT, false, "UNIT", "của đơn vị này", "of this unit"},
    {"stream", OPTION_TEXT, false, "STREAM", "chuỗi này, ví dụ identity",
     "this stream, for example identity"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"to", OPTION_DAY, false, "YYYY-MM-DD", "đến hết ngày", "to the end of this day"},
};

const struct command command_audit_list = {
    .name = "audit list",
    .store = STORE_READS,
    .help_vi = "Nhật ký kiểm soát: ai đã làm gì, lúc nào (mỗi dòng một việc)",
    .help_en = "The audit chain: who did what and when (one per line)",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
