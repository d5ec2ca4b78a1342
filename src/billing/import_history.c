/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/import_history_int.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "metering/history.h"
#include "registry/registry_view.h"
#include "store/store.h"

#define IMPORT_DEF "billing/import_history.def"
#include "registry/import_columns.h"

enum { KWH_PLACES = 3, RATE_PLACES = 6, REQUEST_BYTES = 256, PACKED_BYTES = 64 * 1024,
       POINT_MONTHS_MAX = 600 };

static void reject(struct import *import, struct import_row *row, int column, const char *field,
                   const char *vi, const char *en, const char *hint_vi, const char *hint_en)
{
    struct err why;
    err_set(&why, E_INPUT, field, "%s", "%s", vi);
    struct buf text;
    buf_init_fixed(&text, why.en.message, sizeof why.en.message);
    buf_add(&text, str_of(en));
    buf_init_fixed(&text, why.vi.hint, sizeof why.vi.hint);
    buf_add(&text, str_of(hint_vi));
    buf_init_fixed(&text, why.en.hint, sizeof why.en.hint);
    buf_add(&text, str_of(hint_en));
    import_reject(import, row, column, &why);
}

/* ---- one row ----------------------------------------------------------------------------- */

static bool read_numbers(struct import *import, struct import_row *row, struct past_bill *out)
{
    const struct import_cell *cells = row->cells;
    struct rated_bill *rated = &out->record.rated;
    if (!month_parse(cells[COL_month].text, &out->month)) {
        reject(import, row, COL_month, "month", "Tháng không hợp lệ", "This is no month",
               "Viết dạng YYYY-MM, ví dụ 2026-09", "Write YYYY-MM, for example 2026-09");
        return false;
    }
    if (!decimal_parse(cells[COL_kwh].text, KWH_PLACES, &rated->total_wh)) {
        reject(import, row, COL_kwh, "kwh", "Điện năng không hợp lệ", "This is no energy",
               "Viết số kWh với dấu chấm thập phân, ví dụ 461.5",
               "Write kWh with a decimal point, for example 461.5");
        return false;
    }
    struct str rate = cells[COL_vat_rate].given ? cells[COL_vat_rate].text : S("0");
    if (!decimal_parse(rate, RATE_PLACES, &rated->vat_ppm) || rated->vat_ppm < 0 ||
        rated->vat_ppm > 1000000) {
        reject(import, row, COL_vat_rate, "vat_rate", "Thuế suất không hợp lệ",
               "This is no tax rate", "Viết tỷ lệ, ví dụ 0.08", "Write a ratio, for example 0.08");
        return false;
    }
    rated->pre_vat_vnd = cells[COL_pre_vat].i64;
    rated->vat_vnd = cells[COL_vat].i64;
    rated->total_vnd = cells[COL_total].i64;
    if (rated->pre_vat_vnd + rated->vat_vnd == rated->total_vnd) return true;
    reject(import, row, COL_total, "total", "Tổng cộng khác tiền điện cộng thuế",
           "The total is not the amount plus the tax", "Kiểm tra ba cột pre_vat, vat và total",
           "Check the columns pre_vat, vat and total");
    return false;
}

static bool read_days(struct import *import, struct import_row *row, struct past_bill *out)
{
    const struct import_cell *cells = row->cells;
    out->record.rated.from_day = (int32_t)cells[COL_from].i64;
    out->record.rated.to_day = (int32_t)cells[COL_to].i64;
    out->issued_day = (int32_t)(cells[COL_issued].given ? cells[COL_issued].i64
                                                        : cells[COL_to].i64);
    if (out->record.rated.to_day > out->record.rated.from_day) return true;
    reject(import, row, COL_to, "to", "Ngày cuối kỳ không sau ngày đầu kỳ",
           "The period ends before it begins", "Kiểm tra hai cột from và to",
           "Check the columns from and to");
    return false;
}

bool past_bill_read(struct import *import, struct import_row *row, struct past_bill *out)
{
    return read_numbers(import, row, out) && read_days(import, row, out);
}

/* {"earlier":"0012345"}: what the earlier system called the bill. */
static struct str earlier_request(struct arena *arena, struct str number)
{
    char memory[REQUEST_BYTES];
    struct buf text;
    struct json_writer w;
    buf_init_fixed(&text, memory, sizeof memory);
    json_writer_init(&w, &text);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("earlier"), str_sub(number, 0, REQUEST_BYTES / 4));
    json_end(&w);
    return text.failed ? S("{}") : arena_str(arena, buf_str(&text));
}

/* Who was supplied on the last day, and in which book the point was. */
static err_t find_place(struct import *import, struct import_row *row, struct past_bill *out,
                        int64_t point_id, bool *out_found, struct err *err)
{
    struct supply supply;
    char text[DATE_TEXT_BYTES];
    int32_t last_day = out->record.rated.to_day - 1;
    struct value day = v_text(day_text(last_day, text));
    int64_t book_id;
    *out_found = false;
    err_t e = supply_of_point(import->db, out->unit_id, point_id, last_day, KNOWN_NOW, &supply,
                              err);
    if (e == OK)
        e = db_get_i64_or(import->db,
                          "SELECT value_i64 FROM point_asof WHERE unit_id = $1 AND "
                          "point_id = $2 AND kind = 'book' AND valid_from <= $3 AND "
                          "valid_to > $4 AND known_to = $5 AND state = 'set'",
                          ARGS(v_i64(out->unit_id), v_i64(point_id), day, day,
                               v_i64(INT64_MAX)),
                          0, &book_id, err);
    if (e != OK) return e;
    if (supply.agreement_id == 0 || supply.account_id == 0) {
        reject(import, row, COL_to, "to", "Ngày cuối kỳ điểm đo không có hợp đồng và tài khoản",
               "On the last day the point has no agreement with an account",
               "Nhập hợp đồng của thời gian đó trước", "Import the agreement of that time first");
        return OK;
    }
    int64_t period_no = row->cells[COL_period].given ? row->cells[COL_period].i64 : 1;
    out->record.key = (struct bill_key){out->unit_id, month_to_number(out->month), period_no,
                                        book_id, point_id, supply.agreement_id, BILL_PERIODIC, 1};
    out->record.account_id = supply.account_id;
    out->record.posting_month = out->record.key.month;
    *out_found = true;
    return OK;
}

/* Whether the bill is there already, with the same content or another. */
static err_t compare(struct import *import, struct import_row *row, const struct past_bill *bill,
                     bool *out_new, struct err *err)
{
    const struct bill_key *key = &bill->record.key;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(import->db,
                       "SELECT origin, total_wh, pre_vat_vnd, vat_vnd FROM bill WHERE "
                       "unit_id = $1 AND point_id = $2 AND month = $3 AND period_no = $4 AND "
                       "agreement_id = $5 AND version = 1",
                       ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(key->month),
                            v_i64(key->period_no), v_i64(key->agreement_id)),
                       &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    *out_new = !found;
    if (!found) return OK;
    const struct rated_bill *rated = &bill->record.rated;
    if (str_equal(row_text(rows, 0), S("own")))
        reject(import, row, COL_month, "month", "Kỳ này đã có hóa đơn của chính hệ thống này",
               "This period has a bill of this system already",
               "Bỏ dòng này: hóa đơn cũ chỉ dùng cho các tháng trước khi chuyển",
               "Leave the row out: past bills are for the months before the cut-over");
    else if (row_i64(rows, 1) != rated->total_wh || row_i64(rows, 2) != rated->pre_vat_vnd ||
             row_i64(rows, 3) != rated->vat_vnd)
        import_reject_different(import, row, COL_total, S("hóa đơn đã nhập"));
    else
        import->counts.unchanged++;
    return OK;
}

/* ---- the packed past --------------------------------------------------------------------- */

struct past_month {
    int32_t month, days;
    int64_t wh;
};

/* Months of one point, gathered while its rows stand together in the file. */
struct past {
    int64_t unit_id, point_id;
    struct past_month month[POINT_MONTHS_MAX];
    size_t count;
};

static void unpack(struct past *past, struct str packed)
{
    for (; packed.n >= HISTORY_MONTH_BYTES && past->count < POINT_MONTHS_MAX;
         packed = str_sub(packed, HISTORY_MONTH_BYTES, packed.n)) {
        uint64_t value[2] = {0, 0};
        for (unsigned i = 0; i < HISTORY_MONTH_BYTES; i++)
            value[i / 8] |= (uint64_t)(unsigned char)packed.p[i] << (8 * (i % 8));
        past->month[past->count++] = (struct past_month){
            month_from_number((int64_t)(value[0] & 0xffffffff)), (int32_t)(value[0] >> 32),
            (int64_t)value[1]};
    }
}

static void add_month(struct past *past, const struct past_month *month)
{
    size_t at = past->count;
    while (at > 0 && past->month[at - 1].month >= month->month) at--;
    if (at < past->count && past->month[at].month == month->month) {
        past->month[at].days += month->days; /* a further period of the same month */
        past->month[at].wh += month->wh;
        return;
    }
    if (past->count == POINT_MONTHS_MAX) return;
    for (size_t i = past->count; i > at; i--) past->month[i] = past->month[i - 1];
    past->month[at] = *month;
    past->count++;
}

static err_t flush(struct import *import, struct past *past, struct err *err)
{
    if (past->point_id == 0) return OK;
    struct buf packed;
    buf_init(&packed, PACKED_BYTES);
    for (size_t i = 0; i < past->count; i++)
        history_add(&packed, past->month[i].month, past->month[i].days, past->month[i].wh);
    err_t e = packed.failed ? err_memory(err) : OK;
    if (e == OK)
        e = db_run(import->db,
                   "INSERT INTO point_history (unit_id, point_id, months) VALUES ($1, $2, $3) "
                   "ON CONFLICT (unit_id, point_id) DO UPDATE SET months = excluded.months",
                   ARGS(v_i64(past->unit_id), v_i64(past->point_id), v_blob(buf_str(&packed))),
                   NULL, err);
    buf_release(&packed);
    past->point_id = 0;
    past->count = 0;
    return e;
}

static err_t remember(struct import *import, struct past *past, const struct past_bill *bill,
                      struct err *err)
{
    const struct bill_key *key = &bill->record.key;
    struct past_month month = {bill->month,
                               bill->record.rated.to_day - bill->record.rated.from_day,
                               bill->record.rated.total_wh};
    if (past->point_id != key->point_id || past->unit_id != key->unit_id) {
        err_t e = flush(import, past, err);
        if (e != OK) return e;
        past->unit_id = key->unit_id;
        past->point_id = key->point_id;
        AUTO(rows_done_at) struct rows *rows = NULL;
        bool found = false;
        e = db_query(import->db,
                     "SELECT months FROM point_history WHERE unit_id = $1 AND point_id = $2",
                     ARGS(v_i64(key->unit_id), v_i64(key->point_id)), &rows, err);
        if (e == OK) e = rows_next(rows, &found, err);
        if (e != OK) return e;
        if (found) unpack(past, row_blob(rows, 0));
    }
    add_month(past, &month);
    return OK;
}

/* ---- a batch ----------------------------------------------------------------------------- */

static struct str unit_code_of(const struct import *import, int64_t unit_id)
{
    for (size_t i = 0; i < import->unit_count; i++)
        if (import->units[i].unit_id == unit_id) return import->units[i].code;
    return S("");
}

/* Reads a row and looks whether it is new; nothing is written yet. */
static err_t read_row(struct import *import, struct import_row *row,
                      const struct import_target *point, struct past_bill *out, struct err *err)
{
    struct past_bill bill = {.unit_id = point->unit_id,
                             .record = {.origin = ORIGIN_EARLIER, .price_book = S("")}};
    bool found, fresh = false;
    if (!past_bill_read(import, row, &bill)) return OK;
    err_t e = find_place(import, row, &bill, point->id, &found, err);
    if (e == OK && found) e = compare(import, row, &bill, &fresh, err);
    if (e != OK || !fresh || row->rejected) return e;
    struct str number = row->cells[COL_number].given ? row->cells[COL_number].text : S("");
    bill.record.request = earlier_request(&import->batch, number);
    bill.record.rated.cause = S("");
    bill.record.issued_day = bill.issued_day;
    bill.fresh = true;
    *out = bill;
    return OK;
}

/* Writes the new bills; one writer as long as the unit stays the same. */
static err_t write_bills(struct import *import, const struct past_bill *bills, size_t count,
                         struct err *err)
{
    struct bill_writer *writer = NULL;
    int64_t unit_id = 0;
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) {
        if (!bills[i].fresh) continue;
        if (writer != NULL && bills[i].unit_id != unit_id) {
            e = bill_writer_close(writer, err);
            writer = NULL;
        }
        unit_id = bills[i].unit_id;
        if (e == OK && writer == NULL)
            e = bill_writer_open(import->db, unit_id, unit_code_of(import, unit_id),
                                 bills[i].issued_day, 0, &writer, err);
        if (e == OK) e = bill_writer_add(writer, &bills[i].record, err);
        if (e == OK) import->counts.added++;
    }
    if (e == OK && writer != NULL) return bill_writer_close(writer, err);
    bill_writer_drop(writer);
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct import_target *points = ARENA_ARRAY(&import->batch, struct import_target, count);
    struct past_bill *bills = ARENA_ARRAY(&import->batch, struct past_bill, count);
    struct past *past = ARENA_NEW(&import->batch, struct past);
    if (points == NULL || bills == NULL || past == NULL) return err_memory(err);
    err_t e = import_refer(import, rows, count, COL_point, &import_points, NULL, points, err);
    for (size_t i = 0; i < count && e == OK; i++)
        if (!rows[i].rejected) e = read_row(import, &rows[i], &points[i], &bills[i], err);
    if (e == OK) e = write_bills(import, bills, count, err);
    for (size_t i = 0; i < count && e == OK; i++)
        if (bills[i].fresh) e = remember(import, past, &bills[i], err);
    return e != OK ? e : flush(import, past, err);
}

const struct import_kind import_kind_history = {
    .name = "history",
    .vi = "Hóa đơn của hệ thống trước",
    .en = "Bills of an earlier system",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_point, COL_month, COL_period},
    .key_column_count = 3,
    .take = take,
};
