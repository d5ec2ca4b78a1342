/* SPDX-License-Identifier: Apache-2.0 */
/* invoice notify, invoice notice: telling the tax office about wrong invoices (04/SS). */
#include "app/actor_call.h"
#include "app/signer_call.h"
#include "app/unit_call.h"
#include "base/file.h"
#include "base/json_write.h"
#include "document/invoice_notice.h"

/* ---- invoice notify ---------------------------------------------------------------------- */

static err_t refuse_kind(struct call *call)
{
    err_set(call->err, E_USAGE, "kind", "Không có cách xử lý “%.*s”", "There is no kind “%.*s”",
            STR_ARG(call_text(call, "kind")));
    return err_hint(call->err,
                    "adjust (điều chỉnh), replace (thay thế) hoặc explain (giải trình, chỉ sai "
                    "tên, địa chỉ); luật không còn hủy hóa đơn",
                    "adjust, replace or explain (only words are wrong); the law no longer cancels "
                    "invoices");
}

static err_t find_rows(struct call *call, struct db *db, struct invoice_row **out,
                       size_t *out_count)
{
    struct str name;
    size_t count = 0;
    while (call_operand(call, count, &name)) count++;
    struct invoice_row *rows = ARENA_ARRAY(call->arena, struct invoice_row, count);
    if (rows == NULL) return err_memory(call->err);
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) {
        bool given = call_operand(call, i, &name);
        ASSERT(given);
        e = invoice_find(db, call->arena, name, call_text(call, "unit"), &rows[i], call->err);
    }
    *out = rows;
    *out_count = count;
    return e;
}

static void report(struct call *call, int64_t notice_no, size_t count)
{
    struct json_writer w;
    if (!call->json) {
        buf_printf(call->out,
                   "Đã ký thông báo sai sót số %lld cho %zu hóa đơn\n"
                   "  Error notice %lld signed for %zu invoices\n",
                   (long long)notice_no, count, (long long)notice_no, count);
        return;
    }
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("notice"), notice_no);
    json_i64(&w, S("invoices"), (int64_t)count);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_notify(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct signer signer = {0};
    struct invoice_row *rows = NULL;
    int64_t notice_no = 0;
    struct notice_order order = {.reason = call_text(call, "reason"),
                                 .office_notice = call_text(call, "office-notice"),
                                 .office_notice_day = call_given(call, "office-notice-date")
                                                          ? call_day(call, "office-notice-date")
                                                          : 0};
    if (!invoice_notice_kind_parse(call_text(call, "kind"), &order.kind)) return refuse_kind(call);
    err_t e = call_signing_day(call, today(), &order.day);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = find_rows(call, db, &rows, &order.row_count);
    if (e == OK) e = call_store_signer(call, &signer, &order.demonstration);
    if (e == OK) {
        call_check_certificate(&signer, rows[0].tax_code);
        call_check_certificate_day(&signer, order.day);
        order.rows = rows;
        order.signer = &signer;
        e = invoice_notice_send(db, &actor, call->arena, &order, &notice_no, call->err);
    }
    signer_close(&signer);
    if (e == OK) report(call, notice_no, order.row_count);
    return e;
}

static const struct option_spec notify_options[] = {
    {"NUMBER...", OPTION_OPERAND, true, NULL,
     "các hóa đơn sai: số hóa đơn tiền điện hoặc tên hóa đơn điện tử",
     "the wrong invoices: numbers of bills or names of e-invoices"},
    {"kind", OPTION_TEXT, true, "KIND", "cách xử lý: adjust, replace hoặc explain",
     "what is done: adjust, replace or explain"},
    {"reason", OPTION_TEXT, true, "TEXT", "sai ở đâu (tối đa 255 ký tự)",
     "what is wrong (at most 255 characters)"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "ngày thông báo (mặc định hôm nay)",
     "day of the notice (default today)"},
    {"office-notice", OPTION_TEXT, false, "NO", "số thông báo của cơ quan thuế, nếu theo đó",
     "number of the tax office's notice, where it follows one"},
    {"office-notice-date", OPTION_DAY, false, "YYYY-MM-DD", "ngày của thông báo đó",
     "day of that notice"},
    {"unit", OPTION_TEXT, false, "CODE", "đơn vị, khi nhiều người bán trùng ký hiệu",
     "the unit, where several sellers have the same symbol"},
    SIGNER_OPTIONS,
};

const struct command command_invoice_notify = {
    .name = "invoice notify",
    .store = STORE_WRITES,
    .help_vi = "Lập, ký và lưu thông báo hóa đơn sai sót (04/SS)",
    .help_en = "Make, sign and keep a notice about wrong e-invoices (04/SS)",
    .options = notify_options,
    .option_count = ARRAY_COUNT(notify_options),
    .run = run_notify,
};

/* ---- invoice notice ---------------------------------------------------------------------- */

static err_t run_notice(struct call *call)
{
    struct db *db;
    struct str xml;
    int64_t unit_id, notice_no = 0;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK && !str_to_i64(call_text(call, "NO"), &notice_no)) {
        err_set(call->err, E_USAGE, "NO", "Số thông báo không hợp lệ",
                "The number of the notice is not valid");
        e = err_hint(call->err, "Xem số của thông báo bằng sangden invoice show",
                     "See the number of a notice with sangden invoice show");
    }
    if (e == OK) e = invoice_notice_document(db, call->arena, unit_id, notice_no, &xml, call->err);
    if (e != OK) return e;
    if (!call_given(call, "out")) {
        buf_add(call->out, xml);
        return OK;
    }
    e = file_write(call_text(call, "out").p, xml, call->err);
    if (e == OK) call_say(call, "Đã ghi tệp", "Written", call_text(call, "out"));
    return e;
}

static const struct option_spec notice_options[] = {
    {"NO", OPTION_OPERAND, true, NULL, "số thông báo", "number of the notice"},
    {"unit", OPTION_TEXT, true, "CODE", "mã đơn vị", "code of the unit"},
    {"out", OPTION_TEXT, false, "F", "ghi vào tệp F thay cho đầu ra chuẩn",
     "write to the file F instead of standard output"},
};

const struct command command_invoice_notice = {
    .name = "invoice notice",
    .store = STORE_READS,
    .help_vi = "Văn bản XML đã ký của một thông báo sai sót",
    .help_en = "The signed XML of an error notice",
    .options = notice_options,
    .option_count = ARRAY_COUNT(notice_options),
    .run = run_notice,
};
