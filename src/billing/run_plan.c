/* SPDX-License-Identifier: Apache-2.0 */
/* Planning a run: which run it is, and its chunks. One transaction per unit. */
#include "base/date.h"
#include "billing/plan_int.h"
#include "billing/price_books.h"
#include "identity/audit.h"
#include "store/fact.h"
#include "store/work.h"

enum { RUNS_OF_A_MONTH_MAX = 99, BOOK_ARENA_BYTES = 64 * 1024 * 1024 };

/* ---- which run --------------------------------------------------------------------------- */

/* Number and worst state of the newest run of the month among the chosen units. */
struct newest {
    int64_t run_id;
    bool open;    /* every unit of it may still be computed */
    bool issuing; /* a unit of it is being issued */
};

static err_t find_newest(struct db *db, const struct unit_list *units, int64_t month,
                         struct newest *out, struct err *err)
{
    struct newest newest = {.open = true};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT unit_id, run_id, state FROM bill_run WHERE month = $1 "
                       "ORDER BY run_id DESC, unit_id",
                       ARGS(v_i64(month)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (newest.run_id != 0 && row_i64(rows, 1) != newest.run_id) break;
        newest.run_id = row_i64(rows, 1);
        if (!unit_list_has(units, row_i64(rows, 0))) continue;
        struct str state = row_text(rows, 2);
        newest.issuing |= str_equal(state, S("issuing"));
        newest.open &= !str_equal(state, S("issuing")) && !str_equal(state, S("issued"));
    }
    if (e != OK) return e;
    *out = newest;
    return OK;
}

static err_t refuse_issuing(int64_t run_id, struct err *err)
{
    err_set(err, E_STATE, "run", "Lần tính %lld đang được phát hành", "Run %lld is being issued",
            (long long)run_id);
    return err_hint(err, "Phát hành nốt bằng: sangden bill issue --run %lld",
                    "Finish it with: sangden bill issue --run %lld", (long long)run_id);
}

static err_t choose_run(const struct newest *newest, int64_t month, int64_t *out_run_id,
                        struct err *err)
{
    if (newest->issuing) return refuse_issuing(newest->run_id, err);
    int64_t first = month * 100 + 1;
    int64_t run_id = newest->run_id == 0 ? first
                     : newest->open      ? newest->run_id
                                         : newest->run_id + 1;
    if (run_id >= first + RUNS_OF_A_MONTH_MAX) {
        err_set(err, E_LIMIT, "month", "Tháng này đã có %d lần tính hóa đơn",
                "This month has had %d runs already", RUNS_OF_A_MONTH_MAX);
        return err_hint(err, "Tính nhiều sổ trong một lần thay vì mỗi sổ một lần",
                        "Bill many books in one run instead of one run for each");
    }
    *out_run_id = run_id;
    return OK;
}

/* ---- chunks ------------------------------------------------------------------------------ */

static err_t add_chunk(struct plan *plan, struct chunk *chunk, struct err *err)
{
    if (chunk->bill_count == 0) return OK;
    chunk->chunk_no = ++plan->chunk_count;
    plan->bill_count += chunk->bill_count;
    err_t e = db_run(plan->db,
                     "INSERT INTO bill_chunk (unit_id, run_id, stage, attempt, chunk_no, book_id, "
                     "period_no, closing_no, first_point, last_point, bill_count) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                     ARGS(v_i64(plan->unit_id), v_i64(plan->run_id),
                          v_text(run_stage_code(plan->stage)), v_i64(plan->attempt),
                          v_i64(chunk->chunk_no), v_i64(chunk->book_id), v_i64(chunk->period_no),
                          v_i64(chunk->closing_no), v_i64(chunk->first_point),
                          v_i64(chunk->last_point), v_i64(chunk->bill_count)),
                     NULL, err);
    if (e == OK)
        e = work_add(plan->db, plan->unit_id, str_of(plan->queue),
                     run_item_no(plan->attempt, chunk->chunk_no), S("{}"), err);
    chunk->bill_count = 0;
    return e;
}

err_t plan_points(struct plan *plan, const struct chunk *place, const char *sql,
                  struct args args, struct err *err)
{
    struct chunk chunk = *place;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(plan->db, sql, args, &rows, err);
    chunk.bill_count = 0;
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        int64_t point_id = row_i64(rows, 0);
        /* All records of a point go into one chunk, so that their versions are counted together. */
        if (chunk.bill_count >= CHUNK_BILLS && point_id != chunk.last_point)
            e = add_chunk(plan, &chunk, err);
        if (chunk.bill_count++ == 0) chunk.first_point = point_id;
        chunk.last_point = point_id;
    }
    return e != OK ? e : add_chunk(plan, &chunk, err);
}

static err_t plan_book_period(struct plan *plan, int64_t month, const struct book_due *due,
                              struct err *err)
{
    struct chunk place = {.book_id = due->book_id, .period_no = due->period_no,
                          .closing_no = due->closing_no};
    return plan_points(plan, &place,
                       "SELECT point_id FROM usage WHERE unit_id = $1 AND book_id = $2 AND "
                       "month = $3 AND period_no = $4 AND (closing_no = $5 OR period_no = 0) "
                       "ORDER BY point_id",
                       ARGS(v_i64(plan->unit_id), v_i64(due->book_id), v_i64(month),
                            v_i64(due->period_no), v_i64(due->closing_no)),
                       err);
}

/* ---- one unit ---------------------------------------------------------------------------- */

static err_t insert_run(struct db *db, const struct run_order *order, const struct due_list *due,
                        int64_t unit_id, int64_t run_id, struct str book_hash, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    int32_t business_day = order->business_day >= 0 ? order->business_day : due->last_read_day + 1;
    int64_t known_at_ms;
    err_t e = fact_moment(db, unit_id, &known_at_ms, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO bill_run (unit_id, run_id, month, business_on, known_at, "
                  "price_book, state, created_at, stage_began_at, actor_id) "
                  "VALUES ($1, $2, $3, $4, $5, $6, 'drafting', $7, $8, $9)",
                  ARGS(v_i64(unit_id), v_i64(run_id), v_i64(order->month),
                       v_text(day_text(business_day, day)), v_i64(known_at_ms),
                       v_text(book_hash), v_i64(order->now_ms), v_i64(order->now_ms),
                       v_i64(order->actor_id)),
                  NULL, err);
}

/* A drafted run is computed anew with what is known and in force now. *out_renewed is false when
 * another process was faster. */
static err_t renew_run(struct db *db, const struct run_order *order, const struct run_row *run,
                       struct str book_hash, bool *out_renewed, struct err *err)
{
    int64_t changed = 0, known_at_ms;
    err_t e = fact_moment(db, run->unit_id, &known_at_ms, err);
    if (e == OK)
        e = db_run(db,
                     "UPDATE bill_run SET state = 'drafting', attempt = attempt + 1, "
                     "known_at = $1, price_book = $2, stage_began_at = $3, "
                     "stage_ended_at = 0 WHERE unit_id = $4 AND run_id = $5 AND "
                     "state = 'drafted' AND attempt = $6",
                     ARGS(v_i64(known_at_ms), v_text(book_hash), v_i64(order->now_ms),
                          v_i64(run->unit_id), v_i64(run->run_id), v_i64(run->attempt)),
                     &changed, err);
    if (e == OK) *out_renewed = changed == 1;
    return e;
}

/* Whether a new computation has something to do: use without a bill, and beyond what is drafted
 * already when drafted_too. */
static bool something_left(const struct due_list *due, bool drafted_too)
{
    for (size_t i = 0; i < due->count; i++) {
        const struct book_due *item = &due->items[i];
        int64_t ready = drafted_too ? item->ready_count : 0;
        if (item->usage_count > item->bill_count + ready) return true;
    }
    return false;
}

/* That a computation was begun, or begun again, stands in the chain of the unit with its plan. */
static err_t link_start(struct db *db, const struct run_order *order, int64_t unit_id,
                        int64_t run_id, int64_t attempt, struct err *err)
{
    char subject_memory[24], content_memory[160];
    struct buf subject, content;
    const struct actor actor = {.staff_id = order->actor_id, .os_user = order->os_user};
    buf_init_fixed(&subject, subject_memory, sizeof subject_memory);
    buf_init_fixed(&content, content_memory, sizeof content_memory);
    buf_printf(&subject, "%lld", (long long)run_id);
    buf_printf(&content, "month=%lld book=%.*s attempt=%lld", (long long)order->month,
               STR_ARG(order->book_code), (long long)attempt);
    struct audit_note note = {unit_id, S("billing"), S("bill.run"), buf_str(&subject),
                              buf_str(&content)};
    return audit_append(db, &actor, &note, err);
}

static err_t plan_due(struct plan *plan, const struct run_order *order,
                      const struct due_list *due, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; i < due->count && e == OK; i++)
        if (due->items[i].usage_count > due->items[i].bill_count)
            e = plan_book_period(plan, order->month, &due->items[i], err);
    return e;
}

static err_t plan_run(struct db *db, const struct run_order *order, const struct due_list *due,
                      const struct unit_ref *unit, int64_t run_id, int64_t attempt,
                      struct err *err)
{
    struct plan plan = {.db = db, .unit_id = unit->unit_id, .run_id = run_id,
                        .attempt = attempt, .stage = STAGE_DRAFT};
    run_queue_name(run_id, STAGE_DRAFT, plan.queue);
    return plan_due(&plan, order, due, err);
}

static err_t plan_again(struct db *db, const struct run_order *order, const struct due_list *due,
                        const struct unit_ref *unit, const struct run_row *run,
                        struct str book_hash, struct err *err)
{
    bool renewed = false;
    bool same_book = str_equal(str_of(run->price_book), book_hash);
    if (!something_left(due, same_book)) return OK;
    err_t e = renew_run(db, order, run, book_hash, &renewed, err);
    if (e != OK || !renewed) return e;
    e = link_start(db, order, unit->unit_id, run->run_id, run->attempt + 1, err);
    return e != OK ? e : plan_run(db, order, due, unit, run->run_id, run->attempt + 1, err);
}

/* Drafts of a closing that a later one of the book has replaced belong to nobody any more. */
static err_t drop_stale_drafts(struct db *db, int64_t unit_id, int64_t month, struct err *err)
{
    return db_run(db,
                  "DELETE FROM bill_draft WHERE unit_id = $1 AND month = $2 AND period_no > 0 AND "
                  "kind IN ('periodic', 'final', 'supplement') AND EXISTS (SELECT 1 FROM "
                  "book_period p WHERE p.unit_id = bill_draft.unit_id AND p.book_id = "
                  "bill_draft.book_id AND p.month = bill_draft.month AND p.period_no = "
                  "bill_draft.period_no AND p.closing_no <> bill_draft.closing_no)",
                  ARGS(v_i64(unit_id), v_i64(month)), NULL, err);
}

static err_t plan_in_transaction(struct db *db, struct arena *arena,
                                 const struct run_order *order, const struct unit_ref *unit,
                                 int64_t run_id, struct str book_hash, struct err *err)
{
    struct due_list due = {0};
    struct run_row run;
    err_t e = drop_stale_drafts(db, unit->unit_id, order->month, err);
    if (e == OK) e = due_load(db, arena, order, unit->unit_id, &due, err);
    if (e != OK) return e;
    e = run_load(db, unit->unit_id, run_id, &run, err);
    if (e == OK && str_equal(str_of(run.state), S("drafted")))
        return plan_again(db, order, &due, unit, &run, book_hash, err);
    if (e != E_NOT_FOUND || !something_left(&due, false)) return e == E_NOT_FOUND ? OK : e;
    e = insert_run(db, order, &due, unit->unit_id, run_id, book_hash, err);
    if (e == OK) e = link_start(db, order, unit->unit_id, run_id, 1, err);
    return e != OK ? e : plan_run(db, order, &due, unit, run_id, 1, err);
}

static err_t plan_unit(struct db *db, const struct run_order *order, const struct unit_ref *unit,
                       int64_t run_id, struct str book_hash, struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    err_t e = db_begin(db, err);
    if (e == OK) e = plan_in_transaction(db, &arena, order, unit, run_id, book_hash, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    arena_release(&arena);
    return e;
}

/* ---- all units --------------------------------------------------------------------------- */

static err_t refuse_nothing(int64_t month, struct err *err)
{
    err_set(err, E_NOT_FOUND, "month", "Tháng %04lld-%02lld chưa có sổ nào đóng để tính hóa đơn",
            "No book of month %04lld-%02lld is closed, there is nothing to bill",
            (long long)(month / 100), (long long)(month % 100));
    return err_hint(err, "Đóng sổ trước: sangden bill close SỔ --month …",
                    "Close a book first: sangden bill close BOOK --month …");
}

static err_t plan_units(struct db *db, const struct run_order *order,
                        const struct unit_list *units, int64_t run_id, struct err *err)
{
    struct arena arena;
    arena_init(&arena, BOOK_ARENA_BYTES);
    const struct price_book *book;
    err_t e = price_book_current(db, &arena, &book, err);
    for (size_t i = 0; i < units->count && e == OK; i++) {
        e = plan_unit(db, order, &units->items[i], run_id, str_of(book->hash), err);
        /* Another machine planned the same run at the same moment: its plan is as good. */
        if (e == E_CONFLICT)
            e = plan_unit(db, order, &units->items[i], run_id, str_of(book->hash), err);
    }
    arena_release(&arena);
    return e;
}

err_t run_start(struct db *db, const struct run_order *order, struct run_ticket *out,
                struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    struct unit_list units = {0};
    struct newest newest = {0};
    int64_t run_id = 0;
    err_t e = unit_list_load(db, &arena, order->unit_code, &units, err);
    if (e == OK) e = find_newest(db, &units, order->month, &newest, err);
    if (e == OK) e = choose_run(&newest, order->month, &run_id, err);
    if (e == OK) e = plan_units(db, order, &units, run_id, err);
    arena_release(&arena);
    if (e != OK) return e;
    e = run_ticket_load(db, run_id, STAGE_DRAFT, out, err);
    /* Everything that is closed is billed: the answer is the run that did it. */
    if (e == E_NOT_FOUND && newest.run_id > 0)
        e = run_ticket_load(db, newest.run_id, STAGE_DRAFT, out, err);
    return e == E_NOT_FOUND ? refuse_nothing(order->month, err) : e;
}
