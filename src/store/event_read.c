/* SPDX-License-Identifier: Apache-2.0 */
/* The event log: reading, each event once, and setting aside what cannot be digested. */
#include "base/clock.h"
#include "store/event.h"
#include "store/store_int.h"

struct reader {
    struct db *db;
    int64_t unit_id;
    struct str consumer;
    event_effect *effect;
    void *context;
    int64_t position; /* of the last event done with */
    int64_t failed_position; /* 0: none */
};

static bool is_machine_failure(err_t code)
{
    return err_of_machine(code) || code == E_LOST;
}

/* The cursor's row is the consumer's lock. -1: another process reads for it. */
static err_t lock_cursor(struct reader *reader, struct err *err)
{
    struct value unit = v_i64(reader->unit_id);
    struct value consumer = v_text(reader->consumer);
    err_t e = db_run(reader->db,
                     "INSERT INTO event_cursor (unit_id, consumer, position) VALUES ($1, $2, 0)"
                     " ON CONFLICT (unit_id, consumer) DO NOTHING",
                     ARGS(unit, consumer), NULL, err);
    if (e != OK) return e;
    return db_get_i64_or(reader->db,
                         "SELECT position FROM event_cursor WHERE unit_id = $1 AND consumer = $2"
                         " {skip_locked}",
                         ARGS(unit, consumer), -1, &reader->position, err);
}

static err_t move_cursor(struct reader *reader, struct err *err)
{
    return db_run(reader->db,
                  "UPDATE event_cursor SET position = $1 WHERE unit_id = $2 AND consumer = $3",
                  ARGS(v_i64(reader->position), v_i64(reader->unit_id), v_text(reader->consumer)),
                  NULL, err);
}

static struct event event_of(const struct rows *rows, int64_t unit_id)
{
    return (struct event){.unit_id = unit_id,
                          .position = row_i64(rows, 0),
                          .event_id = row_i64(rows, 1),
                          .topic = row_text(rows, 2),
                          .subject_id = row_i64(rows, 3),
                          .payload = row_text(rows, 4),
                          .recorded_at_ms = row_i64(rows, 5)};
}

/* Runs the effects of one batch; stops at the first that is refused. */
static err_t run_batch(struct reader *reader, int64_t max, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(reader->db,
                       "SELECT e.position, e.event_id, e.topic, e.subject_id, e.payload,"
                       " e.recorded_at, coalesce(p.set_aside, 0)"
                       " FROM event e LEFT JOIN event_poison p ON p.unit_id = e.unit_id"
                       " AND p.consumer = $1 AND p.position = e.position"
                       " WHERE e.unit_id = $2 AND e.position > $3 ORDER BY e.position LIMIT $4",
                       ARGS(v_text(reader->consumer), v_i64(reader->unit_id),
                            v_i64(reader->position), v_i64(max)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        struct event event = event_of(rows, reader->unit_id);
        if (row_i64(rows, 6) == 0) e = reader->effect(reader->db, &event, reader->context, err);
        if (e != OK) reader->failed_position = event.position;
        else reader->position = event.position;
        if (e == OK) e = rows_next(rows, &row, err);
    }
    return e;
}

/* One transaction: effects and cursor. */
static err_t read_once(struct reader *reader, int64_t max, int64_t *out_count, struct err *err)
{
    reader->failed_position = 0;
    err_t e = db_begin(reader->db, err);
    if (e != OK) return e;
    e = lock_cursor(reader, err);
    int64_t start = reader->position;
    if (e == OK && start >= 0) e = run_batch(reader, max, err);
    if (e == OK && reader->position > start) e = move_cursor(reader, err);
    if (e == OK) e = db_commit(reader->db, err);
    if (e != OK) db_rollback(reader->db);
    if (e == OK) *out_count = start < 0 ? 0 : reader->position - start;
    if (e != OK) reader->position = start;
    return e;
}

/* Counts one refusal; the last one sets the event aside. */
static err_t count_refusal(struct reader *reader, const struct err *refusal, struct err *err)
{
    return db_run(reader->db,
                  "INSERT INTO event_poison (unit_id, consumer, position, tries, set_aside,"
                  " message, last_at) VALUES ($1, $2, $3, 1, 0, $4, $5)"
                  " ON CONFLICT (unit_id, consumer, position) DO UPDATE SET"
                  " tries = event_poison.tries + 1, message = excluded.message,"
                  " last_at = excluded.last_at,"
                  " set_aside = CASE WHEN event_poison.tries + 1 >= $6 THEN 1 ELSE 0 END",
                  ARGS(v_i64(reader->unit_id), v_text(reader->consumer),
                       v_i64(reader->failed_position), v_text(str_of(refusal->en.message)),
                       v_i64(clock_now_ms()), v_i64(EVENT_TRIES_MAX)),
                  NULL, err);
}

err_t event_read(struct db *db, int64_t unit_id, struct str consumer, int64_t max,
                 event_effect *effect, void *context, int64_t *out_count, struct err *err)
{
    ASSERT(max > 0 && !db_in_transaction(db));
    struct reader reader = {.db = db, .unit_id = unit_id, .consumer = consumer, .effect = effect,
                            .context = context};
    struct err refusal;
    int64_t count = 0;
    err_t e = read_once(&reader, max, &count, &refusal);
    if (e != OK && (reader.failed_position == 0 || is_machine_failure(e))) {
        *err = refusal;
        return e;
    }
    if (e != OK) {
        e = count_refusal(&reader, &refusal, err);
        /* What stands before the refused event need not wait for it. */
        int64_t before = reader.failed_position - reader.position - 1;
        if (e == OK && before > 0) e = read_once(&reader, before, &count, err);
    }
    if (e == OK) *out_count = count;
    return e;
}

err_t event_poison_count(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    return db_get_i64(db,
                      "SELECT count(*) FROM event_poison WHERE unit_id = $1 AND set_aside = 1",
                      ARGS(v_i64(unit_id)), out, err);
}

err_t event_page(struct db *db, int64_t unit_id, int64_t after_position, int64_t limit,
                 void (*take)(void *context, const struct event *event), void *context,
                 struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db,
                       "SELECT position, event_id, topic, subject_id, payload, recorded_at "
                       "FROM event WHERE unit_id = $1 AND position > $2 ORDER BY position "
                       "LIMIT $3",
                       ARGS(v_i64(unit_id), v_i64(after_position), v_i64(limit)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct event event = event_of(rows, unit_id);
        take(context, &event);
    }
    return e;
}
