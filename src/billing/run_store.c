/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of runs, due books and chunks. */
#include <string.h>

#include "base/date.h"
#include "base/integer.h"
#include "billing/plan_int.h"

enum { DUE_MAX = 100000 };

static const char *const stage_codes[STAGE_COUNT] = {"draft", "issue"};

struct str run_stage_code(enum run_stage stage)
{
    ASSERT(stage >= 0 && stage < STAGE_COUNT);
    return str_of(stage_codes[stage]);
}

void run_queue_name(int64_t run_id, enum run_stage stage, char out[QUEUE_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, QUEUE_BYTES);
    buf_printf(&buf, "bill.%s %lld", stage_codes[stage], (long long)run_id);
    ASSERT(!buf.failed);
}

int64_t run_item_no(int64_t attempt, int64_t chunk_no)
{
    ASSERT(chunk_no > 0 && chunk_no < ITEM_ATTEMPT);
    return attempt * ITEM_ATTEMPT + chunk_no;
}

/* ---- runs -------------------------------------------------------------------------------- */

static void copy_text(struct str text, char *out, size_t size)
{
    ASSERT(text.n < size);
    memcpy(out, text.p, text.n);
    out[text.n] = '\0';
}

err_t run_load(struct db *db, int64_t unit_id, int64_t run_id, struct run_row *out,
               struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT r.month, r.business_on, r.known_at, r.price_book, r.state, "
                       "r.posting_month, r.attempt, r.issue_attempt, u.code FROM bill_run r "
                       "JOIN unit u ON u.unit_id = r.unit_id "
                       "WHERE r.unit_id = $1 AND r.run_id = $2",
                       ARGS(v_i64(unit_id), v_i64(run_id)), &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "run", "Không có lần tính hóa đơn %lld",
                "There is no run %lld", (long long)run_id);
        return err_hint(err, "Số lần tính do sangden bill run in ra",
                        "Its number is what sangden bill run printed");
    }
    struct run_row run = {.unit_id = unit_id, .run_id = run_id, .month = row_i64(rows, 0),
                          .known_at_ms = row_i64(rows, 2), .posting_month = row_i64(rows, 5),
                          .attempt = row_i64(rows, 6), .issue_attempt = row_i64(rows, 7)};
    bool read = day_parse(row_text(rows, 1), &run.business_day);
    ASSERT(read);
    copy_text(row_text(rows, 3), run.price_book, sizeof run.price_book);
    copy_text(row_text(rows, 4), run.state, sizeof run.state);
    copy_text(row_text(rows, 8), run.unit_code, sizeof run.unit_code);
    *out = run;
    return OK;
}

err_t run_ticket_load(struct db *db, int64_t run_id, enum run_stage stage,
                      struct run_ticket *out, struct err *err)
{
    struct run_ticket ticket = {.run_id = run_id, .issue = stage == STAGE_ISSUE};
    int64_t runs = 0;
    run_queue_name(run_id, stage, ticket.queue);
    err_t e = db_get_i64(db, "SELECT count(*) FROM bill_run WHERE run_id = $1",
                         ARGS(v_i64(run_id)), &runs, err);
    if (e != OK) return e;
    if (runs == 0) {
        err_set(err, E_NOT_FOUND, "run", "Không có lần tính hóa đơn %lld",
                "There is no run %lld", (long long)run_id);
        return err_hint(err, "Số lần tính do sangden bill run in ra",
                        "Its number is what sangden bill run printed");
    }
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db,
                 "SELECT count(*), CAST(COALESCE(sum(c.bill_count), 0) AS BIGINT) "
                 "FROM bill_chunk c JOIN bill_run r ON r.unit_id = c.unit_id AND "
                 "r.run_id = c.run_id WHERE c.run_id = $1 AND c.stage = $2 AND c.done = 0 AND "
                 "c.attempt = CASE WHEN c.stage = 'draft' THEN r.attempt ELSE r.issue_attempt "
                 "END",
                 ARGS(v_i64(run_id), v_text(run_stage_code(stage))), &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    ASSERT(found);
    ticket.chunk_count = row_i64(rows, 0);
    ticket.bill_count = row_i64(rows, 1);
    *out = ticket;
    return OK;
}

err_t run_count(struct db *db, const struct run_ticket *ticket, struct run_counts *out,
                struct err *err)
{
    struct run_counts counts = {0};
    enum run_stage stage = ticket->issue ? STAGE_ISSUE : STAGE_DRAFT;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT c.done, count(*), CAST(sum(c.bill_count) AS BIGINT), "
                       "CAST(sum(c.ready) AS BIGINT), CAST(sum(c.held) AS BIGINT), "
                       "CAST(sum(c.exceptions) AS BIGINT), CAST(sum(c.energy_wh) AS BIGINT), "
                       "CAST(sum(c.total_vnd) AS BIGINT) FROM bill_chunk c JOIN bill_run r ON "
                       "r.unit_id = c.unit_id AND r.run_id = c.run_id WHERE c.run_id = $1 AND "
                       "c.stage = $2 AND c.attempt = CASE WHEN c.stage = 'draft' THEN r.attempt "
                       "ELSE r.issue_attempt END GROUP BY c.done",
                       ARGS(v_i64(ticket->run_id), v_text(run_stage_code(stage))), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (row_i64(rows, 0) == 0) {
            counts.chunks_left = row_i64(rows, 1);
            continue;
        }
        counts.bills_done = row_i64(rows, 2);
        counts.ready = row_i64(rows, 3);
        counts.held = row_i64(rows, 4);
        counts.exceptions = row_i64(rows, 5);
        counts.energy_wh = row_i64(rows, 6);
        counts.total_vnd = row_i64(rows, 7);
    }
    if (e != OK) return e;
    *out = counts;
    return OK;
}

err_t chunk_load(struct db *db, const struct run_row *run, enum run_stage stage, int64_t attempt,
                 int64_t chunk_no, struct chunk *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT book_id, period_no, closing_no, first_point, last_point, "
                       "bill_count FROM bill_chunk WHERE unit_id = $1 AND run_id = $2 AND "
                       "stage = $3 AND attempt = $4 AND chunk_no = $5",
                       ARGS(v_i64(run->unit_id), v_i64(run->run_id),
                            v_text(run_stage_code(stage)), v_i64(attempt), v_i64(chunk_no)),
                       &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_CHECK, "bill_chunk", "Kế hoạch của lần tính %lld bị thiếu",
                "The plan of run %lld is incomplete", (long long)run->run_id);
        return err_hint_stored(err);
    }
    *out = (struct chunk){chunk_no,         row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2),
                          row_i64(rows, 3), row_i64(rows, 4), row_i64(rows, 5)};
    return OK;
}

/* ---- books that are due ------------------------------------------------------------------ */

static const char periods_sql[] =
    "SELECT p.book_id, p.period_no, p.closing_no, p.read_on FROM book_period p "
    "JOIN book b ON b.unit_id = p.unit_id AND b.book_id = p.book_id "
    "WHERE p.unit_id = $1 AND p.month = $2 AND p.period_no > 0 AND "
    "p.state IN ('closed', 'signed') AND "
    "($3 = '' OR b.code = $4) ORDER BY p.book_id, p.period_no";
static const char singles_sql[] =
    "SELECT b.book_id, CAST(0 AS BIGINT), CAST(0 AS BIGINT), '' FROM book b "
    "WHERE b.unit_id = $1 AND EXISTS (SELECT 1 FROM usage u WHERE u.unit_id = b.unit_id AND "
    "u.book_id = b.book_id AND u.month = $2 AND u.period_no = 0) AND ($3 = '' OR b.code = $4) "
    "ORDER BY b.book_id";

static err_t collect_due(struct db *db, const char *sql, const struct run_order *order,
                         int64_t unit_id, struct due_list *list, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct str code = order->book_code.n > 0 ? order->book_code : S("");
    err_t e = db_query(db, sql,
                       ARGS(v_i64(unit_id), v_i64(order->month), v_text(code), v_text(code)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (list->count == DUE_MAX) {
            err_set(err, E_LIMIT, "book", "Đơn vị có quá nhiều sổ trong một tháng",
                    "The unit has too many books in one month");
            return err_hint(err, "Tính từng sổ với --book",
                            "Bill the books one by one with --book");
        }
        list->items[list->count++] = (struct book_due){
            .book_id = row_i64(rows, 0), .period_no = row_i64(rows, 1),
            .closing_no = row_i64(rows, 2)};
        int32_t read_day;
        if (day_parse(row_text(rows, 3), &read_day) && read_day > list->last_read_day)
            list->last_read_day = read_day;
    }
    return e;
}

static err_t count_due(struct db *db, const struct run_order *order, int64_t unit_id,
                       struct book_due *due, struct err *err)
{
    struct args place = ARGS(v_i64(unit_id), v_i64(order->month), v_i64(due->period_no),
                             v_i64(due->book_id), v_i64(due->closing_no));
    struct args without_closing = {place.values, 4};
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM usage u WHERE u.unit_id = $1 AND u.month = $2 AND "
                         "u.period_no = $3 AND u.book_id = $4 AND (u.closing_no = $5 OR "
                         "(u.period_no = 0 AND ((u.kind = 'supplement' AND " USE_NOT_WITHDRAWN ") "
                         "OR u.kind <> 'supplement' AND u.closing_no = (SELECT "
                         "max(m.closing_no) FROM usage m WHERE m.unit_id = u.unit_id AND "
                         "m.book_id = u.book_id AND m.month = u.month AND m.period_no = "
                         "u.period_no AND m.point_id = u.point_id AND m.kind = u.kind))))",
                         place, &due->usage_count, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT count(*) FROM bill WHERE unit_id = $1 AND month = $2 AND "
                       "period_no = $3 AND book_id = $4 AND kind IN ('periodic', 'final', "
                       "'supplement')",
                       without_closing, &due->bill_count, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT count(*) FROM bill_draft WHERE unit_id = $1 AND month = $2 AND "
                       "period_no = $3 AND book_id = $4 AND state = 'ready' AND "
                       "closing_no = $5 AND kind IN ('periodic', 'final', 'supplement')",
                       place, &due->ready_count, err);
    return e;
}

err_t due_load(struct db *db, struct arena *arena, const struct run_order *order,
               int64_t unit_id, struct due_list *out, struct err *err)
{
    /* Without a reading day to go by, the last day of the month stands for it. */
    int32_t month = month_from_number(order->month);
    struct due_list list = {.items = ARENA_ARRAY(arena, struct book_due, DUE_MAX),
                            .last_read_day = first_day_of_month(month)};
    if (list.items == NULL) return err_memory(err);
    err_t e = collect_due(db, periods_sql, order, unit_id, &list, err);
    if (e == OK && list.count == 0) list.last_read_day = first_day_of_month(month + 1) - 1;
    if (e == OK) e = collect_due(db, singles_sql, order, unit_id, &list, err);
    for (size_t i = 0; i < list.count && e == OK; i++)
        e = count_due(db, order, unit_id, &list.items[i], err);
    if (e != OK) return e;
    *out = list;
    return OK;
}
