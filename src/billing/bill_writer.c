/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/bill_writer.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/integer.h"
#include "base/json_write.h"
#include "base/memory.h"
#include "billing/request.h"
#include "ledger/ledger.h"
#include "store/event.h"

enum { MVND_PER_VND = 1000, PAYLOAD_BYTES = 256 };

struct bill_writer {
    struct db *db;
    int64_t unit_id;
    char unit_code[UNIT_CODE_BYTES];
    int32_t issued_day;
    int64_t next_event_id, left, recorded_at_ms;
    struct bulk *bill, *line, *event;
    struct ledger_writer *ledger;
};

static const char bill_columns[] =
    "unit_id, month, period_no, book_id, point_id, agreement_id, kind, version, origin, "
    "account_id, run_id, closing_no, posting_month, from_on, to_on, total_wh, pre_vat_vnd, "
    "vat_ppm, vat_vnd, total_vnd, line_count, estimated, replaces_version, cause, issued_on, "
    "price_book, request";
static const char line_columns[] =
    "unit_id, month, period_no, book_id, point_id, agreement_id, bill_kind, version, line_no, "
    "kind, category, voltage, decision, tier, tou, from_on, to_on, quantity_wh, price_vnd, "
    "percent_hundredths, cosphi_hundredths, amount_mvnd";

static err_t open_bulks(struct bill_writer *writer, struct err *err)
{
    struct ledger_chart chart;
    err_t e = ledger_chart_on(writer->db, writer->issued_day, &chart, err);
    if (e == OK && writer->left > 0)
        e = event_take_ids(writer->db, writer->unit_id, writer->left, &writer->next_event_id, err);
    if (e == OK) e = bulk_open(writer->db, "bill", bill_columns, &writer->bill, err);
    if (e == OK) e = bulk_open(writer->db, "bill_line", line_columns, &writer->line, err);
    if (e != OK || writer->left == 0) return e;
    e = bulk_open(writer->db, EVENT_NEW_TABLE, EVENT_NEW_COLUMNS, &writer->event, err);
    if (e == OK)
        e = ledger_writer_open(writer->db, writer->unit_id, &chart, writer->issued_day,
                               &writer->ledger, err);
    return e;
}

err_t bill_writer_open(struct db *db, int64_t unit_id, struct str unit_code, int32_t issued_day,
                       int64_t count, struct bill_writer **out, struct err *err)
{
    ASSERT(unit_code.n > 0 && unit_code.n < UNIT_CODE_BYTES && count >= 0);
    struct bill_writer *writer = memory_take(sizeof *writer);
    if (writer == NULL) return err_memory(err);
    *writer = (struct bill_writer){.db = db, .unit_id = unit_id, .issued_day = issued_day,
                                   .left = count, .recorded_at_ms = clock_now_ms()};
    for (size_t i = 0; i < unit_code.n; i++) writer->unit_code[i] = unit_code.p[i];
    err_t e = open_bulks(writer, err);
    if (e != OK) {
        bill_writer_drop(writer);
        return e;
    }
    *out = writer;
    return OK;
}

void bill_writer_drop(struct bill_writer *writer)
{
    if (writer == NULL) return;
    bulk_drop(writer->bill);
    bulk_drop(writer->line);
    bulk_drop(writer->event);
    ledger_writer_drop(writer->ledger);
    memory_give(writer, sizeof *writer);
}

err_t bill_writer_close(struct bill_writer *writer, struct err *err)
{
    struct bulk **bulks[] = {&writer->bill, &writer->line, &writer->event};
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(bulks) && e == OK; i++) {
        struct bulk *bulk = *bulks[i];
        *bulks[i] = NULL;
        if (bulk != NULL) e = bulk_close(bulk, err);
    }
    if (e == OK && writer->ledger != NULL) {
        struct ledger_writer *ledger = writer->ledger;
        writer->ledger = NULL;
        e = ledger_writer_close(ledger, err);
    }
    bill_writer_drop(writer);
    return e;
}

/* A whole bill is rounded once; a difference of two is the difference of two roundings. */
static bool lines_agree(const struct bill_record *record)
{
    const struct rated_bill *rated = &record->rated;
    int64_t sum_mvnd = 0, pre_mvnd;
    for (size_t i = 0; i < rated->line_count; i++)
        if (!add_i64(sum_mvnd, rated->lines[i].amount_mvnd, &sum_mvnd)) return false;
    if (!mul_i64(rated->pre_vat_vnd, MVND_PER_VND, &pre_mvnd)) return false;
    if (record->key.kind == BILL_ADJUSTMENT)
        return sum_mvnd - pre_mvnd <= MVND_PER_VND && pre_mvnd - sum_mvnd <= MVND_PER_VND;
    return div_half_up(sum_mvnd, MVND_PER_VND) == rated->pre_vat_vnd;
}

static err_t refuse_unequal(struct str number, struct err *err)
{
    err_set(err, E_CHECK, "bill", "Tổng của hóa đơn %.*s không bằng các dòng của nó",
            "The total of bill %.*s is not the sum of its lines", STR_ARG(number));
    return err_hint(err, "Chạy lại sangden bill run cho tháng này",
                    "Run sangden bill run for this month again");
}

static err_t add_bill(struct bill_writer *writer, const struct bill_record *record,
                      struct err *err)
{
    static const char *const origins[] = {"own", "earlier"};
    const struct bill_key *key = &record->key;
    const struct rated_bill *rated = &record->rated;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES], issued[DATE_TEXT_BYTES];
    return bulk_row(
        writer->bill,
        ARGS(v_i64(key->unit_id), v_i64(key->month), v_i64(key->period_no), v_i64(key->book_id),
             v_i64(key->point_id), v_i64(key->agreement_id), v_text(bill_kind_code(key->kind)),
             v_i64(key->version), v_text(str_of(origins[record->origin])),
             v_i64(record->account_id), v_i64(record->run_id), v_i64(rated->closing_no),
             v_i64(record->posting_month), v_text(day_text(rated->from_day, from)),
             v_text(day_text(rated->to_day, to)), v_i64(rated->total_wh),
             v_i64(rated->pre_vat_vnd), v_i64(rated->vat_ppm), v_i64(rated->vat_vnd),
             v_i64(rated->total_vnd), v_i64((int64_t)rated->line_count),
             v_i64(rated->estimated ? 1 : 0),
             rated->replaces_version == 0 ? v_null() : v_i64(rated->replaces_version),
             v_text_or_null(rated->cause),
             v_text(day_text(record->issued_day != 0 ? record->issued_day : writer->issued_day,
                             issued)),
             v_text(record->price_book), v_text(record->request)),
        err);
}

static struct value number_if(bool given, int64_t number)
{
    return given ? v_i64(number) : v_null();
}

static err_t add_line(struct bill_writer *writer, const struct bill_key *key, int64_t line_no,
                      const struct rated_line *line, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    return bulk_row(
        writer->line,
        ARGS(v_i64(key->unit_id), v_i64(key->month), v_i64(key->period_no), v_i64(key->book_id),
             v_i64(key->point_id), v_i64(key->agreement_id), v_text(bill_kind_code(key->kind)),
             v_i64(key->version), v_i64(line_no), v_text(rated_kind_code(line->kind)),
             v_text_or_null(line->category), v_text_or_null(line->voltage),
             v_text_or_null(line->decision), number_if(line->tier > 0, line->tier),
             v_text_or_null(line->tou), v_text(day_text(line->from_day, from)),
             v_text(day_text(line->to_day, to)),
             number_if(line->has_quantity, line->quantity_wh),
             number_if(line->has_price, line->price_vnd),
             number_if(line->has_percent, line->percent_hundredths),
             number_if(line->has_percent && line->cosphi_hundredths > 0,
                       line->cosphi_hundredths),
             v_i64(line->amount_mvnd)),
        err);
}

static err_t add_posting(struct bill_writer *writer, const struct bill_record *record,
                         struct str number, struct err *err)
{
    static const enum item_kind kinds[BILL_KIND_COUNT] = {
        [BILL_PERIODIC] = ITEM_BILL, [BILL_FINAL] = ITEM_BILL, [BILL_SUPPLEMENT] = ITEM_BILL,
        [BILL_ADJUSTMENT] = ITEM_ADJUSTMENT, [BILL_REPLACEMENT] = ITEM_BILL,
        [BILL_FEE] = ITEM_FEE};
    struct ledger_document document = {
        .account_id = record->account_id, .reference = number, .kind = kinds[record->key.kind],
        .month = record->key.month, .due_day = record->due_day, .debit = SIDE_RECEIVABLE,
        .credit = bill_request_is_fee(record->request) ? SIDE_FEE_INCOME : SIDE_REVENUE,
        .net_vnd = record->rated.pre_vat_vnd, .vat_vnd = record->rated.vat_vnd};
    return ledger_post(writer->ledger, &document, err);
}

static err_t add_event(struct bill_writer *writer, const struct bill_record *record,
                       struct str number, struct err *err)
{
    char memory[PAYLOAD_BYTES];
    struct buf payload;
    struct json_writer w;
    buf_init_fixed(&payload, memory, sizeof memory);
    json_writer_init(&w, &payload);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("number"), number);
    json_i64(&w, S("account_id"), record->account_id);
    json_end(&w);
    ASSERT(!payload.failed);
    int64_t event_id = writer->next_event_id++;
    return bulk_row(writer->event,
                    ARGS(v_i64(writer->unit_id), v_i64(event_id),
                         v_text(S("invoice.issued")), v_i64(record->key.point_id),
                         v_text(buf_str(&payload)), v_i64(writer->recorded_at_ms)),
                    err);
}

err_t bill_writer_add(struct bill_writer *writer, const struct bill_record *record,
                      struct err *err)
{
    ASSERT(record->key.unit_id == writer->unit_id);
    ASSERT(record->origin == ORIGIN_EARLIER || writer->left > 0);
    char memory[BILL_NUMBER_BYTES];
    struct str number = bill_number(str_of(writer->unit_code), &record->key, memory);
    const struct rated_bill *rated = &record->rated;
    if (record->origin == ORIGIN_OWN) writer->left--;
    if (record->origin == ORIGIN_OWN && !lines_agree(record)) return refuse_unequal(number, err);
    err_t e = add_bill(writer, record, err);
    for (size_t i = 0; i < rated->line_count && e == OK; i++)
        e = add_line(writer, &record->key, (int64_t)i + 1, &rated->lines[i], err);
    if (e != OK || record->origin == ORIGIN_EARLIER) return e;
    e = add_posting(writer, record, number, err);
    return e != OK ? e : add_event(writer, record, number, err);
}

err_t bill_due_days(struct db *db, int32_t day, int64_t *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    return db_get_i64(db,
                      "SELECT value_i64 FROM billing_rule WHERE name = 'due_days' AND "
                      "valid_from <= $1 ORDER BY valid_from DESC LIMIT 1",
                      ARGS(v_text(day_text(day, text))), out, err);
}
