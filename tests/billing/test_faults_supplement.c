/* SPDX-License-Identifier: Apache-2.0 */
/* Supplements while the database or the memory fails: an order stands whole or not at all, and its
 * approval with its use, its link and its event; what stands on a corrected bill is found whole. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/run.h"
#include "billing/supplement_follow.h"
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

static void the_same_order_needs_its_memory(void **state)
{
    survive_short_memory(state, &repeating);
}

static void an_order_needs_its_room(void **state)
{
    survive_little_room(state, &ordering);
}

static void an_approval_needs_its_room(void **state)
{
    survive_little_room(state, &approving);
}

/* ---- what stands on a corrected bill ------------------------------------------------------ */

static const char home_bill[] = "PD0100-26101-1-1-K1", home_supplement[] = "PD0100-26110-1-1-B1";

static void bill_november(struct scene *scene)
{
    struct err err;
    struct run_ticket ticket;
    struct run_order order = {.month = 202611, .business_day = -1, .actor_id = 1,
                              .now_ms = SCENE_LATER_MS};
    for (int stage = 0; stage < 2; stage++) {
        if (stage == 0) MUST(run_start(scene->db, &order, &ticket, &err));
        else MUST(issue_start(scene->db, ticket.run_id, S(""), &ticket, &err));
        MUST(run_work(scene->db, &ticket, SCENE_LEASE_MS, NULL, NULL, &err));
        MUST(run_close(scene->db, &ticket, &scene->first, SCENE_LATER_MS, &err));
    }
}

static void give_use(struct scene *scene, const char *bill, const char *usage)
{
    struct err err;
    struct adjustment adjustment;
    struct adjust_order order = {.number = str_of(bill), .cause = S("inspection"),
                                 .usage = str_of(usage), .now_ms = SCENE_LATER_MS};
    MUST(adjust_propose(scene->db, &scene->first, &scene->arena, &order, &adjustment, &err));
    MUST(adjust_release(scene->db, &scene->second, &scene->arena, str_of(adjustment.number),
                        day_from_civil(2026, 12, 15), &err));
}

/* A supplement of November on October's bill; both were then given another use. */
static void scene_corrected(struct scene *scene)
{
    struct err err;
    scene->first.day = scene->second.day = day_from_civil(2026, 11, 20);
    scene_ordered(scene);
    MUST(approve(scene, &err));
    bill_november(scene);
    give_use(scene, home_supplement, "{\"kwh\":\"900\"}");
    give_use(scene, home_bill, "{\"kwh\":\"90\"}");
}

static err_t find(struct scene *scene, struct err *err)
{
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int64_t count;
    return adjust_find(scene->db, &scene->first, &filter, S(""), false, NULL, NULL, &count, err);
}

static err_t note_behind(void *context, struct str number, struct err *err)
{
    (void)err;
    assert_true(str_equal(number, str_of(home_supplement)));
    (*(int *)context)++;
    return OK;
}

static err_t look_behind(struct scene *scene, struct err *err)
{
    int count = 0;
    err_t e = supplements_behind(scene->db, &scene->arena, str_of(home_bill), note_behind, &count,
                                 err);
    if (e == OK) assert_int_equal(count, 1);
    return e;
}

static const struct trial finding = {.prepare = scene_corrected, .work = find, .in_steps = true};
static const struct trial looking = {.prepare = scene_corrected, .work = look_behind,
                                     .reads = true};

static void what_stands_on_a_corrected_bill_is_found(void **state)
{
    survive_lost_calls(state, &finding);
}

static void finding_it_needs_memory(void **state)
{
    survive_short_memory(state, &finding);
}

static void it_is_named_whole_or_not(void **state)
{
    survive_lost_calls(state, &looking);
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
        ON_SQLITE(the_same_order_needs_its_memory),
        ON_SQLITE(an_order_needs_its_room),
        ON_SQLITE(an_approval_needs_its_room),
        ON_BOTH_STORES(what_stands_on_a_corrected_bill_is_found),
        ON_SQLITE(finding_it_needs_memory),
        ON_SQLITE(it_is_named_whole_or_not),
    };
    return run_store_tests("billing faults of supplements", tests);
}
