/* SPDX-License-Identifier: Apache-2.0 */
/* invoice show, invoice xml: one e-invoice, and its signed document as a file. */
#include "app/reading_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "document/einvoice_message.h"
#include "document/invoice_json.h"

static err_t find(struct call *call, struct db **out_db, struct invoice_row *out)
{
    err_t e = call_db(call, out_db);
    if (e != OK) return e;
    return invoice_find(*out_db, call->arena, call_text(call, "NUMBER"), call_text(call, "unit"),
                        out, call->err);
}

/* ---- invoice show ------------------------------------------------------------------------ */

static void write_line(struct buf *out, const char *what, struct str text)
{
    if (text.n > 0) buf_printf(out, "  %s %.*s\n", what, STR_ARG(text));
}

static void write_vnd(struct buf *out, const char *what, int64_t amount_vnd)
{
    buf_printf(out, "  %s ", what);
    buf_add_grouped(out, amount_vnd);
    buf_add(out, S(" đ\n"));
}

static struct str notice_kind_vi(struct str kind)
{
    return str_equal(kind, S("adjust"))    ? S("điều chỉnh")
           : str_equal(kind, S("replace")) ? S("thay thế")
                                           : S("giải trình");
}

static err_t write_notice(void *context, const struct invoice_notice *notice, struct err *err)
{
    struct call *call = context;
    enum message_state state;
    (void)err;
    buf_printf(call->out, "  thông báo 04/SS số %lld ngày %.*s: %.*s, %.*s\n",
               (long long)notice->notice_no, STR_ARG(notice->noticed_on),
               STR_ARG(notice_kind_vi(notice->kind)), STR_ARG(notice->reason));
    if (message_state_parse(notice->sent, &state))
        write_line(call->out, "  gửi cơ quan thuế", message_state_vi(state));
    write_line(call->out, "  mã trả lời      ", notice->answer);
    write_line(call->out, "  lý do trả lời   ", notice->answer_reason);
    return OK;
}

static void write_text(struct call *call, const struct invoice_row *row)
{
    char name[INVOICE_NAME_BYTES], number[BILL_NUMBER_BYTES], at[INSTANT_TEXT_BYTES];
    struct buf *out = call->out;
    if (call->demonstration) buf_add(out, S("*** DỮ LIỆU TRÌNH DIỄN ***\n"));
    buf_printf(out, "%s\n", invoice_name(row->template_no, row->symbol, row->invoice_no, name).p);
    write_line(out, "ngày              ", row->invoice_on);
    write_line(out, "mã số thuế        ", row->tax_code);
    write_line(out, "hóa đơn tiền điện ", bill_number(row->unit_code, &row->key, number));
    write_line(out, "khách hàng        ", row->agreement_code);
    write_line(out, "trạng thái        ", invoice_state_vi(row->state));
    if (row->related_no != 0)
        write_line(
            out, str_equal(row->role, S("replaces")) ? "thay thế          " : "điều chỉnh        ",
            invoice_name(row->template_no, row->related_symbol, row->related_no, name));
    write_line(out, "văn bản thỏa thuận", row->agreement);
    write_vnd(out, "tiền trước thuế   ", row->pre_vat_vnd);
    write_vnd(out, "thuế GTGT         ", row->vat_vnd);
    write_vnd(out, "tổng thanh toán   ", row->total_vnd);
    if (row->sha256.n == 0) return;
    write_line(out, "ký lúc            ", instant_text(row->signed_at_ms, at));
    write_line(out, "SHA-256           ", row->sha256);
}

/* What came back from the tax office. */
static void write_sent(struct buf *out, const struct einvoice_sent *sent)
{
    if (sent->has_message) write_line(out, "gửi cơ quan thuế  ", message_state_vi(sent->state));
    write_line(out, "mã cơ quan thuế   ", sent->office_code);
    if (sent->has_message && sent->state == MESSAGE_REFUSED) {
        write_line(out, "mã từ chối        ", sent->code);
        write_line(out, "lý do             ", sent->reason);
    }
    write_line(out, "thông báo thuế    ", answer_notice_vi(sent->notice));
    if (sent->table_no > 0)
        buf_printf(out, "  bảng tổng hợp số   %lld\n", (long long)sent->table_no);
}

static err_t json_notice(void *context, const struct invoice_notice *notice, struct err *err)
{
    struct json_writer *w = context;
    (void)err;
    json_object(w, JSON_ITEM);
    json_i64(w, S("notice"), notice->notice_no);
    json_text(w, S("date"), notice->noticed_on);
    json_text(w, S("kind"), notice->kind);
    json_text(w, S("reason"), notice->reason);
    if (notice->sent.n > 0) json_text(w, S("sent"), notice->sent);
    else json_null(w, S("sent"));
    json_text(w, S("answer"), notice->answer);
    json_text(w, S("answer_reason"), notice->answer_reason);
    json_end(w);
    return OK;
}

static err_t write_json(struct call *call, struct db *db, const struct invoice_row *row,
                        const struct einvoice_sent *sent)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    invoice_json_members(&w, row);
    invoice_json_sent(&w, sent);
    json_array(&w, S("notices"));
    err_t e = invoice_notices(db, row, json_notice, &w, call->err);
    json_end(&w);
    call_mark_json(call, &w);
    json_end(&w);
    buf_add_char(call->out, '\n');
    if (e != OK) buf_reset(call->out);
    return e;
}

static err_t run_show(struct call *call)
{
    struct db *db;
    struct invoice_row row;
    struct einvoice_sent sent;
    err_t e = find(call, &db, &row);
    if (e == OK)
        e = einvoice_sent(db, call->arena, row.unit_id, row.series_no, row.invoice_no, &sent,
                          call->err);
    if (e != OK) return e;
    if (call->json) return write_json(call, db, &row, &sent);
    write_text(call, &row);
    write_sent(call->out, &sent);
    return invoice_notices(db, &row, write_notice, call, call->err);
}

#define OPTION_OF_NUMBER \
    { \
        "NUMBER", OPTION_OPERAND, true, NULL, \
            "số hóa đơn tiền điện, hoặc tên hóa đơn điện tử (1K26TDN-00000123)", \
            "number of the bill, or name of the e-invoice (1K26TDN-00000123)" \
    }
#define OPTION_OF_NUMBER_UNIT \
    { \
        "unit", OPTION_TEXT, false, "CODE", "đơn vị, khi nhiều người bán trùng ký hiệu", \
            "the unit, where several sellers have the same symbol" \
    }

static const struct option_spec show_options[] = {OPTION_OF_NUMBER, OPTION_OF_NUMBER_UNIT};

const struct command command_invoice_show = {
    .name = "invoice show",
    .store = STORE_READS,
    .help_vi = "Một hóa đơn điện tử: của hóa đơn nào, đã ký chưa, bị sửa bởi gì",
    .help_en = "One e-invoice: of which bill, whether signed, what corrects it",
    .options = show_options,
    .option_count = ARRAY_COUNT(show_options),
    .run = run_show,
};

/* ---- invoice xml ------------------------------------------------------------------------- */

static err_t run_xml(struct call *call)
{
    struct db *db;
    struct invoice_row row;
    struct str xml;
    err_t e = find(call, &db, &row);
    /* What was signed with a name cannot be shown without it. */
    if (e == OK) e = call_require_names(call, db, row.unit_id);
    if (e == OK) e = invoice_document(db, call->arena, &row, &xml, call->err);
    if (e != OK) return e;
    if (!call_given(call, "out")) {
        buf_add(call->out, xml);
        return OK;
    }
    struct str path = call_text(call, "out");
    e = file_write(path.p, xml, call->err);
    if (e == OK) call_say(call, "Đã ghi tệp", "Written", path);
    return e;
}

static const struct option_spec xml_options[] = {
    OPTION_OF_NUMBER,
    {"out", OPTION_TEXT, false, "F", "ghi vào tệp F thay cho đầu ra chuẩn",
     "write to the file F instead of standard output"},
    OPTION_OF_NUMBER_UNIT,
};

const struct command command_invoice_xml = {
    .name = "invoice xml",
    .store = STORE_READS,
    .help_vi = "Văn bản XML đã ký của một hóa đơn điện tử, đúng từng byte đã lưu",
    .help_en = "The signed XML of an e-invoice, byte for byte as it was stored",
    .options = xml_options,
    .option_count = ARRAY_COUNT(xml_options),
    .run = run_xml,
};
