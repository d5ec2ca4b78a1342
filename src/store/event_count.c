/* SPDX-License-Identifier: Apache-2.0 */
/* What happened in a unit since a moment, by kind: how much, and what. */
#include "store/event.h"

/* Positions follow the time of recording, so the first event of a time is found by halving. */
static err_t first_since(struct db *db, int64_t unit_id, int64_t since_ms, int64_t *out,
                         struct err *err)
{
    int64_t low = 1, high;
    err_t e = event_last_position(db, unit_id, &high, err);
    while (e == OK && low <= high) {
        int64_t middle = low + (high - low) / 2, recorded_at_ms;
        e = db_get_i64(db, "SELECT recorded_at FROM event WHERE unit_id = $1 AND position = $2",
                       ARGS(v_i64(unit_id), v_i64(middle)), &recorded_at_ms, err);
        if (e != OK) break;
        if (recorded_at_ms < since_ms) low = middle + 1;
        else high = middle - 1;
    }
    *out = low;
    return e;
}

static const char count_sql[] =
    "SELECT topic, count(*) FROM (SELECT topic FROM (SELECT topic FROM event WHERE unit_id = $1 "
    "AND position >= $2 ORDER BY position DESC LIMIT $3) kept UNION ALL SELECT topic FROM (SELECT "
    "topic FROM event_new WHERE unit_id = $4 AND recorded_at >= $5 LIMIT $6) fresh) both_logs "
    "GROUP BY topic ORDER BY topic";

err_t event_count_since(struct db *db, int64_t unit_id, int64_t since_ms, event_counted *visit,
                        void *context, struct err *err)
{
    int64_t first;
    struct value unit = v_i64(unit_id), most = v_i64(EVENTS_COUNTED_MAX);
    err_t e = first_since(db, unit_id, since_ms, &first, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, count_sql, ARGS(unit, v_i64(first), most, unit, v_i64(since_ms), most), &rows,
                 err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        visit(context, row_text(rows, 0), row_i64(rows, 1));
    }
    return e;
}

/* ---- what it was ------------------------------------------------------------------------- */

static const char fresh_sql[] =
    "SELECT CAST(0 AS BIGINT), event_id, topic, subject_id, payload, recorded_at FROM event_new "
    "WHERE unit_id = $1 AND topic = $2 AND recorded_at >= $3 AND event_id < $4 ORDER BY event_id "
    "DESC LIMIT $5";
static const char kept_sql[] =
    "SELECT position, event_id, topic, subject_id, payload, recorded_at FROM event WHERE "
    "unit_id = $1 AND topic = $2 AND position >= $3 AND position < $4 ORDER BY position DESC "
    "LIMIT $5";

static err_t take_rows(struct rows *rows, int64_t unit_id,
                       void (*take)(void *context, const struct event *event), void *context,
                       int64_t *left, struct err *err)
{
    err_t e = OK;
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        const struct event event = {unit_id,           row_i64(rows, 0), row_i64(rows, 1),
                                    row_text(rows, 2), row_i64(rows, 3), row_text(rows, 4),
                                    row_i64(rows, 5)};
        take(context, &event);
        --*left;
    }
    return e;
}

static err_t take_fresh(struct db *db, const struct event_question *q,
                        void (*take)(void *context, const struct event *event), void *context,
                        int64_t *left, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e =
        db_query(db, fresh_sql,
                 ARGS(v_i64(q->unit_id), v_text(q->topic), v_i64(q->since_ms),
                      v_i64(q->before_event == 0 ? INT64_MAX : q->before_event), v_i64(*left)),
                 &rows, err);
    return e == OK ? take_rows(rows, q->unit_id, take, context, left, err) : e;
}

err_t event_since(struct db *db, const struct event_question *question,
                  void (*take)(void *context, const struct event *event), void *context,
                  struct err *err)
{
    const struct event_question *q = question;
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t first, last, left = q->most;
    int64_t before = q->before_position == 0 ? INT64_MAX : q->before_position;
    err_t e = first_since(db, q->unit_id, q->since_ms, &first, err);
    if (e == OK) e = event_last_position(db, q->unit_id, &last, err);
    if (e == OK && q->before_position == 0) e = take_fresh(db, q, take, context, &left, err);
    if (e != OK || left == 0) return e;
    if (first < last - EVENTS_COUNTED_MAX + 1) first = last - EVENTS_COUNTED_MAX + 1;
    e = db_query(
        db, kept_sql,
        ARGS(v_i64(q->unit_id), v_text(q->topic), v_i64(first), v_i64(before), v_i64(left)), &rows,
        err);
    return e == OK ? take_rows(rows, q->unit_id, take, context, &left, err) : e;
}
