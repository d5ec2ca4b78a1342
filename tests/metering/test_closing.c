/* SPDX-License-Identifier: Apache-2.0 */
/* Closing a book: what is billed, what is left out, what is told, signed and given back. */
#include "base/clock.h"
#include "base/date.h"
#include "support/race.h"
#include "metering/scene.h"

#include "metering/estimate.h"

static struct err err;

static struct closing_counts close_ok(struct db *db, const char *month)
{
    struct closing_counts counts;
    MUST(scene_close(db, month, false, &counts, &err));
    return counts;
}

/* A point read on 30 January (opening) and on the days of February to April. */
static void with_months(struct db *db, int64_t point_id, int64_t feb, int64_t mar, int64_t apr)
{
    scene_point(db, point_id, "KT", 1);
    scene_read(db, point_id, point_id, "2026-01-30", "KT", "opening", 1000000);
    if (feb >= 0) scene_read(db, point_id, point_id, "2026-02-28", "KT", "periodic", feb);
    if (mar >= 0) scene_read(db, point_id, point_id, "2026-03-30", "KT", "periodic", mar);
    if (apr >= 0) scene_read(db, point_id, point_id, "2026-04-30", "KT", "periodic", apr);
}

static void months_follow_each_other(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, 1210000, 1300000);
    with_months(db, 12, 1050000, 1100000, 1150000);
    struct closing_counts counts = close_ok(db, "2026-02");
    assert_int_equal(counts.points, 2);
    assert_int_equal(counts.usages, 2);
    assert_int_equal(counts.first_bills, 2);
    assert_int_equal(counts.total_wh, 150000);
    counts = close_ok(db, "2026-03");
    assert_int_equal(counts.total_wh, 160000);
    assert_int_equal(counts.first_bills, 0);
    counts = close_ok(db, "2026-04");
    assert_int_equal(counts.total_wh, 140000);
    assert_int_equal(scene_i64(db, "SELECT total_wh FROM usage WHERE point_id = 11 AND "
                                   "month = 202603 AND from_on = '2026-02-28' AND "
                                   "to_on = '2026-03-30' AND before_wh = 100000 AND "
                                   "before_days = 29"), 110000);
}

static void a_period_is_closed_once_and_in_order(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, 1210000, -1);
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(scene_close(db, "2026-03", false, &counts, &err), E_STATE);
    assert_int_equal(scene_close(db, "2026-02", false, &counts, &err), E_STATE);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage"), 1);
}

static void an_exchange_is_two_pairs_in_one_bill(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, -1, -1);
    close_ok(db, "2026-02");
    scene_remove(db, 11, "2026-03-15");
    scene_read(db, 11, 11, "2026-03-15", "KT", "closing", 1141500);
    scene_hang(db, 11, 21, "KT", "2026-03-15");
    scene_read(db, 11, 21, "2026-03-15", "KT", "opening", 200);
    scene_read(db, 11, 21, "2026-03-30", "KT", "periodic", 88900);
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(counts.total_wh, 130200);
    scene_read(db, 11, 21, "2026-04-30", "KT", "periodic", 98900);
    counts = close_ok(db, "2026-04");
    assert_int_equal(counts.total_wh, 10000);
}

/* Read on the 28th, exchanged on 5 March, closed on the 6th: the reading ends February. */
static void an_exchange_behind_the_reading_waits_for_the_next_period(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, -1, -1);
    scene_remove(db, 11, "2026-03-05");
    scene_read(db, 11, 11, "2026-03-05", "KT", "closing", 1120000);
    scene_hang(db, 11, 21, "KT", "2026-03-05");
    scene_read(db, 11, 21, "2026-03-05", "KT", "opening", 0);
    struct closing_counts counts = close_ok(db, "2026-02");
    assert_int_equal(counts.left_out, 0);
    assert_int_equal(counts.total_wh, 100000);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage WHERE to_on = '2026-02-28'"), 1);
    scene_read(db, 11, 21, "2026-03-30", "KT", "periodic", 90000);
    counts = close_ok(db, "2026-03");
    assert_int_equal(counts.total_wh, 110000);
}

static void who_is_left_out_stays_listed_until_read(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, -1, 1400000);
    scene_not_read(db, 11, "2026-03-30", "flooded");
    close_ok(db, "2026-02");
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(counts.left_out, 1);
    assert_int_equal(counts.usages, 0);
    assert_int_equal(scene_i64(db, "SELECT in_a_row FROM metering_exception WHERE "
                                   "code = 'not_read' AND state = 'open'"), 1);
    counts = close_ok(db, "2026-04");
    assert_int_equal(counts.total_wh, 300000);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM metering_exception WHERE "
                                   "state = 'open'"), 0);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage WHERE from_on = '2026-02-28' AND "
                                   "to_on = '2026-04-30'"), 1);
}

static void a_supplement_closes_who_was_left_out(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, -1, -1);
    with_months(db, 12, 1100000, 1200000, -1);
    close_ok(db, "2026-02");
    close_ok(db, "2026-03");
    struct closing_counts counts;
    MUST(scene_close(db, "2026-03", true, &counts, &err));
    assert_int_equal(counts.usages, 0);
    scene_read(db, 11, 11, "2026-04-03", "KT", "periodic", 1230000);
    MUST(scene_close(db, "2026-03", true, &counts, &err));
    assert_int_equal(counts.usages, 1);
    assert_int_equal(scene_i64(db, "SELECT total_wh FROM usage WHERE period_no = 0 AND "
                                   "point_id = 11 AND closing_no = 2"), 130000);
    scene_read(db, 11, 11, "2026-04-30", "KT", "periodic", 1330000);
    scene_read(db, 12, 12, "2026-04-30", "KT", "periodic", 1300000);
    counts = close_ok(db, "2026-04");
    assert_int_equal(counts.total_wh, 200000);
}

static void a_final_reading_is_closed_on_any_day(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, -1, -1);
    close_ok(db, "2026-02");
    scene_read(db, 11, 11, "2026-03-12", "KT", "final", 1140000);
    MUST(db_run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                    "recorded_at, actor_id, value_i64) "
                    "VALUES (7, 11, 'agreement', '2026-03-12', 1, 'set', 1, 1, 12)", NO_ARGS, NULL,
                &err));
    struct closing_counts counts;
    MUST(scene_close(db, "2026-03", true, &counts, &err));
    assert_int_equal(counts.finals, 1);
    assert_int_equal(counts.total_wh, 40000);
    scene_read(db, 11, 11, "2026-03-30", "KT", "periodic", 1200000);
    counts = close_ok(db, "2026-03");
    assert_int_equal(counts.usages, 1);
    assert_int_equal(counts.total_wh, 60000);
    /* The new customer has no period before. */
    assert_int_equal(counts.first_bills, 1);
    assert_int_equal(scene_i64(db, "SELECT agreement_id FROM usage WHERE kind = 'final'"), 11);
    assert_int_equal(scene_i64(db, "SELECT agreement_id FROM usage WHERE period_no = 1 AND "
                                   "month = 202603"), 12);
}

static void a_return_takes_the_closing_back(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, 1300000, -1);
    close_ok(db, "2026-02");
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(counts.spikes_held, 1);
    struct book book = scene_book();
    int32_t march = scene_month("2026-03");
    assert_int_equal(book_return(db, &book, march, 1, BOOK_ANY_CLOSING, S(""), SCENE_ACTOR, &err),
                     E_INPUT);
    MUST(book_return(db, &book, march, 1, BOOK_ANY_CLOSING, S("ghi nhầm"), SCENE_ACTOR, &err));
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_case WHERE state = 'void'"), 1);
    scene_read(db, 11, 11, "2026-03-30", "KT", "periodic", 1200000);
    counts = close_ok(db, "2026-03");
    assert_int_equal(counts.closing_no, 2);
    assert_int_equal(counts.total_wh, 100000);
    assert_int_equal(counts.spikes_held, 0);
    scene_read(db, 11, 11, "2026-04-30", "KT", "periodic", 1290000);
    counts = close_ok(db, "2026-04");
    assert_int_equal(counts.total_wh, 90000);
    assert_int_equal(scene_i64(db, "SELECT before_wh FROM usage WHERE month = 202604"), 100000);
}

static void a_release_survives_a_return_with_the_same_figures(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, 1300000, -1);
    with_months(db, 12, 1100000, 1300000, -1);
    close_ok(db, "2026-02");
    close_ok(db, "2026-03");
    MUST(db_run(db, "UPDATE spike_case SET state = 'released'", NO_ARGS, NULL, &err));
    struct book book = scene_book();
    MUST(book_return(db, &book, scene_month("2026-03"), 1, BOOK_ANY_CLOSING, S("sửa"), SCENE_ACTOR,
                     &err));
    scene_read(db, 12, 12, "2026-03-30", "KT", "periodic", 1280000);
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(counts.spikes_held, 2);
    assert_int_equal(counts.carried_releases, 1);
    assert_int_equal(scene_i64(db, "SELECT point_id FROM spike_case WHERE state = 'open'"), 12);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_step WHERE step = 'carry' AND "
                                   "point_id = 11"), 1);
}

static err_t sign(struct db *db, enum signature signature, const struct actor *actor)
{
    struct book book = scene_book();
    return book_sign(db, &book, scene_month("2026-02"), 1, BOOK_ANY_CLOSING, signature, actor,
                     &err);
}

static void three_signatures_of_three_persons(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_staff(db, 4);
    with_months(db, 11, 1100000, -1, -1);
    struct book book = scene_book();
    assert_int_equal(sign(db, SIGN_READER, scene_actor(2)), E_STATE);
    close_ok(db, "2026-02");
    assert_int_equal(sign(db, SIGN_TEAM_LEADER, scene_actor(3)), E_STATE);
    MUST(sign(db, SIGN_READER, scene_actor(2)));
    assert_int_equal(sign(db, SIGN_TEAM_LEADER, scene_actor(2)), E_FORBIDDEN);
    MUST(sign(db, SIGN_TEAM_LEADER, scene_actor(3)));
    MUST(sign(db, SIGN_BILLING_LEADER, scene_actor(4)));
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM book_period WHERE state = 'signed'"), 1);
    MUST(book_return(db, &book, scene_month("2026-02"), 1, BOOK_ANY_CLOSING, S("thiếu ảnh"), 4,
                     &err));
    close_ok(db, "2026-02");
    MUST(sign(db, SIGN_READER, scene_actor(2)));
    /* close, three signatures, return, close, signature */
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'metering'"),
                     7);
}

/* ---- two browsers ------------------------------------------------------------------------- */

static err_t sign_at_once(struct db *db, void *context, struct err *why)
{
    const struct actor *actor = context;
    struct book book = scene_book();
    return book_sign(db, &book, scene_month("2026-02"), 1, 1, SIGN_READER, actor, why);
}

static void of_two_who_sign_at_once_one_is_told(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_staff(db, 4);
    with_months(db, 11, 1100000, -1, -1);
    close_ok(db, "2026-02");
    struct actor second = *scene_actor(2), third = *scene_actor(3);
    struct test_racer racers[] = {{.context = &second}, {.context = &third}};
    test_race(state, sign_at_once, racers, ARRAY_COUNT(racers));
    size_t winner = racers[0].e == OK ? 0 : 1;
    assert_int_equal(racers[winner].e, OK);
    assert_int_equal(racers[1 - winner].e, E_STATE);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM book_step WHERE step = 'sign_reader'"), 1);
    /* The store itself takes no second one. */
    assert_int_equal(db_run(db,
                            "INSERT INTO book_step (unit_id, book_id, month, period_no, step_no, "
                            "step, closing_no, counts, reason, actor_id, at) SELECT unit_id, "
                            "book_id, month, period_no, step_no + 10, step, closing_no, counts, "
                            "reason, actor_id, at FROM book_step WHERE step = 'sign_reader'",
                            NO_ARGS, NULL, &err),
                     E_CONFLICT);
}

static void only_what_was_seen_is_signed_or_returned(void **state)
{
    struct db *db = test_db(state);
    struct book book = scene_book();
    int32_t month = scene_month("2026-02");
    scene_make(db);
    scene_staff(db, 4);
    with_months(db, 11, 1100000, -1, -1);
    close_ok(db, "2026-02");
    MUST(book_return(db, &book, month, 1, 1, S("đọc lại"), 4, &err));
    close_ok(db, "2026-02");
    assert_int_equal(book_sign(db, &book, month, 1, 1, SIGN_READER, scene_actor(2), &err),
                     E_CONFLICT);
    assert_int_equal(book_return(db, &book, month, 1, 1, S("đọc lại"), 4, &err), E_CONFLICT);
    MUST(book_sign(db, &book, month, 1, 2, SIGN_READER, scene_actor(2), &err));
}

/* A co-operative of one: two signatures at once, the last one confirms on a later day. */
static void one_person_signs_on_two_days(void **state)
{
    struct db *db = test_db(state);
    int32_t day = vietnam_day(clock_now_ms());
    scene_make(db);
    scene_staff(db, 1);
    with_months(db, 11, 1100000, -1, -1);
    close_ok(db, "2026-02");
    MUST(sign(db, SIGN_READER, scene_actor_on(1, day)));
    MUST(sign(db, SIGN_TEAM_LEADER, scene_actor_on(1, day)));
    assert_int_equal(sign(db, SIGN_BILLING_LEADER, scene_actor_on(1, day)), E_FORBIDDEN);
    assert_true(err.vi.hint[0] != '\0');
    MUST(sign(db, SIGN_BILLING_LEADER, scene_actor_on(1, day + 1)));
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM book_step WHERE reason = 'later_day'"), 2);
}

/* Of two persons neither may sign twice before the other has signed. */
static void two_persons_share_three_signatures(void **state)
{
    struct db *db = test_db(state);
    int32_t day = vietnam_day(clock_now_ms());
    scene_make(db);
    scene_staff(db, 2);
    with_months(db, 11, 1100000, -1, -1);
    close_ok(db, "2026-02");
    MUST(sign(db, SIGN_READER, scene_actor_on(1, day)));
    assert_int_equal(sign(db, SIGN_TEAM_LEADER, scene_actor_on(1, day + 1)), E_FORBIDDEN);
    MUST(sign(db, SIGN_TEAM_LEADER, scene_actor_on(2, day)));
    assert_int_equal(sign(db, SIGN_BILLING_LEADER, scene_actor_on(2, day)), E_FORBIDDEN);
    MUST(sign(db, SIGN_BILLING_LEADER, scene_actor_on(2, day + 1)));
}

static void a_rise_is_held_and_a_fall_is_told(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, 1240000, -1); /* 4.67 kWh a day after 3.45: 1.35 times */
    with_months(db, 12, 1100000, 1420000, -1); /* 3.1 times */
    with_months(db, 13, 1100000, 1130000, -1); /* less than half */
    with_months(db, 14, 1100000, 1100000, -1); /* nothing */
    with_months(db, 15, 1100000, 1131000, -1);
    close_ok(db, "2026-02");
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(counts.spikes_held, 1);
    assert_int_equal(counts.spikes_leader, 1);
    assert_int_equal(counts.told, 3);
    assert_int_equal(scene_i64(db, "SELECT leader_only FROM spike_case WHERE point_id = 12"), 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_case WHERE point_id = 11 AND "
                                   "holds = 1 AND last_on = '2026-04-05' AND "
                                   "escalate_on = '2026-04-03'"), 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM metering_exception WHERE point_id = 14 "
                                   "AND code = 'zero' AND blocks = 0"), 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage WHERE month = 202603"), 5);
}

static void last_year_and_packed_history_stand_beside(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1130000, -1, -1);
    /* 202502: 28 days, 120 kWh; 202601: 31 days, 100 kWh. */
    static const char packed[] = "\x06\x17\x03\0" "\x1c\0\0\0" "\xc0\xd4\1\0\0\0\0\0"
                                 "\x69\x17\x03\0" "\x1f\0\0\0" "\xa0\x86\1\0\0\0\0\0";
    MUST(db_run(db, "INSERT INTO point_history (unit_id, point_id, months) VALUES (7, 11, $1)",
                ARGS(v_blob(((struct str){packed, 32}))), NULL, &err));
    struct closing_counts counts = close_ok(db, "2026-02");
    assert_int_equal(counts.first_bills, 0);
    assert_int_equal(counts.spikes_held, 1);
    assert_int_equal(scene_i64(db, "SELECT year_ago_wh FROM spike_case WHERE before_wh = 100000 "
                                   "AND before_days = 31"), 120000);
}

static void an_estimate_needs_approval_and_is_settled(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, -1, 1300000);
    close_ok(db, "2026-02");
    MUST(db_run(db, "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, "
                    "from_on, to_on, energy_wh, ground, state, proposed_by, proposed_at, "
                    "decided_by, decided_at) VALUES (7, 1, 11, 'provisional', 'KT', '2026-02-28', "
                    "'2026-03-30', 90000, 'Hợp đồng điều 5', 'approved', 1, 0, 2, 0)", NO_ARGS,
                NULL, &err));
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(counts.estimated, 1);
    assert_int_equal(counts.total_wh, 90000);
    counts = close_ok(db, "2026-04");
    assert_int_equal(counts.total_wh, 110000);
    assert_int_equal(counts.estimated, 0);
    assert_int_equal(scene_i64(db, "SELECT read_wh FROM estimate_settlement WHERE estimate_id = 1 "
                                   "AND manner = 'reading' AND month = 202604 AND owed_wh = 90000 "
                                   "AND from_on = '2026-02-28' AND to_on = '2026-04-30' AND "
                                   "actor_id = 1 AND ground = 'Hợp đồng điều 5'"), 200000);
}

static struct estimate estimate_of(struct db *db, struct arena *arena)
{
    struct estimate estimate;
    MUST(estimate_get(db, arena, SCENE_UNIT, 1, &estimate, &err));
    return estimate;
}

/* Settled by name, the next reading takes off what was agreed; a returned book is no settlement. */
static void an_estimate_may_be_settled_by_name(void **state)
{
    struct db *db = test_db(state);
    struct arena arena;
    int64_t wh = 0;
    scene_make(db);
    arena_init(&arena, 1 << 20);
    with_months(db, 11, 1100000, -1, 1300000);
    close_ok(db, "2026-02");
    MUST(db_run(db, "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, "
                    "from_on, to_on, energy_wh, ground, state, proposed_by, proposed_at, "
                    "decided_by, decided_at) VALUES (7, 1, 11, 'provisional', 'KT', '2026-02-28', "
                    "'2026-03-30', 90000, 'Hợp đồng điều 5', 'approved', 1, 0, 2, 0)", NO_ARGS,
                NULL, &err));
    struct estimate estimate = estimate_of(db, &arena);
    assert_int_equal(estimate.stage, ESTIMATE_APPROVED);
    assert_int_equal(estimate_may_settle(&estimate, &err), E_STATE);
    close_ok(db, "2026-03");
    estimate = estimate_of(db, &arena);
    assert_int_equal(estimate.stage, ESTIMATE_BILLED);
    assert_true(estimate_is_open(&estimate));
    /* 200 kWh in 61 days, 30 of them estimated. */
    MUST(estimate_spread(db, &estimate, &wh, &err));
    assert_int_equal(wh, 98361);
    MUST(db_begin(db, &err));
    assert_int_equal(estimate_settle(db, &estimate, true, wh, S(""), S(""), 1, &err), E_INPUT);
    MUST(estimate_settle(db, &estimate, true, wh, S("Biên bản 7"), S(""), 1, &err));
    MUST(db_commit(db, &err));
    estimate = estimate_of(db, &arena);
    assert_true(str_equal(estimate.settlement.manner, S("spread")));
    assert_int_equal(estimate_may_settle(&estimate, &err), E_STATE);
    assert_int_equal(close_ok(db, "2026-04").total_wh, 200000 - 98361);
    estimate = estimate_of(db, &arena);
    assert_true(str_equal(estimate.settlement.manner, S("reading")));
    assert_int_equal(estimate.settlement.owed_wh, 98361);
    struct book book = scene_book();
    MUST(
        book_return(db, &book, scene_month("2026-04"), 1, BOOK_ANY_CLOSING, S("đọc lại"), 2, &err));
    estimate = estimate_of(db, &arena);
    assert_true(str_equal(estimate.settlement.manner, S("spread")));
    arena_release(&arena);
}

static void a_sub_meter_is_taken_off_the_main_one(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1500000, 1900000, -1);
    with_months(db, 12, 1100000, -1, -1);
    with_months(db, 13, 1020000, 1050000, -1);
    MUST(db_run(db, "INSERT INTO point_relation_fact (unit_id, point_id, other_point_id, kind, "
                    "valid_from, entry_no, state, recorded_at, actor_id) VALUES "
                    "(7, 11, 12, 'sub', '2026-01-01', 1, 'set', 1, 1), "
                    "(7, 12, 13, 'sub', '2026-01-01', 1, 'set', 1, 1)", NO_ARGS, NULL, &err));
    struct closing_counts counts = close_ok(db, "2026-02");
    assert_int_equal(counts.usages, 3);
    assert_int_equal(scene_i64(db, "SELECT total_wh FROM usage WHERE point_id = 11"), 400000);
    assert_int_equal(scene_i64(db, "SELECT total_wh FROM usage WHERE point_id = 12"), 80000);
    assert_int_equal(scene_i64(db, "SELECT metered_wh FROM usage WHERE point_id = 11"), 500000);
    /* Without the sub reading neither of the two mains can be closed. */
    counts = close_ok(db, "2026-03");
    assert_int_equal(counts.left_out, 2);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM metering_exception WHERE point_id = 11 "
                                   "AND code = 'sub_missing'"), 1);
}

/* All that the main meter showed in March was used behind the sub meter. */
static void a_main_point_without_use_of_its_own_is_told(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1500000, 1900000, -1);
    with_months(db, 12, 1100000, 1500000, -1);
    MUST(db_run(db, "INSERT INTO point_relation_fact (unit_id, point_id, other_point_id, kind, "
                    "valid_from, entry_no, state, recorded_at, actor_id) VALUES "
                    "(7, 11, 12, 'sub', '2026-01-01', 1, 'set', 1, 1)", NO_ARGS, NULL, &err));
    close_ok(db, "2026-02");
    struct closing_counts counts = close_ok(db, "2026-03");
    assert_int_equal(counts.told, 1);
    assert_int_equal(counts.spikes_leader, 1);
    assert_int_equal(scene_i64(db, "SELECT point_id FROM metering_exception WHERE code = 'zero'"),
                     11);
}

/* Prices change on 10 February: a chain of sub meters, all read that day, then without the last. */
static void a_chain_is_split_where_all_were_read(void **state)
{
    struct db *db = test_db(state);
    const int32_t change = day_from_civil(2026, 2, 10);
    struct closing_request request = {.book = scene_book(), .month = scene_month("2026-02"),
                                      .period_no = 1, .actor_id = SCENE_ACTOR,
                                      .change_days = &change, .change_day_count = 1};
    struct closing_counts counts;
    scene_make(db);
    with_months(db, 14, 1500000, -1, -1);
    with_months(db, 12, 1100000, -1, -1);
    with_months(db, 13, 1020000, -1, -1);
    MUST(db_run(db, "INSERT INTO point_relation_fact (unit_id, point_id, other_point_id, kind, "
                    "valid_from, entry_no, state, recorded_at, actor_id) VALUES "
                    "(7, 14, 12, 'sub', '2026-01-01', 1, 'set', 1, 1), "
                    "(7, 12, 13, 'sub', '2026-01-01', 1, 'set', 1, 1)", NO_ARGS, NULL, &err));
    scene_read(db, 14, 14, "2026-02-10", "KT", "check", 1200000);
    scene_read(db, 12, 12, "2026-02-10", "KT", "check", 1060000);
    scene_read(db, 13, 13, "2026-02-10", "KT", "check", 1015000);
    MUST(closing_run(db, &request, &counts, &err));
    assert_int_equal(counts.told, 0);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage WHERE point_id = 14 AND detail LIKE "
                                   "'%\"read_on_change\":[{\"date\":\"2026-02-10\",\"usage\":"
                                   "{\"kwh\":\"140\"}}]%'"), 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage WHERE point_id = 12 AND detail LIKE "
                                   "'%{\"kwh\":\"45\"}}]%' AND detail LIKE "
                                   "'%\"metered\":{\"KT\":\"60\"}%'"), 1);
    struct book book = scene_book();
    MUST(book_return(db, &book, request.month, 1, BOOK_ANY_CLOSING, S("đọc lại"), 2, &err));
    scene_read(db, 13, 13, "2026-02-10", "KT", "check", 1025000); /* above the present reading */
    MUST(closing_run(db, &request, &counts, &err));
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM metering_exception WHERE closing_no = 2 "
                                   "AND code = 'change_reading' AND blocks = 0"), 2);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage WHERE closing_no = 2 AND detail "
                                   "LIKE '%read_on_change%'"), 1);
}

static void agreed_energy_without_a_meter(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, NULL, 1);
    scene_point(db, 12, NULL, 1);
    scene_fact(db, 11, "unmetered_wh", 45000);
    struct closing_counts counts = close_ok(db, "2026-02");
    assert_int_equal(counts.total_wh, 45000);
    assert_int_equal(counts.left_out, 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM usage WHERE point_id = 11 AND "
                                   "from_on = '2026-01-30' AND to_on = '2026-02-28'"), 1);
    counts = close_ok(db, "2026-03");
    assert_int_equal(counts.total_wh, 45000);
}

static void a_point_that_moved_keeps_its_past(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    with_months(db, 11, 1100000, 1200000, -1);
    close_ok(db, "2026-02");
    MUST(db_run(db, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, "
                    "created_at) VALUES (7, 4, 'B2', 'Sổ 2', 1, 30, 0)", NO_ARGS, NULL, &err));
    MUST(db_run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                    "recorded_at, actor_id, value_i64) "
                    "VALUES (7, 11, 'book', '2026-03-01', 1, 'set', 1, 1, 4)", NO_ARGS, NULL,
                &err));
    struct closing_request request = {.book = scene_book(), .month = scene_month("2026-03"),
                                      .period_no = 1, .actor_id = SCENE_ACTOR};
    request.book.book_id = 4;
    struct closing_counts counts;
    MUST(closing_run(db, &request, &counts, &err));
    assert_int_equal(counts.total_wh, 100000);
    assert_int_equal(counts.first_bills, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(months_follow_each_other),
        ON_BOTH_STORES(a_period_is_closed_once_and_in_order),
        ON_BOTH_STORES(an_exchange_is_two_pairs_in_one_bill),
        ON_BOTH_STORES(an_exchange_behind_the_reading_waits_for_the_next_period),
        ON_BOTH_STORES(who_is_left_out_stays_listed_until_read),
        ON_BOTH_STORES(a_supplement_closes_who_was_left_out),
        ON_BOTH_STORES(a_final_reading_is_closed_on_any_day),
        ON_BOTH_STORES(a_return_takes_the_closing_back),
        ON_BOTH_STORES(a_release_survives_a_return_with_the_same_figures),
        ON_BOTH_STORES(three_signatures_of_three_persons),
        ON_BOTH_STORES(of_two_who_sign_at_once_one_is_told),
        ON_BOTH_STORES(only_what_was_seen_is_signed_or_returned),
        ON_BOTH_STORES(one_person_signs_on_two_days),
        ON_BOTH_STORES(two_persons_share_three_signatures),
        ON_BOTH_STORES(a_rise_is_held_and_a_fall_is_told),
        ON_BOTH_STORES(last_year_and_packed_history_stand_beside),
        ON_BOTH_STORES(an_estimate_needs_approval_and_is_settled),
        ON_BOTH_STORES(an_estimate_may_be_settled_by_name),
        ON_BOTH_STORES(a_sub_meter_is_taken_off_the_main_one),
        ON_BOTH_STORES(a_main_point_without_use_of_its_own_is_told),
        ON_BOTH_STORES(a_chain_is_split_where_all_were_read),
        ON_BOTH_STORES(agreed_energy_without_a_meter),
        ON_BOTH_STORES(a_point_that_moved_keeps_its_past),
    };
    return run_store_tests("metering closing", tests);
}
