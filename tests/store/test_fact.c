/* SPDX-License-Identifier: Apache-2.0 */
/* Facts: the view, the resolver and a naive reading of the same random histories agree. */
#include "support/stores.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "store/fact.h"
#include "store/migration_int.h"

static const char table_sql[] =
    "CREATE TABLE level (unit_id {i64} NOT NULL, point_id {i64} NOT NULL, kind {text} NOT NULL,"
    " valid_from {text} NOT NULL CHECK (length(valid_from) = 10), entry_no {i64} NOT NULL,"
    " state {text} NOT NULL CHECK (state IN ('set', 'end', 'retract')),"
    " recorded_at {i64} NOT NULL, actor_id {i64} NOT NULL, amount {i64} NOT NULL,"
    " PRIMARY KEY (unit_id, point_id, kind, valid_from, entry_no)) {clustered};";

static const struct fact_table level = {"level", "point_id,kind"};

static void make_table(struct db *db)
{
    struct err err;
    struct buf sql;
    struct directive fact = {.kind = DIRECTIVE_FACT, .table = S("level"), .view = S("level_asof"),
                             .columns = S("point_id,kind")};
    buf_init(&sql, 1 << 16);
    directive_sql(db_engine(db), &fact, &sql);
    MUST(db_script(db, str_of(table_sql), &err));
    MUST(db_script(db, buf_str(&sql), &err));
    buf_release(&sql);
}

/* ---- random histories -------------------------------------------------------------------- */

enum { SUBJECTS = 10000, ROWS_MAX = 9, DAYS = 12, MOMENTS = 12, FIRST_DAY = 20000 };

struct history {
    size_t count;
    struct fact_row rows[ROWS_MAX];
};

static int by_day_and_entry(const void *a, const void *b)
{
    const struct fact_row *x = a;
    const struct fact_row *y = b;
    if (x->valid_from_day != y->valid_from_day) return x->valid_from_day - y->valid_from_day;
    return (x->entry_no > y->entry_no) - (x->entry_no < y->entry_no);
}

/* Rows are recorded one after the other; several may share a moment. */
static void make_history(struct random_state *chance, struct history *history)
{
    int64_t moment = 1;
    history->count = random_next_below(chance, ROWS_MAX + 1);
    for (size_t i = 0; i < history->count; i++) {
        struct fact_row *row = &history->rows[i];
        moment += (int64_t)random_next_below(chance, 3);
        *row = (struct fact_row){.recorded_at_ms = moment, .entry_no = 1,
                                 .valid_from_day =
                                     FIRST_DAY + (int32_t)random_next_below(chance, DAYS - 4) + 2};
        row->state = (enum fact_state)(random_next_below(chance, 8) / 2);
        if (row->state > FACT_RETRACT) row->state = FACT_SET;
        for (size_t j = 0; j < i; j++)
            if (history->rows[j].valid_from_day == row->valid_from_day)
                row->entry_no = history->rows[j].entry_no + 1;
    }
    qsort(history->rows, history->count, sizeof history->rows[0], by_day_and_entry);
}

/* What holds on a day as known at a moment, in the words of the header: -1 for nothing. */
static int64_t naive(const struct history *history, int32_t day, int64_t known_at)
{
    for (int32_t from = day; from >= FIRST_DAY; from--) {
        const struct fact_row *last = NULL;
        for (size_t i = 0; i < history->count; i++) {
            const struct fact_row *row = &history->rows[i];
            if (row->valid_from_day != from || row->recorded_at_ms > known_at) continue;
            if (last == NULL || row->entry_no > last->entry_no) last = row;
        }
        if (last == NULL || last->state == FACT_RETRACT) continue;
        return last->state == FACT_SET ? last - history->rows : -1;
    }
    return -1;
}

static void check_resolver(const struct history *history)
{
    for (int32_t day = FIRST_DAY; day < FIRST_DAY + DAYS; day++)
        for (int64_t known = 0; known < MOMENTS; known++) {
            size_t index = 0;
            bool holds = fact_resolve(history->rows, history->count, day, known, &index);
            assert_int_equal(holds ? (int64_t)index : -1, naive(history, day, known));
        }
}

static void check_segments(const struct history *history)
{
    struct fact_segment segments[ROWS_MAX];
    for (int64_t known = 0; known < MOMENTS; known++) {
        size_t count = 0;
        int32_t from = FIRST_DAY + 3;
        int32_t to = FIRST_DAY + DAYS - 1;
        assert_true(fact_segments(history->rows, history->count, from, to, known, segments,
                                  ROWS_MAX, &count));
        size_t at = 0;
        for (int32_t day = from; day < to; day++) {
            while (at < count && segments[at].to_day <= day) at++;
            bool inside = at < count && segments[at].from_day <= day;
            int64_t expected = naive(history, day, known);
            assert_int_equal(inside ? (int64_t)segments[at].row_index : -1, expected);
        }
    }
}

static struct history histories[SUBJECTS];

static void make_histories(void)
{
    struct random_state chance;
    random_state_init(&chance, 2026);
    for (size_t i = 0; i < SUBJECTS; i++) make_history(&chance, &histories[i]);
}

static void the_resolver_agrees_with_a_naive_reading(void **state)
{
    (void)state;
    make_histories();
    for (size_t i = 0; i < SUBJECTS; i++) {
        check_resolver(&histories[i]);
        check_segments(&histories[i]);
    }
}

/* ---- the view ---------------------------------------------------------------------------- */

static void store_histories(struct db *db)
{
    struct err err;
    struct bulk *bulk;
    char day[DATE_TEXT_BYTES];
    MUST(db_begin(db, &err));
    MUST(bulk_open(db, "level", "unit_id, point_id, kind, valid_from, entry_no, state,"
                   " recorded_at, actor_id, amount", &bulk, &err));
    for (size_t i = 0; i < SUBJECTS; i++)
        for (size_t r = 0; r < histories[i].count; r++) {
            const struct fact_row *row = &histories[i].rows[r];
            MUST(bulk_row(bulk, ARGS(v_i64(1 + (int64_t)(i % 3)), v_i64((int64_t)i), v_text(S("a")),
                                     v_text(day_text(row->valid_from_day, day)),
                                     v_i64(row->entry_no),
                                     v_text(fact_state_text(row->state)),
                                     v_i64(row->recorded_at_ms), v_i64(1), v_i64((int64_t)r)),
                          &err));
        }
    MUST(bulk_close(bulk, &err));
    MUST(db_commit(db, &err));
}

/* Which row each (day, moment) of a subject shows, painted from the rectangles of the view. */
struct picture {
    int8_t cell[DAYS][MOMENTS];
};

static struct picture pictures[SUBJECTS];

static void paint(struct picture *picture, const struct rows *rows)
{
    int32_t from;
    int32_t to;
    assert_true(day_parse(row_text(rows, 1), &from));
    if (str_equal(row_text(rows, 2), S("9999-12-31"))) to = FIRST_DAY + DAYS;
    else assert_true(day_parse(row_text(rows, 2), &to));
    for (int32_t day = 0; day < DAYS; day++)
        for (int64_t known = 0; known < MOMENTS; known++)
            if (FIRST_DAY + day >= from && FIRST_DAY + day < to && known >= row_i64(rows, 3) &&
                known < row_i64(rows, 4)) {
                assert_int_equal(picture->cell[day][known], -1);
                picture->cell[day][known] = (int8_t)row_i64(rows, 5);
            }
}

static void the_view_agrees_with_a_naive_reading(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    make_table(db);
    make_histories();
    store_histories(db);
    memset(pictures, -1, sizeof pictures);
    struct rows *rows;
    bool row = false;
    MUST(db_query(db, "SELECT point_id, valid_from, valid_to, known_from, known_to, amount"
                      " FROM level_asof WHERE state = 'set'", NO_ARGS, &rows, &err));
    MUST(rows_next(rows, &row, &err));
    while (row) {
        paint(&pictures[row_i64(rows, 0)], rows);
        MUST(rows_next(rows, &row, &err));
    }
    rows_done(rows);
    for (size_t i = 0; i < SUBJECTS; i++)
        for (int32_t day = 0; day < DAYS; day++)
            for (int64_t known = 0; known < MOMENTS; known++)
                assert_int_equal(pictures[i].cell[day][known],
                                 naive(&histories[i], FIRST_DAY + day, known));
}

#define POINT_QUERY                                                                            \
    "SELECT amount FROM level_asof WHERE unit_id = $1 AND point_id = $2 AND kind = 'a'"        \
    " AND valid_from <= $3 AND valid_to > $3 AND known_from <= $4 AND known_to > $4"           \
    " AND state = 'set'"

static void one_question_has_one_answer(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct random_state chance;
    char day_memory[DATE_TEXT_BYTES];
    make_table(db);
    make_histories();
    store_histories(db);
    random_state_init(&chance, 7);
    for (int i = 0; i < 1000; i++) {
        int64_t point = (int64_t)random_next_below(&chance, SUBJECTS);
        int32_t day = FIRST_DAY + (int32_t)random_next_below(&chance, DAYS);
        int64_t known = (int64_t)random_next_below(&chance, MOMENTS);
        int64_t found = -2;
        MUST(db_get_i64_or(db, POINT_QUERY,
                           ARGS(v_i64(1 + point % 3), v_i64(point),
                                v_text(day_text(day, day_memory)), v_i64(known)),
                           -1, &found, &err));
        assert_int_equal(found, naive(&histories[point], day, known));
    }
}

/* A question about one subject must not read the table. */
static void the_view_walks_the_key(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct rows *rows;
    bool row = false;
    int lines = 0;
    make_table(db);
    make_histories();
    store_histories(db);
    if (db_engine(db) == DB_POSTGRES) MUST(db_script(db, S("ANALYZE level"), &err));
    const char *sql = db_engine(db) == DB_SQLITE ? "EXPLAIN QUERY PLAN " POINT_QUERY
                                                 : "EXPLAIN " POINT_QUERY;
    MUST(db_query(db, sql, ARGS(v_i64(1), v_i64(3), v_text(S("2024-01-01")), v_i64(5)), &rows,
                  &err));
    MUST(rows_next(rows, &row, &err));
    for (; row; lines++) {
        struct str line = row_text(rows, row_column_count(rows) - 1);
        char text[400];
        struct buf buf;
        buf_init_fixed(&buf, text, sizeof text);
        buf_add(&buf, line);
        if (strstr(text, "SCAN") != NULL || strstr(text, "Seq Scan") != NULL)
            fail_msg("the plan scans: %s", text);
        MUST(rows_next(rows, &row, &err));
    }
    rows_done(rows);
    assert_true(lines > 3);
}

/* ---- writing ----------------------------------------------------------------------------- */

static void add_level(struct db *db, int64_t point, int32_t day, int64_t amount,
                      struct fact_stamp *stamp)
{
    struct err err;
    char text[DATE_TEXT_BYTES];
    MUST(fact_next(db, &level, 1, ARGS(v_i64(point), v_text(S("a"))), day, stamp, &err));
    MUST(db_run(db, "INSERT INTO level (unit_id, point_id, kind, valid_from, entry_no, state,"
                    " recorded_at, actor_id, amount) VALUES (1, $1, 'a', $2, $3, 'set', $4, 9, $5)",
                ARGS(v_i64(point), v_text(day_text(day, text)), v_i64(stamp->entry_no),
                     v_i64(stamp->recorded_at_ms), v_i64(amount)), NULL, &err));
}

static void moments_only_move_forward(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct fact_stamp first;
    struct fact_stamp second;
    struct fact_stamp third;
    int64_t moment;
    make_table(db);
    clock_freeze(5000);
    MUST(db_begin(db, &err));
    add_level(db, 1, 20000, 1, &first);
    add_level(db, 1, 20010, 2, &second);
    MUST(db_commit(db, &err));
    assert_int_equal(first.entry_no, 1);
    assert_int_equal(second.entry_no, 1);
    assert_int_equal(first.recorded_at_ms, 5000);
    assert_int_equal(second.recorded_at_ms, 5000);
    /* A clock that was set back does not rewrite what was known. */
    clock_freeze(4000);
    MUST(db_begin(db, &err));
    MUST(fact_moment(db, 1, &moment, &err));
    MUST(db_commit(db, &err));
    MUST(db_begin(db, &err));
    add_level(db, 1, 20000, 3, &third);
    MUST(db_commit(db, &err));
    clock_freeze(-1);
    assert_int_equal(moment, 5001);
    assert_int_equal(third.entry_no, 2);
    assert_int_equal(third.recorded_at_ms, 5002);
}

static void a_transaction_has_one_moment_in_each_unit(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    int64_t moment[4] = {0};
    MUST(db_begin(db, &err));
    for (size_t i = 0; i < 4; i++) MUST(fact_moment(db, 1 + (int64_t)i % 2, &moment[i], &err));
    MUST(db_commit(db, &err));
    assert_true(moment[0] == moment[2] && moment[1] == moment[3]);
    MUST(db_begin(db, &err));
    MUST(fact_moment(db, 1, &moment[1], &err));
    MUST(db_commit(db, &err));
    assert_true(moment[1] > moment[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_resolver_agrees_with_a_naive_reading),
        ON_BOTH_STORES(the_view_agrees_with_a_naive_reading),
        ON_BOTH_STORES(one_question_has_one_answer),
        ON_BOTH_STORES(the_view_walks_the_key),
        ON_BOTH_STORES(moments_only_move_forward),
        ON_BOTH_STORES(a_transaction_has_one_moment_in_each_unit),
    };
    return run_store_tests("store fact", tests);
}
