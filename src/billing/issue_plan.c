/* SPDX-License-Identifier: Apache-2.0 */
/* Planning the issue of a run, and closing a stage when its chunks are done. */
#include "base/clock.h"
#include "base/date.h"
#include "billing/bill_writer.h"
#include "billing/plan_int.h"
#include "identity/audit.h"
#include "store/work.h"

enum { BOOKS_MAX = 100000, UNITS_MAX = 10000 };

/* ---- planning ---------------------------------------------------------------------------- */

static err_t refuse_undrafted(const struct run_row *run, struct err *err)
{
    err_set(err, E_STATE, "run", "Lần tính %lld của đơn vị %s chưa tính xong",
            "Run %lld of unit %s is not drafted in full", (long long)run->run_id,
            run->unit_code);
    return err_hint(err, "Tính tiếp bằng sangden bill run cho tháng này",
                    "Go on with sangden bill run for this month");
}

err_t bill_posting_month(struct db *db, int64_t unit_id, int64_t month, int64_t *out,
                         struct err *err)
{
    int64_t closed;
    err_t e = db_get_i64_or(db, "SELECT max(month) FROM month_closing WHERE unit_id = $1",
                            ARGS(v_i64(unit_id)), 0, &closed, err);
    if (e != OK) return e;
    *out = closed < month ? month : month_to_number(month_from_number(closed) + 1);
    return OK;
}

static err_t mark_issuing(struct db *db, const struct run_row *run, int64_t posting_month,
                          bool *out_marked, struct err *err)
{
    int64_t changed = 0;
    err_t e = db_run(db,
                     "UPDATE bill_run SET state = 'issuing', issue_attempt = issue_attempt + 1, "
                     "posting_month = $1, stage_began_at = $2, stage_ended_at = 0 WHERE "
                     "unit_id = $3 AND run_id = $4 AND issue_attempt = $5 AND "
                     "state IN ('drafted', 'issued')",
                     ARGS(v_i64(posting_month), v_i64(clock_now_ms()), v_i64(run->unit_id),
                          v_i64(run->run_id), v_i64(run->issue_attempt)),
                     &changed, err);
    if (e == OK) *out_marked = changed == 1;
    return e;
}

/* A chunk of drafts becomes a chunk of the issue when its book is signed as it was drafted. */
static const char plan_sql[] =
    "INSERT INTO bill_chunk (unit_id, run_id, stage, attempt, chunk_no, book_id, period_no, "
    "closing_no, first_point, last_point, bill_count) "
    "SELECT c.unit_id, c.run_id, 'issue', $1, c.chunk_no, c.book_id, c.period_no, c.closing_no, "
    "c.first_point, c.last_point, c.ready + c.held FROM bill_chunk c LEFT JOIN book_period p ON "
    "p.unit_id = c.unit_id AND p.book_id = c.book_id AND p.month = $2 AND "
    "p.period_no = c.period_no WHERE c.unit_id = $3 AND c.run_id = $4 AND c.stage = 'draft' AND "
    "c.attempt = $5 AND c.done = 1 AND c.ready + c.held > 0 AND (c.period_no = 0 OR "
    "(p.state IN ('signed', 'issued') AND p.closing_no = c.closing_no)) AND EXISTS (SELECT 1 "
    "FROM bill_draft d WHERE d.unit_id = c.unit_id AND d.month = $6 AND "
    "d.period_no = c.period_no AND d.book_id = c.book_id AND d.point_id >= c.first_point AND "
    "d.point_id <= c.last_point AND d.run_id = c.run_id)";

static err_t add_items(struct db *db, const struct run_row *run, int64_t attempt,
                       struct err *err)
{
    char queue[QUEUE_BYTES];
    run_queue_name(run->run_id, STAGE_ISSUE, queue);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT chunk_no FROM bill_chunk WHERE unit_id = $1 AND run_id = $2 AND "
                       "stage = 'issue' AND attempt = $3 ORDER BY chunk_no",
                       ARGS(v_i64(run->unit_id), v_i64(run->run_id), v_i64(attempt)), &rows,
                       err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = work_add(db, run->unit_id, str_of(queue), run_item_no(attempt, row_i64(rows, 0)),
                     S("{}"), err);
    }
    return e;
}

static err_t plan_issue(struct db *db, const struct run_row *run, struct err *err)
{
    int64_t posting_month, attempt = run->issue_attempt + 1;
    bool marked = false;
    err_t e = bill_posting_month(db, run->unit_id, run->month, &posting_month, err);
    if (e == OK) e = mark_issuing(db, run, posting_month, &marked, err);
    if (e != OK || !marked) return e;
    e = db_run(db, plan_sql,
               ARGS(v_i64(attempt), v_i64(run->month), v_i64(run->unit_id), v_i64(run->run_id),
                    v_i64(run->attempt), v_i64(run->month)),
               NULL, err);
    return e != OK ? e : add_items(db, run, attempt, err);
}

static err_t plan_unit_issue(struct db *db, int64_t unit_id, int64_t run_id, bool *out_found,
                             struct err *err)
{
    struct run_row run;
    err_t e = db_begin(db, err);
    if (e == OK) e = run_load(db, unit_id, run_id, &run, err);
    if (e == E_NOT_FOUND) {
        db_rollback(db);
        return OK;
    }
    if (e == OK) *out_found = true;
    if (e == OK && (str_equal(str_of(run.state), S("planned")) ||
                    str_equal(str_of(run.state), S("drafting"))))
        e = refuse_undrafted(&run, err);
    if (e == OK && !str_equal(str_of(run.state), S("issuing"))) e = plan_issue(db, &run, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t issue_start(struct db *db, int64_t run_id, struct str unit_code, struct run_ticket *out,
                  struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    struct unit_list units = {0};
    bool found = false;
    err_t e = unit_list_load(db, &arena, unit_code, &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++) {
        e = plan_unit_issue(db, units.items[i].unit_id, run_id, &found, err);
        if (e == E_CONFLICT) /* planned on another machine at the same moment */
            e = plan_unit_issue(db, units.items[i].unit_id, run_id, &found, err);
    }
    arena_release(&arena);
    if (e != OK) return e;
    e = run_ticket_load(db, run_id, STAGE_ISSUE, out, err);
    if (e == E_NOT_FOUND || (e == OK && !found)) {
        err_set(err, E_NOT_FOUND, "run", "Không có lần tính hóa đơn %lld",
                "There is no run %lld", (long long)run_id);
        return err_hint(err, "Xem số của lần tính ở kết quả sangden bill run",
                        "The number stands in the answer of sangden bill run");
    }
    return e;
}

/* ---- closing a stage --------------------------------------------------------------------- */

struct finished_book {
    int64_t unit_id, book_id, month, period_no, closing_no;
};

/* Books of an issue whose use is billed in full. */
static const char finished_sql[] =
    "SELECT p.unit_id, p.book_id, p.month, p.period_no, p.closing_no FROM book_period p "
    "JOIN bill_run r ON r.unit_id = p.unit_id AND r.month = p.month WHERE r.run_id = $1 AND "
    "p.state = 'signed' AND p.period_no > 0 AND NOT EXISTS (SELECT 1 FROM bill_draft d WHERE "
    "d.unit_id = p.unit_id "
    "AND d.month = p.month AND d.period_no = p.period_no AND d.book_id = p.book_id AND "
    "d.kind IN ('periodic', 'final', 'supplement')) AND (SELECT count(*) FROM usage u WHERE "
    "u.unit_id = p.unit_id AND u.book_id = p.book_id AND u.month = p.month AND u.period_no = "
    "p.period_no AND u.closing_no = p.closing_no) = (SELECT count(*) FROM bill b WHERE "
    "b.unit_id = p.unit_id AND b.month = p.month AND b.period_no = p.period_no AND b.book_id = "
    "p.book_id AND b.kind IN ('periodic', 'final', 'supplement')) "
    "ORDER BY p.unit_id, p.book_id, p.period_no";

static err_t find_finished(struct db *db, struct arena *arena, int64_t run_id,
                           struct finished_book **out, size_t *out_count, struct err *err)
{
    struct finished_book *books = ARENA_ARRAY(arena, struct finished_book, BOOKS_MAX);
    if (books == NULL) return err_memory(err);
    size_t count = 0;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, finished_sql, ARGS(v_i64(run_id)), &rows, err);
    for (bool more = true; e == OK && count < BOOKS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        books[count++] = (struct finished_book){row_i64(rows, 0), row_i64(rows, 1),
                                                row_i64(rows, 2), row_i64(rows, 3),
                                                row_i64(rows, 4)};
    }
    if (e != OK) return e;
    *out = books;
    *out_count = count;
    return OK;
}

static err_t mark_issued(struct db *db, const struct finished_book *book, int64_t actor_id,
                         int64_t now_ms, struct err *err)
{
    int64_t changed = 0, step_no;
    struct args place = ARGS(v_i64(book->unit_id), v_i64(book->book_id), v_i64(book->month),
                             v_i64(book->period_no), v_i64(book->closing_no));
    struct args without_closing = {place.values, 4};
    err_t e = db_run(db,
                     "UPDATE book_period SET state = 'issued' WHERE unit_id = $1 AND "
                     "book_id = $2 AND month = $3 AND period_no = $4 AND closing_no = $5 AND "
                     "state = 'signed'",
                     place, &changed, err);
    if (e != OK || changed == 0) return e;
    e = db_get_i64_or(db,
                      "SELECT max(step_no) FROM book_step WHERE unit_id = $1 AND book_id = $2 "
                      "AND month = $3 AND period_no = $4",
                      without_closing, 0, &step_no, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO book_step (unit_id, book_id, month, period_no, step_no, step, "
                  "closing_no, counts, actor_id, at) "
                  "VALUES ($1, $2, $3, $4, $5, 'issue', $6, '{}', $7, $8)",
                  ARGS(v_i64(book->unit_id), v_i64(book->book_id), v_i64(book->month),
                       v_i64(book->period_no), v_i64(step_no + 1), v_i64(book->closing_no),
                       v_i64(actor_id), v_i64(now_ms)),
                  NULL, err);
}

static err_t mark_books(struct db *db, int64_t run_id, int64_t actor_id, int64_t now_ms,
                        struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    struct finished_book *books = NULL;
    size_t count = 0;
    err_t e = find_finished(db, &arena, run_id, &books, &count, err);
    for (size_t i = 0; i < count && e == OK; i++)
        e = mark_issued(db, &books[i], actor_id, now_ms, err);
    arena_release(&arena);
    return e;
}

/* One unit whose issue is about to be closed, and what this attempt came to. */
struct closed_issue {
    int64_t unit_id, bills, total_vnd;
};

static err_t find_issuing(struct db *db, struct arena *arena, int64_t run_id,
                          struct closed_issue **out, size_t *out_count, struct err *err)
{
    struct closed_issue *units = ARENA_ARRAY(arena, struct closed_issue, UNITS_MAX);
    if (units == NULL) return err_memory(err);
    size_t count = 0;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT r.unit_id, COALESCE(CAST(sum(c.ready) AS BIGINT), 0), "
                       "COALESCE(CAST(sum(c.total_vnd) AS BIGINT), 0) FROM bill_run r LEFT JOIN "
                       "bill_chunk c ON c.unit_id = r.unit_id AND c.run_id = r.run_id AND "
                       "c.stage = 'issue' AND c.attempt = r.issue_attempt WHERE r.run_id = $1 "
                       "AND r.state = 'issuing' GROUP BY r.unit_id ORDER BY r.unit_id",
                       ARGS(v_i64(run_id)), &rows, err);
    for (bool more = true; e == OK && count < UNITS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        units[count++] = (struct closed_issue){row_i64(rows, 0), row_i64(rows, 1),
                                               row_i64(rows, 2)};
    }
    if (e != OK) return e;
    *out = units;
    *out_count = count;
    return OK;
}

/* Who issued which run, and what it came to, joins the audit chain of the unit, with the change of
 * state itself: of several who close the same issue one changes it. */
static err_t close_issue(struct db *db, int64_t run_id, const struct closed_issue *issue,
                         const struct actor *actor, int64_t now_ms, struct err *err)
{
    char subject[32], content[96];
    struct buf text, counted;
    int64_t changed = 0;
    err_t e = db_run(db,
                     "UPDATE bill_run SET state = 'issued', stage_ended_at = $1 WHERE "
                     "unit_id = $2 AND run_id = $3 AND state = 'issuing'",
                     ARGS(v_i64(now_ms), v_i64(issue->unit_id), v_i64(run_id)), &changed, err);
    if (e != OK || changed == 0) return e;
    buf_init_fixed(&text, subject, sizeof subject);
    buf_init_fixed(&counted, content, sizeof content);
    buf_printf(&text, "%lld", (long long)run_id);
    buf_printf(&counted, "%lld bills, %lld", (long long)issue->bills,
               (long long)issue->total_vnd);
    struct audit_note note = {issue->unit_id, S("billing"), S("bill.issue"), buf_str(&text),
                              buf_str(&counted)};
    return audit_append(db, actor, &note, err);
}

static err_t close_issues(struct db *db, int64_t run_id, const struct actor *actor,
                          int64_t now_ms, struct err *err)
{
    struct arena arena;
    struct closed_issue *units = NULL;
    size_t count = 0;
    arena_init(&arena, PLAN_ARENA_BYTES);
    err_t e = find_issuing(db, &arena, run_id, &units, &count, err);
    for (size_t i = 0; i < count && e == OK; i++)
        e = close_issue(db, run_id, &units[i], actor, now_ms, err);
    arena_release(&arena);
    return e != OK || count == 0 ? e : mark_books(db, run_id, actor->staff_id, now_ms, err);
}

static err_t close_in_transaction(struct db *db, const struct run_ticket *ticket,
                                  const struct actor *actor, int64_t now_ms, struct err *err)
{
    if (ticket->issue) return close_issues(db, ticket->run_id, actor, now_ms, err);
    return db_run(db,
                  "UPDATE bill_run SET state = 'drafted', stage_ended_at = $1 WHERE "
                  "run_id = $2 AND state = 'drafting'",
                  ARGS(v_i64(now_ms), v_i64(ticket->run_id)), NULL, err);
}

err_t run_close(struct db *db, const struct run_ticket *ticket, const struct actor *actor,
                int64_t now_ms, struct err *err)
{
    struct work_counts counts;
    err_t e = work_count(db, str_of(ticket->queue), &counts, err);
    if (e != OK || counts.open + counts.taken > 0) return e;
    e = db_begin(db, err);
    if (e == OK) e = close_in_transaction(db, ticket, actor, now_ms, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}
