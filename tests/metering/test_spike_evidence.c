/* SPDX-License-Identifier: Apache-2.0 */
/* A rule releases only what its evidence proves: every kind is tried with evidence that looks right
 * and is not. Point 11 used 100 kWh in February and 200 in March, read by remote on the 30th. */
#include "base/clock.h"
#include "base/date.h"
#include "metering/history.h"
#include "metering/photo.h"
#include "metering/scene.h"
#include "metering/spike_work.h"

static struct err err;

enum { ANN = 2, BINH = 3, CHI = 4, POINT = 11 };

static int32_t day(const char *text)
{
    int32_t number;
    assert_true(day_parse(str_of(text), &number));
    return number;
}

static void close_both(struct db *db)
{
    struct closing_counts counts;
    MUST(scene_close(db, "2026-02", false, &counts, &err));
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    assert_int_equal(counts.spikes_held, 1);
}

/* Until the readings of March, which the test adds. */
static void before_march(struct db *db, int64_t multiplier)
{
    scene_make(db);
    scene_point(db, POINT, "KT", multiplier);
    scene_read(db, POINT, POINT, "2026-01-30", "KT", "opening", 1000000);
    scene_read(db, POINT, POINT, "2026-02-28", "KT", "periodic", 1100000);
}

static void plain_rise(struct db *db)
{
    before_march(db, 1);
    scene_read(db, POINT, POINT, "2026-03-30", "KT", "periodic", 1300000);
    close_both(db);
}

static err_t propose(struct db *db, enum spike_rule_kind kind, int64_t tolerance_ppm,
                     int64_t *rule_id)
{
    struct spike_rule rule = {.unit_id = SCENE_UNIT, .kind = kind, .tolerance_ppm = tolerance_ppm,
                              .from_day = day("2026-01-01"), .to_day = day("2027-01-01"),
                              .document = S("QĐ 12/2026")};
    MUST(db_begin(db, &err));
    err_t e = spike_rule_propose(db, &rule, ANN, rule_id, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

static err_t apply(struct db *db, int64_t rule_id, const char *on, int64_t *out_released)
{
    struct spike_release done = {0};
    MUST(db_begin(db, &err));
    err_t e = spike_release_by_rule(db, SCENE_UNIT, scene_month("2026-03"), rule_id, day(on), CHI,
                                    &done, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    *out_released = done.released;
    return e;
}

/* How many cases the kind of rule releases on 5 April. */
static int64_t released_by(struct db *db, enum spike_rule_kind kind, int64_t tolerance_ppm)
{
    int64_t rule_id, released;
    clock_freeze(vietnam_midnight_ms(day("2026-04-05")));
    MUST(propose(db, kind, tolerance_ppm, &rule_id));
    MUST(spike_rule_decide(db, SCENE_UNIT, rule_id, true, scene_actor(BINH), &err));
    MUST(apply(db, rule_id, "2026-04-05", &released));
    clock_freeze(-1);
    return released;
}

static bool evidence_is(struct db *db, const char *wanted)
{
    struct arena arena;
    struct str text;
    arena_init(&arena, 1 << 20);
    MUST(db_get_text(db, &arena, "SELECT evidence FROM spike_step WHERE step = 'rule'", NO_ARGS,
                     &text, &err));
    bool same = str_equal(text, str_of(wanted));
    if (!same) print_message("evidence is \"%.*s\"\n", STR_ARG(text));
    arena_release(&arena);
    return same;
}

/* ---- second remote reading ------------------------------------------------------------------- */

static void a_second_reading_is_named_in_the_record(void **state)
{
    struct db *db = test_db(state);
    plain_rise(db);
    scene_read(db, POINT, POINT, "2026-04-01", "KT", "check", 1312500);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 1);
    assert_true(evidence_is(db, "second_remote: KT 1312.5 2026-04-01"));
}

static void a_copy_of_the_reading_is_no_second_one(void **state)
{
    struct db *db = test_db(state);
    plain_rise(db);
    scene_read(db, POINT, POINT, "2026-03-30", "KT", "check", 1300000);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 0);
    scene_read(db, POINT, POINT, "2026-04-02", "KT", "check", 1300000);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 0);
}

static void the_multiplier_counts_in_what_went_on(void **state)
{
    struct db *db = test_db(state);
    before_march(db, 20);
    scene_read(db, POINT, POINT, "2026-03-30", "KT", "periodic", 1300000);
    close_both(db);
    /* 133 kWh a day were billed; 10 on the register in one day are 200. */
    scene_read(db, POINT, POINT, "2026-03-31", "KT", "check", 1310000);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 0);
}

/* The removed meter may have been read wrongly; the new one cannot tell. */
static void an_exchanged_meter_is_not_proved_by_the_new_one(void **state)
{
    struct db *db = test_db(state);
    before_march(db, 1);
    scene_remove(db, POINT, "2026-03-10");
    scene_hang(db, POINT, 99, "KT", "2026-03-10");
    scene_read(db, POINT, POINT, "2026-03-10", "KT", "closing", 1220000);
    scene_read(db, POINT, 99, "2026-03-10", "KT", "opening", 0);
    scene_read(db, POINT, 99, "2026-03-30", "KT", "periodic", 80000);
    close_both(db);
    scene_read(db, POINT, 99, "2026-04-01", "KT", "check", 84000);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 0);
}

static void agreed_energy_is_not_proved_by_a_register(void **state)
{
    struct db *db = test_db(state);
    before_march(db, 1);
    scene_read(db, POINT, POINT, "2026-03-30", "KT", "periodic", 1200000);
    MUST(db_run(db, "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, "
                    "from_on, to_on, energy_wh, ground, state, proposed_by, proposed_at, "
                    "decided_by, decided_at) VALUES (7, 1, 11, 'direct', 'KT', "
                    "'2026-02-28', '2026-03-30', "
                    "100000, 'biên bản', 'approved', 2, 0, 3, 0)", NO_ARGS, NULL, &err));
    close_both(db);
    scene_read(db, POINT, POINT, "2026-04-01", "KT", "check", 1206000);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 0);
}

static void an_estimate_is_not_proved_by_a_register_that_stood_still(void **state)
{
    struct db *db = test_db(state);
    before_march(db, 1);
    MUST(db_run(db, "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, "
                    "from_on, to_on, energy_wh, ground, state, proposed_by, proposed_at, "
                    "decided_by, decided_at) VALUES (7, 1, 11, 'provisional', 'KT', "
                    "'2026-02-28', "
                    "'2026-03-30', 200000, 'hợp đồng', 'approved', 2, 0, 3, 0)", NO_ARGS, NULL,
                &err));
    close_both(db);
    scene_read(db, POINT, POINT, "2026-04-01", "KT", "check", 1101000);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 0);
}

/* What the main meter shows says nothing of the one behind it, whose reading may be too low. */
static void a_main_point_is_not_proved_by_its_own_meter(void **state)
{
    struct db *db = test_db(state);
    before_march(db, 1);
    scene_read(db, POINT, POINT, "2026-03-30", "KT", "periodic", 1300000);
    scene_point(db, 12, "KT", 1);
    scene_read(db, 12, 12, "2026-01-30", "KT", "opening", 0);
    scene_read(db, 12, 12, "2026-02-28", "KT", "periodic", 20000);
    scene_read(db, 12, 12, "2026-03-30", "KT", "periodic", 21000);
    MUST(db_run(db, "INSERT INTO point_relation_fact (unit_id, point_id, kind, other_point_id, "
                    "valid_from, entry_no, state, recorded_at, actor_id) VALUES "
                    "(7, 11, 'sub', 12, '2026-01-01', 1, 'set', 1, 1)", NO_ARGS, NULL, &err));
    close_both(db);
    scene_read(db, POINT, POINT, "2026-04-01", "KT", "check", 1305000);
    assert_int_equal(released_by(db, RULE_SECOND_REMOTE, 0), 0);
}

/* ---- photo ----------------------------------------------------------------------------------- */

static void with_photo(struct db *db, const char *reader, int64_t entered_by, int64_t read_by)
{
    plain_rise(db);
    scene_staff(db, 4);
    MUST(db_run(db, "INSERT INTO reading_batch (unit_id, batch_id, name, sha256, row_count, "
                    "recorded_at, actor_id) VALUES (7, 1, 'r.csv', '', 1, 0, $1)",
                ARGS(v_i64(entered_by)), NULL, &err));
    MUST(db_run(db, "INSERT INTO photo (unit_id, month, point_id, sha256, installation_id, "
                    "book_id, serial, read_on, bytes, taken_at, received_at, offline, "
                    "mismatch, reader, actor_id) VALUES (7, 202603, 11, "
                    "'0123456789012345678901234567890123456789012345678901234567890123', 11, "
                    "3, 'S11', '2026-03-30', 9, 0, 0, 0, 0, $1, 1)",
                ARGS(v_text(str_of(reader))), NULL, &err));
    MUST(db_run(db, "INSERT INTO photo_review (unit_id, month, point_id, sha256, entry_no, "
                    "register, index_wh, actor_id, at) VALUES (7, 202603, 11, "
                    "'0123456789012345678901234567890123456789012345678901234567890123', 1, "
                    "'KT', 1300000, $1, 0)", ARGS(v_i64(read_by)), NULL, &err));
}

static void the_photo_is_named_in_the_record(void **state)
{
    struct db *db = test_db(state);
    with_photo(db, "NV2", ANN, BINH);
    assert_int_equal(released_by(db, RULE_PHOTO_AGAIN, 0), 1);
    assert_true(evidence_is(db,
                            "photo_again: KT 1300 2026-03-30 "
                            "0123456789012345678901234567890123456789012345678901234567890123"));
}

static void the_reader_does_not_read_the_photo_again(void **state)
{
    struct db *db = test_db(state);
    with_photo(db, "NV3", ANN, BINH);
    assert_int_equal(released_by(db, RULE_PHOTO_AGAIN, 0), 0);
}

static void nor_does_who_entered_the_reading(void **state)
{
    struct db *db = test_db(state);
    with_photo(db, "", BINH, BINH);
    assert_int_equal(released_by(db, RULE_PHOTO_AGAIN, 0), 0);
}

static err_t read_again(struct db *db, int64_t staff_id)
{
    return photo_review(db, SCENE_UNIT, POINT, day("2026-03-30"), REGISTER_KT, 1300000, staff_id,
                        &err);
}

static void who_took_part_in_the_reading_is_told_so(void **state)
{
    struct db *db = test_db(state);
    with_photo(db, "NV2", BINH, CHI);
    assert_int_equal(read_again(db, 1), E_FORBIDDEN);
    assert_int_equal(read_again(db, ANN), E_FORBIDDEN);
    assert_int_equal(read_again(db, BINH), E_FORBIDDEN);
    assert_int_equal(read_again(db, CHI), OK);
}

/* ---- daily data ------------------------------------------------------------------------------ */

static void with_days(struct db *db, int64_t wh)
{
    for (int32_t on = day("2026-02-28"); on < day("2026-03-30"); on++) {
        char text[DATE_TEXT_BYTES];
        MUST(db_run(db, "INSERT INTO interval_day (unit_id, month, point_id, used_on, entry_no, "
                        "minutes, total_wh, energy_wh, batch_id) "
                        "VALUES (7, $1, 11, $2, 1, 30, $3, $4, 1)",
                    ARGS(v_i64(month_to_number(month_of_day(on))), v_text(day_text(on, text)),
                         v_i64(wh), v_blob(S("x"))), NULL, &err));
    }
}

static void daily_data_settle_within_the_tolerance(void **state)
{
    struct db *db = test_db(state);
    plain_rise(db);
    with_days(db, 6600);
    assert_int_equal(released_by(db, RULE_DAILY_AGREE, 9999), 0);
    assert_int_equal(released_by(db, RULE_DAILY_AGREE, 10000), 1);
    assert_true(evidence_is(db, "daily_agree: 30 ngày, 198 kWh"));
}

/* A register that was rebuilt from the intervals agrees with them whatever they say. */
static void rebuilt_registers_do_not_prove_themselves(void **state)
{
    struct db *db = test_db(state);
    before_march(db, 1);
    MUST(db_run(db, "INSERT INTO reading (unit_id, month, point_id, read_on, "
                    "installation_id, register, kind, entry_no, index_wh, source, state, "
                    "batch_id) VALUES (7, 202603, 11, '2026-03-30', 11, 'KT', 'periodic', 1, "
                    "1300000, 'calculated', "
                    "'normal', 1)", NO_ARGS, NULL, &err));
    close_both(db);
    with_days(db, 6667);
    assert_int_equal(released_by(db, RULE_DAILY_AGREE, 10000), 0);
}

/* ---- last year ------------------------------------------------------------------------------- */

static void with_last_year(struct db *db, int64_t february_wh, int64_t march_wh)
{
    char memory[2 * HISTORY_MONTH_BYTES + 1];
    struct buf months;
    buf_init_fixed(&months, memory, sizeof memory);
    history_add(&months, scene_month("2025-02"), 28, february_wh);
    history_add(&months, scene_month("2025-03"), 31, march_wh);
    before_march(db, 1);
    scene_read(db, POINT, POINT, "2026-03-30", "KT", "periodic", 1300000);
    MUST(db_run(db, "INSERT INTO point_history (unit_id, point_id, months) VALUES (7, 11, $1)",
                ARGS(v_blob(buf_str(&months))), NULL, &err));
    close_both(db);
}

static void the_same_rise_last_year_settles(void **state)
{
    struct db *db = test_db(state);
    with_last_year(db, 100000, 190000);
    assert_int_equal(released_by(db, RULE_SAME_RISE_LAST_YEAR, 0), 1);
    assert_true(evidence_is(db, "same_rise_last_year: 100 kWh / 28 ngày → 190 kWh / 31 ngày"));
}

/* As much as in March last year, but then February was no less. */
static void the_same_use_without_a_rise_does_not(void **state)
{
    struct db *db = test_db(state);
    with_last_year(db, 180000, 190000);
    assert_int_equal(released_by(db, RULE_SAME_RISE_LAST_YEAR, 200000), 0);
}

static void a_rise_to_less_does_not(void **state)
{
    struct db *db = test_db(state);
    with_last_year(db, 70000, 120000);
    assert_int_equal(released_by(db, RULE_SAME_RISE_LAST_YEAR, 200000), 0);
}

/* Both periods of last year were closed here, under the latest of their closings. */
static void a_rise_of_our_own_closings_settles(void **state)
{
    struct db *db = test_db(state);
    plain_rise(db);
    MUST(db_run(db, "UPDATE spike_case SET year_ago_wh = 190000, year_ago_days = 31", NO_ARGS, NULL,
                &err));
    MUST(db_script(db, S("INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, "
                         "state, closing_no) VALUES "
                         "(7, 3, 202502, 1, '2025-02-28', 'issued', 2), "
                         "(7, 3, 202503, 1, '2025-03-31', 'issued', 1); "
                         "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                         "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, "
                         "estimated, spike, carry, detail) VALUES "
                         "(7, 3, 202502, 1, 11, 'periodic', 1, 11, '2025-01-31', '2025-02-28', "
                         "180000, 180000, 0, 'none', '|', '{}'), "
                         "(7, 3, 202502, 1, 11, 'periodic', 2, 11, '2025-01-31', '2025-02-28', "
                         "100000, 100000, 0, 'none', '|', '{}'), "
                         "(7, 3, 202503, 1, 11, 'periodic', 1, 11, '2025-02-28', '2025-03-31', "
                         "190000, 190000, 0, 'none', '|', '{}')"), &err));
    assert_int_equal(released_by(db, RULE_SAME_RISE_LAST_YEAR, 0), 1);
    assert_true(evidence_is(db, "same_rise_last_year: 100 kWh / 28 ngày → 190 kWh / 31 ngày"));
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void a_tolerance_that_proves_nothing_is_refused(void **state)
{
    struct db *db = test_db(state);
    int64_t rule_id;
    scene_make(db);
    assert_int_equal(propose(db, RULE_DAILY_AGREE, 50001, &rule_id), E_RANGE);
    assert_int_equal(propose(db, RULE_SAME_RISE_LAST_YEAR, 200001, &rule_id), E_RANGE);
    assert_int_equal(propose(db, RULE_SECOND_REMOTE, 1, &rule_id), E_RANGE);
    assert_int_equal(propose(db, RULE_PHOTO_AGAIN, 1, &rule_id), E_RANGE);
    assert_int_equal(propose(db, RULE_LAST_DAY, 1, &rule_id), E_RANGE);
    assert_int_equal(propose(db, RULE_DAILY_AGREE, -1, &rule_id), E_RANGE);
}

/* Naming another business day brings no rule back and none forward. */
static void a_rule_holds_on_the_day_it_is_used(void **state)
{
    struct db *db = test_db(state);
    int64_t rule_id, released;
    plain_rise(db);
    clock_freeze(vietnam_midnight_ms(day("2025-12-20")));
    MUST(propose(db, RULE_SECOND_REMOTE, 0, &rule_id));
    MUST(spike_rule_decide(db, SCENE_UNIT, rule_id, true, scene_actor(BINH), &err));
    assert_int_equal(apply(db, rule_id, "2026-01-05", &released), E_STATE);
    clock_freeze(vietnam_midnight_ms(day("2027-01-01")));
    assert_int_equal(apply(db, rule_id, "2026-12-31", &released), E_STATE);
    clock_freeze(vietnam_midnight_ms(day("2026-12-31")));
    assert_int_equal(apply(db, rule_id, "2026-12-31", &released), OK);
    clock_freeze(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_second_reading_is_named_in_the_record),
        ON_BOTH_STORES(a_copy_of_the_reading_is_no_second_one),
        ON_BOTH_STORES(the_multiplier_counts_in_what_went_on),
        ON_BOTH_STORES(an_exchanged_meter_is_not_proved_by_the_new_one),
        ON_BOTH_STORES(agreed_energy_is_not_proved_by_a_register),
        ON_BOTH_STORES(an_estimate_is_not_proved_by_a_register_that_stood_still),
        ON_BOTH_STORES(a_main_point_is_not_proved_by_its_own_meter),
        ON_BOTH_STORES(the_photo_is_named_in_the_record),
        ON_BOTH_STORES(the_reader_does_not_read_the_photo_again),
        ON_BOTH_STORES(nor_does_who_entered_the_reading),
        ON_BOTH_STORES(who_took_part_in_the_reading_is_told_so),
        ON_BOTH_STORES(daily_data_settle_within_the_tolerance),
        ON_BOTH_STORES(rebuilt_registers_do_not_prove_themselves),
        ON_BOTH_STORES(the_same_rise_last_year_settles),
        ON_BOTH_STORES(the_same_use_without_a_rise_does_not),
        ON_BOTH_STORES(a_rise_to_less_does_not),
        ON_BOTH_STORES(a_rise_of_our_own_closings_settles),
        ON_BOTH_STORES(a_tolerance_that_proves_nothing_is_refused),
        ON_BOTH_STORES(a_rule_holds_on_the_day_it_is_used),
    };
    return run_store_tests("metering spike_evidence", tests);
}
