/* SPDX-License-Identifier: Apache-2.0 */
/* Bulk insertion of one million rows of five columns, beside the engine's own fastest way. */
#include "support/stores.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"

enum { ROWS = 1000000 };

#define TABLE(name)                                                                            \
    "CREATE TABLE " name " (unit_id {i64} NOT NULL, row_no {i64} NOT NULL, code {text} NOT"    \
    " NULL, amount {i64} NOT NULL, day {text} NOT NULL, PRIMARY KEY (unit_id, row_no))"        \
    " {clustered};"

static void code_of(int64_t row, char out[16])
{
    struct buf buf;
    buf_init_fixed(&buf, out, 16);
    buf_add(&buf, S("PD"));
    buf_add_padded(&buf, row, 11);
}

/* Each answers rows per second. */
static int64_t rate_since(int64_t start_ns)
{
    return (int64_t)ROWS * 1000000000 / (clock_monotonic_ns() - start_ns);
}

static int64_t bulk_rate(struct db *db)
{
    struct err err;
    struct bulk *bulk;
    char code[16];
    int64_t start_ns = clock_monotonic_ns();
    MUST(db_begin(db, &err));
    MUST(bulk_open(db, "ours", "unit_id, row_no, code, amount, day", &bulk, &err));
    for (int64_t i = 0; i < ROWS; i++) {
        code_of(i, code);
        MUST(bulk_row(bulk, ARGS(v_i64(1), v_i64(i), v_text((struct str){code, 13}),
                                 v_i64(i * 1984), v_text(S("2026-07-31"))), &err));
    }
    MUST(bulk_close(bulk, &err));
    MUST(db_commit(db, &err));
    return rate_since(start_ns);
}

static int64_t plain_sqlite_rate(const struct test_store *store)
{
    sqlite3 *handle;
    sqlite3_stmt *stmt;
    char code[16];
    assert_int_equal(sqlite3_open(store->target + strlen("sqlite:"), &handle), SQLITE_OK);
    sqlite3_exec(handle, "PRAGMA synchronous=FULL; PRAGMA cache_size=-32768", NULL, NULL, NULL);
    int64_t start_ns = clock_monotonic_ns();
    sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    sqlite3_prepare_v2(handle, "INSERT INTO plain VALUES (?1, ?2, ?3, ?4, ?5)", -1, &stmt, NULL);
    for (int64_t i = 0; i < ROWS; i++) {
        code_of(i, code);
        sqlite3_bind_int64(stmt, 1, 1);
        sqlite3_bind_int64(stmt, 2, i);
        sqlite3_bind_text(stmt, 3, code, 13, SQLITE_STATIC);
        sqlite3_bind_int64(stmt, 4, i * 1984);
        sqlite3_bind_text(stmt, 5, "2026-07-31", 10, SQLITE_STATIC);
        assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
        sqlite3_reset(stmt);
    }
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    int64_t rate = rate_since(start_ns);
    sqlite3_close(handle);
    return rate;
}

static void add_field(struct buf *data, const void *bytes, size_t size)
{
    char length[4] = {0, 0, 0, (char)size};
    buf_add(data, (struct str){length, 4});
    buf_add(data, (struct str){bytes, size});
}

static void add_number(struct buf *data, int64_t value)
{
    uint64_t swapped = __builtin_bswap64((uint64_t)value);
    add_field(data, &swapped, 8);
}

static int64_t plain_postgres_rate(const struct test_store *store)
{
    PGconn *connection = PQconnectdb(store->target);
    struct buf data;
    char code[16];
    buf_init(&data, 1 << 22);
    int64_t start_ns = clock_monotonic_ns();
    PQclear(PQexec(connection, "COPY plain FROM STDIN (FORMAT binary)"));
    buf_add(&data, (struct str){"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19});
    for (int64_t i = 0; i < ROWS; i++) {
        code_of(i, code);
        buf_add(&data, (struct str){"\0\5", 2});
        add_number(&data, 1);
        add_number(&data, i);
        add_field(&data, code, 13);
        add_number(&data, i * 1984);
        add_field(&data, "2026-07-31", 10);
        if (data.n < 1 << 20) continue;
        assert_int_equal(PQputCopyData(connection, data.p, (int)data.n), 1);
        buf_reset(&data);
    }
    buf_add(&data, (struct str){"\377\377", 2});
    assert_int_equal(PQputCopyData(connection, data.p, (int)data.n), 1);
    assert_int_equal(PQputCopyEnd(connection, NULL), 1);
    PGresult *result = PQgetResult(connection);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    int64_t rate = rate_since(start_ns);
    PQclear(result);
    PQfinish(connection);
    buf_release(&data);
    return rate;
}

static void measure(void **state)
{
    struct err err;
    struct test_store *store = test_store(state);
    bool sqlite = store->engine == DB_SQLITE;
    MUST(db_script(store->db, S(TABLE("ours") TABLE("plain")), &err));
    int64_t limit = sqlite ? plain_sqlite_rate(store) : plain_postgres_rate(store);
    int64_t rate = bulk_rate(store->db);
    printf("bulk insertion, %s, rows/s | %lld | %s: %lld | %lld.%02lld\n",
           sqlite ? "SQLite" : "PostgreSQL", (long long)rate,
           sqlite ? "prepared loop" : "binary COPY", (long long)limit, (long long)(rate / limit),
           (long long)(rate * 100 / limit % 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {ON_BOTH_STORES(measure)};
    return run_store_tests("bench store", tests);
}
