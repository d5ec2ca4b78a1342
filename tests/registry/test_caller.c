/* SPDX-License-Identifier: Apache-2.0 */
/* Nobody is told about a customer who has not proved to be one, and every try is on record. */
#include "support/stores.h"

#include <string.h>

#include "identity/staff.h"
#include "registry/caller.h"

static struct err err;
static struct arena arena;
enum { DAY = 20636 /* 2026-07-02 */, NOW = 1000000000 };

static struct actor actor_of(struct db *db, const char *code)
{
    struct actor actor;
    MUST(actor_resolve(db, &arena, str_of(code), S(""), DAY, &actor, &err));
    return actor;
}

/* Unit 7 with agreement 70: NV01 may everything, NV02 reads meters and no customers. */
static struct db *with_agreement(void **state)
{
    struct db *db = test_db(state);
    struct role_change change = {.code = S("NV02"), .role = ROLE_meter_reader, .from_day = DAY - 9};
    struct staff_entry reader = {.code = S("NV02"), .name = S("B"), .from_day = DAY - 9};
    int64_t staff_id;
    arena_reset(&arena);
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("NV01"), S("A"), S(""), DAY - 10, &staff_id, &err));
    MUST(db_commit(db, &err));
    struct actor first = actor_of(db, "NV01");
    MUST(db_begin(db, &err));
    MUST(staff_add(db, &first, &reader, &staff_id, &err));
    MUST(staff_change_role(db, &first, &change, &err));
    MUST(db_commit(db, &err));
    run_sql(db, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES "
                "(7, 70, 'PD70', 1)");
    return db;
}

static struct caller_check call_with(int answers)
{
    struct caller_check check = {.unit_id = 7,
                                 .agreement_id = 70,
                                 .agreement_code = S("PD70"),
                                 .reason = CALLER_call,
                                 .asked = {true, true, true}};
    for (int i = 0; i < answers; i++) check.answered[i] = true;
    return check;
}

static err_t record(struct db *db, const char *who, const struct caller_check *check,
                    int64_t now_ms, bool *out_passed)
{
    struct actor actor = actor_of(db, who);
    MUST(db_begin(db, &err));
    err_t e = caller_record(db, &actor, check, now_ms, out_passed, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else {
        assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
        db_rollback(db);
    }
    return e;
}

static struct caller_standing standing(struct db *db, const char *who, int64_t now_ms)
{
    struct caller_standing out;
    MUST(caller_standing(db, 7, 70, actor_of(db, who).staff_id, now_ms, &out, &err));
    return out;
}

static void two_answers_prove_for_half_an_hour(void **state)
{
    struct db *db = with_agreement(state);
    struct caller_check one = call_with(1), two = call_with(2);
    bool passed = true;
    assert_false(standing(db, "NV01", NOW).proved);
    assert_int_equal(record(db, "NV01", &one, NOW, &passed), OK);
    assert_false(passed);
    assert_true(standing(db, "NV01", NOW).failed);
    assert_int_equal(record(db, "NV01", &two, NOW + 1, &passed), OK);
    assert_true(passed);
    assert_true(standing(db, "NV01", NOW + CALLER_PROVED_MS).proved);
    assert_false(standing(db, "NV01", NOW + CALLER_PROVED_MS + 1).proved);
    assert_false(standing(db, "NV02", NOW + 2).proved); /* another agent asks again */
    struct actor actor = actor_of(db, "NV01");
    MUST(db_begin(db, &err));
    MUST(caller_end(db, &actor, 7, 70, S("PD70"), NOW + 10, &err));
    MUST(db_commit(db, &err));
    assert_false(standing(db, "NV01", NOW + 11).proved);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'desk'"), 3);
}

static void other_reasons_need_a_note(void **state)
{
    struct db *db = with_agreement(state);
    struct caller_check letter = {.unit_id = 7,
                                  .agreement_id = 70,
                                  .agreement_code = S("PD70"),
                                  .reason = CALLER_letter,
                                  .note = S("?")};
    bool passed = false;
    assert_int_equal(record(db, "NV01", &letter, NOW, &passed), E_INPUT);
    assert_string_equal(err.field, "note");
    letter.note = S("Đơn số 12/2026");
    assert_int_equal(record(db, "NV01", &letter, NOW, &passed), OK);
    assert_true(passed);
    assert_int_equal(standing(db, "NV01", NOW).reason, CALLER_letter);
    struct caller_check unasked = call_with(2);
    memset(unasked.asked, 0, sizeof unasked.asked);
    assert_int_equal(record(db, "NV01", &unasked, NOW, &passed), E_INPUT);
    struct caller_check single = call_with(1);
    single.asked[1] = single.asked[2] = false;
    assert_int_equal(record(db, "NV01", &single, NOW, &passed), E_INPUT);
}

static void nobody_learns_by_trying(void **state)
{
    struct db *db = with_agreement(state);
    struct caller_check none = call_with(0), all = call_with(3);
    bool passed;
    for (int i = 0; i < CALLER_FAILED_MAX; i++)
        assert_int_equal(record(db, "NV01", &none, NOW + i, &passed), OK);
    assert_int_equal(record(db, "NV01", &all, NOW + 9, &passed), E_STATE);
    struct caller_check counter = {.unit_id = 7,
                                   .agreement_id = 70,
                                   .agreement_code = S("PD70"),
                                   .reason = CALLER_counter,
                                   .note = S("Căn cước đã xem")};
    assert_int_equal(record(db, "NV01", &counter, NOW + 10, &passed), OK); /* at the counter */
    assert_int_equal(record(db, "NV01", &all, NOW + CALLER_HOUR_MS + 3, &passed), OK);
    assert_true(passed);
}

static void only_who_may_read_customers(void **state)
{
    struct db *db = with_agreement(state);
    struct caller_check all = call_with(3);
    bool passed = false;
    assert_int_equal(record(db, "NV02", &all, NOW, &passed), E_FORBIDDEN);
    assert_false(passed);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM caller_check"), 0);
}

int main(void)
{
    arena_init(&arena, 1 << 20);
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(two_answers_prove_for_half_an_hour),
        ON_BOTH_STORES(other_reasons_need_a_note),
        ON_BOTH_STORES(nobody_learns_by_trying),
        ON_BOTH_STORES(only_who_may_read_customers),
    };
    int failed = run_store_tests("registry caller", tests);
    arena_release(&arena);
    return failed;
}
