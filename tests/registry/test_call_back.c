/* SPDX-License-Identifier: Apache-2.0 */
/* A call is asked for once, made by one person, and ends with a result. */
#include "support/stores.h"

#include "identity/staff.h"
#include "registry/call_back.h"
#include "registry/caller.h"

static struct err err;
static struct arena arena;
enum { DAY = 20636 /* 2026-07-02 */, NOW = 1000000000 };
static const struct call_back of_70 = {7, 70, S_INIT("PD70")};

static struct actor actor_of(struct db *db, const char *code)
{
    struct actor actor;
    MUST(actor_resolve(db, &arena, str_of(code), S(""), DAY, &actor, &err));
    return actor;
}

static void hire(struct db *db, const char *code, enum role role)
{
    struct actor first = actor_of(db, "NV01");
    struct role_change change = {.code = str_of(code), .role = role, .from_day = DAY - 9};
    struct staff_entry entry = {.code = str_of(code), .name = S("B"), .from_day = DAY - 9};
    int64_t staff_id;
    MUST(db_begin(db, &err));
    MUST(staff_add(db, &first, &entry, &staff_id, &err));
    MUST(staff_change_role(db, &first, &change, &err));
    MUST(db_commit(db, &err));
}

/* Unit 7 with agreement 70: NV01 may everything, NV02 and NV03 answer calls, NV04 takes money. */
static struct db *with_agreement(void **state)
{
    struct db *db = test_db(state);
    int64_t staff_id;
    arena_reset(&arena);
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("NV01"), S("A"), S(""), DAY - 10, &staff_id, &err));
    MUST(db_commit(db, &err));
    hire(db, "NV02", ROLE_agent);
    hire(db, "NV03", ROLE_agent);
    hire(db, "NV04", ROLE_cashier);
    run_sql(db, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES "
                "(7, 70, 'PD70', 1)");
    return db;
}

static err_t within(struct db *db, err_t e)
{
    if (e == OK) MUST(db_commit(db, &err));
    else {
        assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
        db_rollback(db);
    }
    return e;
}

static void ask(struct db *db, int64_t now_ms)
{
    MUST(db_begin(db, &err));
    assert_int_equal(within(db, call_back_ask(db, &of_70, now_ms, &err)), OK);
}

static err_t take(struct db *db, const char *who)
{
    struct actor actor = actor_of(db, who);
    MUST(db_begin(db, &err));
    return within(db, call_back_take(db, &actor, &of_70, NOW + 5, &err));
}

static err_t end(struct db *db, const char *who, enum call_back_result result)
{
    struct actor actor = actor_of(db, who);
    MUST(db_begin(db, &err));
    return within(db, call_back_close(db, &actor, &of_70, result, NOW + 9, &err));
}

static struct call_back_state state_of(struct db *db)
{
    struct call_back_state out;
    MUST(call_back_state(db, &arena, 7, 70, &out, &err));
    return out;
}

static void one_request_is_open(void **state)
{
    struct db *db = with_agreement(state);
    struct call_back_row rows[CALL_BACK_LISTED_MAX];
    size_t count = 9;
    assert_false(state_of(db).open);
    ask(db, NOW);
    ask(db, NOW + 1);
    assert_true(state_of(db).open);
    assert_int_equal(state_of(db).asked_at_ms, NOW);
    MUST(call_back_list(db, &arena, 7, rows, &count, &err));
    assert_int_equal(count, 1);
    assert_true(str_equal(rows[0].of.agreement_code, S("PD70")) && rows[0].taken_by.n == 0);
    MUST(call_back_list(db, &arena, 8, rows, &count, &err));
    assert_int_equal(count, 0); /* another unit */
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'desk'"), 1);
}

static void who_took_it_ends_it(void **state)
{
    struct db *db = with_agreement(state);
    assert_int_equal(take(db, "NV02"), E_STATE);
    ask(db, NOW);
    assert_int_equal(end(db, "NV02", CALL_BACK_unreached), E_STATE);
    assert_int_equal(take(db, "NV04"), E_FORBIDDEN);
    assert_int_equal(take(db, "NV02"), OK);
    assert_int_equal(end(db, "NV03", CALL_BACK_registered), E_STATE);
    assert_int_equal(take(db, "NV03"), OK); /* a colleague goes on with it */
    assert_int_equal(end(db, "NV02", CALL_BACK_unreached), E_STATE);
    assert_int_equal(end(db, "NV03", CALL_BACK_unreached), OK);
    assert_int_equal(end(db, "NV03", CALL_BACK_unreached), E_STATE);
    assert_false(state_of(db).open);
    ask(db, NOW + 20);
    assert_true(state_of(db).open && state_of(db).taken_by == 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM call_back WHERE result = 'unreached' "
                                 "AND closed_at = 1000000009"),
                     1);
}

/* Strangers who fail on the telephone do not keep the desk from calling back. */
static void calls_back_are_counted_apart(void **state)
{
    struct db *db = with_agreement(state);
    struct actor agent = actor_of(db, "NV02");
    struct caller_check check = {.unit_id = 7,
                                 .agreement_id = 70,
                                 .agreement_code = S("PD70"),
                                 .reason = CALLER_call,
                                 .asked = {true, true, true}};
    bool passed = true;
    for (int i = 0; i <= CALLER_FAILED_MAX; i++) {
        MUST(db_begin(db, &err));
        err_t e = within(db, caller_record(db, &agent, &check, NOW + i, &passed, &err));
        assert_int_equal(e, i < CALLER_FAILED_MAX ? OK : E_STATE);
    }
    check.reason = CALLER_call_back;
    MUST(db_begin(db, &err));
    assert_int_equal(within(db, caller_record(db, &agent, &check, NOW + 9, &passed, &err)), OK);
    assert_false(passed); /* it asks as well */
}

static void results_have_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < CALL_BACK_RESULT_COUNT; i++) {
        enum call_back_result result;
        struct str name = call_back_result_name((enum call_back_result)i);
        assert_true(call_back_result_parse(name, &result));
        assert_int_equal(result, i);
        assert_int_equal(call_back_result_chosen(result), result != CALL_BACK_registered);
        assert_string_not_equal(call_back_result_vi(result), call_back_result_en(result));
    }
    enum call_back_result none;
    assert_false(call_back_result_parse(S(""), &none));
}

int main(void)
{
    arena_init(&arena, 1 << 20);
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(one_request_is_open),
        ON_BOTH_STORES(who_took_it_ends_it),
        ON_BOTH_STORES(calls_back_are_counted_apart),
        cmocka_unit_test(results_have_words),
    };
    int failed = run_store_tests("registry call back", tests);
    arena_release(&arena);
    return failed;
}
