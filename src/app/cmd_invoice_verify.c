/* SPDX-License-Identifier: Apache-2.0 */
/* invoice verify: every stored e-invoice of a month made again, its hash and signature proven. */
#include "app/bill_call.h"
#include "app/table.h"
#include "base/json_write.h"
#include "document/invoice_json.h"
#include "document/invoice_verify.h"

struct verifying {
    struct call *call;
    struct table table;
    struct json_writer w;
};

static const struct table_column columns[] = {
    {"Hóa đơn điện tử", ALIGN_LEFT},
    {"Hóa đơn tiền điện", ALIGN_LEFT},
    {"Lỗi", ALIGN_LEFT},
    {"Lý do", ALIGN_LEFT},
};

static err_t show_fault(void *context, const struct invoice_row *row, enum invoice_fault fault,
                        const struct err *why, struct err *err)
{
    struct verifying *v = context;
    char name[INVOICE_NAME_BYTES], number[BILL_NUMBER_BYTES];
    const struct invoice_fault_text *text = invoice_fault_text(fault);
    (void)err;
    if (v->call->json) {
        json_object(&v->w, JSON_ITEM);
        invoice_json_members(&v->w, row);
        json_text(&v->w, S("fault"), str_of(text->code));
        json_text(&v->w, S("fault_vi"), str_of(text->vi));
        json_text(&v->w, S("fault_en"), str_of(text->en));
        json_text(&v->w, S("place"), why == NULL ? S("") : str_of(why->field));
        json_text(&v->w, S("reason_vi"), why == NULL ? S("") : str_of(why->vi.message));
        json_text(&v->w, S("reason_en"), why == NULL ? S("") : str_of(why->en.message));
        json_end(&v->w);
        return OK;
    }
    table_text(&v->table, invoice_name(row->template_no, row->symbol, row->invoice_no, name));
    table_text(&v->table, bill_number(row->unit_code, &row->key, number));
    table_text(&v->table, str_of(text->vi));
    table_text(&v->table, why == NULL ? S("") : str_of(why->vi.message));
    return OK;
}

static err_t refuse_faulty(struct call *call, int64_t faulty)
{
    err_set(call->err, E_CHECK, NULL, "%lld hóa đơn điện tử không còn nguyên vẹn",
            "%lld e-invoices are not sound", (long long)faulty);
    return err_hint(call->err,
                    "Không sửa trong cơ sở dữ liệu; phục hồi từ bản sao lưu và tìm ai đã sửa bằng "
                    "sangden audit list",
                    "Do not edit the database; restore a backup and find who changed it with "
                    "sangden audit list");
}

static err_t refuse_unready(struct call *call, int64_t unready)
{
    err_set(call->err, E_CHECK, NULL, "%lld hóa đơn điện tử chưa ký được",
            "%lld e-invoices cannot be signed yet", (long long)unready);
    return err_hint(call->err, "Sửa hồ sơ theo lý do đã nêu, rồi chạy lại sangden invoice issue",
                    "Mend the records as the reasons say, then run sangden invoice issue again");
}

static err_t run(struct call *call)
{
    struct db *db;
    struct verifying v = {.call = call};
    struct invoice_verify_counts counts;
    int64_t month = call_month_number(call);
    struct invoice_filter filter = {
        .unit_code = call_text(call, "unit"), .first_month = month, .last_month = month};
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    table_init(&v.table, call->arena, columns, ARRAY_COUNT(columns));
    json_writer_init(&v.w, call->out);
    if (call->json) {
        json_object(&v.w, JSON_ITEM);
        json_array(&v.w, S("faulty"));
    }
    e = invoice_verify(db, &filter, show_fault, &v, &counts, call->err);
    if (e != OK) {
        buf_reset(call->out);
        return e;
    }
    if (call->json) {
        json_end(&v.w);
        json_i64(&v.w, S("proven"), counts.proven);
        json_i64(&v.w, S("unsigned"), counts.numbered);
        json_i64(&v.w, S("unready"), counts.unready);
        json_end(&v.w);
        buf_add_char(call->out, '\n');
    } else {
        if (counts.faulty + counts.unready > 0) e = table_print(&v.table, call->out, call->err);
        buf_printf(call->out, "nguyên vẹn %lld, lỗi %lld, chưa ký %lld\n", (long long)counts.proven,
                   (long long)counts.faulty, (long long)counts.numbered);
    }
    if (e == OK && counts.faulty > 0) return refuse_faulty(call, counts.faulty);
    return e == OK && counts.unready > 0 ? refuse_unready(call, counts.unready) : e;
}

static const struct option_spec options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của hóa đơn tiền điện", "month of the bills"},
    BILL_UNIT_OPTION,
};

const struct command command_invoice_verify = {
    .name = "invoice verify",
    .store = STORE_READS,
    .help_vi = "Lập lại và đối chiếu mọi hóa đơn điện tử đã lưu của một tháng, kiểm tra chữ ký",
    .help_en = "Make every stored e-invoice of a month again, compare it and prove its signature",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
