/* SPDX-License-Identifier: Apache-2.0 */
/* bill list, bill unbilled, bill review: what was billed, who has no bill, this month beside the
 * last. */
#include "app/bill_call.h"
#include "app/listing.h"
#include "app/unit_call.h"
#include "base/date.h"
#include "base/decimal.h"
#include "billing/bill_json.h"
#include "metering/exception.h"

enum { KWH_PLACES = 3 };

/* ---- bill list --------------------------------------------------------------------------- */

static const struct table_column bill_columns[] = {
    {"Số hóa đơn", ALIGN_LEFT}, {"Khách hàng", ALIGN_LEFT}, {"Loại", ALIGN_LEFT},
    {"Từ", ALIGN_LEFT}, {"Đến", ALIGN_LEFT}, {"kWh", ALIGN_RIGHT},
    {"Tiền điện", ALIGN_RIGHT}, {"Thuế GTGT", ALIGN_RIGHT}, {"Cộng", ALIGN_RIGHT},
};

static err_t list_one(void *context, const struct bill_row *row, struct err *err)
{
    struct listing *l = context;
    (void)err;
    if (l->call->json) {
        listing_item(l);
        bill_json_members(&l->w, row);
        call_mark_json(l->call, &l->w);
        listing_item_end(l);
        return OK;
    }
    char number[BILL_NUMBER_BYTES];
    table_text(&l->table, bill_number(row->unit_code, &row->key, number));
    table_text(&l->table, row->agreement_code);
    table_text(&l->table, bill_kind_vi(row->key.kind));
    table_iso_day(&l->table, row->from_on);
    table_iso_day(&l->table, row->to_on);
    table_decimal(&l->table, row->total_wh, KWH_PLACES);
    table_vnd(&l->table, row->pre_vat_vnd);
    table_vnd(&l->table, row->vat_vnd);
    table_vnd(&l->table, row->total_vnd);
    return OK;
}

static err_t run_list(struct call *call)
{
    struct db *db;
    struct listing l;
    int64_t month = call_month_number(call);
    struct bill_filter filter = {.unit_code = call_text(call, "unit"), .first_month = month,
                                 .last_month = month, .run_id = call_i64(call, "run", 0)};
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_LINES, bill_columns, ARRAY_COUNT(bill_columns));
    e = bill_each(db, &filter, list_one, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec list_options[] = {
    BILL_MONTH_OPTION,
    BILL_UNIT_OPTION,
    {"run", OPTION_I64, false, "R", "chỉ hóa đơn của một lần tính", "bills of one run only"},
};

const struct command command_bill_list = {
    .name = "bill list",
    .store = STORE_READS,
    .help_vi = "Danh sách hóa đơn của một tháng",
    .help_en = "List the bills of a month",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};

/* ---- bill unbilled ----------------------------------------------------------------------- */

static const struct table_column unbilled_columns[] = {
    {"Đơn vị", ALIGN_LEFT}, {"Điểm đo", ALIGN_LEFT}, {"Khách hàng", ALIGN_LEFT},
    {"Sổ", ALIGN_LEFT}, {"Lý do", ALIGN_LEFT}, {"Cách xử lý", ALIGN_LEFT},
};

static err_t unbilled_one(void *context, const struct unbilled *item, struct err *err)
{
    struct listing *l = context;
    const struct problem_text *text = problem_text(item->problem);
    const struct exception_text *why = item->exception;
    (void)err;
    if (!l->call->json) {
        table_text(&l->table, item->unit_code);
        table_text(&l->table, item->point_code);
        table_text(&l->table, item->agreement_code);
        table_text(&l->table, item->book_code);
        table_text(&l->table, why != NULL            ? str_of(why->reason_vi)
                              : item->concerns.n > 0 ? item->concerns
                                                     : str_of(text->vi));
        table_text(&l->table, str_of(why != NULL ? why->remedy_vi : text->remedy_vi));
        return OK;
    }
    listing_item(l);
    json_text(&l->w, S("unit"), item->unit_code);
    json_text(&l->w, S("point"), item->point_code);
    json_text(&l->w, S("agreement"), item->agreement_code);
    json_text(&l->w, S("book"), item->book_code);
    json_text(&l->w, S("problem"), str_of(text->code));
    json_text(&l->w, S("concerns"), item->concerns);
    if (why != NULL) json_text(&l->w, S("exception"), str_of(why->code));
    json_text(&l->w, S("reason_vi"), str_of(why != NULL ? why->reason_vi : text->vi));
    json_text(&l->w, S("remedy_vi"), str_of(why != NULL ? why->remedy_vi : text->remedy_vi));
    json_text(&l->w, S("reason_en"), str_of(why != NULL ? why->reason_en : text->en));
    json_text(&l->w, S("remedy_en"), str_of(why != NULL ? why->remedy_en : text->remedy_en));
    call_mark_json(l->call, &l->w);
    listing_item_end(l);
    return OK;
}

static err_t run_unbilled(struct call *call)
{
    struct db *db;
    struct listing l;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_LINES, unbilled_columns, ARRAY_COUNT(unbilled_columns));
    e = unbilled_each(db, call_text(call, "unit"), call_month_number(call), unbilled_one, &l,
                      call->err);
    return listing_end(&l, e);
}

static const struct option_spec unbilled_options[] = {BILL_MONTH_OPTION, BILL_UNIT_OPTION};

const struct command command_bill_unbilled = {
    .name = "bill unbilled",
    .store = STORE_READS,
    .help_vi = "Điểm đo đang mua điện mà chưa có hóa đơn của tháng, kèm lý do và cách xử lý",
    .help_en = "Supplied points without a bill of the month, with reason and remedy",
    .options = unbilled_options,
    .option_count = ARRAY_COUNT(unbilled_options),
    .run = run_unbilled,
};

/* ---- bill review ------------------------------------------------------------------------- */

/* The review of a unit and how many entries its list of unbilled points has. */
struct reviewed {
    struct str unit_code;
    struct review sums;
    int64_t unbilled;
};

static err_t count_unbilled(void *context, const struct unbilled *item, struct err *err)
{
    (void)item, (void)err;
    ++*(int64_t *)context;
    return OK;
}

static void review_json(struct json_writer *w, const struct reviewed *reviewed)
{
    const struct review *r = &reviewed->sums;
    json_text(w, S("unit"), reviewed->unit_code);
    json_i64(w, S("points"), r->points);
    json_i64(w, S("before_points"), r->before_points);
    json_decimal(w, S("kwh"), r->energy_wh, KWH_PLACES);
    json_decimal(w, S("before_kwh"), r->before_energy_wh, KWH_PLACES);
    json_i64(w, S("total"), r->total_vnd);
    json_i64(w, S("before_total"), r->before_total_vnd);
    json_i64(w, S("zero"), r->zero);
    json_i64(w, S("before_zero"), r->before_zero);
    json_i64(w, S("new"), r->fresh);
    json_i64(w, S("gone"), r->gone);
    json_i64(w, S("held"), r->held);
    json_i64(w, S("exceptions"), r->exceptions);
    json_i64(w, S("unbilled"), reviewed->unbilled);
}

static const struct table_column review_columns[] = {
    {"Đơn vị", ALIGN_LEFT}, {"Hóa đơn", ALIGN_RIGHT}, {"Tháng trước", ALIGN_RIGHT},
    {"kWh", ALIGN_RIGHT}, {"Tháng trước", ALIGN_RIGHT}, {"Cộng", ALIGN_RIGHT},
    {"Tháng trước", ALIGN_RIGHT}, {"0 kWh", ALIGN_RIGHT}, {"Mới", ALIGN_RIGHT},
    {"Không còn", ALIGN_RIGHT}, {"Bị giữ", ALIGN_RIGHT}, {"Không tính được", ALIGN_RIGHT},
    {"Chưa có", ALIGN_RIGHT},
};

static void review_row(struct table *table, const struct reviewed *reviewed)
{
    const struct review *r = &reviewed->sums;
    table_text(table, reviewed->unit_code);
    table_i64(table, r->points);
    table_i64(table, r->before_points);
    table_decimal(table, r->energy_wh, KWH_PLACES);
    table_decimal(table, r->before_energy_wh, KWH_PLACES);
    table_vnd(table, r->total_vnd);
    table_vnd(table, r->before_total_vnd);
    table_i64(table, r->zero);
    table_i64(table, r->fresh);
    table_i64(table, r->gone);
    table_i64(table, r->held);
    table_i64(table, r->exceptions);
    table_i64(table, reviewed->unbilled);
}

static err_t review_unit(struct listing *l, struct db *db, int64_t unit_id, struct str unit_code)
{
    struct err *err = l->call->err;
    int64_t month = call_month_number(l->call);
    struct reviewed reviewed = {.unit_code = unit_code};
    err_t e = bill_review(db, unit_id, month, &reviewed.sums, err);
    if (e == OK) e = unbilled_each(db, unit_code, month, count_unbilled, &reviewed.unbilled, err);
    if (e != OK) return e;
    if (l->call->json) {
        listing_item(l);
        review_json(&l->w, &reviewed);
        call_mark_json(l->call, &l->w);
        listing_item_end(l);
    } else {
        review_row(&l->table, &reviewed);
    }
    return OK;
}

static err_t run_review(struct call *call)
{
    struct db *db;
    struct listing l;
    struct str only = call_text(call, "unit");
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_LINES, review_columns, ARRAY_COUNT(review_columns));
    int64_t only_id = 0;
    if (only.n > 0) e = call_unit(call, only, &only_id);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, "SELECT unit_id, code FROM unit ORDER BY code", NO_ARGS, &rows, call->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, call->err);
        if (e != OK || !more) break;
        if (only_id != 0 && only_id != row_i64(rows, 0)) continue;
        e = review_unit(&l, db, row_i64(rows, 0), row_text(rows, 1));
    }
    return listing_end(&l, e);
}

const struct command command_bill_review = {
    .name = "bill review",
    .store = STORE_READS,
    .help_vi = "Soát tháng này bên tháng trước trước khi phát hành",
    .help_en = "This month beside the last, before it is issued",
    .options = unbilled_options,
    .option_count = ARRAY_COUNT(unbilled_options),
    .run = run_review,
};
