/* SPDX-License-Identifier: Apache-2.0 */
/* Re-verification: steps of people, rules in bulk, last days; estimates with two persons. */
#include "base/clock.h"
#include "base/date.h"
#include "metering/book.h"
#include "metering/estimate.h"
#include "metering/history.h"
#include "metering/scene.h"
#include "metering/spike_work.h"

static struct err err;

enum { ANN = 2, BINH = 3, CHI = 4 };

static int32_t day(const char *text)
{
    int32_t number;
    assert_true(day_parse(str_of(text), &number));
    return number;
}

/* Points 11 (1.35 times), 12 (3.1 times), 13 (2 times): February closed, March closed. */
static void with_spikes(struct db *db)
{
    static const int64_t march[] = {1240000, 1420000, 1307000};
    scene_make(db);
    for (int64_t i = 0; i < 3; i++) {
        int64_t point = 11 + i;
        scene_point(db, point, "KT", 1);
        scene_read(db, point, point, "2026-01-30", "KT", "opening", 1000000);
        scene_read(db, point, point, "2026-02-28", "KT", "periodic", 1100000);
        scene_read(db, point, point, "2026-03-30", "KT", "periodic", march[i]);
    }
    struct closing_counts counts;
    MUST(scene_close(db, "2026-02", false, &counts, &err));
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    assert_int_equal(counts.spikes_held + counts.spikes_leader, 3);
}

static struct spike_case case_of(struct db *db, struct arena *arena, int64_t point_id)
{
    struct spike_case spike;
    MUST(spike_find(db, arena, SCENE_UNIT, point_id, scene_month("2026-03"), &spike, &err));
    return spike;
}

static err_t act(struct db *db, int64_t point_id, enum spike_action action, int64_t actor_id,
                 const char *evidence)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct spike_case spike = case_of(db, &arena, point_id);
    MUST(db_begin(db, &err));
    err_t e = spike_do(db, &spike, action, scene_actor(actor_id), str_of(evidence), S("lý do"),
                       &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    arena_release(&arena);
    return e;
}

static int64_t open_cases(struct db *db)
{
    return scene_i64(db, "SELECT count(*) FROM spike_case WHERE state <> 'released'");
}

static void below_three_times_one_person_confirms(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    assert_int_equal(act(db, 11, SPIKE_DO_CONFIRM, ANN, ""), E_INPUT);
    assert_int_equal(act(db, 11, SPIKE_DO_CONFIRM, ANN, "ảnh 30/3"), OK);
    assert_int_equal(open_cases(db), 2);
    assert_int_equal(act(db, 11, SPIKE_DO_CONFIRM, ANN, "ảnh"), E_STATE);
    assert_int_equal(scene_i64(db, "SELECT actor_id FROM spike_step WHERE step = 'confirm'"), ANN);
}

static void from_three_times_on_a_second_person_signs(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, BINH, "ảnh"), E_STATE);
    assert_int_equal(act(db, 12, SPIKE_DO_CONFIRM, ANN, "ảnh"), OK);
    assert_int_equal(open_cases(db), 3);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, ANN, "ảnh"), E_FORBIDDEN);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, BINH, "biên bản"), OK);
    assert_int_equal(open_cases(db), 2);
}

/* The doubt came after the confirmation: it is confirmed anew, then signed. */
static void a_check_ordered_since_takes_the_confirmation_away(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    assert_int_equal(act(db, 12, SPIKE_DO_CONFIRM, ANN, "ảnh"), OK);
    assert_int_equal(act(db, 12, SPIKE_DO_ORDER, CHI, "phiếu 8"), OK);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, BINH, "ảnh"), E_STATE);
    assert_int_equal(act(db, 12, SPIKE_DO_CONFIRM, ANN, "biên bản kiểm tra"), OK);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, BINH, "biên bản kiểm tra"), OK);
}

/* How many cases hold a bill and how many of them can be signed; the lists have as many. */
static void assert_waiting(struct db *db, int64_t holding, int64_t to_sign)
{
    struct arena arena;
    struct spike_filter filter = {
        .unit_id = SCENE_UNIT, .month = scene_month("2026-03"), .waiting = true, .limit = 10};
    struct spike_case *cases;
    int64_t counted = -1, counted_to_sign = -1;
    size_t count;
    arena_init(&arena, 1 << 20);
    MUST(spike_waiting(db, SCENE_UNIT, filter.month, &counted, &counted_to_sign, &err));
    assert_int_equal(counted, holding);
    assert_int_equal(counted_to_sign, to_sign);
    MUST(spike_list(db, &arena, &filter, &cases, &count, &err));
    assert_int_equal(count, holding);
    filter.to_sign = true;
    MUST(spike_list(db, &arena, &filter, &cases, &count, &err));
    assert_int_equal(count, to_sign);
    if (to_sign > 0) assert_int_equal(cases[0].point_id, 12);
    arena_release(&arena);
}

static void only_what_is_confirmed_waits_for_a_signature(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    assert_waiting(db, 3, 0);
    assert_int_equal(act(db, 12, SPIKE_DO_CONFIRM, ANN, "ảnh"), OK);
    assert_waiting(db, 3, 1);
    assert_int_equal(act(db, 12, SPIKE_DO_ORDER, CHI, "phiếu 8"), OK);
    assert_waiting(db, 3, 0);
    assert_int_equal(act(db, 12, SPIKE_DO_CONFIRM, ANN, "biên bản kiểm tra"), OK);
    assert_waiting(db, 3, 1);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, BINH, "biên bản kiểm tra"), OK);
    assert_waiting(db, 2, 0);
    assert_int_equal(act(db, 11, SPIKE_DO_CONFIRM, ANN, "ảnh"), OK); /* one person is enough */
    assert_waiting(db, 1, 0);
    assert_int_equal(act(db, 13, SPIKE_DO_CORRECT, ANN, "ảnh"), OK); /* held until it is mended */
    assert_waiting(db, 1, 0);
}

static void an_ordered_check_still_holds(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    assert_int_equal(act(db, 13, SPIKE_DO_ORDER, ANN, "phiếu 7"), OK);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_case WHERE state = 'ordered' AND "
                                   "holds = 1"), 1);
    assert_int_equal(act(db, 13, SPIKE_DO_CORRECT, BINH, "biên bản kiểm tra"), OK);
    assert_int_equal(act(db, 13, SPIKE_DO_CONFIRM, BINH, "ảnh"), E_STATE);
}

static void the_worst_case_comes_first(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct spike_filter filter = {.unit_id = SCENE_UNIT, .month = scene_month("2026-03"),
                                  .waiting = true, .limit = 10};
    struct spike_case *cases;
    size_t count;
    MUST(spike_list(db, &arena, &filter, &cases, &count, &err));
    assert_int_equal(count, 3);
    assert_int_equal(cases[0].point_id, 12);
    assert_int_equal(cases[1].point_id, 13);
    assert_int_equal(cases[2].point_id, 11);
    assert_true(str_equal(cases[0].point_code, S("P12")));
    filter.leader_only = true;
    MUST(spike_list(db, &arena, &filter, &cases, &count, &err));
    assert_int_equal(count, 1);
    arena_release(&arena);
}

/* Both opened the page while the case was open; the book was not touched in between. */
static void of_two_who_decide_at_once_the_second_is_refused(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct spike_case seen = case_of(db, &arena, 11);
    assert_int_equal(act(db, 11, SPIKE_DO_CORRECT, ANN, "ảnh"), OK);
    MUST(db_begin(db, &err));
    assert_int_equal(spike_do(db, &seen, SPIKE_DO_CONFIRM, scene_actor(BINH), S("ảnh"), S("lý do"),
                              &err),
                     E_STATE);
    db_rollback(db);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_case WHERE state = 'corrected'"), 1);
    arena_release(&arena);
}

static void a_list_goes_on_behind_the_case_it_ended_with(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    /* Two of one score follow each other by their points. */
    MUST(db_run(db, "UPDATE spike_case SET score = 5 WHERE point_id <> 13", NO_ARGS, NULL, &err));
    static const int64_t order[] = {13, 11, 12};
    struct spike_filter filter = {.unit_id = SCENE_UNIT, .month = scene_month("2026-03"),
                                  .waiting = true, .limit = 1};
    struct spike_case *cases, last;
    size_t count;
    for (size_t i = 0; i < ARRAY_COUNT(order); i++) {
        MUST(spike_list(db, &arena, &filter, &cases, &count, &err));
        assert_int_equal(count, 1);
        assert_int_equal(cases[0].point_id, order[i]);
        last = cases[0];
        filter.after = &last;
    }
    MUST(spike_list(db, &arena, &filter, &cases, &count, &err));
    assert_int_equal(count, 0);
    arena_release(&arena);
}

static void a_case_is_found_by_its_key_until_the_book_is_returned(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    struct arena arena;
    struct spike_case found;
    struct book book = scene_book();
    int32_t month = 0;
    bool any = false;
    arena_init(&arena, 1 << 20);
    struct spike_case key = case_of(db, &arena, 12);
    MUST(spike_get(db, &arena, &key, &found, &err));
    assert_int_equal(found.score, key.score);
    MUST(spike_last_month(db, SCENE_UNIT, &month, &any, &err));
    assert_true(any);
    assert_int_equal(month, scene_month("2026-03"));
    MUST(book_return(db, &book, key.month, 1, BOOK_ANY_CLOSING, S("đọc lại"), ANN, &err));
    assert_int_equal(spike_get(db, &arena, &key, &found, &err), E_NOT_FOUND);
    MUST(spike_last_month(db, SCENE_UNIT, &month, &any, &err));
    assert_false(any);
    arena_release(&arena);
}

/* Nobody else works at the unit: the second step is a confirmation on a later day. */
static void alone_the_signature_comes_on_a_later_day(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    scene_staff(db, 1);
    assert_int_equal(act(db, 12, SPIKE_DO_CONFIRM, 1, "ảnh"), OK);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, 1, "ảnh"), E_FORBIDDEN);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct spike_case spike = case_of(db, &arena, 12);
    MUST(db_begin(db, &err));
    MUST(spike_do(db, &spike, SPIKE_DO_SIGN, scene_actor_on(1, scene_actor(1)->day + 1), S("ảnh"),
                  S("lý do"), &err));
    MUST(db_commit(db, &err));
    arena_release(&arena);
    assert_int_equal(open_cases(db), 2);
}

static int64_t approved_rule(struct db *db, enum spike_rule_kind kind, bool waits)
{
    struct spike_rule rule = {.unit_id = SCENE_UNIT, .kind = kind,
                              .tolerance_ppm = kind == RULE_DAILY_AGREE ? 20000 : 0,
                              .waits = waits, .from_day = day("2026-01-01"),
                              .to_day = day("2027-01-01"), .document = S("QĐ 12/2026")};
    int64_t rule_id;
    MUST(db_begin(db, &err));
    MUST(spike_rule_propose(db, &rule, ANN, &rule_id, &err));
    MUST(db_commit(db, &err));
    assert_int_equal(spike_rule_decide(db, SCENE_UNIT, rule_id, true, scene_actor(ANN), &err),
                     E_FORBIDDEN);
    MUST(spike_rule_decide(db, SCENE_UNIT, rule_id, true, scene_actor(BINH), &err));
    return rule_id;
}

static err_t apply(struct db *db, int64_t rule_id, const char *on, struct spike_release *out)
{
    clock_freeze(vietnam_midnight_ms(day(on)));
    MUST(db_begin(db, &err));
    err_t e = spike_release_by_rule(db, SCENE_UNIT, scene_month("2026-03"), rule_id, day(on), CHI,
                                    out, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    clock_freeze(-1);
    return e;
}

static void a_rule_releases_what_last_year_explains(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    MUST(db_run(db, "UPDATE spike_case SET year_ago_wh = 180000, year_ago_days = 31", NO_ARGS, NULL,
                &err));
    char memory[HISTORY_MONTH_BYTES + 1];
    struct buf months;
    buf_init_fixed(&months, memory, sizeof memory);
    history_add(&months, scene_month("2025-02"), 28, 100000);
    for (int64_t point = 11; point <= 13; point++)
        MUST(db_run(db, "INSERT INTO point_history (unit_id, point_id, months) VALUES (7, $1, $2)",
                    ARGS(v_i64(point), v_blob(buf_str(&months))), NULL, &err));
    int64_t rule_id = approved_rule(db, RULE_SAME_RISE_LAST_YEAR, false);
    struct spike_release done;
    assert_int_equal(apply(db, rule_id, "2027-02-01", &done), E_STATE);
    assert_int_equal(apply(db, rule_id, "2026-04-01", &done), OK);
    /* From 3 times on no rule releases. */
    assert_int_equal(done.looked_at, 2);
    assert_int_equal(done.released, 2);
    assert_int_equal(open_cases(db), 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_step WHERE step = 'rule' AND "
                                   "reason = 'QĐ 12/2026'"), 2);
    struct spike_shares shares;
    MUST(spike_count(db, SCENE_UNIT, scene_month("2026-03"), &shares, &err));
    assert_int_equal(shares.cases, 3);
    assert_int_equal(shares.by_rule, 2);
    assert_int_equal(shares.waiting, 1);
}

static void a_second_remote_reading_settles_what_it_proves(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    /* 11 went on by 5 kWh in a day; 13 shows less than what was billed. */
    scene_read(db, 11, 11, "2026-03-31", "KT", "check", 1244000);
    scene_read(db, 13, 13, "2026-04-02", "KT", "check", 1207000);
    int64_t rule_id = approved_rule(db, RULE_SECOND_REMOTE, false);
    struct spike_release done;
    assert_int_equal(apply(db, rule_id, "2026-04-02", &done), OK);
    assert_int_equal(done.released, 1);
    assert_int_equal(scene_i64(db, "SELECT point_id FROM spike_case WHERE state = 'released'"), 11);
}

static void a_photo_read_again_settles_the_same_value(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    for (int64_t point = 11; point <= 13; point += 2) {
        MUST(db_run(db, "INSERT INTO photo (unit_id, month, point_id, sha256, installation_id, "
                        "book_id, serial, read_on, bytes, taken_at, received_at, offline, "
                        "mismatch, actor_id) VALUES (7, 202603, $1, "
                        "'0123456789012345678901234567890123456789012345678901234567890123', $2, "
                        "3, 'S', '2026-03-30', 9, 0, 0, 0, 0, 2)",
                    ARGS(v_i64(point), v_i64(point)), NULL, &err));
        MUST(db_run(db, "INSERT INTO photo_review (unit_id, month, point_id, sha256, entry_no, "
                        "register, index_wh, actor_id, at) VALUES (7, 202603, $1, "
                        "'0123456789012345678901234567890123456789012345678901234567890123', 1, "
                        "'KT', 1240000, 3, 0)", ARGS(v_i64(point)), NULL, &err));
    }
    int64_t rule_id = approved_rule(db, RULE_PHOTO_AGAIN, false);
    struct spike_release done;
    assert_int_equal(apply(db, rule_id, "2026-04-02", &done), OK);
    assert_int_equal(done.looked_at, 2);
    assert_int_equal(done.released, 1);
    assert_int_equal(scene_i64(db, "SELECT point_id FROM spike_case WHERE state = 'released'"), 11);
}

static void daily_data_that_agree_settle(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    for (int32_t on = day("2026-02-28"); on < day("2026-03-30"); on++) {
        char text[DATE_TEXT_BYTES];
        MUST(db_run(db, "INSERT INTO interval_day (unit_id, month, point_id, used_on, entry_no, "
                        "minutes, total_wh, energy_wh, batch_id) "
                        "VALUES (7, $1, 11, $2, 1, 30, 4650, $3, 1)",
                    ARGS(v_i64(month_to_number(month_of_day(on))), v_text(day_text(on, text)),
                         v_blob(S("x"))), NULL, &err));
    }
    int64_t rule_id = approved_rule(db, RULE_DAILY_AGREE, false);
    struct spike_release done;
    assert_int_equal(apply(db, rule_id, "2026-04-02", &done), OK);
    assert_int_equal(done.released, 1);
    assert_int_equal(scene_i64(db, "SELECT point_id FROM spike_case WHERE state = 'released'"), 11);
}

/* With the clock on that day, unless it stands still already. */
static struct spike_escalation escalate(struct db *db, const char *on)
{
    struct spike_escalation done;
    bool frozen = clock_is_frozen();
    if (!frozen) clock_freeze(vietnam_midnight_ms(day(on)));
    MUST(db_begin(db, &err));
    MUST(spike_escalate(db, SCENE_UNIT, day(on), CHI, &done, &err));
    MUST(db_commit(db, &err));
    if (!frozen) clock_freeze(-1);
    return done;
}

static void a_hold_is_escalated_and_ends_as_the_rule_says(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    assert_int_equal(escalate(db, "2026-04-02").escalated, 0);
    assert_int_equal(escalate(db, "2026-04-03").escalated, 3);
    assert_int_equal(escalate(db, "2026-04-04").escalated, 0);
    assert_int_equal(escalate(db, "2026-04-05").lapsed, 0);
    approved_rule(db, RULE_LAST_DAY, false);
    struct spike_escalation done = escalate(db, "2026-04-06");
    /* From 3 times on only a signature releases. */
    assert_int_equal(done.released, 2);
    assert_int_equal(done.lapsed, 1);
    assert_int_equal(scene_i64(db, "SELECT point_id FROM spike_case WHERE state = 'lapsed'"), 12);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_step WHERE step = 'lapse' AND "
                                   "rule_id IS NOT NULL"), 2);
    assert_int_equal(act(db, 12, SPIKE_DO_CONFIRM, ANN, "ảnh"), OK);
    assert_int_equal(act(db, 12, SPIKE_DO_SIGN, BINH, "biên bản"), OK);
    assert_int_equal(open_cases(db), 0);
}

/* Twice the use per day, released; then the same energy turns out to be of fewer days. */
static void a_release_is_of_its_days_too(void **state)
{
    struct db *db = test_db(state);
    scene_make(db);
    scene_point(db, 11, "KT", 1);
    scene_read(db, 11, 11, "2026-01-30", "KT", "opening", 1000000);
    scene_read(db, 11, 11, "2026-02-28", "KT", "periodic", 1100000);
    scene_read(db, 11, 11, "2026-03-30", "KT", "periodic", 1310000);
    struct closing_counts counts;
    struct book book = scene_book();
    MUST(scene_close(db, "2026-02", false, &counts, &err));
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    assert_int_equal(act(db, 11, SPIKE_DO_CONFIRM, ANN, "ảnh"), OK);
    MUST(book_return(db, &book, scene_month("2026-03"), 1, BOOK_ANY_CLOSING, S("ngày ghi sai"),
                     BINH, &err));
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    assert_int_equal(counts.carried_releases, 1);
    MUST(book_return(db, &book, scene_month("2026-03"), 1, BOOK_ANY_CLOSING, S("ngày ghi sai"),
                     BINH, &err));
    scene_not_read(db, 11, "2026-03-30", "locked");
    scene_read(db, 11, 11, "2026-03-20", "KT", "periodic", 1310000);
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    assert_int_equal(counts.carried_releases, 0);
    assert_int_equal(counts.spikes_leader, 1);
    assert_int_equal(scene_i64(db, "SELECT count(*) FROM spike_case WHERE state = 'open' AND "
                                   "leader_only = 1"), 1);
}

/* Nobody ends a hold before its day by naming a day to come. */
static void a_day_to_come_ends_no_hold(void **state)
{
    struct db *db = test_db(state);
    struct spike_escalation done;
    with_spikes(db);
    approved_rule(db, RULE_LAST_DAY, false);
    clock_freeze(vietnam_midnight_ms(day("2026-04-03")));
    MUST(db_begin(db, &err));
    assert_int_equal(spike_escalate(db, SCENE_UNIT, day("2026-04-06"), CHI, &done, &err), E_INPUT);
    db_rollback(db);
    clock_freeze(vietnam_midnight_ms(day("2027-01-02")));
    assert_int_equal(escalate(db, "2026-04-06").released, 0); /* the rule ended since */
    clock_freeze(-1);
}

static void without_a_rule_the_bill_waits(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    struct spike_escalation done = escalate(db, "2026-04-06");
    assert_int_equal(done.lapsed, 3);
    assert_int_equal(act(db, 11, SPIKE_DO_CONFIRM, ANN, "ảnh"), OK);
    assert_int_equal(open_cases(db), 2);
    /* Evidence that comes late settles below three times. */
    scene_read(db, 12, 12, "2026-04-02", "KT", "check", 1425000);
    scene_read(db, 13, 13, "2026-04-02", "KT", "check", 1317000);
    struct spike_release released;
    assert_int_equal(apply(db, approved_rule(db, RULE_SECOND_REMOTE, false), "2026-04-07",
                           &released), OK);
    assert_int_equal(released.released, 1);
    assert_int_equal(scene_i64(db, "SELECT point_id FROM spike_case WHERE state <> 'released'"),
                     12);
}

static void an_estimate_has_two_persons_and_a_ground(void **state)
{
    struct db *db = test_db(state);
    with_spikes(db);
    struct estimate estimate = {.unit_id = SCENE_UNIT, .point_id = 11,
                                .kind = ESTIMATE_PROVISIONAL, .reg = REGISTER_KT,
                                .from_day = day("2026-03-30"), .to_day = day("2026-04-30")};
    int64_t id;
    MUST(estimate_suggest(db, SCENE_UNIT, 11, estimate.kind, estimate.from_day, estimate.to_day,
                          &estimate.energy_wh, &err));
    /* 240 kWh over 59 days, for 31 days. */
    assert_int_equal(estimate.energy_wh, 126102);
    MUST(db_begin(db, &err));
    assert_int_equal(estimate_propose(db, &estimate, ANN, &id, &err), E_INPUT);
    estimate.ground = S("Hợp đồng điều 4");
    MUST(estimate_propose(db, &estimate, ANN, &id, &err));
    MUST(db_commit(db, &err));
    assert_int_equal(estimate_decide(db, SCENE_UNIT, id, true, scene_actor(ANN), &err),
                     E_FORBIDDEN);
    MUST(estimate_decide(db, SCENE_UNIT, id, true, scene_actor(BINH), &err));
    assert_int_equal(estimate_decide(db, SCENE_UNIT, id, false, scene_actor(CHI), &err),
                     E_STATE);
    struct closing_counts counts;
    MUST(scene_close(db, "2026-04", false, &counts, &err));
    assert_int_equal(counts.estimated, 1);
    assert_int_equal(counts.total_wh, 126102);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(below_three_times_one_person_confirms),
        ON_BOTH_STORES(from_three_times_on_a_second_person_signs),
        ON_BOTH_STORES(alone_the_signature_comes_on_a_later_day),
        ON_BOTH_STORES(a_check_ordered_since_takes_the_confirmation_away),
        ON_BOTH_STORES(only_what_is_confirmed_waits_for_a_signature),
        ON_BOTH_STORES(an_ordered_check_still_holds),
        ON_BOTH_STORES(the_worst_case_comes_first),
        ON_BOTH_STORES(of_two_who_decide_at_once_the_second_is_refused),
        ON_BOTH_STORES(a_list_goes_on_behind_the_case_it_ended_with),
        ON_BOTH_STORES(a_case_is_found_by_its_key_until_the_book_is_returned),
        ON_BOTH_STORES(a_rule_releases_what_last_year_explains),
        ON_BOTH_STORES(a_second_remote_reading_settles_what_it_proves),
        ON_BOTH_STORES(a_photo_read_again_settles_the_same_value),
        ON_BOTH_STORES(daily_data_that_agree_settle),
        ON_BOTH_STORES(a_hold_is_escalated_and_ends_as_the_rule_says),
        ON_BOTH_STORES(a_day_to_come_ends_no_hold),
        ON_BOTH_STORES(without_a_rule_the_bill_waits),
        ON_BOTH_STORES(a_release_is_of_its_days_too),
        ON_BOTH_STORES(an_estimate_has_two_persons_and_a_ground),
    };
    return run_store_tests("metering spike_work", tests);
}
