/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/run_progress.h"

#include "base/date.h"
#include "metering/calendar.h"

static const struct str states[] = {[RUN_PLANNED] = S_INIT("planned"),
                                    [RUN_DRAFTING] = S_INIT("drafting"),
                                    [RUN_DRAFTED] = S_INIT("drafted"),
                                    [RUN_ISSUING] = S_INIT("issuing"),
                                    [RUN_ISSUED] = S_INIT("issued")};

static enum run_state state_of(struct str text)
{
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(states) && !str_equal(text, states[i])) i++;
    return (enum run_state)i;
}

#define RUN_COLUMNS \
    "SELECT r.unit_id, r.run_id, r.month, r.state, r.business_on, r.price_book, s.code, " \
    "r.created_at, r.stage_began_at, r.stage_ended_at FROM bill_run r LEFT JOIN staff s ON " \
    "s.staff_id = r.actor_id "

static void read_run(struct rows *rows, struct arena *arena, struct run_seen *out)
{
    *out = (struct run_seen){.unit_id = row_i64(rows, 0),
                             .run_id = row_i64(rows, 1),
                             .month = row_i64(rows, 2),
                             .state = state_of(row_text(rows, 3)),
                             .price_book = arena_str(arena, row_text(rows, 5)),
                             .started_by = arena_str(arena, row_text_or_empty(rows, 6)),
                             .created_at_ms = row_i64(rows, 7),
                             .began_at_ms = row_i64(rows, 8),
                             .ended_at_ms = row_i64(rows, 9)};
    bool read = day_parse(row_text(rows, 4), &out->business_day);
    ASSERT(read);
}

static err_t add_sums(struct db *db, struct run_seen *run, struct err *err)
{
    return run_stages(db, run->unit_id, run->run_id, &run->draft, &run->issue, err);
}

err_t run_list(struct db *db, struct arena *arena, int64_t unit_id, int64_t behind, size_t most,
               struct run_seen **out, size_t *out_count, struct err *err)
{
    struct run_seen *runs = ARENA_ARRAY(arena, struct run_seen, most);
    size_t count = 0;
    if (runs == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(
        db,
        RUN_COLUMNS "WHERE r.unit_id = $1 AND r.run_id < $2 ORDER BY r.run_id DESC "
                    "LIMIT $3",
        ARGS(v_i64(unit_id), v_i64(behind == 0 ? INT64_MAX : behind), v_i64((int64_t)most)), &rows,
        err);
    for (bool more = true; e == OK && count < most;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        read_run(rows, arena, &runs[count++]);
    }
    for (size_t i = 0; i < count && e == OK; i++) e = add_sums(db, &runs[i], err);
    if (e != OK) return e;
    *out = runs;
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}

err_t run_see(struct db *db, struct arena *arena, int64_t unit_id, int64_t run_id,
              struct run_seen *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db, RUN_COLUMNS "WHERE r.unit_id = $1 AND r.run_id = $2",
                       ARGS(v_i64(unit_id), v_i64(run_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "run", "Đơn vị này không có lần tính %lld",
                "This unit has no run %lld", (long long)run_id);
        return err_hint(err, "Chọn trong danh sách các lần tính", "Choose from the list of runs");
    }
    read_run(rows, arena, out);
    if (arena->failed) return err_memory(err);
    return add_sums(db, out, err);
}

err_t run_last_issued(struct db *db, int64_t unit_id, int64_t *out_month, int64_t *out_bills,
                      struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    *out_month = *out_bills = 0;
    err_t e = db_query(db,
                       "SELECT r.month, (SELECT CAST(coalesce(sum(c.ready), 0) AS BIGINT) FROM "
                       "bill_run q JOIN bill_chunk c ON c.unit_id = q.unit_id AND "
                       "c.run_id = q.run_id WHERE q.unit_id = r.unit_id AND q.month = r.month AND "
                       "c.stage = 'issue') FROM bill_run r WHERE r.unit_id = $1 AND "
                       "r.state = 'issued' ORDER BY r.run_id DESC LIMIT 1",
                       ARGS(v_i64(unit_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || !found) return e;
    *out_month = row_i64(rows, 0);
    *out_bills = row_i64(rows, 1);
    return OK;
}

/* ---- days -------------------------------------------------------------------------------- */

err_t invoice_days(struct db *db, int32_t day, int64_t *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    return db_get_i64(db,
                      "SELECT value_i64 FROM billing_rule WHERE name = 'invoice_days' AND "
                      "valid_from <= $1 ORDER BY valid_from DESC LIMIT 1",
                      ARGS(v_text(day_text(day, text))), out, err);
}

/* Every period that a book has by its schedule, written or not, with how many are alike. */
static const char periods_sql[] =
    "SELECT CAST(n.period_no AS BIGINT), b.periods, b.reading_day, p.state, p.read_on, count(*) "
    "FROM book b JOIN (SELECT 1 AS period_no UNION ALL SELECT 2 UNION ALL SELECT 3) n ON "
    "n.period_no <= b.periods LEFT JOIN book_period p ON p.unit_id = b.unit_id AND "
    "p.book_id = b.book_id AND p.month = $1 AND p.period_no = n.period_no WHERE b.unit_id = $2 AND "
    "(p.state IS NULL OR p.state <> 'issued') "
    "GROUP BY n.period_no, b.periods, b.reading_day, p.state, p.read_on";

static void add_periods(struct rows *rows, int64_t month, struct books_open *books)
{
    struct str state = row_text_or_empty(rows, 3);
    int64_t count = row_i64(rows, 5);
    int32_t read_day;
    bool written = day_parse(row_text_or_empty(rows, 4), &read_day);
    if (!written)
        read_day = reading_day_of(month_from_number(month), (int)row_i64(rows, 2),
                                  (int)row_i64(rows, 1), (int)row_i64(rows, 0));
    if (str_equal(state, S("closed"))) books->closed += count;
    else if (str_equal(state, S("signed"))) books->is_signed += count;
    else books->open += count;
    if (books->any && books->first_read_day < read_day) return;
    books->planned =
        !written && (!books->any || books->first_read_day > read_day || books->planned);
    books->any = true;
    books->first_read_day = read_day;
}

err_t books_open(struct db *db, int64_t unit_id, int64_t month, struct books_open *out,
                 struct err *err)
{
    struct books_open books = {0};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, periods_sql, ARGS(v_i64(month), v_i64(unit_id)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        add_periods(rows, month, &books);
    }
    if (e == OK) *out = books;
    return e;
}
