/* SPDX-License-Identifier: Apache-2.0 */
/* The schema: applied once, in order, under a lock, never with a changed text. */
#include "support/stores.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/migration_int.h"

static void migrating_again_changes_nothing(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    int64_t version = 0;
    MUST(store_version(db, &version, &err));
    assert_true(version > 0);
    assert_true(version == store_version_of_program());
    MUST(db_run(db, "UPDATE store_migration SET applied_at = 5", NO_ARGS, NULL, &err));
    MUST(store_migrate(db, &err));
    assert_true(ask_i64(db, "SELECT count(*) FROM store_migration WHERE applied_at = 5") ==
                version);
}

static void an_empty_database_has_version_zero(void **state)
{
    struct err err;
    struct test_store empty;
    int64_t version = -1;
    test_store_make_empty(test_store(state)->engine, &empty);
    MUST(store_version(empty.db, &version, &err));
    assert_int_equal(version, 0);
    test_store_drop(&empty);
}

static void a_changed_text_is_refused(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(db_run(db, "UPDATE store_migration SET sha256 = 'abc' WHERE number = 1", NO_ARGS, NULL,
                &err));
    assert_int_equal(store_migrate(db, &err), E_CHECK);
    assert_non_null(strstr(err.en.message, "0001_store"));
}

static void a_newer_database_is_refused(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(db_run(db, "INSERT INTO store_migration (number, name, sha256, applied_at)"
                    " VALUES (9999, '9999_future', 'x', 1)", NO_ARGS, NULL, &err));
    assert_int_equal(store_migrate(db, &err), E_STATE);
}

static void several_processes_migrate_at_once(void **state)
{
    struct err err;
    struct test_store empty;
    pid_t pids[3];
    int status;
    test_store_make_empty(test_store(state)->engine, &empty);
    for (size_t i = 0; i < ARRAY_COUNT(pids); i++) {
        pids[i] = fork();
        if (pids[i] != 0) continue;
        struct db *db;
        err_t e = db_open(str_of(empty.target), DB_WRITE, &db, &err);
        if (e == OK) e = store_migrate(db, &err);
        _exit(e == OK ? 0 : 9);
    }
    for (size_t i = 0; i < ARRAY_COUNT(pids); i++) {
        waitpid(pids[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_true(ask_i64(empty.db, "SELECT count(*) FROM store_migration") ==
                store_version_of_program());
    test_store_drop(&empty);
}

static void a_failing_migration_leaves_nothing(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    const struct migration broken = {
        .number = 9001,
        .name = S("9001_broken"),
        .text = S("-- @unit half\nCREATE TABLE half (unit_id {i64} NOT NULL PRIMARY KEY) {strict};"
                  "CREATE TABLE half (again);"),
    };
    MUST(db_begin(db, &err));
    assert_int_equal(migration_apply(db, &broken, &err), E_STORE);
    assert_non_null(strstr(err.field, "9001_broken"));
    db_rollback(db);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM store_table WHERE name = 'half'"), 0);
    assert_int_equal(db_run(db, "SELECT 1 FROM half", NO_ARGS, NULL, &err), E_STORE);
}

static void unknown_directives_are_refused(void **state)
{
    static const char *const texts[] = {"-- @united x", "-- @unit", "-- @directory x",
                                        "-- @unit x y", "-- @fact v FROM t", "-- @"};
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct err err;
        struct directive directive;
        struct str rest = str_of(texts[i]);
        bool found;
        assert_int_equal(directive_next(&rest, &directive, &found, &err), E_CHECK);
        assert_string_equal(err.en.detail, texts[i]);
    }
}

static void every_table_has_a_kind(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    const char *sql = db_engine(db) == DB_SQLITE
                          ? "SELECT name FROM sqlite_schema WHERE type = 'table'"
                            " AND name NOT LIKE 'sqlite_%'"
                            " AND name NOT IN (SELECT name FROM store_table)"
                          : "SELECT tablename FROM pg_catalog.pg_tables"
                            " WHERE schemaname = current_schema()"
                            " AND tablename NOT IN (SELECT name FROM store_table)";
    struct rows *rows;
    bool row = false;
    MUST(db_query(db, sql, NO_ARGS, &rows, &err));
    MUST(rows_next(rows, &row, &err));
    for (; row;) {
        struct str name = row_text(rows, 0);
        if (!str_equal(name, S("store_migration")) && !str_equal(name, S("store_table")))
            fail_msg("table %.*s has no kind", STR_ARG(name));
        MUST(rows_next(rows, &row, &err));
    }
    rows_done(rows);
    assert_true(ask_i64(db, "SELECT count(*) FROM store_table WHERE kind = 'unit'") > 3);
}

/* SQLite 3.40 calls a table WITHOUT ROWID damaged (integrity_check: NULL value in …) when its key
 * is not made of its first columns in their order: a backup of it could not be proved. */
static void clustered_tables_begin_with_their_key(void **state)
{
    struct err err;
    struct rows *rows;
    bool row = false;
    MUST(db_query(test_db(state),
                  "SELECT t.name FROM pragma_table_list t, pragma_table_info(t.name) c"
                  " WHERE t.wr = 1 AND c.pk > 0 AND c.pk <> c.cid + 1", NO_ARGS, &rows, &err));
    MUST(rows_next(rows, &row, &err));
    if (row) fail_msg("table %.*s does not begin with its key", STR_ARG(row_text(rows, 0)));
    rows_done(rows);
}

/* A backup loads table after table, in the order in which they were declared. */
static void tables_refer_to_earlier_ones_only(void **state)
{
    struct err err;
    struct rows *rows;
    bool row = false;
    MUST(db_query(test_db(state),
                  "SELECT t.name FROM store_table t, pragma_foreign_key_list(t.name) f"
                  " JOIN store_table o ON o.name = f.\"table\" WHERE o.position > t.position",
                  NO_ARGS, &rows, &err));
    MUST(rows_next(rows, &row, &err));
    if (row) fail_msg("table %.*s refers to a later one", STR_ARG(row_text(rows, 0)));
    rows_done(rows);
}

/* ---- from an older version --------------------------------------------------------------- */

static void migrate_to(struct db *db, int64_t count)
{
    struct err err;
    MUST(db_begin(db, &err));
    MUST(migration_bootstrap(db, &err));
    for (int64_t i = 0; i < count; i++) MUST(migration_apply(db, &store_migrations[i], &err));
    MUST(db_commit(db, &err));
}

/* Every column of every table and view, as the engine describes them. */
static void describe_schema(struct db *db, struct buf *out)
{
    static const char *const sql[] = {
        [DB_SQLITE] = "SELECT t.name || '.' || c.name || ' ' || c.type FROM pragma_table_list t,"
                      " pragma_table_info(t.name) c ORDER BY 1",
        [DB_POSTGRES] = "SELECT table_name || '.' || column_name || ' ' || data_type"
                        " FROM information_schema.columns"
                        " WHERE table_schema = current_schema() ORDER BY 1",
    };
    struct err err;
    struct rows *rows;
    bool row = false;
    MUST(db_query(db, sql[db_engine(db)], NO_ARGS, &rows, &err));
    MUST(rows_next(rows, &row, &err));
    while (row) {
        buf_printf(out, "%.*s\n", STR_ARG(row_text(rows, 0)));
        MUST(rows_next(rows, &row, &err));
    }
    rows_done(rows);
}

static void an_older_store_comes_up_to_date(void **state)
{
    struct err err;
    struct buf expected;
    buf_init(&expected, 1 << 20);
    describe_schema(test_db(state), &expected);
    assert_true(expected.n > 1000);
    for (int64_t count = 1; count < store_migration_count; count += 2) {
        struct test_store old;
        struct buf found;
        int64_t first = 0;
        buf_init(&found, 1 << 20);
        test_store_make_empty(test_store(state)->engine, &old);
        migrate_to(old.db, count);
        MUST(store_property_set(old.db, S("kind"), S("test"), &err));
        MUST(store_take_numbers(old.db, 1, S("customer"), 7, &first, &err));
        MUST(store_migrate(old.db, &err));
        describe_schema(old.db, &found);
        assert_string_equal(found.p, expected.p);
        assert_int_equal(ask_i64(old.db, "SELECT count(*) FROM store_property"
                                         " WHERE name = 'kind' AND value = 'test'"),
                         1);
        MUST(store_take_numbers(old.db, 1, S("customer"), 1, &first, &err));
        assert_int_equal(first, 8);
        buf_release(&found);
        test_store_drop(&old);
    }
    buf_release(&expected);
}

static void kinds_tell_citus_what_to_do(void **state)
{
    struct err err;
    struct buf sql;
    buf_init(&sql, 1 << 20);
    MUST(store_citus_sql(test_db(state), &sql, &err));
    assert_non_null(strstr(sql.p, "create_reference_table('store_property')"));
    assert_non_null(strstr(sql.p, "create_distributed_table('event', 'unit_id')"));
    assert_non_null(strstr(sql.p, "DROP TRIGGER IF EXISTS event_no_change ON event;"));
    buf_release(&sql);
}

/* SQLite deletes what it replaces; the rows of append-only tables stay all the same. */
static void append_only_rows_are_not_replaced(void **state)
{
    struct err err;
    struct db *db = test_db(state);
#define EVENT(topic)                                                                          \
    " INTO event (unit_id, position, event_id, topic, subject_id, payload, recorded_at) "     \
    "VALUES (1, 1, 1, '" topic "', 1, '', 1)"
    MUST(db_run(db, "INSERT" EVENT("a"), NO_ARGS, NULL, &err));
    assert_int_equal(db_run(db, "REPLACE" EVENT("b"), NO_ARGS, NULL, &err), E_CONFLICT);
#undef EVENT
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event WHERE topic = 'a'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(migrating_again_changes_nothing),
        ON_BOTH_STORES(an_empty_database_has_version_zero),
        ON_BOTH_STORES(a_changed_text_is_refused),
        ON_BOTH_STORES(a_newer_database_is_refused),
        ON_BOTH_STORES(several_processes_migrate_at_once),
        ON_BOTH_STORES(a_failing_migration_leaves_nothing),
        cmocka_unit_test(unknown_directives_are_refused),
        ON_BOTH_STORES(every_table_has_a_kind),
        ON_SQLITE(clustered_tables_begin_with_their_key),
        ON_SQLITE(tables_refer_to_earlier_ones_only),
        ON_SQLITE(append_only_rows_are_not_replaced),
        ON_BOTH_STORES(an_older_store_comes_up_to_date),
        ON_BOTH_STORES(kinds_tell_citus_what_to_do),
    };
    return run_store_tests("store migrate", tests);
}
