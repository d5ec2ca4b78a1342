/* SPDX-License-Identifier: Apache-2.0 */
/* One interface, two engines: the same SQL gives the same answers, errors and guarantees. */
#include "support/stores.h"

#include <string.h>

static const char table_sql[] =
    "CREATE TABLE thing (unit_id {i64} NOT NULL, thing_no {i64} NOT NULL, name {text},"
    " body {blob}, amount {i64} CONSTRAINT amount_positive CHECK (amount > 0),"
    " PRIMARY KEY (unit_id, thing_no)) {clustered};"
    "CREATE TABLE part (unit_id {i64} NOT NULL, part_no {i64} NOT NULL, thing_no {i64} NOT NULL,"
    " PRIMARY KEY (unit_id, part_no),"
    " FOREIGN KEY (unit_id, thing_no) REFERENCES thing (unit_id, thing_no)) {strict};";

static struct db *with_tables(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(db_script(db, str_of(table_sql), &err));
    return db;
}

static void add_thing(struct db *db, int64_t thing_no, struct str name)
{
    struct err err;
    MUST(db_run(db, "INSERT INTO thing (unit_id, thing_no, name) VALUES ($1, $2, $3)",
                ARGS(v_i64(1), v_i64(thing_no), v_text(name)), NULL, &err));
}

static int64_t count_things(struct db *db)
{
    struct err err;
    int64_t count = -1;
    MUST(db_get_i64(db, "SELECT count(*) FROM thing", NO_ARGS, &count, &err));
    return count;
}

/* ---- values ------------------------------------------------------------------------------ */

static void values_travel_exactly(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    struct str name = S("Nhà 12, ngõ 3 '\"{}");
    struct str body = {"\0\377x", 3};
    MUST(db_run(db, "INSERT INTO thing (unit_id, thing_no, name, body, amount)"
                    " VALUES ($1, $2, $3, $4, $5)",
                ARGS(v_i64(INT64_MIN), v_i64(9007199254740993), v_text(name), v_blob(body),
                     v_i64(INT64_MAX)), NULL, &err));
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    MUST(db_query(db, "SELECT unit_id, thing_no, name, body, amount, NULL, unit_id < 0 FROM thing"
                      " WHERE name = $1", ARGS(v_text(name)), &rows, &err));
    MUST(rows_next(rows, &row, &err));
    assert_true(row);
    assert_true(row_i64(rows, 0) == INT64_MIN);
    assert_true(row_i64(rows, 1) == 9007199254740993);
    assert_true(str_equal(row_text(rows, 2), name));
    assert_true(str_equal(row_blob(rows, 3), body));
    assert_true(row_i64(rows, 4) == INT64_MAX);
    assert_true(row_is_null(rows, 5));
    assert_int_equal(row_i64_or(rows, 5, 42), 42);
    assert_int_equal(row_i64(rows, 6), 1);
    MUST(rows_next(rows, &row, &err));
    assert_false(row);
    MUST(rows_next(rows, &row, &err));
    assert_false(row);
}

static void empty_is_not_null(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    struct str none = {NULL, 0};
    MUST(db_run(db, "INSERT INTO thing (unit_id, thing_no, name, body) VALUES ($1, $2, $3, $4)",
                ARGS(v_i64(1), v_i64(1), v_text(none), v_blob(none)), NULL, &err));
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    MUST(db_query(db, "SELECT name, body, amount FROM thing", NO_ARGS, &rows, &err));
    MUST(rows_next(rows, &row, &err));
    assert_true(row);
    assert_int_equal(row_text(rows, 0).n, 0);
    assert_int_equal(row_blob(rows, 1).n, 0);
    assert_true(row_is_null(rows, 2));
}

static void parameters_are_bound_by_number(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    MUST(db_query(db, "SELECT $2 || '-' || $1 || '-' || $2", ARGS(v_text(S("one")),
                  v_text(S("two"))), &rows, &err));
    MUST(rows_next(rows, &row, &err));
    assert_true(str_equal(row_text(rows, 0), S("two-one-two")));
}

static void null_may_come_first(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    const char *sql = "INSERT INTO thing (unit_id, thing_no, name, amount) VALUES ($1, $2, $3, $4)";
    MUST(db_run(db, sql, ARGS(v_i64(1), v_i64(1), v_null(), v_null()), NULL, &err));
    MUST(db_run(db, sql, ARGS(v_i64(1), v_i64(2), v_text(S("a")), v_i64(5)), NULL, &err));
    MUST(db_run(db, sql, ARGS(v_i64(1), v_i64(3), v_null(), v_i64(6)), NULL, &err));
    int64_t sum = 0;
    MUST(db_get_i64(db, "SELECT CAST(sum(amount) AS BIGINT) FROM thing WHERE unit_id = $1",
                    ARGS(v_i64(1)), &sum, &err));
    assert_int_equal(sum, 11);
}

static void changed_rows_are_counted(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    int64_t changed = -1;
    for (int64_t i = 0; i < 5; i++) add_thing(db, i, S("x"));
    MUST(db_run(db, "UPDATE thing SET name = $1 WHERE thing_no < $2",
                ARGS(v_text(S("y")), v_i64(3)), &changed, &err));
    assert_int_equal(changed, 3);
    MUST(db_run(db, "DELETE FROM thing WHERE thing_no = $1", ARGS(v_i64(77)), &changed, &err));
    assert_int_equal(changed, 0);
}

static void single_values(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    int64_t number = -1;
    struct str text = {NULL, 0};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    add_thing(db, 4, S("bốn"));
    MUST(db_get_i64_or(db, "SELECT amount FROM thing", NO_ARGS, 9, &number, &err));
    assert_int_equal(number, 9);
    MUST(db_get_i64_or(db, "SELECT thing_no FROM thing WHERE unit_id = 3", NO_ARGS, 8, &number,
                       &err));
    assert_int_equal(number, 8);
    MUST(db_get_text(db, &arena, "SELECT name FROM thing", NO_ARGS, &text, &err));
    assert_true(str_equal(text, S("bốn")));
    assert_int_equal(db_get_i64(db, "SELECT thing_no FROM thing WHERE unit_id = 3", NO_ARGS,
                                &number, &err), E_NOT_FOUND);
    arena_release(&arena);
}

/* ---- results ----------------------------------------------------------------------------- */

/* Enough rows to leave memory for a file. */
enum { MANY = 60000 };

static void fill_many(struct db *db)
{
    struct err err;
    struct bulk *bulk;
    MUST(db_begin(db, &err));
    MUST(bulk_open(db, "thing", "unit_id, thing_no, name", &bulk, &err));
    for (int64_t i = 0; i < MANY; i++)
        MUST(bulk_row(bulk, ARGS(v_i64(1), v_i64(i), v_text(S("tên dài hơn một chút"))), &err));
    MUST(bulk_close(bulk, &err));
    MUST(db_commit(db, &err));
}

static void results_stay_open_beside_each_other(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    fill_many(db);
    MUST(db_begin(db, &err));
    AUTO(rows_done_at) struct rows *outer = NULL;
    AUTO(rows_done_at) struct rows *second = NULL;
    const char *sql = "SELECT thing_no, name FROM thing WHERE unit_id = $1 ORDER BY thing_no";
    bool row = true;
    MUST(db_query(db, sql, ARGS(v_i64(1)), &outer, &err));
    MUST(rows_next(outer, &row, &err));
    /* The same text again, a write, and a bulk, while the first result is half read. */
    MUST(db_query(db, sql, ARGS(v_i64(1)), &second, &err));
    assert_int_equal(row_i64(outer, 0), 0);
    assert_true(str_equal(row_text(outer, 1), S("tên dài hơn một chút")));
    MUST(rows_next(second, &row, &err));
    MUST(db_run(db, "INSERT INTO thing (unit_id, thing_no) VALUES ($1, $2)",
                ARGS(v_i64(2), v_i64(1)), NULL, &err));
    int64_t expected = 1;
    for (; expected < MANY; expected++) {
        MUST(rows_next(outer, &row, &err));
        if (!row || row_i64(outer, 0) != expected) break;
        if (!str_equal(row_text(outer, 1), S("tên dài hơn một chút"))) break;
    }
    assert_int_equal(expected, MANY);
    MUST(rows_next(outer, &row, &err));
    assert_false(row);
    MUST(rows_next(second, &row, &err));
    assert_true(row);
    assert_int_equal(row_i64(second, 0), 1);
    MUST(db_commit(db, &err));
}

static void a_result_may_be_left_early(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    fill_many(db);
    struct rows *rows;
    bool row;
    MUST(db_query(db, "SELECT thing_no FROM thing", NO_ARGS, &rows, &err));
    MUST(rows_next(rows, &row, &err));
    rows_done(rows);
    assert_int_equal(count_things(db), MANY);
}

/* ---- bulk -------------------------------------------------------------------------------- */

static void two_bulks_at_once(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    struct bulk *things;
    struct bulk *parts;
    MUST(db_begin(db, &err));
    add_thing(db, 7, S("đã có"));
    MUST(bulk_open(db, "thing", "unit_id, thing_no, name, body, amount", &things, &err));
    MUST(bulk_open(db, "part", "unit_id, part_no, thing_no", &parts, &err));
    for (int64_t i = 10; i < 20; i++) {
        MUST(bulk_row(things, ARGS(v_i64(1), v_i64(i), v_null(), v_blob(S("b")), v_i64(i)), &err));
        MUST(bulk_row(parts, ARGS(v_i64(1), v_i64(i), v_i64(7)), &err));
    }
    MUST(bulk_close(things, &err));
    MUST(bulk_close(parts, &err));
    MUST(db_commit(db, &err));
    int64_t sum = 0;
    MUST(db_get_i64(db, "SELECT CAST(sum(t.amount) AS BIGINT) FROM thing t JOIN part p"
                        " ON p.unit_id = t.unit_id AND p.part_no = t.thing_no", NO_ARGS, &sum,
                    &err));
    assert_int_equal(sum, 145);
}

/* The planner knows the size of a table that has grown from a small sample; other samples taken on
 * this connection stay as large as they were. */
static void a_grown_table_is_known_by_a_small_sample(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    int64_t rows, bounds, target;
    fill_many(db);
    MUST(db_begin(db, &err));
    MUST(db_grown(db, "thing", &err));
    MUST(db_commit(db, &err));
    if (db_engine(db) == DB_SQLITE) return;
    MUST(db_get_i64(db, "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = 'thing' "
                        "AND relnamespace = CAST(current_schema() AS regnamespace)",
                    NO_ARGS, &rows, &err));
    assert_true(rows > MANY / 2 && rows < 2 * MANY);
    MUST(db_get_i64(db, "SELECT array_length(histogram_bounds, 1) FROM pg_stats WHERE "
                        "tablename = 'thing' AND schemaname = current_schema() AND "
                        "attname = 'thing_no'", NO_ARGS, &bounds, &err));
    assert_int_equal(bounds, 11);
    MUST(db_get_i64(db, "SELECT CAST(current_setting('default_statistics_target') AS BIGINT)",
                    NO_ARGS, &target, &err));
    assert_int_equal(target, 100);
}

static void a_bulk_reports_a_repeated_key(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    struct bulk *bulk;
    MUST(db_begin(db, &err));
    MUST(bulk_open(db, "thing", "unit_id, thing_no", &bulk, &err));
    err_t e = OK;
    for (int i = 0; e == OK && i < 2; i++)
        e = bulk_row(bulk, ARGS(v_i64(1), v_i64(1)), &err);
    if (e == OK) e = bulk_close(bulk, &err);
    else bulk_drop(bulk);
    assert_int_equal(e, E_CONFLICT);
    db_rollback(db);
    assert_int_equal(count_things(db), 0);
}

/* ---- errors ------------------------------------------------------------------------------ */

static void check_conflict(struct db *db, const char *sql, const char *word)
{
    struct err err;
    int64_t before = count_things(db);
    MUST(db_begin(db, &err));
    add_thing(db, 99, S("sẽ mất"));
    assert_int_equal(db_run(db, sql, NO_ARGS, NULL, &err), E_CONFLICT);
    if (strstr(err.en.detail, word) == NULL) fail_msg("%s not in: %s", word, err.en.detail);
    assert_true(err.vi.message[0] != '\0');
    /* The transaction is lost as a whole, on both engines. */
    assert_int_equal(db_run(db, "DELETE FROM part", NO_ARGS, NULL, &err), E_STATE);
    assert_int_equal(db_commit(db, &err), E_STATE);
    db_rollback(db);
    assert_int_equal(count_things(db), before);
}

static void constraints_are_conflicts(void **state)
{
    struct db *db = with_tables(state);
    add_thing(db, 1, S("một"));
    check_conflict(db, "INSERT INTO thing (unit_id, thing_no) VALUES (1, 1)", "thing");
    check_conflict(db, "INSERT INTO thing (unit_id, thing_no, amount) VALUES (1, 2, 0)",
                   "amount_positive");
    check_conflict(db, "INSERT INTO thing (unit_id, thing_no) VALUES (1, NULL)", "thing_no");
    check_conflict(db, "INSERT INTO part (unit_id, part_no, thing_no) VALUES (1, 1, 5)",
                   db_engine(db) == DB_SQLITE ? "FOREIGN KEY" : "part");
}

static void types_are_strict(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    assert_true(db_run(db, "INSERT INTO thing (unit_id, thing_no) VALUES (1, 'abc')", NO_ARGS, NULL,
                       &err) != OK);
    assert_int_equal(db_run(db, "SELECT \"nope\" FROM thing", NO_ARGS, NULL, &err), E_STORE);
    assert_int_equal(count_things(db), 0);
}

static void wrong_targets_are_refused(void **state)
{
    struct err err;
    struct db *db = NULL;
    (void)state;
    assert_int_equal(db_open(S("mysql://x"), DB_WRITE, &db, &err), E_USAGE);
    assert_int_equal(db_open(S("sqlite:"), DB_WRITE, &db, &err), E_USAGE);
    assert_int_equal(db_open(S("sqlite:/no/such/place.db"), DB_WRITE, &db, &err), E_STORE);
    assert_non_null(strstr(err.en.hint, "sangden init"));
    assert_int_equal(db_open(S("sqlite:/dev/null/x.db"), DB_CREATE, &db, &err), E_STORE);
    assert_int_equal(db_open(S("postgresql://a:secret@/x?host=/no/such/folder"), DB_WRITE, &db,
                             &err), E_STORE);
    assert_null(strstr(err.en.detail, "secret"));
    assert_null(db);
}

static void the_public_target_has_no_password(void **state)
{
    struct test_store *store = test_store(state);
    assert_true(str_equal(db_target(store->db), str_of(store->target)));
    assert_true(str_equal(db_target_public(store->db), str_of(store->target)));
}

/* ---- transactions ------------------------------------------------------------------------ */

static void a_snapshot_does_not_move(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    struct db *reader = test_connect(state, DB_READ);
    MUST(db_begin_read(reader, &err));
    add_thing(db, 1, S("mới"));
    assert_int_equal(count_things(reader), 0);
    assert_int_equal(db_run(reader, "DELETE FROM thing", NO_ARGS, NULL, &err), E_STORE);
    db_rollback(reader);
    assert_int_equal(count_things(reader), 1);
    db_close(reader);
}

/* The number of a snapshot taken now; -1 where the engine has none. */
static int64_t snapshot_of(struct db *db)
{
    struct err err;
    int64_t number = -1;
    MUST(db_begin_read(db, &err));
    bool known = db_snapshot_number(db, &number);
    db_rollback(db);
    return known ? number : -1;
}

static void a_snapshot_has_a_number_until_somebody_writes(void **state)
{
    struct db *db = with_tables(state);
    struct db *reader = test_connect(state, DB_WRITE);
    int64_t first = snapshot_of(reader);
    assert_true((first >= 0) == (db_engine(db) == DB_SQLITE));
    assert_int_equal(snapshot_of(reader), first);
    add_thing(db, 1, S("của người khác"));
    int64_t second = snapshot_of(reader);
    assert_true(first < 0 || second != first);
    assert_int_equal(snapshot_of(reader), second);
    add_thing(reader, 2, S("của mình"));
    assert_true(first < 0 || snapshot_of(reader) != second);
    db_close(reader);
}

static void a_read_snapshot_refuses_writes(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    MUST(db_begin_read(db, &err));
    assert_int_equal(db_run(db, "INSERT INTO thing (unit_id, thing_no) VALUES (1, 1)", NO_ARGS,
                            NULL, &err), E_STORE);
    db_rollback(db);
    add_thing(db, 1, S("được"));
    assert_int_equal(count_things(db), 1);
}

static void rollback_is_always_safe(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    db_rollback(db);
    MUST(db_begin(db, &err));
    add_thing(db, 1, S("x"));
    assert_true(db_in_transaction(db));
    db_rollback(db);
    db_rollback(db);
    assert_false(db_in_transaction(db));
    assert_int_equal(count_things(db), 0);
}

/* ---- numbers and properties -------------------------------------------------------------- */

static int64_t take(struct db *db, int64_t unit_id, struct str series, int64_t count)
{
    struct err err;
    int64_t first = -1;
    MUST(store_take_numbers(db, unit_id, series, count, &first, &err));
    return first;
}

static void numbers_never_come_twice(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    assert_int_equal(take(db, 1, S("customer"), 10), 1);
    assert_int_equal(take(db, 1, S("customer"), 1), 11);
    assert_int_equal(take(db, 2, S("customer"), 1), 1);
    assert_int_equal(take(db, 1, S("event"), 1), 1);
    MUST(db_begin(db, &err));
    assert_int_equal(take(db, 1, S("customer"), 5), 12);
    assert_int_equal(take(db, 1, S("customer"), 5), 17);
    db_rollback(db);
    assert_int_equal(take(db, 1, S("customer"), 1), 22);
    struct db *other = test_connect(state, DB_WRITE);
    assert_int_equal(take(other, 1, S("customer"), 1), 23);
    db_close(other);
}

static void properties_keep_their_last_value(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct arena arena;
    struct str value = S("?");
    arena_init(&arena, 1 << 16);
    MUST(store_property(db, &arena, S("kind"), &value, &err));
    assert_int_equal(value.n, 0);
    MUST(store_property_set(db, S("kind"), S("test"), &err));
    MUST(store_property_set(db, S("kind"), S("demonstration"), &err));
    MUST(store_property(db, &arena, S("kind"), &value, &err));
    assert_true(str_equal(value, S("demonstration")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(values_travel_exactly),
        ON_BOTH_STORES(empty_is_not_null),
        ON_BOTH_STORES(parameters_are_bound_by_number),
        ON_BOTH_STORES(null_may_come_first),
        ON_BOTH_STORES(changed_rows_are_counted),
        ON_BOTH_STORES(single_values),
        ON_BOTH_STORES(results_stay_open_beside_each_other),
        ON_BOTH_STORES(a_result_may_be_left_early),
        ON_BOTH_STORES(two_bulks_at_once),
        ON_BOTH_STORES(a_grown_table_is_known_by_a_small_sample),
        ON_BOTH_STORES(a_bulk_reports_a_repeated_key),
        ON_BOTH_STORES(constraints_are_conflicts),
        ON_BOTH_STORES(types_are_strict),
        cmocka_unit_test(wrong_targets_are_refused),
        ON_BOTH_STORES(the_public_target_has_no_password),
        ON_BOTH_STORES(a_snapshot_does_not_move),
        ON_BOTH_STORES(a_snapshot_has_a_number_until_somebody_writes),
        ON_BOTH_STORES(a_read_snapshot_refuses_writes),
        ON_BOTH_STORES(rollback_is_always_safe),
        ON_BOTH_STORES(numbers_never_come_twice),
        ON_BOTH_STORES(properties_keep_their_last_value),
    };
    return run_store_tests("store", tests);
}
