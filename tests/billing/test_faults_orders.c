/* SPDX-License-Identifier: Apache-2.0 */
/* Lists and withdrawals of orders while the database or the memory fails: an order is withdrawn
 * with its draft, its proposal, its audit link and its event, or stands as it stood. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/bill_order.h"
#include "billing/fee_bill.h"
#include "billing/run.h"
#include "billing/supplement_order.h"

static const char supplement[] = "PD0100-TT1", fee[] = "PD0100-26050-3-3-P1";

/* ---- orders ------------------------------------------------------------------------------ */

static void order_supplement(struct scene *scene)
{
    struct err err;
    struct supplement_proposal proposal;
    struct supplement_order order = {
        .point_code = S("DD00000000001"), .from_day = day_from_civil(2026, 9, 30),
        .to_day = day_from_civil(2026, 10, 31), .total_wh = 50000, .reactive_varh = -1,
        .cause = S("not_measured"), .settlement_day = -1, .ground = S("BB 12"),
        .key = S("BB 12")};
    MUST(supplement_propose(scene->db, &scene->first, &scene->arena, &order, false, &proposal,
                            &err));
    assert_string_equal(proposal.code, supplement);
}

static void order_fee(struct scene *scene)
{
    struct err err;
    struct fee_proposal proposal;
    struct fee_order order = {.point_code = S("DD00000000003"), .code = S("reconnection"),
                              .day = day_from_civil(2026, 5, 20), .voltage = S("LE038"),
                              .residential = true, .key = S("PCT 12")};
    MUST(fee_bill_propose(scene->db, &scene->first, &scene->arena, &order, &proposal, &err));
    assert_string_equal(proposal.number, fee);
}

static void release_fee(struct scene *scene)
{
    struct err err;
    MUST(adjust_release(scene->db, &scene->second, &scene->arena, str_of(fee),
                        day_from_civil(2026, 11, 15), &err));
}

/* The month of the day on which the supplement is approved. */
static struct run_ticket draft_supplement(struct scene *scene)
{
    struct err err;
    struct run_ticket ticket;
    struct run_order order = {.month = 202605, .business_day = -1, .actor_id = 1,
                              .now_ms = SCENE_LATER_MS};
    MUST(run_start(scene->db, &order, &ticket, &err));
    MUST(run_work(scene->db, &ticket, SCENE_LEASE_MS, NULL, NULL, &err));
    MUST(run_close(scene->db, &ticket, &scene->first, SCENE_LATER_MS, &err));
    return ticket;
}

static void scene_proposed(struct scene *scene)
{
    scene_issued(scene);
    order_supplement(scene);
    order_fee(scene);
}

static void scene_approved(struct scene *scene)
{
    struct err err;
    struct supplement_proposal proposal;
    scene_proposed(scene);
    MUST(supplement_approve(scene->db, &scene->second, &scene->arena, str_of(supplement), false,
                            &proposal, &err));
    (void)draft_supplement(scene);
}

static void scene_billed(struct scene *scene)
{
    struct err err;
    scene_approved(scene);
    struct run_ticket ticket = draft_supplement(scene);
    MUST(issue_start(scene->db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(scene->db, &ticket, SCENE_LEASE_MS, NULL, NULL, &err));
    MUST(run_close(scene->db, &ticket, &scene->first, SCENE_LATER_MS, &err));
    release_fee(scene);
}

/* ---- the list ---------------------------------------------------------------------------- */

static err_t note_bill(void *context, const struct bill_order_row *row, struct err *err)
{
    (void)err;
    assert_true(str_equal(row->state, S("issued")) && row->bill.n > 0 && row->point_code.n > 0);
    (*(int *)context)++;
    return OK;
}

static err_t list(struct scene *scene, struct err *err)
{
    const struct bill_order_filter all = {.unit_code = S(""), .state = S("")};
    int count = 0;
    err_t e = bill_order_each(scene->db, &all, note_bill, &count, err);
    if (e == OK) assert_int_equal(count, 2);
    return e;
}

static const struct trial listing = {.prepare = scene_billed, .work = list, .reads = true};

static void a_list_is_whole_or_fails(void **state)
{
    survive_lost_calls(state, &listing);
}

static void a_list_needs_its_memory(void **state)
{
    survive_short_memory(state, &listing);
}

/* ---- withdrawing ------------------------------------------------------------------------- */

static err_t withdraw(struct scene *scene, const char *code, bool repeated, struct err *err)
{
    bool is_repeated = !repeated;
    err_t e = bill_order_withdraw(scene->db, &scene->first, &scene->arena, str_of(code),
                                  S("Biên bản đã hủy"), &is_repeated, err);
    if (e == OK) assert_int_equal(is_repeated, repeated);
    return e;
}

static err_t withdraw_supplement(struct scene *scene, struct err *err)
{
    return withdraw(scene, supplement, false, err);
}

static err_t withdraw_fee(struct scene *scene, struct err *err)
{
    return withdraw(scene, fee, false, err);
}

static void scene_withdrawn(struct scene *scene)
{
    struct err err;
    scene_approved(scene);
    MUST(withdraw_supplement(scene, &err));
    MUST(withdraw_fee(scene, &err));
}

static err_t withdraw_both_again(struct scene *scene, struct err *err)
{
    err_t e = withdraw(scene, supplement, true, err);
    return e == OK ? withdraw(scene, fee, true, err) : e;
}

/* What is issued is refused, and only for that. */
static err_t withdraw_issued(struct scene *scene, struct err *err)
{
    err_t e = withdraw(scene, supplement, false, err);
    if (e == E_STATE) e = withdraw(scene, fee, false, err);
    return e == E_STATE ? OK : e;
}

static const struct trial of_proposed = {.prepare = scene_proposed, .work = withdraw_supplement};
static const struct trial of_approved = {.prepare = scene_approved, .work = withdraw_supplement};
static const struct trial of_fee = {.prepare = scene_proposed, .work = withdraw_fee};
static const struct trial repeated = {.prepare = scene_withdrawn, .work = withdraw_both_again,
                                      .reads = true};
static const struct trial of_issued = {.prepare = scene_billed, .work = withdraw_issued,
                                       .reads = true};

static void a_proposed_supplement_is_withdrawn_whole_or_not(void **state)
{
    survive_lost_calls(state, &of_proposed);
}

static void an_approved_supplement_is_withdrawn_whole_or_not(void **state)
{
    survive_lost_calls(state, &of_approved);
}

static void a_fee_is_withdrawn_whole_or_not(void **state)
{
    survive_lost_calls(state, &of_fee);
}

static void a_withdrawal_is_answered_again_or_fails(void **state)
{
    survive_lost_calls(state, &repeated);
}

static void what_is_issued_is_refused_for_that_alone(void **state)
{
    survive_lost_calls(state, &of_issued);
}

static void a_supplement_withdrawn_needs_its_memory(void **state)
{
    survive_short_memory(state, &of_approved);
}

static void a_fee_withdrawn_needs_its_memory(void **state)
{
    survive_short_memory(state, &of_fee);
}

static void a_supplement_withdrawn_needs_its_room(void **state)
{
    survive_little_room(state, &of_approved);
}

static void a_fee_withdrawn_needs_its_room(void **state)
{
    survive_little_room(state, &of_fee);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_list_is_whole_or_fails),
        ON_SQLITE(a_list_needs_its_memory),
        ON_BOTH_STORES(a_proposed_supplement_is_withdrawn_whole_or_not),
        ON_BOTH_STORES(an_approved_supplement_is_withdrawn_whole_or_not),
        ON_BOTH_STORES(a_fee_is_withdrawn_whole_or_not),
        ON_SQLITE(a_withdrawal_is_answered_again_or_fails),
        ON_SQLITE(what_is_issued_is_refused_for_that_alone),
        ON_SQLITE(a_supplement_withdrawn_needs_its_memory),
        ON_SQLITE(a_fee_withdrawn_needs_its_memory),
        ON_SQLITE(a_supplement_withdrawn_needs_its_room),
        ON_SQLITE(a_fee_withdrawn_needs_its_room),
    };
    return run_store_tests("billing faults of orders", tests);
}
