/* SPDX-License-Identifier: Apache-2.0 */
/* Bad days: each ends with a clear message, and what was committed is there. */
#include "support/stores.h"

#include <string.h>

#include "base/memory.h"

static const char table_sql[] =
    "CREATE TABLE thing (unit_id {i64} NOT NULL, thing_no {i64} NOT NULL, name {text},"
    " PRIMARY KEY (unit_id, thing_no)) {clustered}";
static const char add_sql[] = "INSERT INTO thing (unit_id, thing_no, name) VALUES ($1, $2, $3)";

static struct db *with_table(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(db_script(db, str_of(table_sql), &err));
    MUST(db_run(db, add_sql, ARGS(v_i64(1), v_i64(1), v_text(S("đã ghi"))), NULL, &err));
    return db;
}

static int64_t count_things(struct db *db)
{
    struct err err;
    int64_t count = -1;
    MUST(db_get_i64(db, "SELECT count(*) FROM thing", NO_ARGS, &count, &err));
    return count;
}

static err_t add_many(struct db *db, int64_t first, int64_t count, struct err *err)
{
    struct bulk *bulk = NULL;
    err_t e = db_begin(db, err);
    if (e != OK) return e;
    e = bulk_open(db, "thing", "unit_id, thing_no, name", &bulk, err);
    for (int64_t i = 0; e == OK && i < count; i++)
        e = bulk_row(bulk, ARGS(v_i64(1), v_i64(first + i), v_text(S("một dòng"))), err);
    if (e == OK) e = bulk_close(bulk, err);
    else bulk_drop(bulk);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

/* ---- the disk is full -------------------------------------------------------------------- */

static void a_full_disk_loses_nothing(void **state)
{
    struct err err;
    struct db *db = with_table(state);
    int64_t pages = 0;
    char sql[64];
    struct buf buf;
    MUST(db_get_i64(db, "PRAGMA page_count", NO_ARGS, &pages, &err));
    buf_init_fixed(&buf, sql, sizeof sql);
    buf_printf(&buf, "PRAGMA max_page_count = %lld", (long long)pages + 20);
    MUST(db_script(db, buf_str(&buf), &err));
    assert_int_equal(add_many(db, 10, 100000, &err), E_STORE);
    assert_non_null(strstr(err.en.message, "disk"));
    assert_non_null(strstr(err.vi.hint, "dung lượng"));
    assert_int_equal(count_things(db), 1);
    MUST(db_script(db, S("PRAGMA max_page_count = 1000000"), &err));
    MUST(add_many(db, 10, 1000, &err));
    assert_int_equal(count_things(db), 1001);
}

/* ---- somebody else holds the lock -------------------------------------------------------- */

static void a_lock_is_not_waited_for_for_ever(void **state)
{
    struct err err;
    struct db *db = with_table(state);
    struct db *other = test_connect(state, DB_WRITE);
    const char *change = "UPDATE thing SET name = 'x' WHERE thing_no = 1";
    MUST(db_lock_timeout(other, 200, &err));
    MUST(db_begin(db, &err));
    MUST(db_run(db, change, NO_ARGS, NULL, &err));
    assert_int_equal(db_run(other, change, NO_ARGS, NULL, &err), E_BUSY);
    assert_true(err.vi.hint[0] != '\0');
    MUST(db_commit(db, &err));
    MUST(db_run(other, change, NO_ARGS, NULL, &err));
    db_close(other);
}

/* PostgreSQL gives up one of two transactions that wait for each other. */
static void of_two_that_wait_for_each_other_one_gives_up(void **state)
{
    struct err err;
    struct db *db = with_table(state);
    struct db *other = test_connect(state, DB_WRITE);
    MUST(db_run(db, add_sql, ARGS(v_i64(1), v_i64(2), v_null()), NULL, &err));
    MUST(db_lock_timeout(db, 300, &err));
    MUST(db_begin(db, &err));
    MUST(db_begin(other, &err));
    MUST(db_run(db, "UPDATE thing SET name = 'a' WHERE thing_no = 1", NO_ARGS, NULL, &err));
    MUST(db_run(other, "UPDATE thing SET name = 'b' WHERE thing_no = 2", NO_ARGS, NULL, &err));
    assert_int_equal(db_run(db, "UPDATE thing SET name = 'a' WHERE thing_no = 2", NO_ARGS, NULL,
                            &err), E_BUSY);
    db_rollback(db);
    MUST(db_run(other, "UPDATE thing SET name = 'b' WHERE thing_no = 1", NO_ARGS, NULL, &err));
    MUST(db_commit(other, &err));
    db_close(other);
}

/* ---- memory is short --------------------------------------------------------------------- */

static err_t walk(const char *target, struct err *err)
{
    struct db *db = NULL;
    struct rows *rows = NULL;
    bool row = true;
    int64_t number;
    err_t e = db_open(str_of(target), DB_WRITE, &db, err);
    if (e == OK) e = add_many(db, 100, 50, err);
    if (e == OK) e = store_take_numbers(db, 1, S("thing"), 5, &number, err);
    if (e == OK) e = db_begin(db, err);
    if (e == OK) e = db_query(db, "SELECT thing_no, name FROM thing", NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e == OK) e = db_run(db, "DELETE FROM thing WHERE thing_no >= $1", ARGS(v_i64(100)), NULL,
                            err);
    while (e == OK && row) e = rows_next(rows, &row, err);
    rows_done(rows);
    if (e == OK) e = db_commit(db, err);
    db_close(db);
    return e;
}

static void short_memory_is_an_error_like_others(void **state)
{
    struct err err;
    struct db *db = with_table(state);
    int refused = 0;
    for (uint64_t nth = 1; nth < 60; nth++) {
        MUST(db_run(db, "DELETE FROM thing WHERE thing_no >= 100", NO_ARGS, NULL, &err));
        memory_fail_after(nth);
        err_t e = walk(test_store(state)->target, &err);
        memory_fail_after(0);
        assert_true(e == OK || e == E_MEMORY);
        refused += e == E_MEMORY;
    }
    assert_true(refused >= 8);
    assert_int_equal(count_things(db), 1);
}

/* ---- the server is gone ------------------------------------------------------------------ */

static void check_lost_and_back(struct db **db, const char *target, struct err *error)
{
    struct err err;
    assert_int_equal(error->code, E_STORE);
    assert_non_null(strstr(error->vi.hint, "PostgreSQL"));
    assert_int_equal(db_commit(*db, &err), E_STATE);
    db_rollback(*db);
    db_close(*db);
    *db = NULL;
    test_await_server();
    MUST(db_open(str_of(target), DB_WRITE, db, &err));
    assert_int_equal(count_things(*db), 1);
    MUST(add_many(*db, 10, 5, &err));
}

static void a_connection_that_was_cut(void **state)
{
    struct err err;
    struct db *db = with_table(state);
    int64_t pid = 0;
    MUST(db_get_i64(db, "SELECT pg_backend_pid()", NO_ARGS, &pid, &err));
    MUST(db_begin(db, &err));
    MUST(db_run(db, add_sql, ARGS(v_i64(1), v_i64(2), v_null()), NULL, &err));
    struct db *other = test_connect(state, DB_WRITE);
    MUST(db_run(other, "SELECT pg_terminate_backend(CAST($1 AS INTEGER))", ARGS(v_i64(pid)), NULL,
                &err));
    db_close(other);
    assert_int_equal(db_run(db, add_sql, ARGS(v_i64(1), v_i64(3), v_null()), NULL, &err), E_STORE);
    check_lost_and_back(&test_store(state)->db, test_store(state)->target, &err);
}

static void a_server_that_was_killed(void **state)
{
    struct err err;
    struct db *db = with_table(state);
    MUST(db_begin(db, &err));
    MUST(db_run(db, add_sql, ARGS(v_i64(1), v_i64(2), v_null()), NULL, &err));
    test_kill_server();
    err_t e = OK;
    for (int64_t n = 3; e == OK && n < 100000; n++)
        e = db_run(db, add_sql, ARGS(v_i64(1), v_i64(n), v_null()), NULL, &err);
    assert_int_equal(e, E_STORE);
    check_lost_and_back(&test_store(state)->db, test_store(state)->target, &err);
}

/* ---- rights ------------------------------------------------------------------------------ */

/* The role that works is not the owner: even without triggers it cannot rewrite what happened. */
static void the_working_role_cannot_rewrite(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(db_script(db, S("CREATE ROLE sangden_app"), &err));
    MUST(store_migrate(db, &err));
    MUST(db_script(db, S("GRANT USAGE ON SCHEMA t1, seed TO sangden_app; SET ROLE sangden_app;"),
                   &err));
    MUST(db_run(db, "INSERT INTO event (unit_id, position, event_id, topic, subject_id, payload,"
                    " recorded_at) VALUES (1, 1, 1, 'a.b', 1, '{}', 1)", NO_ARGS, NULL, &err));
    assert_int_equal(db_run(db, "UPDATE event SET payload = '[]'", NO_ARGS, NULL, &err), E_STORE);
    assert_non_null(strstr(err.en.detail, "permission denied"));
    assert_int_equal(db_run(db, "DELETE FROM event", NO_ARGS, NULL, &err), E_STORE);
    MUST(db_run(db, "DELETE FROM event_new", NO_ARGS, NULL, &err));
    MUST(store_property_set(db, S("kind"), S("test"), &err));
    MUST(db_script(db, S("RESET ROLE"), &err));
    MUST(db_script(db, S("DROP OWNED BY sangden_app; DROP ROLE sangden_app"), &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(a_full_disk_loses_nothing),
        ON_BOTH_STORES(a_lock_is_not_waited_for_for_ever),
        ON_POSTGRES(of_two_that_wait_for_each_other_one_gives_up),
        ON_BOTH_STORES(short_memory_is_an_error_like_others),
        ON_POSTGRES(a_connection_that_was_cut),
        ON_POSTGRES(a_server_that_was_killed),
        ON_POSTGRES(the_working_role_cannot_rewrite),
    };
    test_use_own_cluster();
    return run_store_tests("store trouble", tests);
}
