/* SPDX-License-Identifier: Apache-2.0 */
/* invoice summary, invoice summary-list: the tables of a month's invoices for mass senders. */
#include "app/actor_call.h"
#include "app/bill_call.h"
#include "app/listing.h"
#include "app/progress.h"
#include "app/signer_call.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "document/summary_make.h"

struct summarising {
    struct call *call;
    struct db *db;
    struct actor actor;
    struct signer signer;
    struct summary_order order;
    struct summary_made made;
    struct progress progress;
    const char *folder;
    int64_t files;
};

static bool show_progress(void *context, int64_t rows)
{
    struct summarising *s = context;
    progress_at(&s->progress, rows);
    return true;
}

/* ---- files ------------------------------------------------------------------------------- */

static err_t write_file(void *context, const struct summary_table *table, struct err *err)
{
    struct summarising *s = context;
    s->files++;
    return summary_write_file(s->db, table, s->folder, err);
}

/* Every table of the month, those of earlier calls too: what was lost comes again. */
static err_t write_files(struct summarising *s)
{
    struct call *call = s->call;
    err_t e = folder_make(s->folder, call->err);
    if (e == OK) e = db_begin_read(s->db, call->err);
    if (e != OK) return e;
    e = summary_each(s->db, s->order.unit_code, month_to_number(s->order.month), write_file, s,
                     call->err);
    db_rollback(s->db);
    return e;
}

/* ---- the command ------------------------------------------------------------------------- */

static err_t prepare(struct summarising *s)
{
    struct call *call = s->call;
    s->order = (struct summary_order){.unit_code = call_text(call, "unit"),
                                      .month = call_month(call, "month"),
                                      .supplement = call_given(call, "supplement"),
                                      .actor = &s->actor};
    s->folder = call_text(call, "out").p;
    err_t e = call_signing_day(call, today(), &s->order.day);
    if (e == OK) e = call_actor(call, &s->actor);
    if (e == OK) e = call_db(call, &s->db);
    if (e == OK)
        e = call_require_units(call, s->db, &s->actor, s->order.unit_code,
                               PERMISSION_INVOICE_ISSUE);
    if (e == OK) e = call_store_signer(call, &s->signer, &s->order.demonstration);
    s->order.signer = &s->signer;
    if (e != OK) return e;
    call_check_certificate_day(&s->signer, s->order.day);
    int64_t year = month_to_number(s->order.month) / 100;
    return call_check_certificate_of_series(call, &s->signer, s->order.unit_code, year);
}

static void report(struct summarising *s)
{
    struct call *call = s->call;
    const struct summary_made *m = &s->made;
    struct json_writer w;
    if (!call->json) {
        buf_printf(call->out, "  lập mới      %lld bảng, ", (long long)m->tables);
        buf_add_grouped(call->out, m->rows);
        buf_printf(call->out, " hóa đơn\n  ghi ra       %lld tệp trong %s\n", (long long)s->files,
                   s->folder);
        if (m->single > 0)
            buf_printf(call->out,
                       "  không lập    %lld người bán gửi từng hóa đơn (tham số summary_table)\n"
                       "  no tables of %lld sellers that send each invoice\n",
                       (long long)m->single, (long long)m->single);
        if (m->missing > 0)
            buf_printf(call->out,
                       "  CHƯA CÓ TRONG BẢNG NÀO: %lld hóa đơn của tháng (thêm bằng --supplement)\n"
                       "  IN NO TABLE: %lld invoices of the month (add them with --supplement)\n",
                       (long long)m->missing, (long long)m->missing);
        return;
    }
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("tables"), m->tables);
    json_i64(&w, S("rows"), m->rows);
    json_i64(&w, S("files"), s->files);
    json_i64(&w, S("refused"), m->refused);
    json_i64(&w, S("missing"), m->missing);
    json_i64(&w, S("single"), m->single);
    call_mark_json(call, &w);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_summary(struct call *call)
{
    struct summarising s = {.call = call};
    err_t e = prepare(&s);
    if (e == OK) {
        progress_start(&s.progress, "invoice summary", "Lập bảng tổng hợp", "hóa đơn", 0);
        e = summary_make(s.db, &s.order, show_progress, &s, &s.made, call->err);
        progress_at(&s.progress, s.made.rows);
        progress_end(&s.progress);
    }
    signer_close(&s.signer);
    if (e == OK) e = write_files(&s);
    if (e != OK) return e;
    report(&s);
    if (s.made.refused == 0) return OK;
    *call->err = s.made.first_refusal;
    return call->err->code;
}

static const struct option_spec summary_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng lập hóa đơn điện tử",
     "month of the days of the e-invoices"},
    {"out", OPTION_TEXT, true, "DIR", "ghi các tệp XML vào thư mục này",
     "write the XML files into this folder"},
    {"supplement", OPTION_FLAG, false, NULL, "lập bảng bổ sung cho hóa đơn chưa có trong bảng nào",
     "make a supplement of invoices that stand in no table"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "ngày lập bảng (mặc định hôm nay)",
     "day of the tables (default today)"},
    BILL_UNIT_OPTION,
    SIGNER_OPTIONS,
};

const struct command command_invoice_summary = {
    .name = "invoice summary",
    .store = STORE_WRITES,
    .help_vi = "Lập và ký bảng tổng hợp dữ liệu hóa đơn của một tháng (01/TH-HĐĐT)",
    .help_en = "Make and sign the summary tables of a month's e-invoices",
    .options = summary_options,
    .option_count = ARRAY_COUNT(summary_options),
    .run = run_summary,
};

/* ---- invoice summary-list ---------------------------------------------------------------- */

static const struct table_column columns[] = {
    {"Đơn vị", ALIGN_LEFT},      {"Mã số thuế", ALIGN_LEFT}, {"Tháng", ALIGN_LEFT},
    {"Số bảng", ALIGN_RIGHT},    {"Bổ sung", ALIGN_RIGHT},   {"Ngày lập", ALIGN_LEFT},
    {"Số hóa đơn", ALIGN_RIGHT}, {"Cộng", ALIGN_RIGHT},      {"Byte", ALIGN_RIGHT},
    {"SHA-256", ALIGN_LEFT},
};

static void list_json(struct listing *l, const struct summary_table *t, struct str month)
{
    struct json_writer *w = &l->w;
    listing_item(l);
    json_text(w, S("unit"), t->unit_code);
    json_text(w, S("tax_code"), t->tax_code);
    json_text(w, S("month"), month);
    json_i64(w, S("table"), t->table_no);
    json_i64(w, S("summary"), t->summary_no);
    json_i64(w, S("part"), t->part_no);
    json_i64(w, S("supplement"), t->supplement_no);
    json_text(w, S("made_on"), t->made_on);
    json_i64(w, S("rows"), t->row_count);
    json_i64(w, S("total"), t->total_vnd);
    json_i64(w, S("bytes"), t->bytes);
    json_text(w, S("sha256"), t->sha256);
    listing_item_end(l);
}

static err_t list_one(void *context, const struct summary_table *t, struct err *err)
{
    struct listing *l = context;
    char text[MONTH_TEXT_BYTES];
    struct str month = month_text(month_from_number(t->month), text);
    (void)err;
    if (l->call->json) {
        list_json(l, t, month);
        return OK;
    }
    table_text(&l->table, t->unit_code);
    table_text(&l->table, t->tax_code);
    table_text(&l->table, month);
    table_i64(&l->table, t->table_no);
    table_i64(&l->table, t->supplement_no);
    table_iso_day(&l->table, t->made_on);
    table_i64(&l->table, t->row_count);
    table_vnd(&l->table, t->total_vnd);
    table_i64(&l->table, t->bytes);
    table_text(&l->table, t->sha256);
    return OK;
}

static err_t run_list(struct call *call)
{
    struct db *db;
    struct listing l;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = summary_each(db, call_text(call, "unit"), call_month_number(call), list_one, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec list_options[] = {
    {"month", OPTION_MONTH, false, "YYYY-MM", "chỉ một tháng", "one month only"},
    BILL_UNIT_OPTION,
};

const struct command command_invoice_summary_list = {
    .name = "invoice summary-list",
    .store = STORE_READS,
    .help_vi = "Các bảng tổng hợp đã lập, với số bảng, số dòng và mã băm",
    .help_en = "List the summary tables that were made, with their rows and hashes",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
