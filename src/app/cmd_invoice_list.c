/* SPDX-License-Identifier: Apache-2.0 */
/* invoice list, invoice waiting: the invoices of a month, and the corrections that have none yet.
 * */
#include "app/bill_call.h"
#include "app/listing.h"
#include "document/invoice_issue.h"
#include "document/invoice_json.h"

enum { ONE_ARENA_BYTES = 64 * 1024, TABLE_NO_BYTES = 64 };

/* ---- invoice list ------------------------------------------------------------------------ */

static const struct table_column list_columns[] = {
    {"Hóa đơn điện tử", ALIGN_LEFT}, {"Ngày", ALIGN_LEFT},       {"Hóa đơn tiền điện", ALIGN_LEFT},
    {"Khách hàng", ALIGN_LEFT},      {"Tiền điện", ALIGN_RIGHT}, {"Thuế GTGT", ALIGN_RIGHT},
    {"Cộng", ALIGN_RIGHT},           {"Trạng thái", ALIGN_LEFT}, {"Gửi cơ quan thuế", ALIGN_LEFT},
    {"Mã cơ quan thuế", ALIGN_LEFT},
};

struct showing {
    struct listing list;
    struct db *db;
    struct arena one; /* texts of one row */
};

/* How it reached the tax office: by a message, or in a summary table. */
static void table_sent(struct table *table, const struct einvoice_sent *sent)
{
    char memory[TABLE_NO_BYTES] = "";
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    if (sent->has_message) buf_add(&text, message_state_vi(sent->state));
    else if (sent->table_no > 0) buf_printf(&text, "bảng số %lld", (long long)sent->table_no);
    table_text(table, buf_str(&text));
    table_text(table, sent->office_code);
}

static err_t list_one(void *context, const struct invoice_row *row, struct err *err)
{
    struct showing *s = context;
    struct listing *l = &s->list;
    struct einvoice_sent sent;
    char name[INVOICE_NAME_BYTES], number[BILL_NUMBER_BYTES];
    arena_reset(&s->one);
    err_t e =
        einvoice_sent(s->db, &s->one, row->unit_id, row->series_no, row->invoice_no, &sent, err);
    if (e != OK) return e;
    if (l->call->json) {
        listing_item(l);
        invoice_json_members(&l->w, row);
        invoice_json_sent(&l->w, &sent);
        call_mark_json(l->call, &l->w);
        listing_item_end(l);
        return OK;
    }
    table_text(&l->table, invoice_name(row->template_no, row->symbol, row->invoice_no, name));
    table_iso_day(&l->table, row->invoice_on);
    table_text(&l->table, bill_number(row->unit_code, &row->key, number));
    table_text(&l->table, row->agreement_code);
    table_vnd(&l->table, row->pre_vat_vnd);
    table_vnd(&l->table, row->vat_vnd);
    table_vnd(&l->table, row->total_vnd);
    table_text(&l->table, invoice_state_vi(row->state));
    table_sent(&l->table, &sent);
    return OK;
}

static err_t run_list(struct call *call)
{
    struct showing s;
    int64_t month = call_month_number(call);
    struct invoice_filter filter = {
        .unit_code = call_text(call, "unit"), .first_month = month, .last_month = month};
    err_t e = call_db(call, &s.db);
    if (e != OK) return e;
    listing_begin(&s.list, call, LISTING_LINES, list_columns, ARRAY_COUNT(list_columns));
    arena_init(&s.one, ONE_ARENA_BYTES);
    e = invoice_each(s.db, &filter, list_one, &s, call->err);
    arena_release(&s.one);
    return listing_end(&s.list, e);
}

static const struct option_spec options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của hóa đơn tiền điện", "month of the bills"},
    BILL_UNIT_OPTION,
};

const struct command command_invoice_list = {
    .name = "invoice list",
    .store = STORE_READS,
    .help_vi = "Hóa đơn điện tử của một tháng, theo dải số",
    .help_en = "List the e-invoices of a month by series and number",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run_list,
};

/* ---- invoice waiting --------------------------------------------------------------------- */

static const struct table_column waiting_columns[] = {
    {"Hóa đơn tiền điện", ALIGN_LEFT},
    {"Cộng", ALIGN_RIGHT},
    {"Lý do", ALIGN_LEFT},
    {"Cách xử lý", ALIGN_LEFT},
};

static err_t waiting_one(void *context, const struct invoice_waiting *waiting, struct err *err)
{
    struct listing *l = context;
    char number[BILL_NUMBER_BYTES];
    const struct invoice_wait_text *text = invoice_wait_text(waiting->wait);
    struct str bill = bill_number(waiting->unit_code, &waiting->key, number);
    (void)err;
    if (!l->call->json) {
        table_text(&l->table, bill);
        table_vnd(&l->table, waiting->total_vnd);
        table_text(&l->table, str_of(text->vi));
        table_text(&l->table, str_of(text->remedy_vi));
        return OK;
    }
    listing_item(l);
    json_text(&l->w, S("bill"), bill);
    json_i64(&l->w, S("total"), waiting->total_vnd);
    json_text(&l->w, S("reason"), str_of(text->code));
    json_text(&l->w, S("reason_vi"), str_of(text->vi));
    json_text(&l->w, S("reason_en"), str_of(text->en));
    json_text(&l->w, S("remedy_vi"), str_of(text->remedy_vi));
    json_text(&l->w, S("remedy_en"), str_of(text->remedy_en));
    call_mark_json(l->call, &l->w);
    listing_item_end(l);
    return OK;
}

static err_t run_waiting(struct call *call)
{
    struct db *db;
    struct listing l;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_LINES, waiting_columns, ARRAY_COUNT(waiting_columns));
    e = invoice_waiting_each(db, call_text(call, "unit"), call_month_number(call), -1, waiting_one,
                             &l, call->err);
    return listing_end(&l, e);
}

const struct command command_invoice_waiting = {
    .name = "invoice waiting",
    .store = STORE_READS,
    .help_vi = "Hóa đơn điều chỉnh, thay thế chưa lập được hóa đơn điện tử, kèm lý do",
    .help_en = "Corrections of a month that have no e-invoice yet, with the reason",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run_waiting,
};
