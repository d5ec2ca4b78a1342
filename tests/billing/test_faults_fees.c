/* SPDX-License-Identifier: Apache-2.0 */
/* Fees and the drafts of another price book while the database or the memory fails: an order makes
 * one bill or none. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/draft_change.h"
#include "billing/fee_bill.h"

/* ---- fees -------------------------------------------------------------------------------- */

static err_t order(struct scene *scene, struct err *err)
{
    struct fee_proposal proposal;
    struct fee_order order = {.agreement_code = S("PD00000000003"), .code = S("reconnection"),
                              .day = day_from_civil(2026, 5, 20), .voltage = S("LE038"),
                              .residential = true, .key = S("PCT 12")};
    return fee_bill_propose(scene->db, &scene->first, &scene->arena, &order, &proposal, err);
}

static void scene_ordered(struct scene *scene)
{
    struct err err;
    scene_closed(scene);
    MUST(order(scene, &err));
}

static err_t order_again(struct scene *scene, struct err *err)
{
    struct fee_proposal proposal;
    struct fee_order order = {.point_code = S("DD00000000003"), .code = S("reconnection"),
                              .day = day_from_civil(2026, 5, 20), .voltage = S("LE038"),
                              .residential = true, .key = S("PCT 13")};
    err_t e = fee_bill_propose(scene->db, &scene->first, &scene->arena, &order, &proposal, err);
    if (e == OK) assert_string_equal(proposal.number, "PD0100-26050-3-3-P2");
    return e;
}

static err_t release(struct scene *scene, struct err *err)
{
    return adjust_release(scene->db, &scene->second, &scene->arena, S("PD0100-26050-3-3-P1"),
                          day_from_civil(2026, 11, 15), err);
}

static const struct trial ordering = {.prepare = scene_closed, .work = order};
static const struct trial repeating = {.prepare = scene_ordered, .work = order, .reads = true};
static const struct trial ordering_more = {.prepare = scene_ordered, .work = order_again};
static const struct trial releasing = {.prepare = scene_ordered, .work = release};

static void an_order_makes_its_bill_or_none(void **state)
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

static void the_same_order_needs_its_memory(void **state)
{
    survive_short_memory(state, &repeating);
}

static void another_order_makes_another_bill_or_none(void **state)
{
    survive_lost_calls(state, &ordering_more);
}

static void a_fee_is_released_whole_or_not(void **state)
{
    survive_lost_calls(state, &releasing);
}

/* ---- drafts under another book ----------------------------------------------------------- */

static void count_change(void *context, struct str number, int64_t before_vnd, int64_t after_vnd)
{
    (void)number;
    (*(int *)context) += before_vnd != after_vnd;
}

static err_t compare(struct scene *scene, struct err *err)
{
    struct draft_totals totals;
    int changes = 0;
    draft_totals_init(&totals);
    err_t e = draft_totals_take(scene->db, 202610, &totals, err);
    if (e == OK) {
        assert_int_equal(totals.count, 4);
        totals.item[1].total_vnd++;
        e = draft_totals_compare(scene->db, &totals, count_change, &changes, err);
        if (e == OK) assert_int_equal(changes, 1);
    }
    draft_totals_release(&totals);
    return e;
}

static const struct trial comparing = {.prepare = scene_drafted, .work = compare, .reads = true};

static void a_failure_is_no_change_of_drafts(void **state)
{
    survive_lost_calls(state, &comparing);
}

static void short_memory_is_no_change_of_drafts(void **state)
{
    survive_short_memory(state, &comparing);
}

/* ---- a caller with little room ------------------------------------------------------------ */

static void scene_released(struct scene *scene)
{
    struct err err;
    scene_ordered(scene);
    MUST(release(scene, &err));
}

static const struct trial repeating_issued = {.prepare = scene_released, .work = order,
                                              .reads = true};

static void an_order_needs_its_room(void **state)
{
    survive_little_room(state, &ordering);
}

static void the_same_order_needs_its_room(void **state)
{
    survive_little_room(state, &repeating);
}

static void an_order_that_is_issued_needs_its_room(void **state)
{
    survive_little_room(state, &repeating_issued);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(an_order_makes_its_bill_or_none),
        ON_SQLITE(an_order_needs_its_memory),
        ON_SQLITE(the_same_order_is_answered_or_fails),
        ON_SQLITE(the_same_order_needs_its_memory),
        ON_SQLITE(another_order_makes_another_bill_or_none),
        ON_BOTH_STORES(a_fee_is_released_whole_or_not),
        ON_SQLITE(a_failure_is_no_change_of_drafts),
        ON_SQLITE(short_memory_is_no_change_of_drafts),
        ON_SQLITE(an_order_needs_its_room),
        ON_SQLITE(the_same_order_needs_its_room),
        ON_SQLITE(an_order_that_is_issued_needs_its_room),
    };
    return run_store_tests("billing faults of fees", tests);
}
