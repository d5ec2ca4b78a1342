/* SPDX-License-Identifier: Apache-2.0 */
/* Readings corrected behind a closing: what the closed use comes to, what is left to a person, and
 * where the next period begins. */
#include "base/date.h"
#include "metering/installation_watch.h"
#include "metering/restate.h"
#include "metering/scene.h"

static struct err err;

struct answer {
    enum restatement restatement;
    int64_t wh[REGISTER_COUNT];
};

/* What the live February use of a point comes to now. */
static struct answer restate(struct db *db, int64_t point_id, int64_t loss_ppm)
{
    struct answer answer = {RESTATE_SAME, {0}};
    struct corrected_readings corrected;
    struct arena arena;
    struct rows *rows = NULL;
    bool more = false;
    arena_init(&arena, 1 << 20);
    MUST(corrected_readings_load(db, &arena, SCENE_UNIT, 1, INT64_MAX, &corrected, &err));
    MUST(db_query(db, "SELECT from_on, to_on, detail FROM usage WHERE unit_id = 7 AND "
                      "month = 202602 AND point_id = $1", ARGS(v_i64(point_id)), &rows, &err));
    MUST(rows_next(rows, &more, &err));
    assert_true(more);
    struct closed_use use = {.unit_id = SCENE_UNIT, .point_id = point_id,
                             .detail = arena_str(&arena, row_text(rows, 2)),
                             .loss_ppm = loss_ppm};
    assert_true(day_parse(row_text(rows, 0), &use.from_day));
    assert_true(day_parse(row_text(rows, 1), &use.to_day));
    rows_done(rows);
    MUST(use_restate(db, &arena, &use, &corrected, &answer.restatement, answer.wh, &err));
    arena_release(&arena);
    return answer;
}

static void read_point(struct db *db, int64_t point_id, int64_t opening, int64_t february)
{
    scene_read(db, point_id, point_id, "2026-01-30", "KT", "opening", opening);
    scene_read(db, point_id, point_id, "2026-02-28", "KT", "periodic", february);
}

static void correct(struct db *db, int64_t point_id, int64_t february)
{
    scene_read(db, point_id, point_id, "2026-02-28", "KT", "periodic", february);
}

static void close_february(struct db *db)
{
    struct closing_counts counts;
    MUST(scene_close(db, "2026-02", false, &counts, &err));
    assert_int_equal(counts.left_out, 0);
}

static void the_difference_is_multiplied(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 10);
    read_point(db, 11, 1000000, 1100000);
    close_february(db);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_SAME);
    correct(db, 11, 1105000);
    struct answer answer = restate(db, 11, 0);
    assert_int_equal(answer.restatement, RESTATE_KNOWN);
    assert_int_equal(answer.wh[REGISTER_KT], 50000);
    correct(db, 11, 1090000);
    assert_int_equal(restate(db, 11, 0).wh[REGISTER_KT], -100000);
    scene_read(db, 11, 11, "2026-01-30", "KT", "opening", 990000);
    assert_int_equal(restate(db, 11, 0).wh[REGISTER_KT], 0);
    correct(db, 11, 1100000);
    scene_read(db, 11, 11, "2026-01-30", "KT", "opening", 1000000);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_SAME);
}

static void a_value_below_the_start_is_left_to_a_person(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    read_point(db, 11, 1000000, 1100000);
    close_february(db);
    correct(db, 11, 999000);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
}

static void a_reading_that_never_was_is_left_to_a_person(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    read_point(db, 11, 1000000, 1100000);
    close_february(db);
    scene_not_read(db, 11, "2026-02-28", "locked");
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
}

static void registers_are_corrected_each_by_itself(void **state)
{
    static const char *const registers[] = {"BT", "CD", "TD", "VC"};
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "BT/CD/TD+VC", 1);
    for (size_t i = 0; i < ARRAY_COUNT(registers); i++) {
        scene_read(db, 11, 11, "2026-01-30", registers[i], "opening", 1000000);
        scene_read(db, 11, 11, "2026-02-28", registers[i], "periodic", 1100000);
    }
    close_february(db);
    scene_read(db, 11, 11, "2026-02-28", "CD", "periodic", 1130000);
    scene_read(db, 11, 11, "2026-02-28", "VC", "periodic", 1095000);
    struct answer answer = restate(db, 11, 0);
    assert_int_equal(answer.restatement, RESTATE_KNOWN);
    assert_int_equal(answer.wh[REGISTER_BT], 0);
    assert_int_equal(answer.wh[REGISTER_CD], 30000);
    assert_int_equal(answer.wh[REGISTER_VC], -5000);
}

static void losses_follow(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    scene_fact(db, 11, "loss_ppm", 20000);
    read_point(db, 11, 1000000, 1100000);
    close_february(db);
    assert_int_equal(scene_i64(db, "SELECT total_wh FROM usage"), 102000);
    correct(db, 11, 1150000);
    assert_int_equal(restate(db, 11, 20000).wh[REGISTER_KT], 51000);
    /* Another rate than the one that was closed with. */
    assert_int_equal(restate(db, 11, 30000).restatement, RESTATE_UNCLEAR);
}

static void a_sub_point_leaves_its_main_to_a_person(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    scene_point(db, 12, "KT", 1);
    read_point(db, 11, 1000000, 1500000);
    read_point(db, 12, 1000000, 1100000);
    MUST(db_run(db, "INSERT INTO point_relation_fact (unit_id, point_id, other_point_id, kind, "
                    "valid_from, entry_no, state, recorded_at, actor_id) VALUES "
                    "(7, 11, 12, 'sub', '2026-01-01', 1, 'set', 1, 1)", NO_ARGS, NULL, &err));
    close_february(db);
    correct(db, 11, 1520000);
    assert_int_equal(restate(db, 11, 0).wh[REGISTER_KT], 20000);
    correct(db, 12, 1110000);
    assert_int_equal(restate(db, 12, 0).wh[REGISTER_KT], 10000);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
}

static void a_price_change_day_holds_while_the_use_grows(void **state)
{
    struct db *db = test_db(state);
    const int32_t change = day_from_civil(2026, 2, 10);
    struct closing_request request = {.book = scene_book(), .month = scene_month("2026-02"),
                                      .period_no = 1, .actor_id = SCENE_ACTOR,
                                      .change_days = &change, .change_day_count = 1};
    struct closing_counts counts;
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    read_point(db, 11, 1000000, 1100000);
    scene_read(db, 11, 11, "2026-02-10", "KT", "check", 1040000);
    MUST(closing_run(db, &request, &counts, &err));
    correct(db, 11, 1120000);
    assert_int_equal(restate(db, 11, 0).wh[REGISTER_KT], 20000);
    correct(db, 11, 1090000);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
    correct(db, 11, 1100000);
    scene_read(db, 11, 11, "2026-02-10", "KT", "check", 1050000);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
}

static void the_next_period_begins_with_the_corrected_reading(void **state)
{
    struct db *db = test_db(state);
    struct closing_counts counts;
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    read_point(db, 11, 1000000, 1100000);
    close_february(db);
    correct(db, 11, 1120000);
    scene_read(db, 11, 11, "2026-03-30", "KT", "periodic", 1220000);
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    assert_int_equal(counts.total_wh, 100000);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM metering_exception WHERE "
                                   "code = 'start_corrected' AND blocks = 0"), 1);
}

/* ---- installations ------------------------------------------------------------------------- */

static int64_t noon_of(const char *day)
{
    int32_t number;
    assert_true(day_parse(str_of(day), &number));
    return vietnam_midnight_ms(number) + INT64_C(12) * 3600000;
}

static void count_told(void *context, const struct err *why)
{
    int *told = context;
    assert_true(why->vi.hint[0] != '\0' && why->en.hint[0] != '\0');
    (*told)++;
}

/* Corrects the installation of a point; NULL leaves a day as it is. How many closed periods are
 * told; -1: readings refuse it. */
static int correct_hung(struct db *db, int64_t point_id, int64_t multiplier, const char *hung_on,
                        const char *removed_on, bool retract)
{
    const struct fact_author author = {.actor_id = SCENE_ACTOR};
    const struct installation_state sought = {.unit_id = SCENE_UNIT, .point_id = point_id,
                                              .hung_at_ms = -1};
    struct installation_correction correction = {.retract = retract, .source = S("thử")};
    bool gone, changed = false;
    int told = 0;
    MUST(db_begin(db, &err));
    MUST(installation_find(db, &sought, &correction.was, &gone, &err));
    correction.right = correction.was;
    if (multiplier > 0) correction.right.multiplier = multiplier;
    if (hung_on != NULL) correction.right.hung_at_ms = noon_of(hung_on);
    if (removed_on != NULL) correction.right.removed_at_ms = noon_of(removed_on);
    err_t e = metering_installation_watch.may(db, &correction, &err);
    if (e == E_STATE) {
        db_rollback(db);
        return -1;
    }
    MUST(e);
    MUST(installation_correct(db, &correction, &author, &changed, &err));
    assert_true(changed);
    MUST(metering_installation_watch.done(db, &correction, count_told, &told, &err));
    MUST(db_commit(db, &err));
    return told;
}

static void the_believed_multiplier_counts(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 40);
    scene_point(db, 12, "KT", 40);
    read_point(db, 11, 1000000, 1010000);
    read_point(db, 12, 1000000, 1010000);
    close_february(db);
    assert_int_equal(correct_hung(db, 11, 20, NULL, NULL, false), 1);
    struct answer answer = restate(db, 11, 0);
    assert_int_equal(answer.restatement, RESTATE_KNOWN);
    assert_int_equal(answer.wh[REGISTER_KT], -200000);
    assert_int_equal(restate(db, 12, 0).restatement, RESTATE_SAME);
    correct(db, 11, 1012000);
    assert_int_equal(restate(db, 11, 0).wh[REGISTER_KT], -160000);
    assert_int_equal(correct_hung(db, 11, 50, NULL, NULL, false), 1);
    assert_int_equal(restate(db, 11, 0).wh[REGISTER_KT], 200000);
    correct(db, 11, 1010000);
    assert_int_equal(correct_hung(db, 11, 40, NULL, NULL, false), 0);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_SAME);
}

static void losses_follow_the_multiplier(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 40);
    scene_fact(db, 11, "loss_ppm", 20000);
    read_point(db, 11, 1000000, 1010000);
    close_february(db);
    correct_hung(db, 11, 20, NULL, NULL, false);
    assert_int_equal(restate(db, 11, 20000).wh[REGISTER_KT], -204000);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
}

static void a_use_divided_by_a_reading_is_left_to_a_person(void **state)
{
    struct db *db = test_db(state);
    const int32_t change = day_from_civil(2026, 2, 10);
    struct closing_request request = {.book = scene_book(), .month = scene_month("2026-02"),
                                      .period_no = 1, .actor_id = SCENE_ACTOR,
                                      .change_days = &change, .change_day_count = 1};
    struct closing_counts counts;
    scene_make(db);
    scene_point(db, 11, "KT", 20);
    read_point(db, 11, 1000000, 1100000);
    scene_read(db, 11, 11, "2026-02-10", "KT", "check", 1040000);
    MUST(closing_run(db, &request, &counts, &err));
    correct_hung(db, 11, 40, NULL, NULL, false);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
}

static void a_main_point_follows_its_sub_point(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    scene_point(db, 12, "KT", 40);
    read_point(db, 11, 1000000, 1900000);
    read_point(db, 12, 1000000, 1010000);
    MUST(db_run(db, "INSERT INTO point_relation_fact (unit_id, point_id, other_point_id, kind, "
                    "valid_from, entry_no, state, recorded_at, actor_id) VALUES "
                    "(7, 11, 12, 'sub', '2026-01-01', 1, 'set', 1, 1)", NO_ARGS, NULL, &err));
    close_february(db);
    assert_int_equal(correct_hung(db, 12, 20, NULL, NULL, false), 2);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
    assert_int_equal(restate(db, 12, 0).wh[REGISTER_KT], -200000);
}

static void days_that_move_are_left_to_a_person(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    read_point(db, 11, 1000000, 1100000);
    close_february(db);
    assert_int_equal(correct_hung(db, 11, 0, "2026-02-03", NULL, false), -1);
    assert_int_equal(correct_hung(db, 11, 0, NULL, "2026-02-20", false), -1);
    assert_int_equal(correct_hung(db, 11, 0, NULL, NULL, true), -1);
    assert_int_equal(correct_hung(db, 11, 0, "2026-01-10", NULL, false), 0);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_SAME);
    assert_int_equal(correct_hung(db, 11, 0, NULL, "2026-02-28", false), 0);
    scene_not_read(db, 11, "2026-02-28", "locked");
    assert_int_equal(correct_hung(db, 11, 0, NULL, "2026-02-20", false), 1);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_UNCLEAR);
}

/* A period closed after the correction needs nothing more. */
static void a_new_closing_settles_it(void **state)
{
    struct db *db = test_db(state);
    struct closing_counts counts;
    scene_make(db);
    scene_point(db, 11, "KT", 40);
    read_point(db, 11, 1000000, 1010000);
    correct_hung(db, 11, 20, "2026-01-10", NULL, false);
    MUST(scene_close(db, "2026-02", false, &counts, &err));
    assert_int_equal(counts.total_wh, 200000);
    assert_int_equal(restate(db, 11, 0).restatement, RESTATE_SAME);
}

/* Nothing excuses the rise: the period before stands as it was closed. */
static void the_next_closing_counts_and_holds(void **state)
{
    struct db *db = test_db(state);
    struct closing_counts counts;
    scene_make(db);
    scene_point(db, 11, "KT", 20);
    read_point(db, 11, 1000000, 1010000);
    close_february(db);
    correct_hung(db, 11, 40, NULL, NULL, false);
    scene_read(db, 11, 11, "2026-03-30", "KT", "periodic", 1020000);
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    assert_int_equal(counts.total_wh, 400000);
    assert_int_equal(counts.spikes_held, 1);
    assert_int_equal(restate(db, 11, 0).wh[REGISTER_KT], 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(the_difference_is_multiplied),
        ON_BOTH_STORES(a_value_below_the_start_is_left_to_a_person),
        ON_BOTH_STORES(a_reading_that_never_was_is_left_to_a_person),
        ON_BOTH_STORES(registers_are_corrected_each_by_itself),
        ON_BOTH_STORES(losses_follow),
        ON_BOTH_STORES(a_sub_point_leaves_its_main_to_a_person),
        ON_BOTH_STORES(a_price_change_day_holds_while_the_use_grows),
        ON_BOTH_STORES(the_next_period_begins_with_the_corrected_reading),
        ON_BOTH_STORES(the_believed_multiplier_counts),
        ON_BOTH_STORES(losses_follow_the_multiplier),
        ON_BOTH_STORES(a_use_divided_by_a_reading_is_left_to_a_person),
        ON_BOTH_STORES(a_main_point_follows_its_sub_point),
        ON_BOTH_STORES(days_that_move_are_left_to_a_person),
        ON_BOTH_STORES(a_new_closing_settles_it),
        ON_BOTH_STORES(the_next_closing_counts_and_holds),
    };
    return run_store_tests("metering restate", tests);
}
