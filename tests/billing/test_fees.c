/* SPDX-License-Identifier: Apache-2.0 */
/* Orders of fees that cannot be billed, and what an order of a reconnection may say. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/fee_bill.h"
#include "identity/approval.h"

static struct err err;

static struct fee_order order_of(const char *point, const char *agreement)
{
    return (struct fee_order){.point_code = str_of(point), .agreement_code = str_of(agreement),
                              .code = S("reconnection"), .day = day_from_civil(2026, 5, 20),
                              .voltage = S("LE038"), .residential = true};
}

static void refused(struct scene *scene, struct fee_order order, err_t expected)
{
    struct fee_proposal proposal;
    int64_t drafts = ask_i64(scene->db, "SELECT count(*) FROM bill_draft");
    assert_int_equal(fee_bill_propose(scene->db, &scene->first, &scene->arena, &order, &proposal,
                                      &err), expected);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    assert_int_equal(ask_i64(scene->db, "SELECT count(*) FROM bill_draft"), drafts);
    assert_int_equal(ask_i64(scene->db, "SELECT count(*) FROM fee_bill_order"), 0);
}

/* Agreement 3 is supplied at the points 3 and 4, agreement 4 nowhere. */
static void scene_two_points(struct scene *scene)
{
    scene_closed(scene);
    scene_run(scene, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                     "state, recorded_at, actor_id, value_i64) VALUES (1, 4, 'agreement', "
                     "'2026-01-01', 1, 'set', 1000, 1, 3)");
}

static void the_point_must_be_clear(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_two_points);
    refused(&scene, order_of("", "PD00000000003"), E_INPUT);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    refused(&scene, order_of("", "PD00000000004"), E_INPUT);
    refused(&scene, order_of("", ""), E_INPUT);
    refused(&scene, order_of("", "PD1"), E_NOT_FOUND);
    refused(&scene, order_of("DD1", ""), E_NOT_FOUND);
    /* A point and an agreement that is another's. */
    refused(&scene, order_of("DD00000000004", "PD00000000004"), E_INPUT);
    assert_string_equal(err.field, "date");
    refused(&scene, order_of("DD00000000004", "PD1"), E_NOT_FOUND);
    struct fee_proposal proposal;
    struct fee_order order = order_of("DD00000000004", "PD00000000003");
    MUST(fee_bill_propose(scene.db, &scene.first, &scene.arena, &order, &proposal, &err));
    assert_string_equal(proposal.number, "PD0100-26050-3-4-P1");
    scene_drop(&scene);
}

static void an_agreement_of_another_unit_is_refused(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_closed);
    scene_run(&scene, "INSERT INTO agreement_directory (code, unit_id, agreement_id) VALUES "
                      "('PDB', 2, 3)");
    refused(&scene, order_of("DD00000000003", "PDB"), E_INPUT);
    assert_true(err.vi.detail[0] != '\0' && err.en.detail[0] != '\0');
    scene_drop(&scene);
}

static void nobody_pays_for_a_day_without_supply(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_closed);
    struct fee_order order = order_of("DD00000000003", "");
    order.day = day_from_civil(2014, 5, 20);
    refused(&scene, order, E_INPUT);
    assert_true(err.vi.detail[0] != '\0' && err.en.hint[0] != '\0');
    scene_run(&scene, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, "
                      "entry_no, state, recorded_at, actor_id) VALUES (1, 3, 'account', "
                      "'2015-01-01', 2, 'retract', 2000, 1)");
    refused(&scene, order_of("DD00000000003", ""), E_INPUT);
    assert_true(err.vi.detail[0] != '\0' && err.en.hint[0] != '\0');
    scene_drop(&scene);
}

/* ---- the words of a reconnection ---------------------------------------------------------- */

static void a_reconnection_says_how_far_it_was(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_closed);
    struct fee_order order = order_of("DD00000000003", "");
    order.residential = false;
    refused(&scene, order, E_INPUT);
    order.distance_km = S("7");
    order.region = S("mountain_island");
    struct fee_proposal near, plain;
    MUST(fee_bill_propose(scene.db, &scene.first, &scene.arena, &order, &near, &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft WHERE request LIKE "
                                       "'%\"distance_km\":\"7\",\"region\":\"mountain_island\"%'"),
                     1);
    order.region = S("plain");
    MUST(fee_bill_propose(scene.db, &scene.first, &scene.arena, &order, &plain, &err));
    assert_true(plain.rated.pre_vat_vnd < near.rated.pre_vat_vnd);
    scene_drop(&scene);
}

static void a_reconnection_without_voltage_is_refused(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_closed);
    struct fee_order order = order_of("DD00000000003", "");
    order.voltage = S("");
    refused(&scene, order, E_INPUT);
    scene_drop(&scene);
}

/* ---- somebody else ------------------------------------------------------------------------ */

/* Whoever holds the number keeps it: after some tries the order is refused, and nothing stands. */
static void a_number_that_somebody_holds_is_a_conflict(void **state)
{
    struct scene scene;
    int64_t approval_id;
    struct approval_matter matter = {1, S("bill.fee"), S("PD0100-26050-3-3-P1"), hash_of(S("x"))};
    scene_make(&scene, test_store(state), scene_closed);
    MUST(db_begin(scene.db, &err));
    MUST(approval_propose(scene.db, &scene.second, &matter, &approval_id, &err));
    MUST(db_commit(scene.db, &err));
    refused(&scene, order_of("DD00000000003", ""), E_CONFLICT);
    assert_false(db_in_transaction(scene.db));
    scene_drop(&scene);
}

/* ---- keys --------------------------------------------------------------------------------- */

static void a_key_counts_in_its_unit_whoever_sends_it(void **state)
{
    struct scene scene;
    struct fee_proposal first, second;
    struct fee_order order = order_of("DD00000000003", "");
    order.key = S("PCT-7");
    scene_make(&scene, test_store(state), scene_closed);
    scene_run(&scene, "INSERT INTO fee_bill_order (unit_id, order_key, digest, bill_number, "
                      "ordered_at) VALUES (2, 'PCT-7', "
                      "'0000000000000000000000000000000000000000000000000000000000000000', "
                      "'PD0200-26050-3-3-P1', 1)");
    MUST(fee_bill_propose(scene.db, &scene.first, &scene.arena, &order, &first, &err));
    assert_false(first.repeated);
    MUST(fee_bill_propose(scene.db, &scene.second, &scene.arena, &order, &second, &err));
    assert_true(second.repeated);
    assert_string_equal(first.number, second.number);
    order.voltage = S("GT35");
    assert_int_equal(fee_bill_propose(scene.db, &scene.second, &scene.arena, &order, &second, &err),
                     E_CONFLICT);
    assert_string_equal(err.field, "key");
    order.key = S("PCT-8");
    MUST(fee_bill_propose(scene.db, &scene.second, &scene.arena, &order, &second, &err));
    assert_false(second.repeated);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft WHERE kind = 'fee'"), 2);
    scene_drop(&scene);
}

/* The number of a refused fee is not given to the next: its key would answer with the other's. */
static void a_refused_fee_keeps_its_number(void **state)
{
    struct scene scene;
    struct fee_proposal first, second;
    struct fee_order order = order_of("DD00000000003", "");
    order.key = S("PCT-7");
    scene_make(&scene, test_store(state), scene_closed);
    MUST(fee_bill_propose(scene.db, &scene.first, &scene.arena, &order, &first, &err));
    MUST(adjust_refuse(scene.db, &scene.first, str_of(first.number), S("sai"), &err));
    order.key = S("PCT-8");
    MUST(fee_bill_propose(scene.db, &scene.first, &scene.arena, &order, &second, &err));
    assert_string_equal(second.number, "PD0100-26050-3-3-P2");
    order.key = S("PCT-7");
    MUST(fee_bill_propose(scene.db, &scene.first, &scene.arena, &order, &first, &err));
    assert_true(str_equal(first.state, S("refused")));
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(the_point_must_be_clear),
        ON_BOTH_STORES(an_agreement_of_another_unit_is_refused),
        ON_BOTH_STORES(nobody_pays_for_a_day_without_supply),
        ON_BOTH_STORES(a_reconnection_says_how_far_it_was),
        ON_BOTH_STORES(a_reconnection_without_voltage_is_refused),
        ON_BOTH_STORES(a_number_that_somebody_holds_is_a_conflict),
        ON_BOTH_STORES(a_key_counts_in_its_unit_whoever_sends_it),
        ON_BOTH_STORES(a_refused_fee_keeps_its_number),
    };
    return run_store_tests("billing fees", tests);
}
