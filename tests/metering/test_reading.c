/* SPDX-License-Identifier: Apache-2.0 */
/* Files of readings: what is refused, what waits for a person, what a second load changes. */
#include "base/date.h"
#include "metering/reading_load.h"
#include "metering/scene.h"

static struct err err;

/* What the load told, by row. */
struct told {
    size_t refused, found;
    int64_t last_row;
    char last_column[32];
};

static void remember(void *context, const struct reading_found *found)
{
    struct told *told = context;
    if (found->refused) told->refused++;
    else told->found++;
    told->last_row = found->row_no;
    struct buf column;
    buf_init_fixed(&column, told->last_column, sizeof told->last_column);
    buf_add(&column, str_of(found->column));
    assert_true(found->err->vi.message[0] != 0 && found->err->en.message[0] != 0);
}

static struct reading_load_request request_for(struct told *told, const char *business_day)
{
    struct reading_load_request request = {.unit_id = SCENE_UNIT, .name = S("thử.csv"),
                                           .actor_id = SCENE_ACTOR, .context = told,
                                           .found = remember};
    *told = (struct told){0};
    assert_true(day_parse(str_of(business_day), &request.business_day));
    return request;
}

static struct reading_load_counts load_ok(struct db *db, const char *csv)
{
    struct told told;
    struct reading_load_request request = request_for(&told, "2026-12-31");
    struct reading_load_counts counts;
    MUST(reading_load_csv(db, &request, NULL, str_of(csv), &counts, &err));
    return counts;
}

static void check_refused(struct db *db, const char *csv, int64_t row, const char *column)
{
    struct told told;
    struct reading_load_request request = request_for(&told, "2026-12-31");
    struct reading_load_counts counts = {0};
    int64_t before = scene_i64(db, "SELECT count(*) FROM reading");
    assert_int_equal(reading_load_csv(db, &request, NULL, str_of(csv), &counts, &err), E_INPUT);
    assert_int_equal(told.refused, 1);
    assert_int_equal(told.last_row, row);
    assert_string_equal(told.last_column, column);
    assert_int_equal(counts.refused, 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM reading"), before);
}

static void with_points(struct db *db)
{
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    scene_point(db, 12, "BT/CD/TD", 40);
}

static void a_file_is_taken_whole(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    struct reading_load_counts counts = load_ok(db,
        "point,meter,register,date,value,kind,source\n"
        " P11 ,S11,KT , 2026-01-30,1000.0 ,opening,manual\n"
        ",S12,BT,30/01/2026,10,opening,remote\n"
        ",S12,CD,30/01/2026,20,opening,remote\n"
        ",S12,TD,30/01/2026,30,opening,remote\n");
    assert_int_equal(counts.added, 4);
    assert_int_equal(scene_i64(db, "SELECT index_wh FROM reading WHERE point_id = 11"), 1000000);
    assert_int_equal(scene_i64(db, "SELECT index_wh FROM reading WHERE point_id = 12 AND "
                                   "register = 'TD' AND source = 'remote'"), 30000);
    assert_int_equal(scene_i64(db, "SELECT row_count FROM reading_batch"), 4);
}

static void the_same_file_twice_changes_nothing(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    const char *csv = "point,register,date,value,kind\nP11,KT,2026-01-30,1000,opening\n"
                      "P11,KT,2026-02-28,1100,periodic\nP11,KT,2026-02-28,1100,periodic\n";
    struct reading_load_counts counts = load_ok(db, csv);
    assert_int_equal(counts.added, 2);
    assert_int_equal(counts.unchanged, 1);
    counts = load_ok(db, csv);
    assert_int_equal(counts.added, 0);
    assert_int_equal(counts.unchanged, 3);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM reading_batch"), 1);
}

static void another_value_needs_a_correction(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    load_ok(db, "point,register,date,value\nP11,KT,2026-02-28,1100\n");
    const char *other = "point,register,date,value\nP11,KT,2026-02-28,1110\n";
    check_refused(db, other, 2, "value");
    struct told told;
    struct reading_load_request request = request_for(&told, "2026-12-31");
    struct reading_load_counts counts;
    request.correct = true;
    assert_int_equal(reading_load_csv(db, &request, NULL, str_of(other), &counts, &err), E_INPUT);
    request.reason = S("đọc nhầm");
    MUST(reading_load_csv(db, &request, NULL, str_of(other), &counts, &err));
    assert_int_equal(counts.corrected, 1);
    assert_int_equal(scene_i64(db, "SELECT index_wh FROM reading WHERE entry_no = 2"), 1110000);
    assert_int_equal(scene_i64(db, "SELECT index_wh FROM reading WHERE entry_no = 1"), 1100000);
}

static void what_cannot_be_true_is_refused(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    check_refused(db, "point,register,date,value\nP99,KT,2026-02-28,1\n", 2, "point");
    check_refused(db, "meter,register,date,value\nS99,KT,2026-02-28,1\n", 2, "meter");
    check_refused(db, "point,meter,register,date,value\nP11,S99,KT,2026-02-28,1\n", 2, "meter");
    check_refused(db, "point,meter,register,date,value\nP11,S12,KT,2026-02-28,1\n", 2, "meter");
    check_refused(db, "point,register,date,value\nP11,BT,2026-02-28,1\n", 2, "register");
    check_refused(db, "point,register,date,value\nP11,XX,2026-02-28,1\n", 2, "register");
    check_refused(db, "point,register,date,value\nP11,KT,2026-02-30,1\n", 2, "date");
    check_refused(db, "point,register,date,value\nP11,KT,2027-02-28,1\n", 2, "date");
    check_refused(db, "point,register,date,value\nP11,KT,2025-12-28,1\n", 2, "date");
    check_refused(db, "point,register,date,value\nP11,KT,2026-02-28,100000\n", 2, "value");
    check_refused(db, "point,register,date,value\nP11,KT,2026-02-28,-5\n", 2, "value");
    check_refused(db, "point,register,date,value\nP11,KT,2026-02-28,\n", 2, "value");
    check_refused(db, "point,register,date,value,not_read\nP11,KT,2026-02-28,1,locked\n", 2,
                  "not_read");
    check_refused(db, "point,register,date,value\nP11,KT,2026-02-27,1\nP11,KT,2026-02-28,x\n", 3,
                  "value");
}

static void good_rows_are_kept_when_asked(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    struct told told;
    struct reading_load_request request = request_for(&told, "2026-12-31");
    request.keep_good = true;
    struct reading_load_counts counts;
    MUST(reading_load_csv(db, &request, NULL,
                          S("point,register,date,value\nP99,KT,2026-02-28,1\n"
                            "P11,KT,2026-02-28,1100\n"), &counts, &err));
    assert_int_equal(counts.refused, 1);
    assert_int_equal(counts.added, 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM reading"), 1);
}

static void what_may_be_true_waits_for_a_person(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    for (int64_t point = 21; point <= 24; point++) scene_point(db, point, "KT", 1);
    load_ok(db, "point,register,date,value,kind\n"
                "P21,KT,2026-01-30,1000,opening\nP21,KT,2026-02-28,1100,periodic\n"
                "P22,KT,2026-01-30,1000,opening\nP22,KT,2026-02-28,1100,periodic\n"
                "P23,KT,2026-01-30,1000,opening\nP23,KT,2026-02-28,1100,periodic\n"
                "P24,KT,2026-01-30,1000,opening\nP24,KT,2026-02-28,1100,periodic\n");
    struct reading_load_counts counts = load_ok(db,
        "point,register,date,value\n"
        "P21,KT,2026-03-30,1000\n"   /* lower */
        "P22,KT,2026-03-30,1400\n"   /* 300 after 100 */
        "P23,KT,2026-03-30,1130\n"   /* 30 after 100 */
        "P24,KT,2026-03-30,1100\n"); /* nothing */
    assert_int_equal(counts.added, 4);
    assert_int_equal(counts.lower, 1);
    assert_int_equal(counts.high, 1);
    assert_int_equal(counts.low, 1);
    assert_int_equal(counts.zero, 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM reading_review WHERE state = 'open'"), 4);
    assert_int_equal(scene_i64(db, "SELECT before_wh FROM reading_review WHERE point_id = 21 AND "
                                   "finding = 'rollover'"), 1100000);
    /* Small customers are not told: 14 kWh after 10 is below the floor. */
    scene_point(db, 25, "KT", 1);
    counts = load_ok(db, "point,register,date,value,kind\nP25,KT,2026-01-30,10,opening\n"
                         "P25,KT,2026-02-28,20,periodic\nP25,KT,2026-03-30,55,periodic\n");
    assert_int_equal(counts.high, 0);
}

static void a_missing_register_is_counted(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    struct reading_load_counts counts = load_ok(db,
        "point,register,date,value\nP12,BT,2026-02-28,1\nP12,CD,2026-02-28,1\n");
    assert_int_equal(counts.registers_missing, 1);
}

static void an_exchange_day_has_readings_of_both_meters(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    scene_remove(db, 11, "2026-03-15");
    scene_hang(db, 11, 31, "KT", "2026-03-15");
    load_ok(db, "point,register,date,value,kind\nP11,KT,2026-03-15,1141.5,closing\n"
                "P11,KT,2026-03-15,0.2,opening\n");
    assert_int_equal(scene_i64(db, "SELECT installation_id FROM reading WHERE kind = 'closing'"),
                     11);
    assert_int_equal(scene_i64(db, "SELECT installation_id FROM reading WHERE kind = 'opening'"),
                     31);
}

static void a_long_gap_is_compared_with_the_last_value(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    load_ok(db, "point,register,date,value,kind\nP11,KT,2026-01-30,1000,opening\n");
    struct reading_load_counts counts =
        load_ok(db, "point,register,date,value\nP11,KT,2026-08-30,900\n");
    assert_int_equal(counts.lower, 1);
}

static void reasons_are_kept(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    struct reading_load_counts counts =
        load_ok(db, "point,register,date,not_read\nP11,KT,2026-02-28,flooded\n");
    assert_int_equal(counts.not_read, 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM reading WHERE not_read = 'flooded' AND "
                                   "index_wh IS NULL"), 1);
}

static void a_trial_takes_nothing(void **state)
{
    struct db *db = test_db(state);
    with_points(db);
    struct told told;
    struct reading_load_request request = request_for(&told, "2026-12-31");
    request.dry_run = true;
    struct reading_load_counts counts;
    MUST(reading_load_csv(db, &request, NULL, S("point,register,date,value\nP11,KT,2026-02-28,1\n"),
                          &counts, &err));
    assert_int_equal(counts.added, 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM reading"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_file_is_taken_whole),
        ON_BOTH_STORES(the_same_file_twice_changes_nothing),
        ON_BOTH_STORES(another_value_needs_a_correction),
        ON_BOTH_STORES(what_cannot_be_true_is_refused),
        ON_BOTH_STORES(good_rows_are_kept_when_asked),
        ON_BOTH_STORES(what_may_be_true_waits_for_a_person),
        ON_BOTH_STORES(a_missing_register_is_counted),
        ON_BOTH_STORES(an_exchange_day_has_readings_of_both_meters),
        ON_BOTH_STORES(a_long_gap_is_compared_with_the_last_value),
        ON_BOTH_STORES(reasons_are_kept),
        ON_BOTH_STORES(a_trial_takes_nothing),
    };
    return run_store_tests("metering reading", tests);
}
