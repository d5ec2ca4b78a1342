/* SPDX-License-Identifier: Apache-2.0 */
/* invoice issue: numbers for the bills of a month, then signed documents for the numbers. */
#include "app/bill_call.h"
#include "app/progress.h"
#include "app/signer_call.h"
#include "app/store_crew.h"
#include "base/json_write.h"
#include "document/invoice_sign.h"

struct issuing {
    struct call *call;
    struct actor actor;
    struct invoice_plan plan;
    int64_t lease_ms;
    struct progress progress;
    struct signer signer;
    bool marked; /* a development key may sign */
    struct invoice_sign_ticket ticket;
    struct invoice_sign_job job;
    int64_t numbered, waiting, left;
    int64_t outside; /* signed, of days on which the certificate is not valid */
};

/* ---- numbers ----------------------------------------------------------------------------- */

static err_t number_worker(struct db *db, void *context, crew_stop *stop, struct err *err)
{
    struct issuing *i = context;
    return invoice_number(db, &i->plan, crew_goes_on, stop, err);
}

static void show_numbers(void *context)
{
    struct issuing *i = context;
    struct err ignored;
    struct db *db;
    int64_t done = 0;
    if (call_db(i->call, &db) != OK || invoice_numbered(db, &i->plan, &done, &ignored) != OK)
        return;
    progress_at(&i->progress, done);
}

static err_t give_numbers(struct issuing *i)
{
    struct call *call = i->call;
    if (i->plan.part_count == 0) return OK;
    progress_start(&i->progress, "invoice issue", "Cấp số hóa đơn", "hóa đơn", i->plan.bill_count);
    err_t e = store_crew_run(call, DB_WRITE, number_worker, i, show_numbers);
    if (e == OK) show_numbers(i);
    progress_end(&i->progress);
    return e;
}

/* ---- signatures -------------------------------------------------------------------------- */

static err_t sign_worker(struct db *db, void *context, crew_stop *stop, struct err *err)
{
    struct issuing *i = context;
    return invoice_sign_work(db, &i->job, crew_goes_on, stop, err);
}

static void show_signatures(void *context)
{
    struct issuing *i = context;
    struct err ignored;
    struct db *db;
    int64_t done = 0;
    if (call_db(i->call, &db) != OK || invoice_sign_done(db, &i->ticket, &done, &ignored) != OK)
        return;
    progress_at(&i->progress, done);
}

/* What could be signed stands even where something could not, and the first error is what is told.
 * */
static err_t end_signing(struct issuing *i, err_t e)
{
    struct db *db;
    struct err first = *i->call->err;
    err_t ended = call_db(i->call, &db);
    if (ended == OK) ended = invoice_sign_close(db, &i->ticket, &i->left, i->call->err);
    if (e != OK) *i->call->err = first;
    return e != OK ? e : ended;
}

static err_t sign_all(struct issuing *i)
{
    struct call *call = i->call;
    struct db *db;
    int64_t outside = 0;
    err_t e = call_db(call, &db);
    if (e == OK)
        e = invoice_sign_plan(db, call->arena, call_text(call, "unit"), &i->ticket, call->err);
    if (e != OK || i->ticket.left == 0) return e;
    e = invoice_sign_outside(db, &i->ticket, &i->signer, &outside, call->err);
    if (e == OK) e = call_check_certificate_of_series(call, &i->signer, call_text(call, "unit"), 0);
    if (e != OK) return e;
    i->job = (struct invoice_sign_job){&i->ticket, &i->signer, &i->actor, i->marked, i->lease_ms};
    progress_start(&i->progress, "invoice sign", "Ký hóa đơn", "hóa đơn", i->ticket.left);
    e = store_crew_run(call, DB_WRITE, sign_worker, i, show_signatures);
    if (e == OK) show_signatures(i);
    if (e == OK) i->outside = outside;
    progress_end(&i->progress);
    return end_signing(i, e);
}

/* ---- the order --------------------------------------------------------------------------- */

static err_t refuse_usage(struct call *call, const char *option, const char *vi, const char *en)
{
    err_set(call->err, E_USAGE, option, "Cách dùng không đúng", "Wrong usage");
    return err_hint(call->err, "%s%.0s", "%.0s%s", vi, en);
}

static err_t check_usage(struct call *call, int64_t *out_lease_ms)
{
    if (call_given(call, "month") == call_given(call, "bill"))
        return refuse_usage(call, "month", "Ghi --month, hoặc --bill cho một hóa đơn",
                            "Give --month, or --bill for one bill");
    if (call_given(call, "agreement") && !call_given(call, "bill"))
        return refuse_usage(call, "agreement", "--agreement đi cùng --bill",
                            "--agreement goes with --bill");
    err_t e = call_lease(call, out_lease_ms);
    return e == OK ? call_check_workers(call) : e;
}

static err_t plan(struct issuing *i)
{
    struct call *call = i->call;
    struct db *db;
    struct invoice_order order = {.month = call_month_number(call),
                                  .unit_code = call_text(call, "unit"),
                                  .run_id = call_i64(call, "run", 0),
                                  .bill_number = call_text(call, "bill"),
                                  .agreement = call_text(call, "agreement"),
                                  .actor = &i->actor};
    err_t e = check_usage(call, &i->lease_ms);
    if (e == OK) e = call_signing_day(call, -1, &order.day);
    if (e == OK) e = call_actor(call, &i->actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = call_require_units(call, db, &i->actor, order.unit_code, PERMISSION_INVOICE_ISSUE);
    if (e == OK && !call_given(call, "numbers-only"))
        e = call_store_signer(call, &i->signer, &i->marked);
    if (e == OK) e = invoice_plan_make(db, call->arena, &order, &i->plan, call->err);
    return e;
}

/* ---- the report -------------------------------------------------------------------------- */

static err_t count_waiting(void *context, const struct invoice_waiting *waiting, struct err *err)
{
    (void)waiting, (void)err;
    ++*(int64_t *)context;
    return OK;
}

static void write_json(struct issuing *i)
{
    struct json_writer w;
    json_writer_init(&w, i->call->out);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("numbered"), i->numbered);
    json_i64(&w, S("unsigned"), i->left);
    json_i64(&w, S("waiting"), i->waiting);
    json_i64(&w, S("late"), i->plan.late_count);
    json_i64(&w, S("outside_certificate"), i->outside);
    json_end(&w);
    buf_add_char(i->call->out, '\n');
}

static void write_text(struct issuing *i)
{
    struct buf *out = i->call->out;
    buf_add(out, S("  đã cấp số       "));
    buf_add_grouped(out, i->numbered);
    buf_add(out, S(" hóa đơn\n"));
    if (i->left > 0) {
        buf_add(out, S("  chưa ký         "));
        buf_add_grouped(out, i->left);
        buf_add(out, S(" hóa đơn (xem: sangden invoice verify)\n"));
    }
    if (i->waiting > 0)
        buf_printf(out, "  còn chờ         %lld (xem: sangden invoice waiting)\n",
                   (long long)i->waiting);
    if (i->plan.late_count > 0)
        buf_printf(out,
                   "  CẢNH BÁO: %lld hóa đơn lập quá hạn sau cuối kỳ\n"
                   "  WARNING: %lld invoices are later than the rule allows\n",
                   (long long)i->plan.late_count, (long long)i->plan.late_count);
    if (i->outside > 0)
        buf_printf(out,
                   "  CẢNH BÁO: đã ký %lld hóa đơn có ngày ngoài thời hạn của chứng thư số\n"
                   "  WARNING: %lld invoices signed are of days outside the validity of the "
                   "certificate\n",
                   (long long)i->outside, (long long)i->outside);
}

static err_t report(struct issuing *i)
{
    struct call *call = i->call;
    struct db *db;
    err_t e = call_db(call, &db);
    if (e == OK) e = invoice_numbered(db, &i->plan, &i->numbered, call->err);
    if (e == OK)
        e = invoice_waiting_each(db, i->plan.order.unit_code, i->plan.order.month,
                                 i->plan.order.day, count_waiting, &i->waiting, call->err);
    if (e != OK) return e;
    if (call->json) write_json(i);
    else write_text(i);
    return OK;
}

static err_t run(struct call *call)
{
    struct issuing i = {.call = call};
    err_t e = plan(&i);
    if (e == OK) e = give_numbers(&i);
    err_t signing = e == OK && !call_given(call, "numbers-only") ? sign_all(&i) : OK;
    signer_close(&i.signer);
    if (e == OK && !err_of_machine(signing)) {
        struct err first = *call->err;
        e = report(&i);
        if (e == OK && signing != OK) *call->err = first;
    }
    return e != OK ? e : signing;
}

static const struct option_spec options[] = {
    {"month", OPTION_MONTH, false, "YYYY-MM", "tháng của hóa đơn tiền điện", "month of the bills"},
    {"bill", OPTION_TEXT, false, "NUMBER", "một hóa đơn tiền điện thay cho cả tháng",
     "one bill instead of a month"},
    {"agreement", OPTION_TEXT, false, "TEXT", "văn bản thỏa thuận với người mua về việc sửa",
     "the agreement with the buyer on the correction"},
    BILL_UNIT_OPTION,
    {"run", OPTION_I64, false, "R", "chỉ hóa đơn của một lần tính", "bills of one run only"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD",
     "ngày hóa đơn (mặc định: ngày phát hành của từng hóa đơn tiền điện)",
     "day of the invoices (default: of each, the day on which its bill was issued)"},
    {"numbers-only", OPTION_FLAG, false, NULL, "chỉ cấp số, ký ở lần chạy sau",
     "give numbers only; a later call signs"},
    BILL_WORKERS_OPTION,
    BILL_LEASE_OPTION,
    SIGNER_OPTIONS,
};

const struct command command_invoice_issue = {
    .name = "invoice issue",
    .store = STORE_WRITES,
    .help_vi = "Cấp số và ký hóa đơn điện tử cho hóa đơn tiền điện của một tháng",
    .help_en = "Number and sign the e-invoices of a month's bills",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
