/* SPDX-License-Identifier: Apache-2.0 */
/* The event log: appending and sequencing. */
#include "store/event.h"

#include "base/clock.h"
#include "base/memory.h"
#include "store/store_int.h"

/* ---- numbers ----------------------------------------------------------------------------- */

void events_forget(struct db *db)
{
    while (db->event_blocks != NULL) {
        struct event_block *block = db->event_blocks;
        db->event_blocks = block->next;
        memory_give(block, sizeof *block);
    }
}

err_t event_take_ids(struct db *db, int64_t unit_id, int64_t count, int64_t *out_first,
                     struct err *err)
{
    return store_take_numbers(db, unit_id, S("event"), count, out_first, err);
}

static struct event_block *block_of(struct db *db, int64_t unit_id)
{
    struct event_block *block = db->event_blocks;
    while (block != NULL && block->unit_id != unit_id) block = block->next;
    return block;
}

/* The next number of the connection's own block, which is filled when it is empty. */
static err_t next_id(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    struct event_block *block = block_of(db, unit_id);
    if (block == NULL) {
        block = memory_take(sizeof *block);
        if (block == NULL) return err_memory(err);
        *block = (struct event_block){.next = db->event_blocks, .unit_id = unit_id};
        db->event_blocks = block;
    }
    if (block->next_id == block->end_id) {
        int64_t first;
        err_t e = event_take_ids(db, unit_id, EVENT_BLOCK_COUNT, &first, err);
        if (e != OK) return e;
        block->next_id = first;
        block->end_id = first + EVENT_BLOCK_COUNT;
    }
    *out = block->next_id++;
    return OK;
}

err_t event_append(struct db *db, int64_t unit_id, struct str topic, int64_t subject_id,
                   struct str payload_json, struct err *err)
{
    ASSERT(db->transaction == TX_WRITE);
    int64_t event_id = 0;
    err_t e = next_id(db, unit_id, &event_id, err);
    if (e != OK) return db_failed(db, e);
    return db_run(db,
                  "INSERT INTO event_new (unit_id, event_id, topic, subject_id, payload,"
                  " recorded_at) VALUES ($1, $2, $3, $4, $5, $6)",
                  ARGS(v_i64(unit_id), v_i64(event_id), v_text(topic), v_i64(subject_id),
                       v_text(payload_json), v_i64(clock_now_ms())),
                  NULL, err);
}

/* ---- positions --------------------------------------------------------------------------- */

/* The sequencer's own row is its lock. *out is -1 when another process holds it. */
static err_t lock_sequencer(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    err_t e = db_run(db,
                     "INSERT INTO event_sequencer (unit_id, position) VALUES ($1, 0)"
                     " ON CONFLICT (unit_id) DO NOTHING",
                     ARGS(v_i64(unit_id)), NULL, err);
    if (e != OK) return e;
    return db_get_i64_or(db,
                         "SELECT position FROM event_sequencer WHERE unit_id = $1 {skip_locked}",
                         ARGS(v_i64(unit_id)), -1, out, err);
}

/* A writer that commits between the two statements keeps its event: only what stands in event is
 * taken off event_new. */
static err_t move_events(struct db *db, int64_t unit_id, int64_t position, int64_t max,
                         int64_t *out_count, struct err *err)
{
    err_t e = db_run(db,
                     "INSERT INTO event (unit_id, position, event_id, topic, subject_id, payload,"
                     " recorded_at)"
                     " SELECT unit_id, $1 + row_number() OVER (ORDER BY recorded_at, event_id),"
                     " event_id, topic, subject_id, payload, recorded_at"
                     " FROM (SELECT * FROM event_new WHERE unit_id = $2"
                     " ORDER BY recorded_at, event_id LIMIT $3) batch",
                     ARGS(v_i64(position), v_i64(unit_id), v_i64(max)), out_count, err);
    if (e != OK || *out_count == 0) return e;
    int64_t deleted = 0;
    e = db_run(db,
               "DELETE FROM event_new WHERE unit_id = $1 AND (recorded_at, event_id) IN"
               " (SELECT recorded_at, event_id FROM event WHERE unit_id = $1 AND position > $2)",
               ARGS(v_i64(unit_id), v_i64(position)), &deleted, err);
    ASSERT(e != OK || deleted == *out_count);
    if (e != OK) return e;
    return db_run(db, "UPDATE event_sequencer SET position = $1 WHERE unit_id = $2",
                  ARGS(v_i64(position + *out_count), v_i64(unit_id)), NULL, err);
}

static err_t has_new_events(struct db *db, int64_t unit_id, bool *out, struct err *err)
{
    int64_t one = 0;
    err_t e = db_get_i64_or(db, "SELECT 1 FROM event_new WHERE unit_id = $1 LIMIT 1",
                            ARGS(v_i64(unit_id)), 0, &one, err);
    if (e == OK) *out = one == 1;
    return e;
}

err_t event_sequence(struct db *db, int64_t unit_id, int64_t max, int64_t *out_count,
                     struct err *err)
{
    ASSERT(max > 0);
    int64_t position = 0;
    int64_t count = 0;
    bool any = false;
    err_t e = has_new_events(db, unit_id, &any, err);
    if (e == OK && any) {
        e = db_begin(db, err);
        if (e != OK) return e;
        e = lock_sequencer(db, unit_id, &position, err);
        if (e == OK && position >= 0) e = move_events(db, unit_id, position, max, &count, err);
        if (e == OK) e = db_commit(db, err);
        if (e != OK) db_rollback(db);
    }
    if (e == OK) *out_count = count;
    return e;
}

err_t event_last_position(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    return db_get_i64_or(db, "SELECT position FROM event_sequencer WHERE unit_id = $1",
                         ARGS(v_i64(unit_id)), 0, out, err);
}

err_t event_waiting_unit(struct db *db, int64_t after_unit_id, bool *out_found,
                         int64_t *out_unit_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT unit_id FROM event_new WHERE unit_id > $1 ORDER BY unit_id LIMIT 1",
                       ARGS(v_i64(after_unit_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_found = row;
    if (row) *out_unit_id = row_i64(rows, 0);
    return OK;
}
