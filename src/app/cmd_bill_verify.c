/* SPDX-License-Identifier: Apache-2.0 */
/* bill verify, bill export: every bill computed again, and the canonical form of a run. */
#include "app/bill_call.h"
#include "base/json_write.h"
#include "billing/bill_export.h"
#include "billing/bill_json.h"
#include "billing/bill_verify.h"

enum { FLUSH_BYTES = 64 * 1024 };

/* ---- bill verify ------------------------------------------------------------------------- */

struct verifying {
    struct call *call;
    struct json_writer w;
};

static void differs_json(struct verifying *v, struct str number, const struct bill_row *row,
                         const struct rated_bill *computed, const struct err *why)
{
    json_object(&v->w, JSON_ITEM);
    json_text(&v->w, S("number"), number);
    json_i64(&v->w, S("total"), row->total_vnd);
    if (computed != NULL) json_i64(&v->w, S("computed"), computed->total_vnd);
    if (why != NULL) json_text(&v->w, S("refused_vi"), str_of(why->vi.message));
    if (why != NULL) json_text(&v->w, S("refused_en"), str_of(why->en.message));
    json_end(&v->w);
}

static void differs(void *context, const struct bill_row *row, const struct rated_bill *computed,
                    const struct err *why)
{
    struct verifying *v = context;
    struct buf *out = v->call->out;
    char memory[BILL_NUMBER_BYTES];
    struct str number = bill_number(row->unit_code, &row->key, memory);
    if (v->call->json) {
        differs_json(v, number, row, computed, why);
        return;
    }
    buf_printf(out, "%.*s: ", STR_ARG(number));
    buf_add_grouped(out, row->total_vnd);
    if (computed != NULL) {
        buf_add(out, S(" đ, tính lại "));
        buf_add_grouped(out, computed->total_vnd);
        buf_add(out, S(" đ\n"));
    } else {
        buf_printf(out, " đ, không tính lại được: %s\n", why->vi.message);
    }
}

static err_t finish_verify(struct verifying *v, const struct verify_counts *counts)
{
    struct call *call = v->call;
    int64_t wrong = counts->different + counts->refused;
    if (call->json) {
        json_end(&v->w);
        json_i64(&v->w, S("same"), counts->same);
        json_i64(&v->w, S("different"), counts->different);
        json_i64(&v->w, S("refused"), counts->refused);
        json_i64(&v->w, S("earlier"), counts->earlier);
        json_end(&v->w);
        buf_add_char(call->out, '\n');
    } else {
        buf_printf(call->out,
                   "%lld hóa đơn đúng, %lld sai, %lld của hệ thống trước không tính lại\n",
                   (long long)counts->same, (long long)wrong, (long long)counts->earlier);
    }
    if (wrong == 0) return OK;
    err_set(call->err, E_CHECK, NULL, "%lld hóa đơn khác kết quả tính lại",
            "%lld bills differ from their computation", (long long)wrong);
    return err_hint(call->err, "Lập hóa đơn điều chỉnh: sangden bill adjust SỐ --cause …",
                    "Adjust them: sangden bill adjust NUMBER --cause …");
}

static err_t run_verify(struct call *call)
{
    struct db *db;
    struct verify_counts counts;
    struct verifying v = {.call = call};
    int64_t month = call_month_number(call);
    struct bill_filter filter = {.unit_code = call_text(call, "unit"), .first_month = month,
                                 .last_month = month};
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    json_writer_init(&v.w, call->out);
    if (call->json) {
        json_object(&v.w, JSON_ITEM);
        json_array(&v.w, S("bills"));
    }
    e = bill_verify(db, &filter, differs, &v, &counts, call->err);
    if (e == OK) return finish_verify(&v, &counts);
    buf_reset(call->out);
    return e;
}

static const struct option_spec verify_options[] = {BILL_MONTH_OPTION, BILL_UNIT_OPTION};

const struct command command_bill_verify = {
    .name = "bill verify",
    .store = STORE_READS,
    .help_vi = "Tính lại mọi hóa đơn của một tháng từ dữ liệu đã lưu, liệt kê hóa đơn khác",
    .help_en = "Recompute every bill of a month from what it stores, list those that differ",
    .options = verify_options,
    .option_count = ARRAY_COUNT(verify_options),
    .run = run_verify,
};

/* ---- bill export ------------------------------------------------------------------------- */

static err_t write_out(void *context, struct buf *out, struct err *err)
{
    struct call *call = context;
    if (out->failed) return err_memory(err);
    if (out->n >= FLUSH_BYTES) call_flush(call);
    return OK;
}

static err_t run_export(struct call *call)
{
    struct db *db;
    if (!call_given(call, "canonical")) {
        err_set(call->err, E_USAGE, "canonical", "Cần --canonical", "--canonical is needed");
        return err_hint(call->err, "Dạng xuất hiện có: --canonical",
                        "The form that can be exported is --canonical");
    }
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    return bill_export(db, call_i64(call, "run", 0), call_text(call, "unit"), call->out,
                       write_out, call, call->err);
}

static const struct option_spec export_options[] = {
    {"run", OPTION_I64, true, "R", "số của lần tính", "number of the run"},
    {"canonical", OPTION_FLAG, false, NULL,
     "dạng chuẩn: sắp theo định danh, không có thời điểm, tiến trình",
     "canonical form: sorted by identity, without times and workers"},
    BILL_UNIT_OPTION,
};

const struct command command_bill_export = {
    .name = "bill export",
    .store = STORE_READS,
    .help_vi = "Xuất hóa đơn, đầu vào, bút toán, sự kiện của một lần tính (JSON từng dòng)",
    .help_en = "Export bills, inputs, postings and events of a run (JSON lines)",
    .options = export_options,
    .option_count = ARRAY_COUNT(export_options),
    .run = run_export,
};
