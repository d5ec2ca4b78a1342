/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and named properties.
 *
 * PostgreSQL takes numbers on a second connection, so that they are committed at once and no
 * writer waits for another's transaction. SQLite has one writer: the numbers are taken inside the
 * caller's transaction, and a rollback writes down again how far they were given out. */
#include <string.h>

#include "base/memory.h"
#include "store/store_int.h"

static const char take_sql[] =
    "INSERT INTO store_number (unit_id, series, next_no) VALUES ($1, $2, $3)"
    " ON CONFLICT (unit_id, series)"
    " DO UPDATE SET next_no = store_number.next_no + excluded.next_no - 1 RETURNING next_no";
static const char raise_sql[] =
    "INSERT INTO store_number (unit_id, series, next_no) VALUES ($1, $2, $3)"
    " ON CONFLICT (unit_id, series) DO UPDATE SET next_no = excluded.next_no"
    " WHERE excluded.next_no > store_number.next_no";

static struct number_mark *mark_of(struct db *db, int64_t unit_id, struct str series)
{
    for (struct number_mark *m = db->marks; m != NULL; m = m->next)
        if (m->unit_id == unit_id && str_equal((struct str){m->series, m->series_n}, series))
            return m;
    return NULL;
}

static err_t remember(struct db *db, int64_t unit_id, struct str series, int64_t next_no,
                      struct err *err)
{
    struct number_mark *mark = mark_of(db, unit_id, series);
    if (mark == NULL) {
        mark = memory_take(sizeof *mark);
        if (mark == NULL) return err_memory(err);
        *mark = (struct number_mark){.next = db->marks, .unit_id = unit_id, .series_n = series.n};
        memcpy(mark->series, series.p, series.n);
        db->marks = mark;
    }
    mark->next_no = next_no;
    return OK;
}

void numbers_forget(struct db *db)
{
    while (db->marks != NULL) {
        struct number_mark *mark = db->marks;
        db->marks = mark->next;
        memory_give(mark, sizeof *mark);
    }
}

void numbers_rolled_back(struct db *db)
{
    for (struct number_mark *m = db->marks; m != NULL; m = m->next) {
        struct err ignored;
        struct str series = {m->series, m->series_n};
        /* When even this cannot be written the mark stays and is written before the next use; of
         * the event numbers none was committed, and another process may get them. */
        if (db_run(db, raise_sql, ARGS(v_i64(m->unit_id), v_text(series), v_i64(m->next_no)), NULL,
                   &ignored) != OK) {
            events_forget(db);
            return;
        }
    }
    numbers_forget(db);
}

static err_t numbers_connection(struct db *db, struct db **out, struct err *err)
{
    if (db_engine(db) == DB_POSTGRES && db->numbers == NULL) {
        err_t e = db_open(db->target, DB_WRITE, &db->numbers, err);
        if (e != OK) return e;
    }
    *out = db_engine(db) == DB_POSTGRES ? db->numbers : db;
    return OK;
}

/* A mark that a failed rollback left behind is raised first, in the caller's transaction. */
static err_t raise_mark(struct db *db, int64_t unit_id, struct str series, struct err *err)
{
    const struct number_mark *mark = mark_of(db, unit_id, series);
    if (mark == NULL) return OK;
    return db_run(db, raise_sql, ARGS(v_i64(unit_id), v_text(series), v_i64(mark->next_no)), NULL,
                  err);
}

err_t store_take_numbers(struct db *db, int64_t unit_id, struct str series, int64_t count,
                         int64_t *out_first, struct err *err)
{
    ASSERT(count > 0 && series.n > 0 && series.n <= SERIES_BYTES_MAX);
    ASSERT(db->mode != DB_READ && db->transaction != TX_READ);
    struct db *taker;
    int64_t next_no;
    err_t e = db_ready(db, err);
    if (e == OK) e = numbers_connection(db, &taker, err);
    if (e == OK) e = raise_mark(db, unit_id, series, err);
    if (e == OK)
        e = db_get_i64(taker, take_sql, ARGS(v_i64(unit_id), v_text(series), v_i64(count + 1)),
                       &next_no, err);
    if (e == OK && taker == db && db_in_transaction(db))
        e = remember(db, unit_id, series, next_no, err);
    if (e != OK) {
        /* A lost number connection is opened again at the next call. */
        if (db->numbers != NULL) db_close(db->numbers);
        db->numbers = NULL;
        return db_failed(db, e);
    }
    *out_first = next_no - count;
    return OK;
}

/* ---- properties -------------------------------------------------------------------------- */

err_t store_property_set(struct db *db, struct str name, struct str value, struct err *err)
{
    return db_run(db,
                  "INSERT INTO store_property (name, value) VALUES ($1, $2)"
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  ARGS(v_text(name), v_text(value)), NULL, err);
}

err_t store_property(struct db *db, struct arena *arena, struct str name, struct str *out,
                     struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, "SELECT value FROM store_property WHERE name = $1", ARGS(v_text(name)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    struct str value = row ? arena_str(arena, row_text(rows, 0)) : (struct str){NULL, 0};
    if (arena->failed) return err_memory(err);
    *out = value;
    return OK;
}
