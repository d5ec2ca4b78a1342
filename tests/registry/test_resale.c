/* SPDX-License-Identifier: Apache-2.0 */
/* Who buys wholesale: households beside their papers, and what was sold on to them. */
#include "support/stores.h"

#include "base/date.h"
#include "registry/households_view.h"
#include "registry/resale.h"

enum { DAY = 20636 /* 2026-07-02 */, AN = 1, BINH = 2, CUC = 3 };

static struct arena arena;
static struct err err;

/* One agreement and point; An owns it, Binh rents. */
static struct db *with_agreement(void **state)
{
    struct db *db = test_db(state);
    arena_init(&arena, 1 << 20);
    run_sql(db, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES "
                "(7, 70, 'PD70', 1)");
    run_sql(db, "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES "
                "(7, 1, 'P1', 1)");
    run_sql(db, "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, created_at) "
                "VALUES (7, 1, 'A', 'person', 'An', 'an', 1), (7, 2, 'B', 'person', 'Binh', "
                "'binh', 1)");
    run_sql(db, "INSERT INTO login_supply_fact (unit_id, agreement_id, login_id, valid_from, "
                "entry_no, state, recorded_at, actor_id, value_text) VALUES "
                "(7, 70, 1, '2026-04-01', 1, 'set', 1, 1, 'owner'), "
                "(7, 70, 2, '2026-04-01', 1, 'set', 1, 1, 'tenant')");
    return db;
}

/* ---- households and their papers ---------------------------------------------------------- */

/* The number that a paper states is compared on the last day of a count, or today. */
static void a_count_is_held_against_its_paper(void **state)
{
    struct db *db = with_agreement(state);
    struct households *list;
    size_t count = 0;
    bool missing;
    const int32_t july = day_from_civil(2026, 7, 15);
    run_sql(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                "recorded_at, actor_id, value_i64, proof, expires_on) VALUES "
                "(7, 1, 'households', '2026-01-01', 1, 'set', 1, 1, 40, 'DS 0', '2026-02-15'), "
                "(7, 1, 'households', '2026-02-01', 1, 'set', 1, 1, 44, 'DS 1', '2026-02-10'), "
                "(7, 1, 'households', '2026-03-01', 1, 'set', 1, 1, 48, 'DS 12', '2026-12-31'), "
                "(7, 1, 'households', '2026-05-01', 1, 'set', 1, 1, 50, 'DS 12', NULL), "
                "(7, 1, 'paper_households', '2026-03-01', 1, 'set', 1, 1, 48, NULL, NULL), "
                "(7, 1, 'paper_households', '2026-06-01', 1, 'set', 1, 1, 52, 'DS 13', "
                "'2026-08-31')");
    MUST(households_of_point(db, &arena, 7, 1, july - 400, july, &list, &count, &missing, &err));
    assert_int_equal(count, 4);
    assert_int_equal(paper_state_on(&list[0], july), PAPER_DIFFERS);
    assert_int_equal(list[0].paper_quarters, 52);
    assert_true(str_equal(list[0].proof, S("DS 13")));
    assert_int_equal(paper_state_on(&list[0], day_from_civil(2026, 9, 1)), PAPER_OVER);
    assert_int_equal(paper_state_on(&list[1], july), PAPER_AGREES); /* as it was in April */
    assert_true(str_equal(list[1].proof, S("DS 12")));
    assert_int_equal(paper_state_on(&list[2], july), PAPER_OVER);
    assert_int_equal(paper_state_on(&list[3], july), PAPER_UNCOUNTED); /* it held in January */
    MUST(households_of_point(db, &arena, 7, 1, july - 400, day_from_civil(2026, 5, 31), &list,
                             &count, &missing, &err));
    assert_int_equal(list[0].paper_quarters, 48); /* the paper of that day, not a later one */
    run_sql(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                "recorded_at, actor_id) VALUES (7, 1, 'paper_households', '2026-06-01', 2, 'end', "
                "2, 1)");
    MUST(households_of_point(db, &arena, 7, 1, july - 400, july, &list, &count, &missing, &err));
    assert_int_equal(paper_state_on(&list[0], july), PAPER_UNCOUNTED);
    arena_release(&arena);
}

/* ---- what a wholesale customer sold on ---------------------------------------------------- */

static err_t declare(struct db *db, int64_t login_id, int64_t month, int64_t wh, int64_t vnd)
{
    const struct resale resale = {.month = month, .sold_wh = wh, .sold_vnd = vnd};
    MUST(db_begin(db, &err));
    err_t e = resale_declare(db, &arena, login_id, 7, 70, DAY, &resale, &err);
    if (e == OK) e = db_commit(db, &err);
    else db_rollback(db);
    return e;
}

static err_t take_back(struct db *db, int64_t login_id, int64_t month)
{
    MUST(db_begin(db, &err));
    err_t e = resale_retract(db, &arena, login_id, 7, 70, DAY, month, &err);
    if (e == OK) e = db_commit(db, &err);
    else db_rollback(db);
    return e;
}

static size_t sold_in(struct db *db, int64_t first, int64_t last, struct resale **out)
{
    size_t count = 0;
    MUST(resale_months(db, &arena, 7, 70, DAY, first, last, out, &count, &err));
    return count;
}

static void what_was_sold_on_is_said_again_and_taken_back(void **state)
{
    struct db *db = with_agreement(state);
    struct resale *list;
    assert_int_equal(declare(db, AN, 202605, 41250000, RESALE_NO_MONEY), OK);
    assert_int_equal(declare(db, AN, 202606, 40000000, 90000000), OK);
    assert_int_equal(declare(db, AN, 202605, 41520500, 0), OK);
    assert_int_equal(declare(db, AN, 202605, 41520500, 0), OK); /* the same word is no new one */
    assert_int_equal(sold_in(db, 202601, 202612, &list), 2);
    assert_int_equal(list[0].month, 202606);
    assert_int_equal(list[0].sold_vnd, 90000000);
    assert_int_equal(list[0].entry_no, 1);
    assert_int_equal(list[1].sold_wh, 41520500);
    assert_int_equal(list[1].sold_vnd, 0);
    assert_int_equal(list[1].entry_no, 2);
    assert_int_equal(sold_in(db, 202606, 202606, &list), 1);
    assert_int_equal(take_back(db, AN, 202606), OK);
    assert_int_equal(sold_in(db, 202606, 202606, &list), 0);
    assert_int_equal(take_back(db, AN, 202606), E_NOT_FOUND);
    assert_int_equal(declare(db, AN, 202606, 5000, RESALE_NO_MONEY), OK);
    assert_int_equal(sold_in(db, 202606, 202606, &list), 1);
    assert_int_equal(list[0].entry_no, 3);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM resale"), 5); /* nothing is overwritten */
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM resale WHERE login_id = 1"), 5);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'login' AND "
                                 "action IN ('resale.declare', 'resale.retract')"),
                     5);
    arena_release(&arena);
}

static void what_was_sold_on_is_refused_beyond_its_limits(void **state)
{
    struct db *db = with_agreement(state);
    assert_int_equal(declare(db, BINH, 202605, 1000, 1), E_FORBIDDEN);
    assert_int_equal(declare(db, CUC, 202605, 1000, 1), E_FORBIDDEN);
    assert_int_equal(take_back(db, BINH, 202605), E_FORBIDDEN);
    assert_int_equal(declare(db, AN, 202605, RESALE_WH_MAX + 1, 1), E_INPUT);
    assert_string_equal(err.field, "sold");
    assert_int_equal(declare(db, AN, 202605, -1, 1), E_INPUT);
    assert_int_equal(declare(db, AN, 202605, 1, RESALE_VND_MAX + 1), E_INPUT);
    assert_string_equal(err.field, "money");
    const int64_t months[] = {209901, 202613, 202600};
    for (size_t i = 0; i < ARRAY_COUNT(months); i++) {
        assert_int_equal(declare(db, AN, months[i], 1000, 1), E_INPUT);
        assert_string_equal(err.field, "month");
    }
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM resale"), 0);
    arena_release(&arena);
}

static void another_holder_begins_without_a_word(void **state)
{
    struct db *db = with_agreement(state);
    struct resale *list;
    assert_int_equal(declare(db, AN, 202605, 1000, 1), OK);
    run_sql(db, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
                "state, recorded_at, actor_id, value_i64) VALUES "
                "(7, 70, 'holder', '2026-06-02', 1, 'set', 1, 1, 2)");
    assert_int_equal(sold_in(db, 202601, 202612, &list), 0);
    assert_int_equal(declare(db, AN, 202605, 3000, 1), E_FORBIDDEN);
    run_sql(db, "INSERT INTO login_supply_fact (unit_id, agreement_id, login_id, valid_from, "
                "entry_no, state, recorded_at, actor_id, value_text) VALUES "
                "(7, 70, 2, '2026-06-20', 1, 'set', 1, 1, 'owner')");
    assert_int_equal(declare(db, BINH, 202605, 2000, 2), OK);
    assert_int_equal(sold_in(db, 202601, 202612, &list), 1);
    assert_int_equal(list[0].sold_wh, 2000);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_count_is_held_against_its_paper),
        ON_BOTH_STORES(what_was_sold_on_is_said_again_and_taken_back),
        ON_BOTH_STORES(what_was_sold_on_is_refused_beyond_its_limits),
        ON_BOTH_STORES(another_holder_begins_without_a_word),
    };
    return run_store_tests("registry resale", tests);
}
