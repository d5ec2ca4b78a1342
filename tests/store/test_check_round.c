/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds of invariants: each check is asked once, its result stays, a day passes between two; and
 * what happened since a moment is counted by kind. */
#include "support/stores.h"

#include "base/clock.h"
#include "store/check_round.h"
#include "store/event.h"

enum { LEASE_MS = 60000 };

static struct err err;
static struct arena arena = {.limit_bytes = 8 << 20};

static const struct check holds = {
    .name = "a.holds", .vi = "đúng", .en = "true", .sql = "SELECT 'x' WHERE 1 = 0"};
static const struct check fails = {
    .name = "b.fails",
    .vi = "sai",
    .en = "false",
    .sql = "SELECT 'first' AS name UNION ALL SELECT 'second' ORDER BY name"};
static const struct check *const two[] = {&holds, &fails};
static const struct check_list list = {two, ARRAY_COUNT(two)};

static int64_t work(struct db *db)
{
    int64_t done = 0;
    MUST(check_work(db, &list, LEASE_MS, &done, &err));
    return done;
}

static struct check_round last(struct db *db)
{
    struct check_round round;
    arena_reset(&arena);
    MUST(check_round_last(db, &arena, &round, &err));
    return round;
}

static void a_round_asks_each_check_once(void **state)
{
    struct db *db = test_db(state);
    bool begun = false;
    assert_false(last(db).known);
    assert_int_equal(work(db), 0);
    MUST(check_ask(db, &list, 7, 1000, &begun, &err));
    assert_true(begun);
    assert_false(last(db).result[0].answered);
    MUST(check_ask(db, &list, 7, 1001, &begun, &err));
    assert_false(begun);
    assert_int_equal(work(db), 1);
    assert_int_equal(work(db), 1);
    assert_int_equal(work(db), 0);
    struct check_round round = last(db);
    assert_int_equal(round.count, 2);
    assert_int_equal(round.asked_by, 7);
    assert_int_equal(round.result[0].found, 0);
    assert_int_equal(round.result[1].found, 2);
    assert_true(round.result[1].answered && round.result[1].answered_at_ms > 0);
    assert_true(str_equal(round.result[1].shown, S("first\nsecond")));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM work"), 0);
    /* While the next one is asked the whole last one is shown. */
    MUST(check_ask(db, &list, 8, 2000, &begun, &err));
    work(db);
    assert_int_equal(last(db).asked_by, 7);
    work(db);
    assert_int_equal(last(db).asked_by, 8);
}

static void a_day_passes_between_two_rounds(void **state)
{
    struct db *db = test_db(state);
    int64_t now_ms = clock_now_ms(), waiting = 0;
    MUST(check_ask_daily(db, &list, now_ms, &err));
    MUST(check_waiting(db, &waiting, &err));
    assert_int_equal(waiting, 0); /* the store was made just now */
    now_ms += CHECK_DAY_MS + 60000;
    for (int day = 0; day < 3; day++) {
        MUST(check_ask_daily(db, &list, now_ms, &err));
        MUST(check_ask_daily(db, &list, now_ms + 1, &err));
        while (work(db) > 0) continue;
        MUST(check_ask_daily(db, &list, now_ms + CHECK_DAY_MS - 1, &err));
        MUST(check_waiting(db, &waiting, &err));
        assert_int_equal(waiting, 0);
        assert_int_equal(last(db).asked_at_ms, now_ms);
        now_ms += CHECK_DAY_MS;
        /* As if many days had passed. */
        if (day == 1) run_sql(db, "UPDATE check_round SET round_no = 31 WHERE round_no = 2");
        if (day == 1) run_sql(db, "UPDATE check_result SET round_no = 31 WHERE round_no = 2");
    }
    assert_int_equal(last(db).round_no, 32);
    assert_int_equal(ask_i64(db, "SELECT min(round_no) FROM check_round"), 31);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM check_result"), 4);
}

/* ---- events ------------------------------------------------------------------------------ */

struct counted {
    int64_t a, b, others;
};

static void count(void *context, struct str topic, int64_t number)
{
    struct counted *counted = context;
    if (str_equal(topic, S("a"))) counted->a += number;
    else if (str_equal(topic, S("b"))) counted->b += number;
    else counted->others += number;
}

static struct counted since(struct db *db, int64_t since_ms)
{
    struct counted counted = {0};
    MUST(event_count_since(db, 1, since_ms, count, &counted, &err));
    return counted;
}

struct told {
    int64_t events[8]; /* by their numbers */
    size_t count;
    int64_t last_position;
};

static void tell(void *context, const struct event *event)
{
    struct told *told = context;
    assert_true(str_equal(event->topic, S("a")) && told->count < 8);
    told->events[told->count++] = event->event_id;
    told->last_position = event->position;
}

static struct told told_since(struct db *db, int64_t since_ms, int64_t before_position,
                              int64_t before_event)
{
    struct told told = {.count = 0};
    const struct event_question question = {.unit_id = 1,
                                            .topic = S("a"),
                                            .since_ms = since_ms,
                                            .before_position = before_position,
                                            .before_event = before_event,
                                            .most = 3};
    MUST(event_since(db, &question, tell, &told, &err));
    return told;
}

static void events_are_counted_since_a_moment(void **state)
{
    struct db *db = test_db(state);
    assert_int_equal(since(db, 0).a, 0);
    for (int64_t position = 1; position <= 10; position++)
        MUST(db_run(db,
                    "INSERT INTO event (unit_id, position, event_id, topic, subject_id, payload, "
                    "recorded_at) VALUES (1, $1, $2, $3, 0, '{}', $4)",
                    ARGS(v_i64(position), v_i64(position), v_text(position % 2 ? S("a") : S("b")),
                         v_i64(position * 10)),
                    NULL, &err));
    run_sql(db, "INSERT INTO event_sequencer (unit_id, position) VALUES (1, 10)");
    run_sql(db, "INSERT INTO event_new (unit_id, recorded_at, event_id, topic, subject_id, payload)"
                " VALUES (1, 105, 11, 'a', 0, '{}'), (1, 5, 12, 'a', 0, '{}'), "
                "(2, 105, 13, 'a', 0, '{}')");
    struct counted all = since(db, 0), late = since(db, 71), none = since(db, 1000);
    assert_int_equal(all.a, 7);
    assert_int_equal(all.b, 5);
    assert_int_equal(late.a, 2);
    /* One by one: the latest first, those without a position in front. */
    struct told page = told_since(db, 20, 0, 0);
    assert_int_equal(page.count, 3);
    assert_int_equal(page.events[0], 11);
    assert_int_equal(page.events[1], 9);
    assert_int_equal(page.last_position, 7);
    page = told_since(db, 20, page.last_position, 0);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.events[0], 5);
    assert_int_equal(page.events[1], 3);
    page = told_since(db, 0, 0, 0);
    assert_int_equal(page.events[0], 12);
    page = told_since(db, 0, 0, 12); /* a page that ended among those without a position */
    assert_int_equal(page.events[0], 11);
    assert_int_equal(page.events[1], 9);
    assert_int_equal(late.b, 2);
    assert_int_equal(none.a + none.b + none.others, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_round_asks_each_check_once),
        ON_BOTH_STORES(a_day_passes_between_two_rounds),
        ON_BOTH_STORES(events_are_counted_since_a_moment),
    };
    return run_store_tests("store check round", tests);
}
