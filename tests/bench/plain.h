/* SPDX-License-Identifier: Apache-2.0 */
/* The plain insertion that bulks are judged by on SQLite: one prepared statement, row by row, in
 * one transaction, on a connection of its own with the settings of the store. */
#ifndef SANGDEN_TESTS_PLAIN_H
#define SANGDEN_TESTS_PLAIN_H

#include "support/stores.h"

#include <sqlite3.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"

static inline void plain_bind(sqlite3_stmt *stmt, int place, const struct value *value)
{
    int n = (int)value->str.n;
    switch (value->type) {
    case VALUE_NULL: sqlite3_bind_null(stmt, place); return;
    case VALUE_I64: sqlite3_bind_int64(stmt, place, value->i64); return;
    case VALUE_TEXT: sqlite3_bind_text(stmt, place, value->str.p, n, SQLITE_STATIC); return;
    case VALUE_BLOB: sqlite3_bind_blob(stmt, place, value->str.p, n, SQLITE_STATIC); return;
    }
}

/* Writes rows of so many columns, values row by row; the store must not be in a transaction.
 * Answers nanoseconds. */
static inline int64_t plain_insert(const struct test_store *store, const char *table,
                                   const char *columns, const struct value *values, size_t rows,
                                   size_t column_count)
{
    char memory[1024];
    struct buf sql;
    sqlite3 *handle;
    sqlite3_stmt *stmt;
    buf_init_fixed(&sql, memory, sizeof memory);
    buf_printf(&sql, "INSERT INTO %s (%s) VALUES (?", table, columns);
    for (size_t c = 1; c < column_count; c++) buf_add(&sql, S(",?"));
    buf_printf(&sql, ")%c", 0);
    assert_false(sql.failed);
    assert_int_equal(sqlite3_open(store->target + strlen("sqlite:"), &handle), SQLITE_OK);
    sqlite3_exec(handle, "PRAGMA synchronous=FULL; PRAGMA cache_size=-32768;"
                         "PRAGMA wal_autocheckpoint=4000", NULL, NULL, NULL);
    assert_int_equal(sqlite3_prepare_v2(handle, memory, -1, &stmt, NULL), SQLITE_OK);
    int64_t started_ns = clock_monotonic_ns();
    sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < column_count; c++)
            plain_bind(stmt, (int)c + 1, &values[r * column_count + c]);
        if (sqlite3_step(stmt) != SQLITE_DONE) fail_msg("%s", sqlite3_errmsg(handle));
        sqlite3_reset(stmt);
    }
    if (sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(handle));
    int64_t took_ns = clock_monotonic_ns() - started_ns;
    sqlite3_finalize(stmt);
    sqlite3_close(handle);
    return took_ns;
}

#endif
