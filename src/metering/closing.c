/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/closing.h"

#include "base/date.h"
#include "base/json_write.h"
#include "metering/calendar.h"
#include "metering/closing_int.h"
#include "registry/registry_view.h"
#include "store/event.h"
#include "store/store.h"

#define CLOSING_ARENA_MAX_BYTES ((size_t)192 * 1024 * 1024)
#define CHUNK_ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
enum { DETAIL_MAX_BYTES = 64 * 1024 };

void closing_counts_json(const struct closing_counts *counts, struct buf *out)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("closing"), counts->closing_no);
    json_i64(&w, S("points"), counts->points);
    json_i64(&w, S("usages"), counts->usages);
    json_i64(&w, S("left_out"), counts->left_out);
    json_i64(&w, S("told"), counts->told);
    json_i64(&w, S("estimated"), counts->estimated);
    json_i64(&w, S("final"), counts->finals);
    json_object(&w, S("spikes"));
    json_i64(&w, S("held"), counts->spikes_held);
    json_i64(&w, S("leader"), counts->spikes_leader);
    json_i64(&w, S("told"), counts->spikes_told);
    json_i64(&w, S("first_bills"), counts->first_bills);
    json_i64(&w, S("carried_releases"), counts->carried_releases);
    json_end(&w);
    json_decimal(&w, S("kwh"), counts->total_wh, 3);
    json_end(&w);
}

static err_t place(const struct closing *closing, struct err *err)
{
    int64_t month = month_to_number(closing->request->month);
    return err_detail(err, "Sổ %.*s, tháng %lld/%lld, kỳ %d",
                      "Book %.*s, month %lld/%lld, period %d", STR_ARG(closing->book->code),
                      (long long)(month % 100), (long long)(month / 100),
                      closing->request->period_no);
}

/* A cycle period is closed once, and in the order of time; a supplement whenever it is wanted. */
static err_t check_state(const struct closing *closing, struct err *err)
{
    if (closing->request->supplement) return OK;
    if (closing->period.state != BOOK_OPEN) {
        err_set(err, E_STATE, "book", "Kỳ này đã chốt", "This period is closed already");
        place(closing, err);
        return err_hint(err, "Trả lại sổ (book return) hoặc chốt bổ sung (--supplement)",
                        "Return the book (book return) or close a supplement (--supplement)");
    }
    for (size_t i = 0; i < closing->period_count; i++) {
        const struct book_period *period = &closing->periods[i];
        bool later = period->month > closing->period.month ||
                     (period->month == closing->period.month &&
                      period->period_no > closing->period.period_no);
        if (!later || period->period_no == 0 || period->state == BOOK_OPEN) continue;
        err_set(err, E_STATE, "month", "Một kỳ sau kỳ này đã chốt",
                "A later period is closed already");
        place(closing, err);
        return err_hint(err, "Chốt bổ sung (--supplement) cho điểm đo còn thiếu",
                        "Close a supplement (--supplement) for the points left out");
    }
    return OK;
}

/* Locks the period whose rows are written and gives the closing its number. */
static err_t prepare(struct closing *closing, struct err *err)
{
    const struct closing_request *request = closing->request;
    struct book_period rows_period;
    closing->row_period_no = request->supplement ? 0 : request->period_no;
    err_t e = book_period_lock(closing->db, closing->book, request->month,
                               closing->row_period_no, &rows_period, err);
    if (e == OK)
        e = book_period_get(closing->db, closing->book, request->month, request->period_no,
                            &closing->period, err);
    if (e == OK)
        e = book_periods(closing->db, &closing->arena, closing->book,
                         (struct book_period **)&closing->periods, &closing->period_count, err);
    if (e == OK) e = check_state(closing, err);
    if (e == OK)
        e = parameters_on(closing->db, closing->book->unit_id, closing->period.read_day,
                          &closing->parameters, err);
    if (e != OK) return e;
    closing->closing_no = rows_period.closing_no + 1;
    int32_t window = reading_window(closing->book->periods,
                                    closing->parameters.reading_window_days);
    closing->window_from_day = closing->period.read_day - window;
    closing->window_to_day = closing->period.read_day + window;
    return OK;
}

/* Points that ever were in the book; the terms of each say whether it still belongs. */
static err_t load_points(struct closing *closing, struct list *points, struct err *err)
{
    struct book_scan *scan;
    err_t e = book_scan_open(closing->db, closing->book->unit_id, closing->book->book_id,
                             closing->period.read_day, KNOWN_NOW, BOOK_EVER, &scan, err);
    if (e != OK) return e;
    for (bool more = false; e == OK;) {
        struct book_point point;
        e = book_scan_next(scan, &point, &more, err);
        if (e != OK || !more) break;
        int64_t *place_of = list_add(points);
        if (place_of == NULL) e = err_memory(err);
        else *place_of = point.point_id;
    }
    book_scan_close(scan);
    return e;
}

/* Puts a point aside until the use of the others is known. */
static err_t wait_for_others(struct closing *closing, const struct closing_point *point,
                             struct err *err)
{
    if (closing->waiting.count == RELATED_MAX) {
        err_set(err, E_LIMIT, "book", "Quá nhiều điểm đo có quan hệ trong một sổ",
                "Too many related points in one book");
        return err_hint(err, "Chia sổ", "Split the book");
    }
    struct waiting_point *waiting = list_add(&closing->waiting);
    if (waiting == NULL) return err_memory(err);
    waiting->point = *point;
    return OK;
}

static err_t one_chunk(struct closing *closing, const int64_t *points, size_t count,
                       struct err *err)
{
    struct chunk chunk;
    arena_reset(&closing->chunk_arena);
    err_t e = closing_load(closing, points, count, &chunk, err);
    if (e == OK) e = closing_compute(closing, &chunk, err);
    for (size_t i = 0; e == OK && i < chunk.count; i++) {
        const struct closing_point *point = &chunk.points[i];
        closing->counts.points += point->belongs;
        if (point->segment_count == 0 || !point->belongs) continue;
        e = point->related ? wait_for_others(closing, point, err)
                           : closing_write(closing, point, err);
    }
    return e;
}

static err_t all_points(struct closing *closing, struct err *err)
{
    struct list points = LIST_OF(&closing->arena, int64_t);
    err_t e = load_points(closing, &points, err);
    if (e != OK) return e;
    e = closing_bulks_open(closing, err);
    for (size_t at = 0; e == OK && at < points.count; at += CHUNK_POINTS) {
        size_t left = points.count - at;
        e = one_chunk(closing, LIST_ITEMS(points, int64_t) + at,
                      left < CHUNK_POINTS ? left : CHUNK_POINTS, err);
    }
    if (e == OK) e = closing_bulks_close(closing, err);
    if (e != OK || closing->waiting.count == 0) return e;
    e = closing_bulks_open(closing, err);
    if (e == OK) e = closing_relate(closing, err);
    if (e == OK) e = closing_bulks_close(closing, err);
    return e;
}

static err_t finish(struct closing *closing, struct err *err)
{
    const struct closing_request *request = closing->request;
    struct closing_counts *counts = &closing->counts;
    counts->closing_no = closing->closing_no;
    err_t e = db_run(closing->db,
                     "UPDATE book_period SET state = 'closed', closing_no = $1, point_count = $2, "
                     "exception_count = $3 WHERE unit_id = $4 AND book_id = $5 AND month = $6 AND "
                     "period_no = $7",
                     ARGS(v_i64(closing->closing_no), v_i64(counts->points),
                          v_i64(counts->left_out), v_i64(closing->book->unit_id),
                          v_i64(closing->book->book_id),
                          v_i64(month_to_number(request->month)),
                          v_i64(closing->row_period_no)), NULL, err);
    if (e != OK) return e;
    buf_reset(&closing->detail);
    closing_counts_json(counts, &closing->detail);
    e = book_step_add(closing->db, closing->book, request->month, closing->row_period_no,
                      request->supplement ? S("supplement") : S("close"), closing->closing_no,
                      buf_str(&closing->detail), S(""), request->actor_id, err);
    if (e != OK) return e;
    buf_reset(&closing->detail);
    buf_printf(&closing->detail, "{\"month\":%lld,\"period\":%d,\"closing\":%lld}",
               (long long)month_to_number(request->month), closing->row_period_no,
               (long long)closing->closing_no);
    return event_append(closing->db, closing->book->unit_id, S("book.closed"),
                        closing->book->book_id, buf_str(&closing->detail), err);
}

static err_t check_period(const struct closing_request *request, struct err *err)
{
    if (request->period_no >= 1 && request->period_no <= request->book.periods) return OK;
    err_set(err, E_RANGE, "period", "Sổ có %d kỳ ghi một tháng",
            "The book is read %d times a month", request->book.periods);
    return err_hint(err, "Chọn --period trong số kỳ đó", "Choose a --period among them");
}

err_t closing_may(struct db *db, const struct closing_request *request, struct err *err)
{
    struct closing closing = {.db = db, .request = request, .book = &request->book};
    arena_init(&closing.arena, CLOSING_ARENA_MAX_BYTES);
    err_t e = check_period(request, err);
    if (e == OK)
        e = book_period_get(db, closing.book, request->month, request->period_no, &closing.period,
                            err);
    if (e == OK)
        e = book_periods(db, &closing.arena, closing.book, (struct book_period **)&closing.periods,
                         &closing.period_count, err);
    if (e == OK) e = check_state(&closing, err);
    arena_release(&closing.arena);
    return e;
}

err_t closing_run(struct db *db, const struct closing_request *request,
                  struct closing_counts *out, struct err *err)
{
    err_t refused = check_period(request, err);
    if (refused != OK) return refused;
    struct closing closing = {.db = db, .request = request, .book = &request->book};
    arena_init(&closing.arena, CLOSING_ARENA_MAX_BYTES);
    arena_init(&closing.chunk_arena, CHUNK_ARENA_MAX_BYTES);
    buf_init(&closing.carry_text, DETAIL_MAX_BYTES);
    buf_init(&closing.detail, DETAIL_MAX_BYTES);
    closing.waiting = LIST_OF(&closing.arena, struct waiting_point);
    err_t e = db_begin(db, err);
    if (e == OK) e = prepare(&closing, err);
    if (e == OK) e = all_points(&closing, err);
    if (e == OK) e = finish(&closing, err);
    if (e == OK && request->also != NULL) e = request->also(db, request->context, err);
    if (e == OK) e = db_commit(db, err);
    if (e == OK) *out = closing.counts;
    closing_bulks_drop(&closing);
    if (e != OK) db_rollback(db);
    buf_release(&closing.carry_text);
    buf_release(&closing.detail);
    arena_release(&closing.arena);
    arena_release(&closing.chunk_arena);
    return e;
}
