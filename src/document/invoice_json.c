/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_json.h"

#include "billing/bill_json.h"
#include "document/einvoice_answer.h"

void invoice_json_members(struct json_writer *w, const struct invoice_row *row)
{
    char name[INVOICE_NAME_BYTES], number[BILL_NUMBER_BYTES];
    json_text(w, S("invoice"), invoice_name(row->template_no, row->symbol, row->invoice_no, name));
    json_text(w, S("unit"), row->unit_code);
    json_text(w, S("tax_code"), row->tax_code);
    json_i64(w, S("template"), row->template_no);
    json_text(w, S("symbol"), row->symbol);
    json_i64(w, S("number"), row->invoice_no);
    json_text(w, S("date"), row->invoice_on);
    json_text(w, S("bill"), bill_number(row->unit_code, &row->key, number));
    bill_json_month(w, S("month"), row->key.month);
    json_text(w, S("agreement"), row->agreement_code);
    json_text(w, S("role"), row->role);
    if (row->related_no != 0)
        json_text(w, S("related"),
                  invoice_name(row->template_no, row->related_symbol, row->related_no, name));
    if (row->agreement.n > 0) json_text(w, S("written_agreement"), row->agreement);
    json_i64(w, S("pre_vat"), row->pre_vat_vnd);
    json_i64(w, S("vat"), row->vat_vnd);
    json_i64(w, S("total"), row->total_vnd);
    json_text(w, S("state"), invoice_state_code(row->state));
    if (row->sha256.n == 0) return;
    json_instant(w, S("signed_at"), row->signed_at_ms);
    json_text(w, S("sha256"), row->sha256);
}

void invoice_json_answer_notice(struct json_writer *w, int64_t notice)
{
    if (notice != 0) json_i64(w, S("answer_notice"), notice);
    else json_null(w, S("answer_notice"));
    json_text(w, S("answer_notice_vi"), answer_notice_vi(notice));
    json_text(w, S("answer_notice_en"), answer_notice_en(notice));
}

void invoice_json_sent(struct json_writer *w, const struct einvoice_sent *sent)
{
    bool refused = sent->has_message && sent->state == MESSAGE_REFUSED;
    if (sent->has_message) json_text(w, S("sent"), message_state_code(sent->state));
    else json_null(w, S("sent"));
    json_text(w, S("mccqt"), sent->office_code);
    json_text(w, S("refusal"), refused ? sent->code : S(""));
    invoice_json_answer_notice(w, sent->notice);
    if (sent->table_no > 0) json_i64(w, S("summary_table"), sent->table_no);
    else json_null(w, S("summary_table"));
}
