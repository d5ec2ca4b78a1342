/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/closing_errand.h"

#include "base/clock.h"
#include "base/date.h"
#include "billing/month_close_int.h"
#include "billing/month_figures_int.h"
#include "billing/price_books.h"
#include "metering/closing.h"
#include "store/store.h"

enum {
    CLOSING_ARENA_BYTES = 4 * 1024 * 1024,
    NS_PER_MS = 1000000,
    COUNTS_MAX = 3 /* then a month is counted while nobody posts */
};

/* What workers know of an errand besides. */
struct place {
    int64_t lease_until_ms, mark, attempt, position;
};

#define CLOSING_COLUMNS \
    "SELECT unit_id, errand_no, month, book_id, period_no, state, actor_id, ordered_at, " \
    "ended_at, parts, parts_done, reason_vi, reason_en, remedy_vi, remedy_en, lease_until, " \
    "mark, attempt, position FROM closing_errand "

static err_t read_errand(struct rows *rows, struct arena *arena, bool *out_found,
                         struct closing_errand *out, struct place *out_place, struct err *err)
{
    err_t e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    *out = (struct closing_errand){
        .subject = {row_i64(rows, 0), row_i64(rows, 2), row_i64(rows, 3), row_i64(rows, 4)},
        .errand_no = row_i64(rows, 1),
        .state = errand_state_of(row_text(rows, 5)),
        .actor_id = row_i64(rows, 6),
        .ordered_at_ms = row_i64(rows, 7),
        .ended_at_ms = row_i64(rows, 8),
        .parts = row_i64(rows, 9),
        .parts_done = row_i64(rows, 10),
        .reason_vi = arena_str(arena, row_text(rows, 11)),
        .reason_en = arena_str(arena, row_text(rows, 12)),
        .remedy_vi = arena_str(arena, row_text(rows, 13)),
        .remedy_en = arena_str(arena, row_text(rows, 14))};
    *out_place =
        (struct place){row_i64(rows, 15), row_i64(rows, 16), row_i64(rows, 17), row_i64(rows, 18)};
    return arena->failed ? err_memory(err) : OK;
}

err_t closing_last(struct db *db, struct arena *arena, const struct closing_subject *subject,
                   bool *out_found, struct closing_errand *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct place place;
    err_t e = db_query(db,
                       CLOSING_COLUMNS "WHERE unit_id = $1 AND month = $2 AND book_id = $3 AND "
                                       "period_no = $4 ORDER BY errand_no DESC LIMIT 1",
                       ARGS(v_i64(subject->unit_id), v_i64(subject->month), v_i64(subject->book_id),
                            v_i64(subject->period_no)),
                       &rows, err);
    return e == OK ? read_errand(rows, arena, out_found, out, &place, err) : e;
}

static err_t require(struct db *db, const struct actor *actor,
                     const struct closing_subject *subject, struct err *err)
{
    return actor_require(db, actor, subject->unit_id,
                         subject->book_id != 0 ? PERMISSION_BOOK_CLOSE : PERMISSION_MONTH_CLOSE,
                         err);
}

/* ---- a book ------------------------------------------------------------------------------ */

static err_t find_book(struct db *db, struct arena *arena, const struct closing_subject *subject,
                       struct closing_request *out, struct err *err)
{
    struct str code;
    err_t e = db_get_text(db, arena, "SELECT code FROM book WHERE unit_id = $1 AND book_id = $2",
                          ARGS(v_i64(subject->unit_id), v_i64(subject->book_id)), &code, err);
    *out = (struct closing_request){.month = month_from_number(subject->month),
                                    .period_no = (int)subject->period_no};
    return e == OK ? book_by_code(db, arena, subject->unit_id, code, &out->book, err) : e;
}

/* ---- asking ------------------------------------------------------------------------------ */

static err_t refuse_second(struct err *err)
{
    err_set(err, E_STATE, NULL, "Việc này đã được yêu cầu và chưa làm xong",
            "This is asked for already and not done yet");
    return err_hint(err, "Chờ tiến trình nền làm xong rồi xem lại trang này",
                    "Wait until the workers have done it, then look at this page again");
}

/* A period that was not read yet would be closed without any use, and shut out those before it. */
static err_t check_read_day(struct db *db, const struct closing_request *request, int32_t today,
                            struct err *err)
{
    struct book_period period;
    err_t e = book_period_get(db, &request->book, request->month, request->period_no, &period, err);
    if (e != OK || period.read_day <= today) return e;
    err_set(err, E_STATE, "month", "Kỳ này chưa đến ngày ghi chỉ số",
            "The reading day of this period is still to come");
    return err_hint(err, "Chốt từ ngày ghi trở đi, khi đã có chỉ số",
                    "Close it from that day on, when it has been read");
}

/* What can be known beforehand is told at once. */
static err_t check_subject(struct db *db, struct arena *arena, int32_t today,
                           const struct closing_subject *subject, struct err *err)
{
    struct closing_request request;
    if (subject->book_id == 0) return month_may_close(db, subject->unit_id, subject->month, err);
    err_t e = find_book(db, arena, subject, &request, err);
    if (e == OK) e = closing_may(db, &request, err);
    return e == OK ? check_read_day(db, &request, today, err) : e;
}

static err_t insert_errand(struct db *db, const struct actor *actor,
                           const struct closing_subject *subject, int64_t now_ms, struct err *err)
{
    int64_t errand_no, open = 0;
    struct value unit = v_i64(subject->unit_id), month = v_i64(subject->month);
    struct value book = v_i64(subject->book_id), period = v_i64(subject->period_no);
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM closing_errand WHERE unit_id = $1 AND month = $2 "
                         "AND book_id = $3 AND period_no = $4 AND (state = 'asked' OR "
                         "state = 'working')",
                         ARGS(unit, month, book, period), &open, err);
    if (e == OK && open > 0) return refuse_second(err);
    if (e == OK)
        e = store_take_numbers(db, subject->unit_id, S("closing_errand"), 1, &errand_no, err);
    if (e != OK) return e;
    e = db_run(
        db,
        "INSERT INTO closing_errand (unit_id, errand_no, month, book_id, period_no, state, "
        "actor_id, ordered_at) VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7)",
        ARGS(unit, v_i64(errand_no), month, book, period, v_i64(actor->staff_id), v_i64(now_ms)),
        NULL, err);
    return e == E_CONFLICT ? refuse_second(err) : e; /* somebody asked at the same moment */
}

err_t closing_place(struct db *db, const struct actor *actor, const struct closing_subject *subject,
                    int64_t now_ms, struct err *err)
{
    struct arena arena;
    arena_init(&arena, CLOSING_ARENA_BYTES);
    err_t e = require(db, actor, subject, err);
    if (e == OK) e = db_begin(db, err);
    if (e == OK) {
        e = check_subject(db, &arena, actor->day, subject, err);
        if (e == OK) e = insert_errand(db, actor, subject, now_ms, err);
        if (e == OK) e = db_commit(db, err);
        if (e != OK) db_rollback(db);
    }
    arena_release(&arena);
    return e;
}

/* ---- working ----------------------------------------------------------------------------- */

/* A stretch of work at one errand. */
struct stretch {
    struct db *db;
    struct arena arena;
    struct closing_errand errand;
    struct place place;
    struct actor actor;
    run_told *told;
    void *context;
    int64_t lease_ms, until_ns, done;
    bool ended;
};

static bool goes_on(const struct stretch *s)
{
    if (s->told != NULL && !s->told(s->context, 1)) return false;
    return clock_monotonic_ns() < s->until_ns;
}

/* The oldest that is asked for, or whose worker is gone; taken before anybody else takes it. */
static err_t take_oldest(struct stretch *s, bool *out_found, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t now_ms = clock_now_ms(), taken = 0;
    err_t e = db_query(s->db,
                       CLOSING_COLUMNS "WHERE (state = 'asked' OR state = 'working') AND "
                                       "lease_until <= $1 ORDER BY ordered_at, unit_id, errand_no "
                                       "LIMIT 1",
                       ARGS(v_i64(now_ms)), &rows, err);
    if (e == OK) e = read_errand(rows, &s->arena, out_found, &s->errand, &s->place, err);
    rows_done_at(&rows);
    rows = NULL;
    if (e != OK || !*out_found) return e;
    e = db_run(s->db,
               "UPDATE closing_errand SET state = 'working', lease_until = $1 WHERE unit_id = $2 "
               "AND errand_no = $3 AND (state = 'asked' OR state = 'working') AND "
               "lease_until = $4",
               ARGS(v_i64(now_ms + s->lease_ms), v_i64(s->errand.subject.unit_id),
                    v_i64(s->errand.errand_no), v_i64(s->place.lease_until_ms)),
               &taken, err);
    *out_found = taken == 1;
    return e;
}

/* Who asked may have lost the right since. */
static err_t find_actor(struct stretch *s, struct err *err)
{
    err_t e = actor_of_staff(s->db, &s->arena, s->errand.actor_id, vietnam_day(clock_now_ms()),
                             &s->actor, err);
    return e == OK ? require(s->db, &s->actor, &s->errand.subject, err) : e;
}

/* The errand ends in the transaction of its closing. Another worker that ended it before makes this
 * one give up. */
static err_t end_inside(struct db *db, void *context, struct err *err)
{
    struct stretch *s = context;
    int64_t ended = 0;
    err_t e = db_run(
        db,
        "UPDATE closing_errand SET state = 'done', ended_at = $1, lease_until = 0, "
        "parts_done = parts WHERE unit_id = $2 AND errand_no = $3 AND "
        "state = 'working'",
        ARGS(v_i64(clock_now_ms()), v_i64(s->errand.subject.unit_id), v_i64(s->errand.errand_no)),
        &ended, err);
    return e == OK && ended == 0 ? refuse_second(err) : e;
}

static err_t work_book(struct stretch *s, struct err *err)
{
    struct closing_request request;
    struct closing_counts counts;
    err_t e = find_book(s->db, &s->arena, &s->errand.subject, &request, err);
    if (e == OK)
        e = price_change_days(s->db, &s->arena, &request.change_days, &request.change_day_count,
                              err);
    if (e != OK) return e;
    request.actor_id = s->actor.staff_id;
    request.also = end_inside;
    request.context = s;
    e = closing_run(s->db, &request, &counts, err);
    s->ended = e == OK;
    return e;
}

/* ---- a month ----------------------------------------------------------------------------- */

/* Begins to count: what was counted before is forgotten. */
static err_t begin_count_inside(struct stretch *s, struct err *err)
{
    const struct closing_subject *subject = &s->errand.subject;
    err_t e = month_may_close(s->db, subject->unit_id, subject->month, err);
    if (e == OK) e = month_mark(s->db, subject->unit_id, &s->place.mark, err);
    if (e == OK) e = month_part_number(s->db, subject->unit_id, &s->errand.parts, err);
    if (e == OK) e = month_parts_drop(s->db, subject->unit_id, subject->month, err);
    if (e != OK) return e;
    s->place.position = MONTH_PART_NONE;
    s->place.attempt++;
    return db_run(s->db,
                  "UPDATE closing_errand SET mark = $1, parts = $2, parts_done = 0, "
                  "position = $3, attempt = $4 WHERE unit_id = $5 AND errand_no = $6 AND "
                  "state = 'working'",
                  ARGS(v_i64(s->place.mark), v_i64(s->errand.parts), v_i64(s->place.position),
                       v_i64(s->place.attempt), v_i64(subject->unit_id),
                       v_i64(s->errand.errand_no)),
                  NULL, err);
}

static err_t begin_count(struct stretch *s, struct err *err)
{
    err_t e = db_begin(s->db, err);
    if (e == OK) e = begin_count_inside(s, err);
    if (e == OK) e = db_commit(s->db, err);
    if (e != OK) db_rollback(s->db);
    return e;
}

/* Counts a part and moves on to it, unless another worker did; *out_moved tells which. */
static err_t count_inside(struct stretch *s, int64_t part, bool *out_moved, struct err *err)
{
    const struct closing_subject *subject = &s->errand.subject;
    int64_t moved = 0;
    err_t e =
        db_run(s->db,
               "UPDATE closing_errand SET position = $1, parts_done = parts_done + 1, "
               "lease_until = $2 WHERE unit_id = $3 AND errand_no = $4 AND "
               "state = 'working' AND position = $5 AND attempt = $6",
               ARGS(v_i64(part), v_i64(clock_now_ms() + s->lease_ms), v_i64(subject->unit_id),
                    v_i64(s->errand.errand_no), v_i64(s->place.position), v_i64(s->place.attempt)),
               &moved, err);
    *out_moved = moved == 1;
    if (e != OK || !*out_moved) return e;
    s->place.position = part;
    return month_part_count(s->db, subject->unit_id, subject->month, part, err);
}

static err_t count_part(struct stretch *s, int64_t part, bool *out_moved, struct err *err)
{
    err_t e = db_begin(s->db, err);
    if (e == OK) e = count_inside(s, part, out_moved, err);
    if (e == OK && *out_moved) e = db_commit(s->db, err);
    db_rollback(s->db); /* nothing, where it was committed */
    if (e == OK && *out_moved) s->done++;
    return e;
}

/* *out_stale: bills were posted while the parts were counted. */
static err_t close_inside(struct stretch *s, bool *out_stale, struct err *err)
{
    const struct closing_subject *subject = &s->errand.subject;
    struct month_totals totals;
    err_t e = OK;
    *out_stale = false;
    if (s->place.attempt < COUNTS_MAX)
        e = month_close_counted(s->db, subject->unit_id, subject->month, &s->actor, clock_now_ms(),
                                s->place.mark, out_stale, err);
    else
        e = month_close_inside(s->db, subject->unit_id, subject->month, &s->actor, clock_now_ms(),
                               &totals, err);
    return e == OK && !*out_stale ? end_inside(s->db, s, err) : e;
}

static err_t close_month(struct stretch *s, struct err *err)
{
    bool stale = false;
    err_t e = db_begin(s->db, err);
    if (e == OK) e = close_inside(s, &stale, err);
    if (e == OK && !stale) e = db_commit(s->db, err);
    db_rollback(s->db); /* nothing, where it was committed */
    if (e == OK && stale) return begin_count(s, err);
    s->ended = e == OK;
    return e;
}

static err_t work_month(struct stretch *s, struct err *err)
{
    bool more = true, moved = true;
    err_t e = s->place.attempt == 0 ? begin_count(s, err) : OK;
    while (e == OK && moved && !s->ended) {
        int64_t part;
        e = month_part_next(s->db, s->errand.subject.unit_id, s->place.position, &part, &more, err);
        if (e == OK && more) e = count_part(s, part, &moved, err);
        else if (e == OK) e = close_month(s, err);
        if (!goes_on(s)) break;
    }
    return e;
}

/* ---- one stretch ------------------------------------------------------------------------- */

static err_t write_refusal(struct stretch *s, const struct err *why, struct err *err)
{
    return db_run(s->db,
                  "UPDATE closing_errand SET state = 'refused', ended_at = $1, lease_until = 0, "
                  "reason_vi = $2, reason_en = $3, remedy_vi = $4, remedy_en = $5 WHERE "
                  "unit_id = $6 AND errand_no = $7 AND state = 'working'",
                  ARGS(v_i64(clock_now_ms()), v_text(str_of(why->vi.message)),
                       v_text(str_of(why->en.message)), v_text(str_of(why->vi.hint)),
                       v_text(str_of(why->en.hint)), v_i64(s->errand.subject.unit_id),
                       v_i64(s->errand.errand_no)),
                  NULL, err);
}

/* Whoever comes next may go on at once. */
static err_t give_back(struct stretch *s, struct err *err)
{
    return db_run(s->db,
                  "UPDATE closing_errand SET lease_until = 0 WHERE unit_id = $1 AND "
                  "errand_no = $2 AND state = 'working'",
                  ARGS(v_i64(s->errand.subject.unit_id), v_i64(s->errand.errand_no)), NULL, err);
}

static err_t work_stretch(struct stretch *s, struct err *err)
{
    struct err why;
    err_t e = find_actor(s, err);
    if (e == OK) e = s->errand.subject.book_id != 0 ? work_book(s, err) : work_month(s, err);
    if (e == OK) return s->ended ? OK : give_back(s, err);
    if (err_of_machine(e)) return e;
    why = *err;
    s->ended = true;
    e = write_refusal(s, &why, err);
    if (e != OK || s->errand.subject.book_id != 0) return e;
    return month_parts_drop(s->db, s->errand.subject.unit_id, s->errand.subject.month, err);
}

err_t closing_work(struct db *db, int64_t lease_ms, int64_t slice_ms, run_told *told, void *context,
                   int64_t *out_done, struct err *err)
{
    struct stretch s = {.db = db,
                        .told = told,
                        .context = context,
                        .lease_ms = lease_ms,
                        .until_ns = clock_monotonic_ns() + slice_ms * NS_PER_MS};
    bool found = false;
    arena_init(&s.arena, CLOSING_ARENA_BYTES);
    err_t e = take_oldest(&s, &found, err);
    if (e == OK && found) e = work_stretch(&s, err);
    *out_done += s.done + (s.ended ? 1 : 0);
    arena_release(&s.arena);
    return e;
}
