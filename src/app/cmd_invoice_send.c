/* SPDX-License-Identifier: Apache-2.0 */
/* invoice send, invoice resend: signed documents go to the provider. */
#include "app/actor_call.h"
#include "app/bill_call.h"
#include "app/provider_call.h"
#include "app/sending.h"
#include "app/store_crew.h"
#include "base/json_write.h"

/* ---- a worker ---------------------------------------------------------------------------- */

/* The trouble of a pass as an error of the house. */
static err_t trouble_of(const struct send_counts *counts, struct err *err)
{
    if (counts->troubles == 0) return OK;
    if (counts->first_trouble.code != OK) {
        *err = counts->first_trouble;
    } else {
        err_set(err, E_OUTSIDE, "provider", "Tổ chức truyền nhận không trả lời",
                "The provider did not answer");
        err_hint(err, "Kiểm tra đường truyền, rồi chạy lại lệnh",
                 "Check the line, then run the command again");
    }
    if (counts->line == PROVIDER_LINE_DENIED)
        err_hint(err, "Kiểm tra mã truy cập trong SANGDEN_INVOICE_PROVIDER_TOKEN_FILE",
                 "Check the token in SANGDEN_INVOICE_PROVIDER_TOKEN_FILE");
    return err->code;
}

static err_t work_loop(struct db *db, const struct sending *s, crew_stop *stop, struct err *err)
{
    struct err first = {0};
    err_t trouble = OK, e = OK;
    bool more = true;
    while (e == OK && more && crew_goes_on(stop, 0)) {
        struct send_counts counts = {0};
        int64_t added = 0;
        e = sending_pass(db, s, stop, &counts, &added, err);
        if (e != OK) break;
        bool good = counts.line == PROVIDER_LINE_GOOD;
        if (counts.troubles > 0 && !s->once) sending_log_trouble(&counts);
        if (trouble == OK) trouble = trouble_of(&counts, &first);
        if (s->once) more = good && added + counts.done > 0;
        else if (!good || added + counts.done == 0)
            sending_rest(good ? 0 : counts.wait_until_ms, stop);
    }
    if (e != OK || trouble == OK || !s->once) return e;
    *err = first;
    return trouble;
}

static err_t worker(struct db *db, void *context, crew_stop *stop, struct err *err)
{
    return work_loop(db, context, stop, err);
}

/* ---- the command ------------------------------------------------------------------------- */

static err_t report(struct call *call)
{
    struct db *db;
    struct json_writer w;
    int64_t counts[MESSAGE_STATE_COUNT];
    err_t e = call_db(call, &db);
    if (e == OK) e = message_counts(db, S(""), counts, call->err);
    if (e != OK) return e;
    json_writer_init(&w, call->out);
    if (call->json) json_object(&w, JSON_ITEM);
    for (size_t i = 0; i < MESSAGE_STATE_COUNT; i++) {
        if (call->json) {
            json_i64(&w, message_state_code((enum message_state)i), counts[i]);
            continue;
        }
        buf_add(call->out, S("  "));
        buf_add_grouped(call->out, counts[i]);
        buf_printf(call->out, " thông điệp %.*s\n",
                   STR_ARG(message_state_vi((enum message_state)i)));
    }
    if (!call->json) return OK;
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static err_t run_send(struct call *call)
{
    struct sending s = {.once = call_given(call, "once")};
    err_t e = call_check_workers(call);
    if (e == OK) e = sending_prepare(call, &s);
    if (e != OK) return e;
    e = store_crew_run(call, DB_WRITE, worker, &s, NULL);
    /* Without --once a signal is how the command ends. */
    if (e == E_STATE && !s.once && crew_was_stopped()) e = call->err->code = OK;
    if (e != OK && e != E_OUTSIDE && e != E_CHECK) return e;
    struct err trouble = *call->err;
    err_t reported = report(call);
    if (reported != OK) return reported;
    *call->err = trouble;
    return e;
}

static const struct option_spec send_options[] = {
    {"once", OPTION_FLAG, false, NULL, "làm hết những gì đến lượt rồi dừng",
     "do what is due now, then end"},
    BILL_WORKERS_OPTION,
};

const struct command command_invoice_send = {
    .name = "invoice send",
    .store = STORE_WRITES,
    .help_vi = "Gửi chứng từ đã ký tới cơ quan thuế qua tổ chức truyền nhận và nhận kết quả",
    .help_en = "Send signed documents to the tax office through the provider and take the results",
    .options = send_options,
    .option_count = ARRAY_COUNT(send_options),
    .run = run_send,
};

/* ---- invoice resend ---------------------------------------------------------------------- */

static err_t run_resend(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct message refused, next;
    struct provider provider;
    struct send_job job = {.provider = &provider};
    int64_t message_no = 0;
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = message_find(db, call->arena, call_text(call, "ID"), &refused, call->err);
    if (e == OK)
        e = actor_require(db, &actor, refused.subject.unit_id, PERMISSION_INVOICE_ISSUE, call->err);
    if (e == OK) e = call_provider(call, &provider, &job.parties);
    if (e == OK) e = send_again(db, &job, &refused, &actor, &message_no, call->err);
    if (e == OK)
        e = message_load(db, call->arena, refused.subject.unit_id, message_no, &next, call->err);
    if (e == OK)
        call_say(call, "Đã xếp thông điệp mới chờ gửi", "A new message is queued", next.id);
    return e;
}

static const struct option_spec resend_options[] = {
    {"ID", OPTION_OPERAND, true, NULL, "mã thông điệp bị từ chối (MTDiep)",
     "id of the refused message (MTDiep)"},
};

const struct command command_invoice_resend = {
    .name = "invoice resend",
    .store = STORE_WRITES,
    .help_vi = "Gửi lại chứng từ bị từ chối, sau khi nguyên nhân đã được sửa",
    .help_en = "Send a refused document again, once its cause is mended",
    .options = resend_options,
    .option_count = ARRAY_COUNT(resend_options),
    .run = run_resend,
};
