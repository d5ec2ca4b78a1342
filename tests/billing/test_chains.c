/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections outside the cycle, and proposals that something overtook: what follows from the facts
 * is found, what does not is left to people. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/fee_bill.h"
#include "ledger/ledger_view.h"

enum { MANY = 64 };

static struct err err;

static int32_t issue_day(void)
{
    return day_from_civil(2026, 11, 15);
}

static err_t propose(struct scene *scene, struct adjust_order order, struct adjustment *out)
{
    order.cause = S("inspection");
    order.now_ms = SCENE_LATER_MS;
    return adjust_propose(scene->db, &scene->first, &scene->arena, &order, out, &err);
}

static err_t release(struct scene *scene, const char *proposal)
{
    return adjust_release(scene->db, &scene->second, &scene->arena, str_of(proposal), issue_day(),
                          &err);
}

static int64_t found(struct scene *scene)
{
    int64_t count = -1;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    MUST(adjust_find(scene->db, &scene->first, &filter, S(""), false, NULL, NULL, &count, &err));
    return count;
}

static void count_problem(void *context, int64_t account_id, struct str reference,
                          const char *what_vi, const char *what_en)
{
    (void)context, (void)what_vi;
    fail_msg("%lld %.*s: %s", (long long)account_id, STR_ARG(reference), what_en);
}

static void ledger_agrees(struct scene *scene)
{
    int64_t documents;
    MUST(ledger_check(scene->db, 1, count_problem, NULL, &documents, &err));
}

/* ---- outside the cycle ------------------------------------------------------------------- */

static void order_fee(struct scene *scene, const char *point)
{
    struct fee_proposal proposal;
    struct fee_order order = {.point_code = str_of(point), .code = S("reconnection"),
                              .day = scene->first.day, .voltage = S("LE038"),
                              .residential = true};
    MUST(fee_bill_propose(scene->db, &scene->first, &scene->arena, &order, &proposal, &err));
}

/* October with a final bill and a fee of point 2 and a supplement of point 3; a fee is proposed for
 * each of the others too. */
static void scene_outside(struct scene *scene)
{
    scene_closed(scene);
    scene->first.day = scene->second.day = day_from_civil(2026, 10, 20);
    scene_run(scene, "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                     "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, estimated, "
                     "spike, carry, detail) VALUES "
                     "(1, 1, 202610, 0, 2, 'final', 1, 2, '2026-10-31', '2026-11-10', 150000, "
                     "150000, 0, 'none', '{}', '{}'), "
                     "(1, 2, 202610, 0, 3, 'supplement', 1, 3, '2026-06-30', '2026-07-31', "
                     "150000, 150000, 0, 'none', '{}', '{}')");
    MUST(scene_draft(scene, &err));
    MUST(scene_issue(scene, &err));
    order_fee(scene, "DD00000000002");
    MUST(release(scene, "PD0100-26100-2-2-P2"));
    order_fee(scene, "DD00000000001");
    order_fee(scene, "DD00000000003");
    order_fee(scene, "DD00000000004");
}

static void set_fact(struct scene *scene, int64_t point_id, const char *kind, const char *state,
                     struct value value)
{
    MUST(db_run(scene->db,
                "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                "recorded_at, actor_id, value_i64) SELECT $1, $2, $3, '2015-01-01', "
                "1 + COALESCE(max(entry_no), 0), $4, 3000, 1, $5 FROM point_fact WHERE "
                "unit_id = $6 AND point_id = $7 AND kind = $8",
                ARGS(v_i64(1), v_i64(point_id), v_text(str_of(kind)), v_text(str_of(state)), value,
                     v_i64(1), v_i64(point_id), v_text(str_of(kind))),
                NULL, &err));
}

static void two_households(struct scene *scene)
{
    set_fact(scene, 2, "households", "set", v_i64(16));
    set_fact(scene, 3, "households", "set", v_i64(16));
}

static void final_bills_and_supplements_follow_the_facts_too(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_outside);
    assert_int_equal(found(&scene), 0);
    two_households(&scene);
    assert_int_equal(found(&scene), 4);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft WHERE kind = 'adjustment' "
                                       "AND period_no = 0"),
                     2);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft WHERE kind = 'adjustment' "
                                       "AND total_vnd < 0"),
                     4);
    assert_int_equal(found(&scene), 0);
    MUST(release(&scene, "PD0100-26100-2-2-D3"));
    MUST(release(&scene, "PD0100-26100-3-3-D3"));
    assert_int_equal(found(&scene), 0);
    ledger_agrees(&scene);
    scene_drop(&scene);
}

/* The days of the supplement were billed otherwise meanwhile. */
static void a_supplement_whose_days_are_billed_otherwise_is_left(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    scene_make(&scene, test_store(state), scene_outside);
    two_households(&scene);
    scene_run(&scene, "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, "
                      "agreement_id, kind, version, origin, account_id, run_id, closing_no, "
                      "posting_month, from_on, to_on, total_wh, pre_vat_vnd, vat_ppm, vat_vnd, "
                      "total_vnd, line_count, estimated, issued_on, price_book, request) VALUES "
                      "(1, 202607, 1, 2, 3, 3, 'periodic', 1, 'earlier', 3, 0, 0, 202607, "
                      "'2026-07-15', '2026-08-15', 60000, 0, 0, 0, 0, 0, 0, '2026-08-16', '', "
                      "'{\"earlier\":\"1\"}')");
    assert_int_equal(propose(&scene, (struct adjust_order){.number = S("PD0100-26100-3-3-B1")},
                             &adjustment), E_INPUT);
    assert_true(err.vi.detail[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(found(&scene), 3);
    scene_drop(&scene);
}

/* ---- another customer -------------------------------------------------------------------- */

static void a_bill_is_not_adjusted_by_what_another_used(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    struct adjust_order order = {.number = S("PD0100-26101-2-2-K1")};
    scene_make(&scene, test_store(state), scene_outside);
    set_fact(&scene, 2, "agreement", "set", v_i64(4));
    assert_int_equal(propose(&scene, order, &adjustment), E_INPUT);
    assert_true(err.vi.detail[0] != '\0' && err.en.detail[0] != '\0');
    set_fact(&scene, 2, "agreement", "retract", v_null());
    assert_int_equal(propose(&scene, order, &adjustment), E_INPUT);
    assert_true(err.vi.detail[0] != '\0' && err.en.detail[0] != '\0');
    assert_int_equal(found(&scene), 0);
    scene_drop(&scene);
}

static void the_use_of_another_agreement_is_not_this_one_s(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    scene_make(&scene, test_store(state), scene_outside);
    scene_run(&scene, "UPDATE book_period SET closing_no = 2 WHERE book_id = 1");
    scene_run(&scene, "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                      "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, estimated, "
                      "spike, carry, detail) VALUES (1, 1, 202610, 1, 2, 'periodic', 2, 4, "
                      "'2026-09-30', '2026-10-31', 50000, 50000, 0, 'none', '{}', '{}'), "
                      "(1, 1, 202610, 1, 1, 'final', 2, 1, '2026-09-30', '2026-10-31', 50000, "
                      "50000, 0, 'none', '{}', '{}')");
    assert_int_equal(propose(&scene, (struct adjust_order){.number = S("PD0100-26101-2-2-K1")},
                             &adjustment), E_INPUT);
    /* Point 1 has a use of another kind than its bill's. */
    assert_int_equal(found(&scene), 0);
    scene_drop(&scene);
}

/* ---- whole requests ---------------------------------------------------------------------- */

static void fees_and_energy_do_not_take_each_other_s_place(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    scene_make(&scene, test_store(state), scene_outside);
    struct str fee = S("{\"type\":\"reconnection\",\"voltage\":\"LE038\",\"residential\":true,"
                       "\"quantity\":\"2\",\"date\":\"2026-10-20\"}");
    struct str energy = S("{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":"
                          "\"5\"},\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}]}");
    assert_int_equal(propose(&scene, (struct adjust_order){.number = S("PD0100-26101-2-2-K1"),
                                                           .request = fee}, &adjustment),
                     E_INPUT);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(propose(&scene, (struct adjust_order){.number = S("PD0100-26100-2-2-P2"),
                                                           .request = energy}, &adjustment),
                     E_INPUT);
    MUST(propose(&scene, (struct adjust_order){.number = S("PD0100-26100-2-2-P2"),
                                               .request = fee}, &adjustment));
    assert_int_equal(adjustment.difference.pre_vat_vnd, adjustment.before.pre_vat_vnd);
    scene_drop(&scene);
}

static void the_book_of_the_bill_changes_nothing(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    struct str book;
    scene_make(&scene, test_store(state), scene_outside);
    MUST(db_get_text(scene.db, &scene.keep, "SELECT max(price_book) FROM bill", NO_ARGS, &book,
                     &err));
    struct adjust_order order = {.number = S("PD0100-26101-2-2-K1"), .price_book = book};
    assert_int_equal(propose(&scene, order, &adjustment), E_STATE);
    order.price_book = S("unknown");
    assert_int_equal(propose(&scene, order, &adjustment), E_NOT_FOUND);
    scene_drop(&scene);
}

/* ---- what was overtaken ------------------------------------------------------------------ */

/* A correction that somebody else wrote for point 2 meanwhile. */
#define CORRECTION                                                                            \
    "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, "      \
    "version, replaces_version, cause, origin, account_id, run_id, closing_no, posting_month, " \
    "from_on, to_on, total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, "          \
    "estimated, issued_on, price_book, request) SELECT unit_id, month, period_no, book_id, "    \
    "point_id, agreement_id, "
#define COPIED ", 'own', account_id, 0, closing_no, 202611, from_on, to_on, 0, "
#define REST                                                                                    \
    ", 0, 0, '2026-11-02', price_book, request FROM bill WHERE month = 202610 AND "             \
    "period_no = 1 AND version = 1 AND point_id = 2"
#define OF_THE_BILL COPIED "0, 0, 0, 0" REST

static void scene_proposed(struct scene *scene)
{
    struct adjustment adjustment;
    scene_issued(scene);
    MUST(propose(scene, (struct adjust_order){.number = S("PD0100-26101-2-2-K1"),
                                              .usage = S("{\"kwh\":\"90\"}"), .replace = true},
                 &adjustment));
    assert_string_equal(adjustment.number, "PD0100-26101-2-2-T2");
}

static void refused(struct scene *scene, const char *proposal, err_t expected)
{
    int64_t bills = ask_i64(scene->db, "SELECT count(*) FROM bill");
    assert_int_equal(release(scene, proposal), expected);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    assert_int_equal(ask_i64(scene->db, "SELECT count(*) FROM bill"), bills);
    assert_false(db_in_transaction(scene->db));
}

static void a_chain_that_went_on_is_not_replaced(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_proposed);
    scene_run(&scene, CORRECTION "'adjustment', 3, 1, 'other'" OF_THE_BILL);
    refused(&scene, "PD0100-26101-2-2-T2", E_CONFLICT);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    scene_drop(&scene);
}

static void a_bill_that_was_replaced_is_not_replaced_again(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_proposed);
    scene_run(&scene, "UPDATE bill_draft SET version = 3");
    scene_run(&scene, CORRECTION "'replacement', 2, 1, 'other'" OF_THE_BILL);
    refused(&scene, "PD0100-26101-2-2-T3", E_CONFLICT);
    scene_drop(&scene);
}

static void a_bill_that_is_not_there_is_not_replaced(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_proposed);
    scene_run(&scene, "UPDATE bill_draft SET agreement_id = 4");
    refused(&scene, "PD0100-26101-4-2-T2", E_NOT_FOUND);
    scene_drop(&scene);
}

/* A draft that is gone while its approval is open: the number is taken. */
static void a_number_that_is_taken_ends_the_search(void **state)
{
    struct scene scene;
    int64_t count = -1;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202611};
    scene_make(&scene, test_store(state), scene_outside);
    two_households(&scene);
    assert_int_equal(found(&scene), 4);
    scene_run(&scene, "DELETE FROM bill_draft WHERE kind = 'adjustment' AND period_no = 0");
    assert_int_equal(adjust_find(scene.db, &scene.first, &filter, S(""), false, NULL, NULL, &count,
                                 &err), E_CONFLICT);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft WHERE kind = 'adjustment'"),
                     2);
    scene_drop(&scene);
}

/* ---- limits ------------------------------------------------------------------------------ */

static void a_period_with_too_many_open_records_is_not_replaced(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    scene_make(&scene, test_store(state), scene_issued);
    for (int64_t version = 2; version < 2 + MANY; version++) {
        char reference[64];
        struct buf text;
        buf_init_fixed(&text, reference, sizeof reference);
        buf_printf(&text, "PD0100-26101-2-2-D%lld", (long long)version);
        MUST(db_run(scene.db, CORRECTION "'adjustment', $1, 1, 'other'" OF_THE_BILL,
                    ARGS(v_i64(version)), NULL, &err));
        MUST(db_run(scene.db,
                    "INSERT INTO open_item (unit_id, account_id, reference, kind, month, due_on, "
                    "amount_vnd) VALUES (1, 2, $1, 'adjustment', 202611, '2026-11-20', 1)",
                    ARGS(v_text(buf_str(&text))), NULL, &err));
    }
    MUST(propose(&scene, (struct adjust_order){.number = S("PD0100-26101-2-2-K1"),
                                               .usage = S("{\"kwh\":\"90\"}"), .replace = true},
                 &adjustment));
    refused(&scene, adjustment.number, E_LIMIT);
    scene_drop(&scene);
}

/* Amounts that no customer has, as a damaged record would say them. */
static void amounts_beyond_counting_are_refused(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    scene_make(&scene, test_store(state), scene_issued);
    scene_run(&scene, CORRECTION "'adjustment', 2, 1, 'other'" COPIED
                      "9223372036854775807, 0, 0, 9223372036854775807" REST);
    MUST(propose(&scene, (struct adjust_order){.number = S("PD0100-26101-2-2-K1"),
                                               .usage = S("{\"kwh\":\"90\"}"), .replace = true},
                 &adjustment));
    refused(&scene, adjustment.number, E_OVERFLOW);
    scene_drop(&scene);
}

static void taxes_beyond_counting_are_refused(void **state)
{
    struct scene scene;
    struct adjustment adjustment;
    scene_make(&scene, test_store(state), scene_issued);
    scene_run(&scene, CORRECTION "'adjustment', 2, 1, 'other'" COPIED
                      "-9223372036854775807, 0, 9223372036854775807, 0" REST);
    MUST(propose(&scene, (struct adjust_order){.number = S("PD0100-26101-2-2-K1"),
                                               .usage = S("{\"kwh\":\"90\"}"), .replace = true},
                 &adjustment));
    refused(&scene, adjustment.number, E_OVERFLOW);
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(final_bills_and_supplements_follow_the_facts_too),
        ON_BOTH_STORES(a_supplement_whose_days_are_billed_otherwise_is_left),
        ON_BOTH_STORES(a_bill_is_not_adjusted_by_what_another_used),
        ON_BOTH_STORES(the_use_of_another_agreement_is_not_this_one_s),
        ON_BOTH_STORES(fees_and_energy_do_not_take_each_other_s_place),
        ON_BOTH_STORES(the_book_of_the_bill_changes_nothing),
        ON_BOTH_STORES(a_chain_that_went_on_is_not_replaced),
        ON_BOTH_STORES(a_bill_that_was_replaced_is_not_replaced_again),
        ON_BOTH_STORES(a_bill_that_is_not_there_is_not_replaced),
        ON_BOTH_STORES(a_number_that_is_taken_ends_the_search),
        ON_BOTH_STORES(a_period_with_too_many_open_records_is_not_replaced),
        ON_BOTH_STORES(amounts_beyond_counting_are_refused),
        ON_BOTH_STORES(taxes_beyond_counting_are_refused),
    };
    return run_store_tests("billing chains", tests);
}
