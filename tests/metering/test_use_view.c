/* SPDX-License-Identifier: Apache-2.0 */
/* What a closed use rests on, and the months before it. */
#include "base/date.h"
#include "metering/history.h"
#include "metering/scene.h"
#include "metering/use_view.h"

enum { POINT = 11, ARENA_BYTES = 1 << 20 };

static struct err err;

/* February 100 kWh, March 240 kWh. */
static void with_use(struct db *db)
{
    struct closing_counts counts;
    scene_make(db);
    scene_point(db, POINT, "KT", 2);
    scene_read(db, POINT, POINT, "2026-01-30", "KT", "opening", 1000000);
    scene_read(db, POINT, POINT, "2026-02-28", "KT", "periodic", 1050000);
    scene_read(db, POINT, POINT, "2026-03-30", "KT", "periodic", 1170000);
    MUST(scene_close(db, "2026-02", false, &counts, &err));
    MUST(scene_close(db, "2026-03", false, &counts, &err));
}

static struct use_key key_of(struct db *db)
{
    return (struct use_key){
        .unit_id = SCENE_UNIT,
        .book_id = SCENE_BOOK,
        .month = scene_month("2026-03"),
        .period_no = 1,
        .point_id = POINT,
        .kind = S("periodic"),
        .closing_no = scene_i64(db, "SELECT max(closing_no) FROM usage WHERE month = 202603")};
}

static void a_use_shows_both_readings(void **state)
{
    struct db *db = test_db(state);
    struct arena arena;
    struct use_seen use;
    with_use(db);
    arena_init(&arena, ARENA_BYTES);
    struct use_key key = key_of(db);
    MUST(use_of(db, &arena, &key, &use, &err));
    assert_int_equal(use.pair_count, 1);
    assert_int_equal(use.pair[0].from_index_wh, 1050000);
    assert_int_equal(use.pair[0].to_index_wh, 1170000);
    assert_int_equal(use.pair[0].multiplier, 2);
    assert_int_equal(use.pair[0].wh, 240000);
    assert_int_equal(use.to_day - use.from_day, 30);
    assert_true(str_equal(use.pair[0].serial, S("S11")));
    key.closing_no++;
    assert_int_equal(use_of(db, &arena, &key, &use, &err), E_NOT_FOUND);
    arena_release(&arena);
}

static void months_are_those_of_live_closings_and_of_the_past(void **state)
{
    struct db *db = test_db(state);
    struct arena arena;
    struct use_month months[USE_MONTHS];
    struct book book = scene_book();
    char memory[2 * HISTORY_MONTH_BYTES + 1];
    struct buf past;
    with_use(db);
    arena_init(&arena, ARENA_BYTES);
    buf_init_fixed(&past, memory, sizeof memory);
    history_add(&past, scene_month("2025-12"), 31, 77000);
    history_add(&past, scene_month("2026-02"), 28, 999000); /* what was closed here counts */
    MUST(db_run(db, "INSERT INTO point_history (unit_id, point_id, months) VALUES (7, $1, $2)",
                ARGS(v_i64(POINT), v_blob(buf_str(&past))), NULL, &err));
    MUST(use_months(db, &arena, SCENE_UNIT, POINT, scene_month("2026-03"), months, &err));
    assert_int_equal(months[USE_MONTHS - 1].wh, 240000);
    assert_int_equal(months[USE_MONTHS - 1].days, 30);
    assert_int_equal(months[USE_MONTHS - 2].wh, 100000);
    assert_false(months[USE_MONTHS - 3].known);
    assert_int_equal(months[USE_MONTHS - 4].wh, 77000);
    MUST(book_return(db, &book, scene_month("2026-03"), 1, BOOK_ANY_CLOSING, S("đọc lại"),
                     SCENE_ACTOR, &err));
    MUST(use_months(db, &arena, SCENE_UNIT, POINT, scene_month("2026-03"), months, &err));
    assert_false(months[USE_MONTHS - 1].known);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_use_shows_both_readings),
        ON_BOTH_STORES(months_are_those_of_live_closings_and_of_the_past),
    };
    return run_store_tests("metering use view", tests);
}
