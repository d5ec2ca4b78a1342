/* SPDX-License-Identifier: Apache-2.0 */
/* Orders listed and taken back: by state and unit, once, and never behind the bill. */
#include "billing/faults.h"

#include <string.h>

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/bill_order.h"
#include "billing/fee_bill.h"
#include "billing/problem.h"
#include "billing/supplement_order.h"

enum { REASON_TOO_LONG = 501, NO_RIGHTS_DAY = 19990 };

static struct err err;

static void order_fee(struct scene *scene, const char *key, const char *expected)
{
    struct fee_proposal proposal;
    struct fee_order order = {.point_code = S("DD00000000003"), .code = S("reconnection"),
                              .day = day_from_civil(2026, 5, 20), .voltage = S("LE038"),
                              .residential = true, .key = str_of(key)};
    MUST(fee_bill_propose(scene->db, &scene->first, &scene->arena, &order, &proposal, &err));
    assert_string_equal(proposal.number, expected);
}

static void order_supplement(struct scene *scene, const char *key, const char *expected)
{
    struct supplement_proposal proposal;
    struct supplement_order order = {
        .point_code = S("DD00000000001"), .from_day = day_from_civil(2026, 9, 30),
        .to_day = day_from_civil(2026, 10, 31), .total_wh = 50000, .reactive_varh = -1,
        .cause = S("not_measured"), .settlement_day = -1, .ground = str_of(key),
        .key = str_of(key)};
    MUST(supplement_propose(scene->db, &scene->first, &scene->arena, &order, false, &proposal,
                            &err));
    assert_string_equal(proposal.code, expected);
}

static void approve(struct scene *scene, const char *code)
{
    struct supplement_proposal proposal;
    MUST(supplement_approve(scene->db, &scene->second, &scene->arena, str_of(code), false,
                            &proposal, &err));
}

/* Two orders of each kind. */
static void scene_orders(struct scene *scene)
{
    scene_issued(scene);
    order_supplement(scene, "BB 1", "PD0100-TT1");
    order_supplement(scene, "BB 2", "PD0100-TT2");
    order_fee(scene, "PCT 1", "PD0100-26050-3-3-P1");
    order_fee(scene, "PCT 2", "PD0100-26050-3-3-P2");
}

static bool withdrawn(struct scene *scene, const char *code)
{
    bool repeated;
    MUST(bill_order_withdraw(scene->db, &scene->first, &scene->arena, str_of(code),
                             S("  Biên bản đã hủy "), &repeated, &err));
    return !repeated;
}

static void refused(struct scene *scene, const char *code, const char *reason, err_t expected)
{
    bool repeated;
    int64_t before = ask_i64(scene->db, "SELECT count(*) FROM order_withdrawal");
    int64_t audited = ask_i64(scene->db, "SELECT count(*) FROM audit_entry");
    err = (struct err){0};
    assert_int_equal(bill_order_withdraw(scene->db, &scene->first, &scene->arena, str_of(code),
                                         str_of(reason), &repeated, &err), expected);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_false(db_in_transaction(scene->db));
    assert_int_equal(ask_i64(scene->db, "SELECT count(*) FROM order_withdrawal"), before);
    assert_int_equal(ask_i64(scene->db, "SELECT count(*) FROM audit_entry"), audited);
}

/* ---- ordering ---------------------------------------------------------------------------- */

static void not_ordered(struct scene *scene, int32_t from_day, enum problem problem)
{
    struct supplement_proposal proposal;
    struct supplement_order order = {
        .point_code = S("DD00000000001"), .from_day = from_day, .to_day = from_day + 31,
        .total_wh = 50000, .reactive_varh = -1, .cause = S("not_measured"), .settlement_day = -1,
        .ground = S("BB 1"), .key = S("")};
    err = (struct err){0};
    assert_int_equal(supplement_propose(scene->db, &scene->first, &scene->arena, &order, false,
                                        &proposal, &err), E_INPUT);
    assert_string_equal(err.en.detail, problem_text(problem)->en);
    assert_true(err.vi.detail[0] != '\0' && err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(ask_i64(scene->db, "SELECT count(*) FROM supplement_order"), 0);
}

static void a_supplement_is_ordered_where_somebody_is_supplied(void **state)
{
    struct scene scene;
    int32_t september = day_from_civil(2026, 9, 30);
    scene_make(&scene, test_store(state), scene_issued);
    not_ordered(&scene, day_from_civil(2014, 9, 30), PROBLEM_NO_SUPPLY);
    scene_run(&scene, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                      "state, recorded_at, actor_id) VALUES (1, 1, 'book', '2015-01-01', 2, "
                      "'retract', 2000, 1)");
    not_ordered(&scene, september, PROBLEM_NO_BOOK);
    scene_run(&scene, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, "
                      "entry_no, state, recorded_at, actor_id) VALUES (1, 1, 'account', "
                      "'2015-01-01', 2, 'retract', 2000, 1)");
    not_ordered(&scene, september, PROBLEM_NO_ACCOUNT);
    scene_drop(&scene);
}

/* ---- the list ---------------------------------------------------------------------------- */

static err_t add_code(void *context, const struct bill_order_row *row, struct err *why)
{
    (void)why;
    struct buf *codes = context;
    buf_printf(codes, "%.*s %.*s %.*s;", STR_ARG(row->kind), STR_ARG(row->code),
               STR_ARG(row->state));
    return OK;
}

static void listed(struct scene *scene, const char *unit, const char *state, const char *expected)
{
    char memory[1024];
    struct buf codes;
    const struct bill_order_filter filter = {str_of(unit), str_of(state)};
    buf_init_fixed(&codes, memory, sizeof memory);
    MUST(bill_order_each(scene->db, &filter, add_code, &codes, &err));
    if (!str_equal(buf_str(&codes), str_of(expected)))
        fail_msg("lists %.*s\nnot %s", STR_ARG(buf_str(&codes)), expected);
}

static void orders_are_listed_by_state_and_unit(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_orders);
    assert_true(withdrawn(&scene, "PD0100-TT2"));
    approve(&scene, "PD0100-TT1");
    MUST(adjust_refuse(scene.db, &scene.second, S("PD0100-26050-3-3-P1"), S("Nhầm"), &err));
    MUST(adjust_release(scene.db, &scene.second, &scene.arena, S("PD0100-26050-3-3-P2"),
                        day_from_civil(2026, 11, 15), &err));
    order_fee(&scene, "PCT 3", "PD0100-26050-3-3-P3");
    listed(&scene, "", "", "supplement PD0100-TT1 approved;supplement PD0100-TT2 withdrawn;"
                           "fee PD0100-26050-3-3-P1 refused;fee PD0100-26050-3-3-P2 issued;"
                           "fee PD0100-26050-3-3-P3 proposed;");
    listed(&scene, "PD0100", "withdrawn", "supplement PD0100-TT2 withdrawn;");
    listed(&scene, "PD0100", "proposed", "fee PD0100-26050-3-3-P3 proposed;");
    listed(&scene, "PD0200", "", "");
    assert_true(bill_order_state_known(S("withdrawn")));
    assert_false(bill_order_state_known(S("lost")));
    scene_drop(&scene);
}

static err_t stop(void *context, const struct bill_order_row *row, struct err *why)
{
    (*(int *)context)++;
    err_set(why, E_LIMIT, "list", "%.*s", "%.*s", STR_ARG(row->code));
    return E_LIMIT;
}

static void who_reads_may_stop_the_list(void **state)
{
    struct scene scene;
    int count = 0;
    const struct bill_order_filter all = {S(""), S("")};
    scene_make(&scene, test_store(state), scene_orders);
    assert_int_equal(bill_order_each(scene.db, &all, stop, &count, &err), E_LIMIT);
    assert_int_equal(count, 1);
    scene_drop(&scene);
}

/* ---- taking back ------------------------------------------------------------------------- */

static void an_order_is_withdrawn_once(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_orders);
    approve(&scene, "PD0100-TT1");
    static const char *const codes[] = {"PD0100-TT1", "PD0100-TT2", "PD0100-26050-3-3-P1"};
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        assert_true(withdrawn(&scene, codes[i]));
        assert_false(withdrawn(&scene, codes[i]));
        refused(&scene, codes[i], "Lý do khác", E_CONFLICT);
    }
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM order_withdrawal WHERE reason = "
                                       "'Biên bản đã hủy'"),
                     3);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM audit_entry WHERE action = "
                                       "'bill.withdraw'"),
                     3);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM event_new WHERE topic = "
                                       "'supplement.withdrawn'"),
                     1);
    /* The fee that was not touched is still there to release. */
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft WHERE kind = 'fee'"), 1);
    scene_drop(&scene);
}

static void what_cannot_be_withdrawn_is_refused(void **state)
{
    struct scene scene;
    char long_reason[REASON_TOO_LONG + 1];
    memset(long_reason, 'x', REASON_TOO_LONG);
    long_reason[REASON_TOO_LONG] = '\0';
    scene_make(&scene, test_store(state), scene_orders);
    MUST(supplement_refuse(scene.db, &scene.second, &scene.arena, S("PD0100-TT1"), S("Nhầm"),
                           &err));
    MUST(adjust_refuse(scene.db, &scene.second, S("PD0100-26050-3-3-P1"), S("Nhầm"), &err));
    MUST(adjust_release(scene.db, &scene.second, &scene.arena, S("PD0100-26050-3-3-P2"),
                        day_from_civil(2026, 11, 15), &err));
    refused(&scene, "PD0100-TT1", "Ghi nhầm", E_STATE);
    refused(&scene, "PD0100-26050-3-3-P1", "Ghi nhầm", E_STATE);
    refused(&scene, "PD0100-26050-3-3-P2", "Ghi nhầm", E_STATE);
    assert_non_null(strstr(err.en.hint, "--quantity 0"));
    refused(&scene, "PD0100-TT2", " ", E_INPUT);
    refused(&scene, "PD0100-TT2", long_reason, E_INPUT);
    /* A bill of the cycle, a fee that nobody ordered, a unit that is not there, no code at all. */
    refused(&scene, "PD0100-26101-1-1-K1", "Ghi nhầm", E_NOT_FOUND);
    refused(&scene, "PD0100-26050-3-3-P9", "Ghi nhầm", E_NOT_FOUND);
    refused(&scene, "PD0900-26050-3-3-P1", "Ghi nhầm", E_NOT_FOUND);
    refused(&scene, "PD0100-TT9", "Ghi nhầm", E_NOT_FOUND);
    refused(&scene, "TT", "Ghi nhầm", E_NOT_FOUND);
    refused(&scene, "PD0100-TTx", "Ghi nhầm", E_NOT_FOUND);
    scene_drop(&scene);
}

/* Each of them is told what became of it. */
static void a_decided_supplement_is_neither_refused_nor_approved(void **state)
{
    static const char *const codes[] = {"PD0100-TT1", "PD0100-TT2", "PD0100-TT3"};
    static const char *const words[] = {"approved", "withdrawn", "refused"};
    struct scene scene;
    scene_make(&scene, test_store(state), scene_orders);
    order_supplement(&scene, "BB 3", "PD0100-TT3");
    approve(&scene, codes[0]);
    assert_true(withdrawn(&scene, codes[1]));
    MUST(supplement_refuse(scene.db, &scene.second, &scene.arena, str_of(codes[2]), S("Nhầm"),
                           &err));
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        struct supplement_proposal proposal;
        assert_int_equal(supplement_refuse(scene.db, &scene.second, &scene.arena,
                                           str_of(codes[i]), S("Nhầm"), &err), E_STATE);
        assert_non_null(strstr(err.en.message, words[i]));
        assert_int_equal(supplement_approve(scene.db, &scene.second, &scene.arena,
                                            str_of(codes[i]), false, &proposal, &err), E_STATE);
        assert_non_null(strstr(err.en.message, words[i]));
    }
    scene_drop(&scene);
}

static void an_order_needs_the_right_to_be_withdrawn(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_orders);
    scene.first.day = NO_RIGHTS_DAY;
    refused(&scene, "PD0100-TT1", "Ghi nhầm", E_FORBIDDEN);
    refused(&scene, "PD0100-26050-3-3-P1", "Ghi nhầm", E_FORBIDDEN);
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_supplement_is_ordered_where_somebody_is_supplied),
        ON_BOTH_STORES(orders_are_listed_by_state_and_unit),
        ON_BOTH_STORES(who_reads_may_stop_the_list),
        ON_BOTH_STORES(an_order_is_withdrawn_once),
        ON_BOTH_STORES(what_cannot_be_withdrawn_is_refused),
        ON_BOTH_STORES(a_decided_supplement_is_neither_refused_nor_approved),
        ON_BOTH_STORES(an_order_needs_the_right_to_be_withdrawn),
    };
    return run_store_tests("billing orders", tests);
}
