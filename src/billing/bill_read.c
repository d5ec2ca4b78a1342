/* SPDX-License-Identifier: Apache-2.0 */
/* Reading bills and their lines. */
#include "base/date.h"
#include "billing/bill_read_int.h"
#include "billing/plan_int.h"

struct bill_row bill_row_read(const struct rows *rows)
{
    struct bill_row row = {
        .key = {row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2), row_i64(rows, 3),
                row_i64(rows, 4), row_i64(rows, 5), BILL_PERIODIC, row_i64(rows, 7)},
        .origin = row_text(rows, 8), .account_id = row_i64(rows, 9),
        .run_id = row_i64(rows, 10), .closing_no = row_i64(rows, 11),
        .posting_month = row_i64(rows, 12), .from_on = row_text(rows, 13),
        .to_on = row_text(rows, 14), .total_wh = row_i64(rows, 15),
        .pre_vat_vnd = row_i64(rows, 16), .vat_ppm = row_i64(rows, 17),
        .vat_vnd = row_i64(rows, 18), .total_vnd = row_i64(rows, 19),
        .line_count = row_i64(rows, 20), .estimated = row_i64(rows, 21) == 1,
        .replaces_version = row_i64_or(rows, 22, 0), .cause = row_text_or_empty(rows, 23),
        .issued_on = row_text(rows, 24), .price_book = row_text(rows, 25),
        .request = row_text(rows, 26), .unit_code = row_text(rows, 27),
        .agreement_code = row_text_or_empty(rows, 28), .point_code = row_text_or_empty(rows, 29),
        .account_code = row_text_or_empty(rows, 30), .book_code = row_text_or_empty(rows, 31)};
    bool known = bill_kind_parse(row_text(rows, 6), &row.key.kind);
    ASSERT(known);
    return row;
}

bool bill_takes_back(const struct bill_key *bill, int64_t replaces_version,
                     const struct bill_key *record, int64_t record_replaces_version)
{
    bool same_slot = record->unit_id == bill->unit_id && record->month == bill->month &&
                     record->period_no == bill->period_no && record->point_id == bill->point_id &&
                     record->agreement_id == bill->agreement_id;
    bool same_chain = record->version == replaces_version ||
                      (record->kind == BILL_ADJUSTMENT &&
                       record_replaces_version == replaces_version);
    return bill->kind == BILL_REPLACEMENT && same_slot && record->version < bill->version &&
           same_chain;
}

#define IN_ORDER \
    "ORDER BY b.unit_id, b.month, b.period_no, b.book_id, b.point_id, b.agreement_id, b.kind, " \
    "b.version"

static err_t visit_rows(struct rows *rows, bill_visit *visit, void *context, struct err *err)
{
    for (;;) {
        bool more;
        err_t e = rows_next(rows, &more, err);
        if (e != OK || !more) return e;
        struct bill_row row = bill_row_read(rows);
        e = visit(context, &row, err);
        if (e != OK) return e;
    }
}

/* By the index of accounts: an account has few of a unit's bills. */
static err_t each_of_account(struct db *db, const struct bill_filter *filter, int64_t unit_id,
                             bill_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT " BILL_COLUMNS BILL_TABLES
                       "WHERE b.unit_id = $1 AND b.account_id = $2 AND b.month >= $3 AND "
                       "b.month <= $4 AND ($5 = 0 OR b.run_id = $6) AND "
                       "($7 = 0 OR b.point_id = $8) AND ($9 = 0 OR b.origin = 'own') " IN_ORDER,
                       ARGS(v_i64(unit_id), v_i64(filter->account_id), v_i64(filter->first_month),
                            v_i64(filter->last_month), v_i64(filter->run_id),
                            v_i64(filter->run_id), v_i64(filter->point_id),
                            v_i64(filter->point_id), v_i64(filter->own_only ? 1 : 0)),
                       &rows, err);
    return e == OK ? visit_rows(rows, visit, context, err) : e;
}

static err_t each_of_unit(struct db *db, const struct bill_filter *filter, int64_t unit_id,
                          bill_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    if (filter->account_id != 0)
        return each_of_account(db, filter, unit_id, visit, context, err);
    err_t e = db_query(db,
                       "SELECT " BILL_COLUMNS BILL_TABLES
                       "WHERE b.unit_id = $1 AND b.month >= $2 AND b.month <= $3 AND "
                       "($4 = 0 OR b.run_id = $5) AND ($6 = 0 OR b.point_id = $7) AND "
                       "($8 = 0 OR b.origin = 'own') " IN_ORDER,
                       ARGS(v_i64(unit_id), v_i64(filter->first_month), v_i64(filter->last_month),
                            v_i64(filter->run_id), v_i64(filter->run_id), v_i64(filter->point_id),
                            v_i64(filter->point_id), v_i64(filter->own_only ? 1 : 0)),
                       &rows, err);
    return e == OK ? visit_rows(rows, visit, context, err) : e;
}

err_t bill_each(struct db *db, const struct bill_filter *filter, bill_visit *visit,
                void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    struct unit_list units = {0};
    err_t e = unit_list_load(db, &arena, filter->unit_code, &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        e = each_of_unit(db, filter, units.items[i].unit_id, visit, context, err);
    arena_release(&arena);
    return e;
}

void bill_row_keep(struct arena *arena, struct bill_row *row)
{
    struct str *texts[] = {&row->origin, &row->from_on, &row->to_on, &row->issued_on,
                           &row->cause, &row->price_book, &row->request, &row->unit_code,
                           &row->agreement_code, &row->point_code, &row->account_code,
                           &row->book_code};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
}

static err_t refuse_unknown(struct str number, struct err *err)
{
    err_set(err, E_NOT_FOUND, "NUMBER", "Không có hóa đơn %.*s", "There is no bill %.*s",
            STR_ARG(number));
    return err_hint(err, "Xem các hóa đơn bằng: sangden bill list --month …",
                    "See the bills with: sangden bill list --month …");
}

err_t bill_find(struct db *db, struct arena *arena, struct str number, struct bill_row *out,
                struct err *err)
{
    struct str unit_code;
    struct bill_key key;
    err_t e = bill_number_parse(number, &unit_code, &key, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db,
                 "SELECT " BILL_COLUMNS BILL_TABLES
                 "WHERE u.code = $1 AND b.point_id = $2 AND b.month = $3 AND b.period_no = $4 "
                 "AND b.agreement_id = $5 AND b.version = $6 AND b.kind = $7",
                 ARGS(v_text(unit_code), v_i64(key.point_id), v_i64(key.month),
                      v_i64(key.period_no), v_i64(key.agreement_id), v_i64(key.version),
                      v_text(bill_kind_code(key.kind))),
                 &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unknown(number, err);
    struct bill_row row = bill_row_read(rows);
    bill_row_keep(arena, &row);
    if (arena->failed) return err_memory(err);
    *out = row;
    return OK;
}

static int32_t day_of(struct str text)
{
    int32_t day = 0;
    bool read = day_parse(text, &day);
    ASSERT(read); /* written from a day, and checked by length */
    return day;
}

static struct rated_line read_line(struct arena *arena, const struct rows *rows)
{
    struct rated_line line = {
        .category = arena_str(arena, row_text_or_empty(rows, 1)),
        .voltage = arena_str(arena, row_text_or_empty(rows, 2)),
        .decision = arena_str(arena, row_text_or_empty(rows, 3)),
        .tier = row_i64_or(rows, 4, 0), .tou = arena_str(arena, row_text_or_empty(rows, 5)),
        .from_day = day_of(row_text(rows, 6)), .to_day = day_of(row_text(rows, 7)),
        .has_quantity = !row_is_null(rows, 8), .quantity_wh = row_i64_or(rows, 8, 0),
        .has_price = !row_is_null(rows, 9), .price_vnd = row_i64_or(rows, 9, 0),
        .has_percent = !row_is_null(rows, 10), .percent_hundredths = row_i64_or(rows, 10, 0),
        .cosphi_hundredths = row_i64_or(rows, 11, 0), .amount_mvnd = row_i64(rows, 12)};
    bool known = rated_kind_parse(row_text(rows, 0), &line.kind);
    ASSERT(known);
    return line;
}

err_t bill_rated(struct db *db, struct arena *arena, const struct bill_row *row,
                 struct rated_bill *out, struct err *err)
{
    struct rated_bill bill = {
        .from_day = day_of(row->from_on), .to_day = day_of(row->to_on),
        .total_wh = row->total_wh, .pre_vat_vnd = row->pre_vat_vnd, .vat_ppm = row->vat_ppm,
        .vat_vnd = row->vat_vnd, .total_vnd = row->total_vnd, .estimated = row->estimated,
        .closing_no = row->closing_no, .replaces_version = row->replaces_version,
        .cause = row->cause, .lines = ARENA_ARRAY(arena, struct rated_line,
                                                  (size_t)row->line_count)};
    if (bill.lines == NULL) return err_memory(err);
    const struct bill_key *key = &row->key;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT kind, category, voltage, decision, tier, tou, from_on, to_on, "
                       "quantity_wh, price_vnd, percent_hundredths, cosphi_hundredths, "
                       "amount_mvnd FROM bill_line WHERE unit_id = $1 AND month = $2 AND "
                       "period_no = $3 AND book_id = $4 AND point_id = $5 AND agreement_id = $6 "
                       "AND bill_kind = $7 AND version = $8 ORDER BY line_no",
                       ARGS(v_i64(key->unit_id), v_i64(key->month), v_i64(key->period_no),
                            v_i64(key->book_id), v_i64(key->point_id), v_i64(key->agreement_id),
                            v_text(bill_kind_code(key->kind)), v_i64(key->version)),
                       &rows, err);
    for (bool more = true; e == OK && bill.line_count < (size_t)row->line_count;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bill.lines[bill.line_count++] = read_line(arena, rows);
    }
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    *out = bill;
    return OK;
}

err_t bill_usage_detail(struct db *db, struct arena *arena, const struct bill_row *row,
                        struct str *out, struct err *err)
{
    const struct bill_key *key = &row->key;
    err_t e = db_get_text(db, arena,
                          "SELECT detail FROM usage WHERE unit_id = $1 AND book_id = $2 AND "
                          "month = $3 AND period_no = $4 AND point_id = $5 AND kind = $6 AND "
                          "closing_no = $7",
                          ARGS(v_i64(key->unit_id), v_i64(key->book_id), v_i64(key->month),
                               v_i64(key->period_no), v_i64(key->point_id),
                               v_text(bill_kind_code(key->kind)), v_i64(row->closing_no)),
                          out, err);
    if (e != E_NOT_FOUND) return e;
    *out = S("");
    return OK;
}
