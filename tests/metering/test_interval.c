/* SPDX-License-Identifier: Apache-2.0 */
/* Interval days: taken whole, twice the same, corrected, and counted into three registers. */
#include "base/date.h"
#include "metering/interval.h"
#include "metering/scene.h"
#include "tariff/book.h"

static struct err err;

static struct reading_load_request request_for(void)
{
    struct reading_load_request request = {.unit_id = SCENE_UNIT, .name = S("thử"),
                                           .actor_id = SCENE_ACTOR};
    assert_true(day_parse(S("2026-12-31"), &request.business_day));
    return request;
}

/* A day of 24 hours with the same energy in each. */
static void day_row(struct buf *out, const char *day, int wh)
{
    buf_printf(out, "P11,%s,60,%d", day, wh);
    for (int hour = 1; hour < 24; hour++) buf_printf(out, " %d", wh);
    buf_add_char(out, '\n');
}

static err_t load(struct db *db, struct str csv, bool correct, struct reading_load_counts *counts)
{
    struct reading_load_request request = request_for();
    request.correct = correct;
    return interval_load_csv(db, &request, NULL, csv, counts, &err);
}

static void days_are_taken_once(void **state)
{
    struct db *db = test_db(state);
    struct reading_load_counts counts;
    char memory[2000];
    struct buf csv;
    scene_make(db);
    scene_point(db, 11, "BT/CD/TD", 1);
    buf_init_fixed(&csv, memory, sizeof memory);
    buf_add(&csv, S("point,date,minutes,values\n"));
    day_row(&csv, "2026-03-02", 100);
    day_row(&csv, "2026-03-03", 200);
    MUST(load(db, buf_str(&csv), false, &counts));
    assert_int_equal(counts.added, 2);
    MUST(load(db, buf_str(&csv), false, &counts));
    assert_int_equal(counts.unchanged, 2);
    assert_int_equal(scene_i64(db, "SELECT total_wh FROM interval_day WHERE "
                                   "used_on = '2026-03-03'"), 4800);
    buf_reset(&csv);
    buf_add(&csv, S("point,date,minutes,values\n"));
    day_row(&csv, "2026-03-03", 300);
    assert_int_equal(load(db, buf_str(&csv), false, &counts), E_INPUT);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM interval_day"), 2);
    MUST(load(db, buf_str(&csv), true, &counts));
    assert_int_equal(counts.corrected, 1);
    assert_int_equal(scene_i64(db, "SELECT total_wh FROM interval_day WHERE entry_no = 2"), 7200);
}

static void what_does_not_fill_a_day_is_refused(void **state)
{
    struct db *db = test_db(state);
    struct reading_load_counts counts;
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    assert_int_equal(load(db, S("point,date,minutes,values\nP11,2026-03-02,60,1 2 3\n"), false,
                          &counts), E_INPUT);
    assert_int_equal(load(db, S("point,date,minutes,values\nP11,2026-03-02,7,1\n"), false,
                          &counts), E_INPUT);
    assert_int_equal(load(db, S("point,date,minutes,values\nP99,2026-03-32,60,1\n"), false,
                          &counts), E_INPUT);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM interval_day"), 0);
}

/* Monday to Saturday: 13 normal hours, 5 peak, 6 off-peak; Sunday without peak. */
static void hours_become_registers(void **state)
{
    struct db *db = test_db(state);
    struct reading_load_counts counts;
    char memory[2000];
    struct buf csv;
    struct calc_usage usage;
    int64_t missing;
    int32_t from, to;
    const struct price_book *book;
    AUTO(arena_release) struct arena arena = ARENA_OF((size_t)64 << 20);
    MUST(book_load(&arena, book_builtin_text(), &book, &err));
    scene_make(db);
    scene_point(db, 11, "BT/CD/TD", 1);
    buf_init_fixed(&csv, memory, sizeof memory);
    buf_add(&csv, S("point,date,minutes,values\n"));
    day_row(&csv, "2026-02-28", 1000); /* Saturday */
    day_row(&csv, "2026-03-01", 1000); /* Sunday */
    MUST(load(db, buf_str(&csv), false, &counts));
    assert_true(day_parse(S("2026-02-28"), &from));
    assert_true(day_parse(S("2026-03-03"), &to));
    MUST(interval_registers(db, book, SCENE_UNIT, 11, from, to, &usage, &missing, &err));
    assert_int_equal(usage.wh[0], 13000 + 18000);
    assert_int_equal(usage.wh[1], 5000);
    assert_int_equal(usage.wh[2], 6000 + 6000);
    assert_int_equal(missing, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(days_are_taken_once),
        ON_BOTH_STORES(what_does_not_fill_a_day_is_refused),
        ON_BOTH_STORES(hours_become_registers),
    };
    return run_store_tests("metering interval", tests);
}
