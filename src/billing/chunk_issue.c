/* SPDX-License-Identifier: Apache-2.0 */
/* Stage issue of a chunk: drafts that nothing stops become bills, in one transaction that also
 * deletes them. What is held or stale stays a draft. */
#include "base/date.h"
#include "billing/bill_writer.h"
#include "billing/run_int.h"
#include "billing/supplement.h"

struct ready_draft {
    struct ready_draft *next;
    struct bill_record record;
};

struct issuing {
    struct run_worker *worker;
    const struct run_row *run;
    const struct chunk *chunk;
    struct stops stops;
    int64_t due_days;
    struct ready_draft *first, *last;
    int64_t count;
    struct chunk_result result;
};

static const char drafts_sql[] =
    "SELECT point_id, agreement_id, kind, version, account_id, closing_no, state, total_wh, "
    "total_vnd, request, answer, problem FROM bill_draft WHERE unit_id = $1 AND month = $2 AND "
    "period_no = $3 AND book_id = $4 AND point_id >= $5 AND point_id <= $6 AND run_id = $7 AND "
    "kind IN ('periodic', 'final', 'supplement') "
    "ORDER BY unit_id, month, period_no, book_id, point_id, agreement_id, kind, version";

/* Whether a draft may become a bill now; counts what stays. */
static bool may_issue(struct issuing *i, const struct rows *rows)
{
    struct str state = row_text(rows, 6), concerns;
    int64_t closing_no = row_i64(rows, 5);
    bool stale = i->chunk->period_no > 0 && closing_no != i->chunk->closing_no;
    if (stale || str_equal(state, S("exception"))) {
        i->result.exceptions++;
        return false;
    }
    /* A flagged period without a record stays held until a new closing makes one. */
    struct str flag = str_equal(row_text_or_empty(rows, 11), S("spike_no_record")) ? S("held")
                                                                                  : S("");
    /* Spikes are of closings; the number of a supplement is none. */
    int64_t flagged_no = str_equal(row_text(rows, 2), S("supplement")) ? 0 : closing_no;
    enum problem problem = stops_judge(&i->stops, row_i64(rows, 0), row_i64(rows, 4), flagged_no,
                                       flag, &concerns);
    if (problem == PROBLEM_NONE) return true;
    i->result.held++;
    return false;
}

static err_t keep_ready(struct issuing *i, const struct rows *rows, struct err *err)
{
    struct arena *arena = &i->worker->arena;
    struct ready_draft *draft = ARENA_NEW(arena, struct ready_draft);
    struct str packed = arena_str(arena, row_blob(rows, 10));
    struct str request = arena_str(arena, row_text(rows, 9));
    if (draft == NULL || arena->failed) return err_memory(err);
    *draft = (struct ready_draft){
        .record = {.key = {i->run->unit_id, i->run->month, i->chunk->period_no,
                           i->chunk->book_id, row_i64(rows, 0), row_i64(rows, 1), BILL_PERIODIC,
                           row_i64(rows, 3)},
                   .account_id = row_i64(rows, 4), .run_id = i->run->run_id,
                   .posting_month = i->run->posting_month,
                   .due_day = i->run->business_day + (int32_t)i->due_days,
                   .price_book = str_of(i->run->price_book), .request = request}};
    bool known = bill_kind_parse(row_text(rows, 2), &draft->record.key.kind);
    ASSERT(known);
    err_t e = rated_unpack(arena, packed, &draft->record.rated, err);
    if (e != OK) return e;
    if (draft->record.rated.total_vnd != row_i64(rows, 8) ||
        draft->record.rated.total_wh != row_i64(rows, 7)) {
        err_set(err, E_CHECK, "bill_draft", "Hóa đơn nháp của điểm đo %lld bị hỏng",
                "The draft of usage point %lld is damaged",
                (long long)draft->record.key.point_id);
        return err_hint_stored(err);
    }
    bool current = true;
    if (draft->record.key.kind == BILL_SUPPLEMENT)
        e = supplement_is_current(i->worker->db, arena, &draft->record.key, row_i64(rows, 5),
                                  draft->record.rated.from_day, draft->record.rated.to_day,
                                  request, &current, err);
    if (!current) i->result.exceptions++;
    if (e != OK || !current) return e;
    if (i->last == NULL) i->first = draft;
    else i->last->next = draft;
    i->last = draft;
    i->count++;
    i->result.ready++;
    i->result.energy_wh += draft->record.rated.total_wh;
    i->result.total_vnd += draft->record.rated.total_vnd;
    return OK;
}

static err_t read_drafts(struct issuing *i, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(i->worker->db, drafts_sql,
                       ARGS(v_i64(i->run->unit_id), v_i64(i->run->month),
                            v_i64(i->chunk->period_no), v_i64(i->chunk->book_id),
                            v_i64(i->chunk->first_point), v_i64(i->chunk->last_point),
                            v_i64(i->run->run_id)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (may_issue(i, rows)) e = keep_ready(i, rows, err);
    }
    return e;
}

static err_t read_all(struct issuing *i, struct err *err)
{
    struct db *db = i->worker->db;
    err_t e = db_begin_read(db, err);
    if (e != OK) return e;
    e = stops_load(db, &i->worker->arena, i->run, i->chunk, &i->stops, err);
    if (e == OK) e = bill_due_days(db, i->run->business_day, &i->due_days, err);
    if (e == OK) e = read_drafts(i, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

static err_t write_bills(struct issuing *i, struct err *err)
{
    struct bill_writer *writer;
    if (i->count == 0) return OK;
    err_t e = bill_writer_open(i->worker->db, i->run->unit_id, str_of(i->run->unit_code),
                               i->run->business_day, i->count, &writer, err);
    if (e != OK) return e;
    for (struct ready_draft *draft = i->first; draft != NULL && e == OK; draft = draft->next)
        e = bill_writer_add(writer, &draft->record, err);
    if (e == OK) return bill_writer_close(writer, err);
    bill_writer_drop(writer);
    return e;
}

#define CHUNK_RANGE                                                                             \
    "unit_id = $1 AND month = $2 AND period_no = $3 AND book_id = $4 AND point_id >= $5 AND "   \
    "point_id <= $6 AND run_id = $7 AND kind IN ('periodic', 'final', 'supplement')"

static const char delete_all_sql[] = "DELETE FROM bill_draft WHERE " CHUNK_RANGE;
static const char delete_issued_sql[] =
    "DELETE FROM bill_draft WHERE " CHUNK_RANGE " AND EXISTS (SELECT 1 FROM bill b WHERE "
    "b.unit_id = bill_draft.unit_id AND b.month = bill_draft.month AND "
    "b.period_no = bill_draft.period_no AND b.book_id = bill_draft.book_id AND "
    "b.point_id = bill_draft.point_id AND b.agreement_id = bill_draft.agreement_id AND "
    "b.kind = bill_draft.kind AND b.version = bill_draft.version)";

/* Deletes the drafts that became bills, and only those. */
static err_t delete_drafts(struct issuing *i, struct err *err)
{
    bool all = i->result.held == 0 && i->result.exceptions == 0;
    int64_t deleted = 0;
    if (i->count == 0) return OK;
    err_t e = db_run(i->worker->db, all ? delete_all_sql : delete_issued_sql,
                     ARGS(v_i64(i->run->unit_id), v_i64(i->run->month),
                          v_i64(i->chunk->period_no), v_i64(i->chunk->book_id),
                          v_i64(i->chunk->first_point), v_i64(i->chunk->last_point),
                          v_i64(i->run->run_id)),
                     &deleted, err);
    if (e != OK || deleted == i->count) return e;
    err_set(err, E_LOST, "bill_draft", "Hóa đơn nháp vừa được tiến trình khác thay đổi",
            "The drafts were just changed by another process");
    return err_hint(err, "Chạy lại lệnh; phần đã phát hành được giữ nguyên",
                    "Run the command again; what was issued stays");
}

/* The book must still be signed as it was drafted; the row is locked for the rest of this short
 * transaction, so that a return of the book waits and then finds bills. */
static err_t check_signed(struct issuing *i, struct err *err)
{
    if (i->chunk->period_no == 0 || i->count == 0) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(i->worker->db,
                       "SELECT 1 FROM book_period WHERE unit_id = $1 AND book_id = $2 AND "
                       "month = $3 AND period_no = $4 AND closing_no = $5 AND "
                       "state IN ('signed', 'issued') {for_update}",
                       ARGS(v_i64(i->run->unit_id), v_i64(i->chunk->book_id),
                            v_i64(i->run->month), v_i64(i->chunk->period_no),
                            v_i64(i->chunk->closing_no)),
                       &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || found) return e;
    err_set(err, E_STATE, "book", "Sổ vừa được trả lại, hóa đơn của sổ chưa phát hành",
            "The book was just returned, its bills are not issued");
    return err_hint(err, "Đóng và ký lại sổ rồi chạy lại sangden bill run",
                    "Close and sign the book again, then run sangden bill run");
}

/* The words for a bill that exists already: another machine issued the same book. */
static err_t explain_conflict(err_t e, struct err *err)
{
    if (e != E_CONFLICT) return e;
    err_set(err, E_CONFLICT, "bill", "Máy khác vừa phát hành sổ này; không có hóa đơn nào trùng",
            "Another machine has just issued this book; no bill was written twice");
    return err_hint(err, "Xem kết quả bằng sangden bill list", "See sangden bill list");
}

err_t chunk_issue(struct run_worker *worker, const struct run_row *run,
                  const struct chunk *chunk, chunk_guard *guard, void *context,
                  struct chunk_result *out, struct err *err)
{
    arena_reset(&worker->arena);
    struct issuing i = {.worker = worker, .run = run, .chunk = chunk};
    err_t e = read_all(&i, err);
    if (e == OK) e = db_begin(worker->db, err);
    if (e == OK) e = explain_conflict(write_bills(&i, err), err);
    if (e == OK) e = delete_drafts(&i, err);
    if (e == OK) e = check_signed(&i, err);
    if (e == OK) e = guard(context, &i.result, err);
    if (e == OK) e = db_commit(worker->db, err);
    if (e != OK) {
        db_rollback(worker->db);
        return e;
    }
    *out = i.result;
    return OK;
}
