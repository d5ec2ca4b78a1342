/* SPDX-License-Identifier: Apache-2.0 */
/* What a customer who signs in may see, of which agreements, on which days. */
#include "support/stores.h"

#include "base/date.h"
#include "identity/staff.h"
#include "registry/households_view.h"
#include "registry/login.h"
#include "registry/warning.h"

static struct err err;
static struct arena arena;
enum { DAY = 20636 /* 2026-07-02 */, AN = 1, BINH = 2, CUC = 3 };

static struct actor actor_of(struct db *db, const char *code)
{
    struct actor actor;
    MUST(actor_resolve(db, &arena, str_of(code), S(""), DAY, &actor, &err));
    return actor;
}

/* Unit 7 with the agreements 70 and 71; NV01 may everything, NV02 reads meters. */
static struct db *with_agreements(void **state, struct actor *out)
{
    struct db *db = test_db(state);
    struct role_change change = {.code = S("NV02"), .role = ROLE_meter_reader, .from_day = DAY - 9};
    struct staff_entry reader = {.code = S("NV02"), .name = S("B"), .from_day = DAY - 9};
    int64_t staff_id;
    arena_init(&arena, 1 << 20);
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("NV01"), S("A"), S(""), DAY - 10, &staff_id, &err));
    MUST(db_commit(db, &err));
    *out = actor_of(db, "NV01");
    MUST(db_begin(db, &err));
    MUST(staff_add(db, out, &reader, &staff_id, &err));
    MUST(staff_change_role(db, out, &change, &err));
    MUST(db_commit(db, &err));
    run_sql(db, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES "
                "(7, 70, 'PD70', 1), (7, 71, 'PD71', 1)");
    return db;
}

static struct login_supply supply(int64_t login_id, enum login_role role, int32_t from, int32_t to)
{
    return (struct login_supply){7, 70, login_id, role, from, to};
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

static err_t give(struct db *db, const struct actor *actor, struct login_supply s)
{
    MUST(db_begin(db, &err));
    return within(db, login_give(db, actor, &s, &err));
}

static err_t give_by(struct db *db, int64_t owner, struct login_supply s)
{
    MUST(db_begin(db, &err));
    return within(db, login_give_by(db, owner, DAY, &s, &err));
}

static bool may(struct db *db, int64_t login_id, int64_t agreement_id, enum login_right right,
                int32_t day)
{
    bool out = true;
    MUST(login_may(db, login_id, 7, agreement_id, right, day, &out, &err));
    return out;
}

static void a_role_shows_what_it_may(void **state)
{
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    struct actor reader = actor_of(db, "NV02");
    assert_false(may(db, AN, 70, LOGIN_SEES_BILLS, DAY));
    assert_int_equal(give(db, &reader, supply(AN, LOGIN_owner, DAY, 0)), E_FORBIDDEN);
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY, DAY)), E_INPUT);
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY, 0)), OK);
    assert_int_equal(give(db, &actor, supply(BINH, LOGIN_tenant, DAY, DAY + 30)), OK);
    assert_int_equal(give(db, &actor, supply(CUC, LOGIN_relative, DAY, 0)), OK);
    for (enum login_right right = LOGIN_SEES_BILLS; right <= LOGIN_CHANGES; right++) {
        assert_true(may(db, AN, 70, right, DAY));
        assert_false(may(db, AN, 70, right, DAY - 1));
        assert_false(may(db, AN, 71, right, DAY)); /* another agreement of the same unit */
        assert_int_equal(may(db, BINH, 70, right, DAY + 29), right <= LOGIN_SEES_READINGS);
        assert_false(may(db, BINH, 70, right, DAY + 30));
        assert_int_equal(may(db, CUC, 70, right, DAY), right == LOGIN_SEES_BILLS);
    }
    bool other_unit = true;
    MUST(login_may(db, AN, 8, 70, LOGIN_SEES_BILLS, DAY, &other_unit, &err));
    assert_false(other_unit);
    arena_release(&arena);
}

static void an_owner_lets_others_see(void **state)
{
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    struct login_supply tenant = supply(BINH, LOGIN_tenant, DAY, 0);
    assert_int_equal(give_by(db, AN, tenant), E_FORBIDDEN);
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY, 0)), OK);
    assert_int_equal(give_by(db, AN, tenant), OK);
    assert_int_equal(give_by(db, AN, supply(CUC, LOGIN_owner, DAY, 0)), E_FORBIDDEN);
    assert_int_equal(give(db, &actor, supply(CUC, LOGIN_owner, DAY, DAY + 1)), OK);
    assert_int_equal(give_by(db, AN, supply(CUC, LOGIN_tenant, DAY, 0)), E_STATE);
    assert_true(may(db, CUC, 70, LOGIN_CHANGES, DAY));
    assert_int_equal(give_by(db, BINH, supply(CUC, LOGIN_relative, DAY, 0)), E_FORBIDDEN);
    struct login_supply elsewhere = supply(CUC, LOGIN_relative, DAY, 0);
    elsewhere.agreement_id = 71;
    assert_int_equal(give_by(db, AN, elsewhere), E_FORBIDDEN);

    struct login_supply end = supply(BINH, LOGIN_tenant, DAY + 5, 0);
    MUST(db_begin(db, &err));
    assert_int_equal(within(db, login_take_back(db, NULL, BINH, &end, &err)), E_FORBIDDEN);
    MUST(db_begin(db, &err));
    assert_int_equal(within(db, login_take_back(db, NULL, AN, &end, &err)), OK);
    assert_true(may(db, BINH, 70, LOGIN_SEES_BILLS, DAY + 4));
    assert_false(may(db, BINH, 70, LOGIN_SEES_BILLS, DAY + 5));
    MUST(db_begin(db, &err));
    assert_int_equal(within(db, login_take_back(db, NULL, AN, &end, &err)), E_NOT_FOUND);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'login'"), 4);
    arena_release(&arena);
}

/* The flat is sold: who was let in before sees nothing of those who came after. */
static void a_new_holder_ends_what_was_given_before(void **state)
{
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    run_sql(db, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
                "state, recorded_at, actor_id, value_i64) VALUES (7, 70, 'holder', '2026-01-01', "
                "1, 'set', 1, 1, 5)");
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY, 0)), OK);
    assert_int_equal(give(db, &actor, supply(CUC, LOGIN_relative, DAY, 0)), OK);
    assert_true(may(db, AN, 70, LOGIN_SEES_BILLS, DAY + 100));
    run_sql(db, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
                "state, recorded_at, actor_id, value_i64) VALUES (7, 70, 'holder', '2026-08-01', "
                "1, 'set', 2, 1, 6)");
    int32_t sold = day_from_civil(2026, 8, 1);
    assert_true(may(db, AN, 70, LOGIN_SEES_BILLS, sold - 1));
    assert_false(may(db, AN, 70, LOGIN_SEES_BILLS, sold));
    assert_false(may(db, CUC, 70, LOGIN_SEES_BILLS, sold));
    assert_int_equal(give(db, &actor, supply(BINH, LOGIN_owner, sold, 0)), OK);
    assert_true(may(db, BINH, 70, LOGIN_CHANGES, sold));
    arena_release(&arena);
}

static void see(void *context, const struct login_supply_row *row)
{
    struct buf *seen = context;
    buf_printf(seen, "%.*s %s;", STR_ARG(row->agreement_code), login_role_name(row->supply.role));
}

static void one_person_has_several_agreements(void **state)
{
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    char memory[100];
    struct buf seen;
    struct login_supply second = supply(AN, LOGIN_tenant, DAY, 0);
    second.agreement_id = 71;
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY, 0)), OK);
    assert_int_equal(give(db, &actor, second), OK);
    assert_int_equal(give(db, &actor, supply(BINH, LOGIN_tenant, DAY, 0)), OK);
    buf_init_fixed(&seen, memory, sizeof memory);
    MUST(login_supplies_each(db, AN, DAY, see, &seen, &err));
    assert_string_equal(seen.p, "PD70 owner;PD71 tenant;");
    arena_release(&arena);
}

struct holders {
    size_t count;
    struct login_supply supply[4];
};

static void take_holder(void *context, const struct login_supply_row *row)
{
    struct holders *holders = context;
    assert_true(holders->count < 4);
    holders->supply[holders->count++] = row->supply;
}

static void an_owner_sees_who_has_access(void **state)
{
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    struct holders holders = {0};
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY - 5, 0)), OK);
    assert_int_equal(give_by(db, AN, supply(BINH, LOGIN_tenant, DAY, DAY + 30)), OK);
    MUST(login_holders_each(db, 7, 70, DAY, take_holder, &holders, &err));
    assert_int_equal(holders.count, 2);
    assert_int_equal(holders.supply[0].login_id, AN);
    assert_int_equal(holders.supply[0].to_day, 0);
    assert_int_equal(holders.supply[1].role, LOGIN_tenant);
    assert_int_equal(holders.supply[1].from_day, DAY);
    assert_int_equal(holders.supply[1].to_day, DAY + 30);
    holders.count = 0;
    MUST(login_holders_each(db, 7, 70, DAY + 30, take_holder, &holders, &err));
    assert_int_equal(holders.count, 1);
    MUST(login_holders_each(db, 7, 71, DAY, take_holder, &holders, &err));
    assert_int_equal(holders.count, 1);
    arena_release(&arena);
}

/* ---- the level to be warned at ------------------------------------------------------------ */

static err_t warn(struct db *db, int64_t login_id, enum warning_kind kind, int64_t value,
                  int32_t day)
{
    const struct warning_level level = {kind, value};
    MUST(db_begin(db, &err));
    return within(db, warning_level_set(db, &arena, login_id, 7, 70, day, &level, &err));
}

static void check_level(struct db *db, int32_t day, enum warning_kind kind, int64_t value)
{
    struct warning_level level;
    MUST(warning_level_on(db, 7, 70, day, &level, &err));
    assert_int_equal(level.kind, kind);
    assert_int_equal(level.value, value);
}

static void a_level_to_warn_at_is_a_fact_of_the_agreement(void **state)
{
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    check_level(db, DAY, WARNING_NONE, 0);
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY, 0)), OK);
    assert_int_equal(give(db, &actor, supply(BINH, LOGIN_tenant, DAY, 0)), OK);
    assert_int_equal(warn(db, BINH, WARNING_ENERGY, 300000, DAY), E_FORBIDDEN);
    assert_int_equal(warn(db, AN, WARNING_ENERGY, 0, DAY), E_INPUT);
    assert_int_equal(warn(db, AN, WARNING_MONEY, 999, DAY), E_INPUT);
    assert_string_equal(err.field, "level");
    check_level(db, DAY, WARNING_NONE, 0);
    assert_int_equal(warn(db, AN, WARNING_ENERGY, 300000, DAY), OK);
    assert_int_equal(warn(db, AN, WARNING_ENERGY, 250000, DAY), OK); /* another thought that day */
    check_level(db, DAY, WARNING_ENERGY, 250000);
    check_level(db, DAY - 1, WARNING_NONE, 0);
    assert_int_equal(warn(db, AN, WARNING_MONEY, 800000, DAY + 5), OK);
    check_level(db, DAY + 4, WARNING_ENERGY, 250000);
    check_level(db, DAY + 5, WARNING_MONEY, 800000);
    assert_int_equal(warn(db, AN, WARNING_NONE, 0, DAY + 9), OK);
    check_level(db, DAY + 8, WARNING_MONEY, 800000);
    check_level(db, DAY + 9, WARNING_NONE, 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE action = 'warning.set'"),
                     4);
    arena_release(&arena);
}

/* ---- households and their papers ---------------------------------------------------------- */

static void households_stand_with_their_papers(void **state)
{
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    struct households *list;
    size_t count = 0;
    bool missing = true;
    run_sql(db, "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES "
                "(7, 1, 'P1', 1)");
    run_sql(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                "recorded_at, actor_id, value_i64, proof, expires_on) VALUES "
                "(7, 1, 'households', '2026-01-01', 1, 'set', 1, 1, 40, NULL, NULL), "
                "(7, 1, 'households', '2026-03-01', 1, 'set', 1, 1, 48, 'DS 12/UB', '2026-12-31'), "
                "(7, 1, 'households', '2026-03-01', 2, 'set', 2, 1, 50, 'DS 13/UB', '2026-12-31'), "
                "(7, 1, 'papers_missing', '2026-06-01', 1, 'set', 1, 1, 1, NULL, NULL)");
    MUST(households_of_point(db, &arena, 7, 1, DAY - 400, DAY, &list, &count, &missing, &err));
    assert_int_equal(count, 2);
    assert_true(missing);
    assert_int_equal(list[0].quarters, 50);
    assert_true(str_equal(list[0].proof, S("DS 13/UB")));
    assert_int_equal(list[0].proof_until_day, day_from_civil(2026, 12, 31));
    assert_int_equal(list[0].to_day, INT32_MAX);
    assert_int_equal(list[1].proof.n, 0);
    assert_int_equal(list[1].to_day, day_from_civil(2026, 3, 1));
    MUST(households_of_point(db, &arena, 7, 1, day_from_civil(2026, 3, 1),
                             day_from_civil(2026, 4, 1), &list, &count, &missing, &err));
    assert_int_equal(count, 1); /* nothing of the holder before */
    assert_false(missing);
    arena_release(&arena);
}

/* ---- moves between units ------------------------------------------------------------------ */

static bool may_there(struct db *db, int64_t login_id, enum login_right right, int32_t day)
{
    bool out = false;
    MUST(login_may(db, login_id, 8, 80, right, day, &out, &err));
    return out;
}

static void what_is_seen_moves_along(void **state)
{
    enum { DUNG = 4, EM = 5 };
    struct actor actor;
    struct db *db = with_agreements(state, &actor);
    const struct login_supply from = {.unit_id = 7, .agreement_id = 70};
    const struct login_supply to = {.unit_id = 8, .agreement_id = 80};
    run_sql(db, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES "
                "(8, 80, 'PD70', 1)");
    assert_int_equal(give(db, &actor, supply(DUNG, LOGIN_owner, DAY - 90, 0)), OK);
    /* Another holder since: what was given to the one before is void. */
    run_sql(db, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
                "state, recorded_at, actor_id, value_i64) VALUES "
                "(7, 70, 'holder', '2026-06-02', 1, 'set', 1, 1, 2)");
    assert_int_equal(give(db, &actor, supply(AN, LOGIN_owner, DAY - 20, 0)), OK);
    assert_int_equal(give(db, &actor, supply(BINH, LOGIN_tenant, DAY - 20, DAY + 30)), OK);
    assert_int_equal(give(db, &actor, supply(CUC, LOGIN_relative, DAY - 20, DAY - 5)), OK);
    assert_int_equal(give(db, &actor, supply(EM, LOGIN_relative, DAY + 10, 0)), OK);
    MUST(db_begin(db, &err));
    MUST(login_move(db, &from, &to, DAY, actor.staff_id, &err));
    MUST(db_commit(db, &err));
    assert_true(may_there(db, AN, LOGIN_CHANGES, DAY));
    assert_false(may_there(db, AN, LOGIN_SEES_BILLS, DAY - 1));
    assert_true(may_there(db, BINH, LOGIN_SEES_READINGS, DAY + 29));
    assert_false(may_there(db, BINH, LOGIN_SEES_PERSONAL, DAY));
    assert_false(may_there(db, BINH, LOGIN_SEES_BILLS, DAY + 30)); /* its end moved along */
    assert_false(may_there(db, CUC, LOGIN_SEES_BILLS, DAY));
    assert_false(may_there(db, DUNG, LOGIN_SEES_BILLS, DAY));
    assert_false(may_there(db, EM, LOGIN_SEES_BILLS, DAY + 9));
    assert_true(may_there(db, EM, LOGIN_SEES_BILLS, DAY + 10));
    assert_true(may(db, AN, 70, LOGIN_SEES_BILLS, DAY)); /* what was there is still seen */
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_role_shows_what_it_may),
        ON_BOTH_STORES(an_owner_lets_others_see),
        ON_BOTH_STORES(a_new_holder_ends_what_was_given_before),
        ON_BOTH_STORES(one_person_has_several_agreements),
        ON_BOTH_STORES(an_owner_sees_who_has_access),
        ON_BOTH_STORES(households_stand_with_their_papers),
        ON_BOTH_STORES(a_level_to_warn_at_is_a_fact_of_the_agreement),
        ON_BOTH_STORES(what_is_seen_moves_along),
    };
    return run_store_tests("registry login", tests);
}
