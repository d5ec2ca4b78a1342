/* SPDX-License-Identifier: Apache-2.0 */
/* Two connections that do the same at the same moment: it is done once, and both learn what became
 * of it. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/bill_order.h"
#include "billing/fee_bill.h"
#include "billing/run.h"
#include "billing/supplement_order.h"
#include "support/race.h"

enum { RACES = 4, RACERS = 2, RACE_ARENA_BYTES = 64 * 1024 * 1024, CODE_BYTES = 64 };

static struct err err;

struct racer {
    struct db *db; /* its own, while it runs */
    struct arena arena;
    const struct actor *actor;
    const char *subject; /* what is done something with */
    err_t (*work)(struct racer *racer, struct err *err);
    int64_t answer;
    err_t e;
    struct err why;
};

static err_t start(struct db *db, void *context, struct err *why)
{
    struct racer *racer = context;
    racer->db = db;
    return racer->work(racer, why);
}

/* actor[i] is who the i-th is. */
static void race(void **state, err_t work(struct racer *racer, struct err *err),
                 const struct actor *const actor[RACERS], const char *subject,
                 struct racer racer[RACERS])
{
    struct test_racer ran[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racer[i] = (struct racer){.actor = actor[i], .subject = subject, .work = work};
        arena_init(&racer[i].arena, RACE_ARENA_BYTES);
        ran[i] = (struct test_racer){.context = &racer[i]};
    }
    test_race(state, start, ran, RACERS);
    for (int i = 0; i < RACERS; i++) {
        racer[i].e = ran[i].e;
        racer[i].why = ran[i].why;
        arena_release(&racer[i].arena);
    }
}

static void race_of_one(void **state, struct scene *scene,
                        err_t work(struct racer *racer, struct err *err), const char *subject,
                        struct racer racer[RACERS])
{
    const struct actor *const both[RACERS] = {&scene->first, &scene->first};
    race(state, work, both, subject, racer);
    for (int i = 0; i < RACERS; i++) check_ok(racer[i].e, &racer[i].why);
}

static const char *text_of(const char *format, int n, char memory[CODE_BYTES])
{
    struct buf text;
    buf_init_fixed(&text, memory, CODE_BYTES - 1);
    buf_add(&text, str_of(format));
    buf_add_i64(&text, n);
    assert_false(text.failed);
    memory[text.n] = '\0';
    return memory;
}

/* ---- orders ------------------------------------------------------------------------------ */

static err_t order_supplement(struct racer *racer, struct err *why)
{
    struct supplement_proposal proposal;
    struct supplement_order order = {
        .point_code = S("DD00000000001"), .from_day = day_from_civil(2026, 9, 30),
        .to_day = day_from_civil(2026, 10, 31), .total_wh = 50000, .reactive_varh = -1,
        .cause = S("not_measured"), .settlement_day = -1, .ground = str_of(racer->subject),
        .key = str_of(racer->subject)};
    err_t e = supplement_propose(racer->db, racer->actor, &racer->arena, &order, false, &proposal,
                                 why);
    if (e == OK) racer->answer = proposal.repeated;
    return e;
}

static err_t order_fee(struct racer *racer, struct err *why)
{
    struct fee_proposal proposal;
    struct fee_order order = {.point_code = S("DD00000000003"), .code = S("reconnection"),
                              .day = day_from_civil(2026, 5, 20), .voltage = S("LE038"),
                              .residential = true, .key = str_of(racer->subject)};
    err_t e = fee_bill_propose(racer->db, racer->actor, &racer->arena, &order, &proposal, why);
    if (e == OK) racer->answer = proposal.repeated;
    return e;
}

static err_t withdraw(struct racer *racer, struct err *why)
{
    bool repeated = false;
    err_t e = bill_order_withdraw(racer->db, racer->actor, &racer->arena, str_of(racer->subject),
                                  S("Ghi nhầm"), &repeated, why);
    racer->answer = repeated;
    return e;
}

static err_t approve(struct racer *racer, struct err *why)
{
    struct supplement_proposal proposal;
    return supplement_approve(racer->db, racer->actor, &racer->arena, str_of(racer->subject),
                              false, &proposal, why);
}

static void done_once(void **state, struct scene *scene,
                      err_t work(struct racer *racer, struct err *err), const char *subject)
{
    struct racer racer[RACERS];
    race_of_one(state, scene, work, subject, racer);
    assert_int_equal(racer[0].answer + racer[1].answer, 1);
}

static void an_order_sent_twice_at_once_is_one(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_issued);
    for (int i = 1; i <= RACES; i++) {
        char key[CODE_BYTES];
        done_once(state, &scene, order_supplement, text_of("BB ", i, key));
        done_once(state, &scene, order_fee, text_of("PCT ", i, key));
    }
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM supplement_order"), RACES);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM fee_bill_order"), RACES);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM approval"), 2 * RACES);
    scene_drop(&scene);
}

static void approve_alone(struct scene *scene, const char *code)
{
    struct supplement_proposal proposal;
    MUST(supplement_approve(scene->db, &scene->second, &scene->arena, str_of(code), false,
                            &proposal, &err));
}

/* One of them withdraws, the other learns that it was done. */
static void two_who_withdraw_at_once_agree(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_issued);
    for (int i = 1; i <= RACES; i++) {
        char key[CODE_BYTES], code[CODE_BYTES];
        done_once(state, &scene, order_supplement, text_of("BB ", i, key));
        done_once(state, &scene, order_fee, text_of("PCT ", i, key));
        if (i % 2 == 0) approve_alone(&scene, text_of("PD0100-TT", i, code));
        done_once(state, &scene, withdraw, text_of("PD0100-TT", i, code));
        done_once(state, &scene, withdraw, text_of("PD0100-26050-3-3-P", i, code));
    }
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM order_withdrawal"), 2 * RACES);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM event_new WHERE topic = "
                                       "'supplement.withdrawn'"),
                     RACES / 2);
    scene_drop(&scene);
}

/* The second is told that it is decided, or that nothing waits any more. */
static void a_supplement_is_approved_by_one(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_issued);
    for (int i = 1; i <= RACES; i++) {
        struct racer racer[RACERS];
        char key[CODE_BYTES], code[CODE_BYTES];
        const struct actor *const both[RACERS] = {&scene.second, &scene.second};
        done_once(state, &scene, order_supplement, text_of("BB ", i, key));
        race(state, approve, both, text_of("PD0100-TT", i, code), racer);
        int loser = racer[0].e == OK ? 1 : 0;
        check_ok(racer[1 - loser].e, &racer[1 - loser].why);
        assert_true(racer[loser].e == E_STATE || racer[loser].e == E_NOT_FOUND);
        assert_true(racer[loser].why.vi.hint[0] != '\0');
        assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM usage WHERE kind = 'supplement'"),
                         i);
        done_once(state, &scene, withdraw, code);
    }
    scene_drop(&scene);
}

/* ---- runs -------------------------------------------------------------------------------- */

static err_t plan(struct racer *racer, struct err *why)
{
    struct run_ticket ticket;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = SCENE_NOW_MS};
    err_t e = run_start(racer->db, &order, &ticket, why);
    if (e == OK) e = run_work(racer->db, &ticket, SCENE_LEASE_MS, NULL, NULL, why);
    if (e == OK) e = run_close(racer->db, &ticket, racer->actor, SCENE_NOW_MS, why);
    racer->answer = ticket.run_id;
    return e;
}

static err_t issue(struct racer *racer, struct err *why)
{
    struct run_ticket ticket;
    int64_t run_id = 0;
    err_t e = db_get_i64(racer->db, "SELECT max(run_id) FROM bill_run", NO_ARGS, &run_id, why);
    if (e == OK) e = issue_start(racer->db, run_id, S(""), &ticket, why);
    if (e == OK) e = run_work(racer->db, &ticket, SCENE_LEASE_MS, NULL, NULL, why);
    return e == OK ? run_close(racer->db, &ticket, racer->actor, SCENE_NOW_MS, why) : e;
}

static void two_machines_make_one_run_and_one_issue(void **state)
{
    struct scene scene;
    struct racer racer[RACERS];
    scene_make(&scene, test_store(state), scene_closed);
    race_of_one(state, &scene, plan, "", racer);
    assert_int_equal(racer[0].answer, racer[1].answer);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 4);
    race_of_one(state, &scene, issue, "", racer);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill"), 4);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM book_step WHERE step = 'issue'"), 2);
    /* Who comes when all is issued makes an attempt of its own, with nothing in it. */
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM audit_entry WHERE action = "
                                       "'bill.issue'"),
                     ask_i64(scene.db, "SELECT max(issue_attempt) FROM bill_run"));
    scene_drop(&scene);
}

/* ---- corrections ------------------------------------------------------------------------- */

/* Everybody has had four households since January, which nobody knew when it was billed. */
static void scene_wrong_households(struct scene *scene)
{
    scene_issued(scene);
    scene_run(scene, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                     "state, recorded_at, actor_id, value_i64) SELECT unit_id, point_id, "
                     "'households', '2026-01-01', 1, 'set', 3000, 1, 16 FROM usage_point");
}

static err_t find(struct racer *racer, struct err *why)
{
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    return adjust_find(racer->db, racer->actor, &filter, S(""), false, NULL, NULL, &racer->answer,
                       why);
}

static void what_two_find_at_once_is_proposed_once(void **state)
{
    struct scene scene;
    struct racer racer[RACERS];
    scene_make(&scene, test_store(state), scene_wrong_households);
    race_of_one(state, &scene, find, "", racer);
    int64_t proposed = ask_i64(scene.db, "SELECT count(*) FROM bill_draft");
    assert_true(proposed > 0);
    assert_int_equal(racer[0].answer + racer[1].answer, proposed);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM approval WHERE state = 'open'"),
                     proposed);
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(an_order_sent_twice_at_once_is_one),
        ON_BOTH_STORES(two_who_withdraw_at_once_agree),
        ON_BOTH_STORES(a_supplement_is_approved_by_one),
        ON_BOTH_STORES(two_machines_make_one_run_and_one_issue),
        ON_BOTH_STORES(what_two_find_at_once_is_proposed_once),
    };
    return run_store_tests("billing races", tests);
}
