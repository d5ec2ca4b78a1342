/* SPDX-License-Identifier: Apache-2.0 */
/* Supplements while the database or the memory fails: an order stands whole or not at all, and its
 * approval with its use, its link and its event. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/supplement_order.h"

static err_t order_with(struct scene *scene, const char *key, struct err *err)
{
    struct supplement_proposal proposal;
    struct supplement_order order = {
        .point_code = S("DD00000000001"), .from_day = day_from_civil(2026, 9, 30),
        .to_day = day_from_civil(2026, 10, 31), .total_wh = 50000, .reactive_varh = -1,
        .cause = S("not_measured"), .settlement_day = -1, .ground = S("BB 12"),
        .key = str_of(key)};
    return supplement_propose(scene->db, &scene->first, &scene->arena, &order, false, &proposal,
                              err);
}

static err_t order(struct scene *scene, struct err *err)
{
    return order_with(scene, "BB 12", err);
}

static void scene_ordered(struct scene *scene)
{
    struct err err;
    scene_issued(scene);
    MUST(order(scene, &err));
}

static err_t approve(struct scene *scene, struct err *err)
{
    struct supplement_proposal proposal;
    err_t e = supplement_approve(scene->db, &scene->second, &scene->arena, S("PD0100-TT1"), false,
                                 &proposal, err);
    if (e == OK) assert_int_equal(proposal.rated.total_wh, 50000);
    return e;
}

static err_t refuse(struct scene *scene, struct err *err)
{
    return supplement_refuse(scene->db, &scene->second, &scene->arena, S("PD0100-TT1"),
                             S("Ghi trùng"), err);
}

static const struct trial ordering = {.prepare = scene_issued, .work = order};
static const struct trial repeating = {.prepare = scene_ordered, .work = order, .reads = true};
static const struct trial approving = {.prepare = scene_ordered, .work = approve};
static const struct trial refusing = {.prepare = scene_ordered, .work = refuse};

static void an_order_stands_whole_or_not(void **state)
{
    survive_lost_calls(state, &ordering);
}

static void an_order_needs_its_memory(void **state)
{
    survive_short_memory(state, &ordering);
}

static void the_same_order_is_answered_or_fails(void **state)
{
    survive_lost_calls(state, &repeating);
}

static void an_approval_brings_everything_or_nothing(void **state)
{
    survive_lost_calls(state, &approving);
}

static void an_approval_needs_its_memory(void **state)
{
    survive_short_memory(state, &approving);
}

static void a_refusal_is_whole_or_not(void **state)
{
    survive_lost_calls(state, &refusing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(an_order_stands_whole_or_not),
        ON_SQLITE(an_order_needs_its_memory),
        ON_SQLITE(the_same_order_is_answered_or_fails),
        ON_BOTH_STORES(an_approval_brings_everything_or_nothing),
        ON_SQLITE(an_approval_needs_its_memory),
        ON_SQLITE(a_refusal_is_whole_or_not),
    };
    return run_store_tests("billing faults of supplements", tests);
}
