/* SPDX-License-Identifier: Apache-2.0 */
/* Adjustments, replacements and closed months: everything is a new record that nets out. */
#include "support/stores.h"

#include <string.h>

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/bill_verify.h"
#include "billing/fixture.h"
#include "billing/month_close.h"
#include "billing/run.h"
#include "identity/staff.h"
#include "ledger/ledger_view.h"
#include "metering/book.h"

enum { LEASE_MS = 60000, NOW_MS = 2000, LATER_MS = 5000, ARENA_BYTES = 8 * 1024 * 1024 };

static struct err err;
static struct arena arena;

struct scene {
    struct db *db;
    struct actor first, second;
    int64_t run_id;
};

static void bill_month(struct db *db, int64_t *out_run_id)
{
    struct run_ticket ticket;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = NOW_MS};
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    *out_run_id = ticket.run_id;
}

static void two_leaders(struct scene *scene)
{
    struct staff_entry entry = {.code = S("NV02"), .name = S("B"), .from_day = 20001};
    struct role_change change = {.role = ROLE_billing_leader, .unit_id = 1, .from_day = 20002};
    int64_t staff_id;
    MUST(db_begin(scene->db, &err));
    MUST(staff_found(scene->db, S("NV01"), S("A"), S(""), 20000, &staff_id, &err));
    MUST(db_commit(scene->db, &err));
    MUST(actor_resolve(scene->db, &arena, S("NV01"), S(""), 20600, &scene->first, &err));
    MUST(db_begin(scene->db, &err));
    MUST(staff_add(scene->db, &scene->first, &entry, &staff_id, &err));
    change.code = S("NV02");
    MUST(staff_change_role(scene->db, &scene->first, &change, &err));
    MUST(db_commit(scene->db, &err));
    MUST(actor_resolve(scene->db, &arena, S("NV02"), S(""), 20600, &scene->second, &err));
}

static struct scene billed(void **state, bool spikes)
{
    struct scene scene = {.db = test_db(state)};
    struct fixture fixture = FIXTURE_SMALL;
    fixture.spikes = spikes;
    if (arena.limit_bytes > 0) arena_release(&arena);
    arena_init(&arena, ARENA_BYTES);
    MUST(fixture_make(scene.db, &fixture, &err));
    two_leaders(&scene);
    bill_month(scene.db, &scene.run_id);
    return scene;
}

static struct adjust_order order_of(const char *bill, const char *usage)
{
    return (struct adjust_order){.number = str_of(bill), .cause = S("reading"),
                                 .usage = str_of(usage), .now_ms = LATER_MS};
}

static int32_t issue_day(void)
{
    return day_from_civil(2026, 11, 15);
}

static void count_problem(void *context, int64_t account_id, struct str reference,
                          const char *what_vi, const char *what_en)
{
    (void)context, (void)what_vi;
    fail_msg("%lld %.*s: %s", (long long)account_id, STR_ARG(reference), what_en);
}

static void everything_agrees(struct db *db)
{
    int64_t documents;
    struct verify_counts counts;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    MUST(ledger_check(db, 1, count_problem, NULL, &documents, &err));
    MUST(bill_verify(db, &filter, NULL, NULL, &counts, &err));
    assert_int_equal(counts.different + counts.refused, 0);
}

static struct ledger_balance balance_of(struct db *db, int64_t account_id)
{
    struct ledger_balance balance;
    MUST(ledger_balance_of(db, 1, account_id, &balance, &err));
    return balance;
}

/* ---- adjustments ------------------------------------------------------------------------- */

static void an_adjustment_carries_the_difference(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"100\"}");
    int64_t before = balance_of(scene.db, 7).owed_vnd;
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    assert_string_equal(adjustment.number, "PD0100-26101-7-7-D2");
    assert_int_equal(adjustment.before.total_vnd, before);
    assert_int_equal(adjustment.difference.total_wh, 100000 - fixture_kwh(7) * 1000);
    assert_int_equal(balance_of(scene.db, 7).owed_vnd, before);
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    struct ledger_balance after = balance_of(scene.db, 7);
    assert_int_equal(after.owed_vnd - after.credit_vnd, adjustment.after.total_vnd);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 0);
    assert_int_equal(ask_i64(scene.db, "SELECT posting_month FROM bill WHERE version = 2"), 202611);
    everything_agrees(scene.db);
    order = order_of("PD0100-26101-7-7-D2", "{\"kwh\":\"120\"}");
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    assert_string_equal(adjustment.number, "PD0100-26101-7-7-D3");
    assert_int_equal(adjustment.difference.total_wh, 20000);
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    after = balance_of(scene.db, 7);
    assert_int_equal(after.owed_vnd - after.credit_vnd, adjustment.after.total_vnd);
    everything_agrees(scene.db);
}

static void a_replacement_takes_the_old_bill_back(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"100\"}");
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"90\"}");
    order.replace = true;
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    assert_string_equal(adjustment.number, "PD0100-26101-7-7-T3");
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    struct ledger_balance after = balance_of(scene.db, 7);
    assert_int_equal(after.owed_vnd, adjustment.after.total_vnd);
    assert_int_equal(after.credit_vnd, 0);
    assert_int_equal(after.item_count, 1);
    assert_int_equal(ask_i64(scene.db, "SELECT replaces_version FROM bill WHERE version = 3"), 1);
    everything_agrees(scene.db);
}

static void what_one_proposes_another_releases(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"100\"}");
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    struct str proposal = str_of(adjustment.number);
    assert_int_equal(adjust_release(scene.db, &scene.first, &arena, proposal, issue_day(), &err),
                     E_FORBIDDEN);
    assert_int_equal(adjust_propose(scene.db, &scene.second, &arena, &order, &adjustment, &err),
                     E_STATE);
    MUST(db_run(scene.db, "UPDATE bill_draft SET request = '{}'", NO_ARGS, NULL, &err));
    assert_int_equal(adjust_release(scene.db, &scene.second, &arena, proposal, issue_day(), &err),
                     E_CONFLICT);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill WHERE version = 2"), 0);
}

static void a_refused_proposal_may_be_made_again(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"100\"}");
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_refuse(scene.db, &scene.second, str_of(adjustment.number), S("sai"), &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 0);
    MUST(adjust_propose(scene.db, &scene.second, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.first, &arena, str_of(adjustment.number), issue_day(),
                        &err));
}

static void what_is_right_is_not_adjusted(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "");
    assert_int_equal(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err),
                     E_STATE);
    order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"-5\"}");
    assert_int_equal(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err),
                     E_INPUT);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 0);
}

static void a_change_of_households_proposes_its_adjustment(void **state)
{
    struct scene scene = billed(state, false);
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int64_t count = -1;
    MUST(adjust_find(scene.db, &scene.first, &filter, S(""), false, NULL, NULL, &count,
                     &err));
    assert_int_equal(count, 0);
    MUST(db_run(scene.db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                          "state, recorded_at, actor_id, value_i64) VALUES (1, 12, 'households', "
                          "'2026-01-01', 1, 'set', 3000, 1, 16)",
                NO_ARGS, NULL, &err));
    MUST(adjust_find(scene.db, &scene.first, &filter, S(""), true, NULL, NULL, &count,
                     &err));
    assert_int_equal(count, 1);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 0);
    MUST(adjust_find(scene.db, &scene.first, &filter, S(""), false, NULL, NULL, &count,
                     &err));
    assert_int_equal(count, 1);
    assert_int_equal(ask_i64(scene.db, "SELECT point_id FROM bill_draft"), 12);
    assert_true(ask_i64(scene.db, "SELECT total_vnd FROM bill_draft") < 0);
    MUST(adjust_find(scene.db, &scene.first, &filter, S(""), false, NULL, NULL, &count,
                     &err));
    assert_int_equal(count, 0);
    MUST(adjust_release(scene.db, &scene.second, &arena, S("PD0100-26101-12-12-D2"), issue_day(),
                        &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill WHERE cause = 'households'"), 1);
    everything_agrees(scene.db);
}

/* ---- what is refused --------------------------------------------------------------------- */

static void propose_refused(struct scene *scene, const char *bill, const char *usage,
                            err_t expected)
{
    struct adjustment adjustment;
    struct adjust_order order = order_of(bill, usage);
    int64_t drafts = ask_i64(scene->db, "SELECT count(*) FROM bill_draft");
    assert_int_equal(adjust_propose(scene->db, &scene->first, &arena, &order, &adjustment, &err),
                     expected);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    assert_int_equal(ask_i64(scene->db, "SELECT count(*) FROM bill_draft"), drafts);
}

#define A_BILL                                                                                  \
    "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, "      \
    "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, "          \
    "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, issued_on, "    \
    "price_book, request) "

static void what_is_not_ours_is_not_adjusted(void **state)
{
    struct scene scene = billed(state, false);
    run_sql(scene.db,
            A_BILL "VALUES (1, 202609, 1, 1, 7, 7, 'periodic', 1, 'earlier', 7, 0, 0, "
                   "202609, '2026-08-31', '2026-09-30', 5, 0, 0, 0, 0, 0, 0, '2026-10-01', "
                   "'', '{\"earlier\":\"1\"}')");
    run_sql(scene.db, A_BILL "SELECT 1, 202610, 0, 1, 7, 7, 'fee', 1, 'own', 7, 0, 0, 202610, "
                             "'2026-10-01', '2026-10-02', 0, 0, 0, 0, 0, 0, 0, '2026-10-01', "
                             "price_book, '{\"fee\":1}' FROM bill WHERE point_id = 7 AND "
                             "month = 202610");
    propose_refused(&scene, "PD0100-26091-7-7-K1", "{\"kwh\":\"5\"}", E_STATE);
    propose_refused(&scene, "PD0100-26100-7-7-P1", "{\"kwh\":\"5\"}", E_INPUT);
    propose_refused(&scene, "PD0100-26101-7-8-K1", "{\"kwh\":\"5\"}", E_NOT_FOUND);
}

static void facts_that_are_gone_are_said(void **state)
{
    struct scene scene = billed(state, false);
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int64_t count = -1;
    run_sql(scene.db,
            "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id) VALUES (1, 7, 'uses', '2015-01-01', 2, 'retract', 3000, "
            "1)");
    propose_refused(&scene, "PD0100-26101-7-7-K1", "", E_INPUT);
    assert_true(err.vi.detail[0] != '\0' && err.en.hint[0] != '\0');
    run_sql(scene.db, "UPDATE book_period SET closing_no = 2 WHERE book_id = 1");
    propose_refused(&scene, "PD0100-26101-8-8-K1", "", E_NOT_FOUND);
    /* A search passes over them: the lists of the next run name them. */
    MUST(adjust_find(scene.db, &scene.first, &filter, S(""), false, NULL, NULL, &count,
                     &err));
    assert_int_equal(count, 0);
}

static err_t keep_cause(void *context, const struct bill_row *row,
                        const struct adjustment *adjustment, struct err *why)
{
    (void)row, (void)why;
    (*(int *)context)++;
    assert_true(adjustment->difference.total_vnd != 0);
    return OK;
}

static void a_change_of_uses_is_its_own_cause(void **state)
{
    struct scene scene = billed(state, false);
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int64_t count = -1;
    int told = 0;
    run_sql(scene.db,
            "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id, value_text) VALUES (1, 7, 'uses', '2015-01-01', 2, "
            "'set', 3000, 1, 'KD:LT6:100%')");
    MUST(adjust_find(scene.db, &scene.first, &filter, S(""), false, keep_cause, &told,
                     &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(told, 1);
    MUST(adjust_release(scene.db, &scene.second, &arena, S("PD0100-26101-7-7-D2"), issue_day(),
                        &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill WHERE cause = 'uses'"), 1);
    everything_agrees(scene.db);
}

static void a_whole_request_may_be_given(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "");
    order.request = S("{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":\"289\"},"
                      "\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}],\"households\":\"3\"}");
    order.cause = S("inspection");
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    assert_true(adjustment.difference.total_vnd < 0);
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    everything_agrees(scene.db);
}

static void release_refused(struct scene *scene, const char *proposal, err_t expected)
{
    assert_int_equal(adjust_release(scene->db, &scene->second, &arena, str_of(proposal),
                                    issue_day(), &err), expected);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void what_is_not_proposed_is_not_released(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"100\"}");
    release_refused(&scene, "7", E_INPUT);
    release_refused(&scene, "PX-26101-7-7-D2", E_NOT_FOUND);
    release_refused(&scene, "PD0100-26101-7-7-D2", E_NOT_FOUND);
    assert_int_equal(adjust_refuse(scene.db, &scene.second, S("PD0100-26101-7-7-D2"), S("sai"),
                                   &err), E_NOT_FOUND);
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    assert_int_equal(adjust_refuse(scene.db, &scene.second, S("PD0100-26101-7-7-D2"), S(""), &err),
                     E_INPUT);
    /* The slot got a record of its own meanwhile. */
    run_sql(scene.db,
            A_BILL "SELECT unit_id, month, period_no, book_id, point_id, agreement_id, "
                   "'final', 2, 'own', account_id, 0, 0, 202611, from_on, to_on, 0, 0, 0, "
                   "0, 0, 0, 0, '2026-11-02', price_book, request FROM bill WHERE "
                   "point_id = 7");
    release_refused(&scene, "PD0100-26101-7-7-D2", E_CONFLICT);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill WHERE kind = 'adjustment'"), 0);
}

/* What comes to nothing takes nothing back. */
static void a_bill_of_zero_is_replaced(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"0\"}");
    order.replace = true;
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    assert_int_equal(balance_of(scene.db, 7).owed_vnd, 0);
    order = order_of("PD0100-26101-7-7-T2", "{\"kwh\":\"50\"}");
    order.replace = true;
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    assert_int_equal(balance_of(scene.db, 7).owed_vnd, adjustment.after.total_vnd);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM open_item WHERE reference = "
                                       "'PD0100-26101-7-7-T3/H'"),
                     0);
    everything_agrees(scene.db);
}

/* ---- months ------------------------------------------------------------------------------ */

/* What the page says stands in the way is what closing refuses, each with its remedy. */
static void what_stands_in_the_way_is_told_before(void **state)
{
    struct scene scene = billed(state, true);
    struct err obstacles[MONTH_OBSTACLES_MAX];
    struct month_totals totals;
    struct month_closed list[2];
    size_t count;
    int64_t month = 0;
    bool found = false;
    MUST(month_next(scene.db, 1, &month, &found, &err));
    assert_true(found && month == 202610);
    MUST(month_obstacles(scene.db, 1, 202610, obstacles, &count, &err));
    assert_int_equal(count, 0);
    MUST(month_obstacles(scene.db, 1, 202611, obstacles, &count, &err));
    assert_int_equal(count, 2); /* nothing was issued in it, and October is open */
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(obstacles[i].code, E_STATE);
        assert_true(obstacles[i].vi.hint[0] != '\0' && obstacles[i].en.hint[0] != '\0');
    }
    assert_int_equal(month_close(scene.db, 1, 202611, &scene.first, LATER_MS, &totals, &err),
                     E_STATE);
    assert_string_equal(err.vi.message, obstacles[0].vi.message);
    MUST(month_list(scene.db, &arena, 1, 0, 2, list, &count, &err));
    assert_int_equal(count, 0);
    MUST(month_close(scene.db, 1, 202610, &scene.first, LATER_MS, &totals, &err));
    MUST(month_list(scene.db, &arena, 1, 0, 2, list, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].totals.total_wh, totals.total_wh);
    assert_int_equal(list[0].closed_at_ms, LATER_MS);
    MUST(month_list(scene.db, &arena, 1, 202610, 2, list, &count, &err));
    assert_int_equal(count, 0);
    MUST(month_next(scene.db, 1, &month, &found, &err));
    assert_int_equal(month, 202611);
    MUST(month_obstacles(scene.db, 1, 202610, obstacles, &count, &err));
    assert_true(count > 0);
}

static void a_closed_month_never_changes(void **state)
{
    struct scene scene = billed(state, true);
    struct month_totals totals, again;
    struct month_preview preview;
    struct adjustment adjustment;
    int64_t counted = 0;
    MUST(month_preview_renew(scene.db, LATER_MS, &counted, &err));
    MUST(month_preview_read(scene.db, 1, 202610, &preview, &err));
    MUST(month_close(scene.db, 1, 202610, &scene.first, LATER_MS, &totals, &err));
    assert_int_equal(totals.bill_count, 55);
    assert_true(preview.known);
    assert_int_equal(preview.totals.total_wh, totals.total_wh);
    assert_int_equal(preview.totals.vat_vnd, totals.vat_vnd);
    assert_int_equal(totals.pre_vat_vnd,
                     ask_i64(scene.db, "SELECT CAST(sum(pre_vat_vnd) AS BIGINT) FROM bill"));
    assert_int_equal(ask_i64(scene.db, "SELECT CAST(sum(energy_wh) AS BIGINT) FROM month_figure "
                                       "WHERE dimension = 'class'"),
                     totals.total_wh);
    assert_int_equal(ask_i64(scene.db, "SELECT CAST(sum(energy_wh) AS BIGINT) FROM month_figure "
                                       "WHERE dimension = 'kind'"),
                     totals.total_wh);
    assert_int_equal(ask_i64(scene.db, "SELECT amount_mvnd FROM month_figure WHERE "
                                       "dimension = 'vat' AND item = '80000'"),
                     totals.vat_vnd * 1000);
    assert_int_equal(month_close(scene.db, 1, 202610, &scene.first, LATER_MS, &again, &err),
                     E_STATE);
    MUST(db_run(scene.db, "UPDATE spike_case SET state = 'released'", NO_ARGS, NULL, &err));
    int64_t run_id;
    bill_month(scene.db, &run_id);
    assert_int_equal(run_id, scene.run_id + 1);
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"100\"}");
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number),
                        day_from_civil(2026, 10, 31), &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill WHERE posting_month = 202611"),
                     6);
    MUST(month_totals_of(scene.db, 1, 202610, &again, &err));
    assert_int_equal(again.total_wh, totals.total_wh);
    struct err obstacles[MONTH_OBSTACLES_MAX];
    size_t count;
    MUST(month_obstacles(scene.db, 1, 202612, obstacles, &count, &err));
    assert_int_equal(count, 2); /* what was posted late keeps November open, too */
    MUST(month_close(scene.db, 1, 202611, &scene.first, LATER_MS, &again, &err));
    assert_int_equal(again.bill_count, 6);
    MUST(month_obstacles(scene.db, 1, 202612, obstacles, &count, &err));
    assert_int_equal(count, 1); /* only that nothing was issued in December */
    assert_int_equal(ask_i64(scene.db, "SELECT row_count FROM month_figure WHERE month = 202611 "
                                       "AND dimension = 'cause' AND item = 'reading'"),
                     1);
}

static void a_replaced_bill_counts_once(void **state)
{
    struct scene scene = billed(state, false);
    struct month_totals totals, later;
    struct adjustment adjustment;
    int64_t before = ask_i64(scene.db, "SELECT CAST(sum(total_wh) AS BIGINT) FROM bill");
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"100\"}");
    order.replace = true;
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number),
                        day_from_civil(2026, 10, 31), &err));
    MUST(month_close(scene.db, 1, 202610, &scene.first, LATER_MS, &totals, &err));
    assert_int_equal(totals.bill_count, 61);
    assert_int_equal(totals.total_wh, before - fixture_kwh(7) * 1000 + 100000);
    assert_int_equal(ask_i64(scene.db, "SELECT CAST(sum(energy_wh) AS BIGINT) FROM month_figure "
                                       "WHERE dimension = 'class'"),
                     totals.total_wh);
    /* Replaced after the closing: the later month has what was taken back and the new bill. */
    order = order_of("PD0100-26101-7-7-T2", "{\"kwh\":\"130\"}");
    order.replace = true;
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    assert_string_equal(adjustment.number, "PD0100-26101-7-7-T3");
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    MUST(month_close(scene.db, 1, 202611, &scene.first, LATER_MS, &later, &err));
    assert_int_equal(later.bill_count, 1);
    assert_int_equal(later.total_wh, 30000);
    assert_int_equal(ask_i64(scene.db, "SELECT row_count FROM month_figure WHERE month = 202611 "
                                       "AND dimension = 'kind' AND item = 'replacement'"),
                     0);
    assert_int_equal(balance_of(scene.db, 7).owed_vnd, adjustment.after.total_vnd);
    assert_int_equal(balance_of(scene.db, 7).item_count, 1);
    everything_agrees(scene.db);
}

/* What was paid for a bill counts towards the bill that replaces it. */
static void a_paid_bill_is_corrected(void **state)
{
    struct scene scene = billed(state, false);
    struct adjustment adjustment;
    int64_t before = balance_of(scene.db, 7).owed_vnd;
    struct ledger_settlement paid = {.account_id = 7, .reference = S("PD0100-26101-7-7-K1"),
                                     .by_reference = S("PT-1"), .amount_vnd = before - 1000,
                                     .settled_day = issue_day()};
    MUST(db_begin(scene.db, &err));
    MUST(ledger_settle(scene.db, 1, &paid, &err));
    MUST(db_commit(scene.db, &err));
    struct adjust_order order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"1\"}");
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    /* The rest of the bill is covered by the credit, the remainder is the customer's. */
    struct ledger_balance balance = balance_of(scene.db, 7);
    assert_int_equal(balance.owed_vnd, 0);
    assert_int_equal(balance.credit_vnd, before - 1000 - adjustment.after.total_vnd);
    order = order_of("PD0100-26101-7-7-K1", "{\"kwh\":\"1000\"}");
    order.replace = true;
    MUST(adjust_propose(scene.db, &scene.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(scene.db, &scene.second, &arena, str_of(adjustment.number), issue_day(),
                        &err));
    balance = balance_of(scene.db, 7);
    assert_int_equal(balance.owed_vnd, adjustment.after.total_vnd - (before - 1000));
    assert_int_equal(balance.credit_vnd, 0);
    everything_agrees(scene.db);
}

/* Returns the first book and closes and signs it again; point 7 used 100 kWh then, and what was
 * flagged is not any more. */
static void return_and_close_again(struct scene *scene)
{
    struct book book;
    MUST(book_by_code(scene->db, &arena, 1, S("S00000000001"), &book, &err));
    MUST(book_return(scene->db, &book, month_from_number(202610), 1, BOOK_ANY_CLOSING,
                     S("đọc nhầm"), 1, &err));
    MUST(db_begin(scene->db, &err));
    MUST(db_run(scene->db,
                "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                "closing_no, agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, "
                "offpeak_wh, reactive_varh, metered_wh, estimated, prorate, spike, carry, detail) "
                "SELECT unit_id, book_id, month, period_no, point_id, kind, 2, agreement_id, "
                "from_on, to_on, CASE WHEN point_id = 7 THEN 100000 ELSE total_wh END, normal_wh, "
                "peak_wh, offpeak_wh, reactive_varh, metered_wh, estimated, prorate, 'none', "
                "carry, detail FROM usage WHERE book_id = 1 AND closing_no = 1",
                NO_ARGS, NULL, &err));
    MUST(db_run(scene->db,
                "UPDATE book_period SET state = 'signed', closing_no = 2 WHERE book_id = 1",
                NO_ARGS, NULL, &err));
    MUST(db_commit(scene->db, &err));
}

/* A book of which something waits may be returned: what was issued of it stands, is not billed
 * again and is put right by an adjustment; what waited is billed from the new closing. */
static void a_partly_issued_book_is_returned(void **state)
{
    struct scene scene = billed(state, true);
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int64_t run_id, count;
    int64_t waiting = ask_i64(scene.db, "SELECT count(*) FROM bill_draft WHERE book_id = 1");
    assert_true(waiting > 0);
    return_and_close_again(&scene);
    bill_month(scene.db, &run_id);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill WHERE closing_no = 2"), waiting);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM (SELECT 1 FROM bill GROUP BY point_id "
                                       "HAVING count(*) > 1) x"),
                     0);
    MUST(adjust_find(scene.db, &scene.first, &filter, S(""), false, NULL, NULL, &count, &err));
    assert_int_equal(count, 1);
    MUST(adjust_release(scene.db, &scene.second, &arena, S("PD0100-26101-7-7-D2"), issue_day(),
                        &err));
    assert_int_equal(ask_i64(scene.db, "SELECT total_wh FROM bill WHERE version = 2"),
                     100000 - fixture_kwh(7) * 1000);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM book_period WHERE book_id = 1 AND "
                                       "state = 'issued'"),
                     1);
    struct book book;
    MUST(book_by_code(scene.db, &arena, 1, S("S00000000001"), &book, &err));
    assert_int_equal(book_return(scene.db, &book, month_from_number(202610), 1, BOOK_ANY_CLOSING,
                                 S("đọc nhầm"), 1, &err),
                     E_STATE);
    everything_agrees(scene.db);
}

static void months_are_closed_in_their_order(void **state)
{
    struct scene scene = billed(state, false);
    struct month_totals totals;
    assert_int_equal(month_close(scene.db, 1, 202611, &scene.first, LATER_MS, &totals, &err),
                     E_STATE);
    MUST(month_close(scene.db, 1, 202610, &scene.first, LATER_MS, &totals, &err));
    /* A month without any bill, most likely mistyped, would shut out the months before it. */
    assert_int_equal(month_close(scene.db, 1, 202711, &scene.first, LATER_MS, &totals, &err),
                     E_STATE);
    assert_string_equal(err.field, "month");
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM month_closing"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(an_adjustment_carries_the_difference),
        ON_BOTH_STORES(a_replacement_takes_the_old_bill_back),
        ON_BOTH_STORES(what_one_proposes_another_releases),
        ON_BOTH_STORES(a_refused_proposal_may_be_made_again),
        ON_BOTH_STORES(what_is_right_is_not_adjusted),
        ON_BOTH_STORES(a_change_of_households_proposes_its_adjustment),
        ON_BOTH_STORES(what_is_not_ours_is_not_adjusted),
        ON_BOTH_STORES(facts_that_are_gone_are_said),
        ON_BOTH_STORES(a_change_of_uses_is_its_own_cause),
        ON_BOTH_STORES(a_whole_request_may_be_given),
        ON_BOTH_STORES(what_is_not_proposed_is_not_released),
        ON_BOTH_STORES(a_bill_of_zero_is_replaced),
        ON_BOTH_STORES(what_stands_in_the_way_is_told_before),
        ON_BOTH_STORES(a_closed_month_never_changes),
        ON_BOTH_STORES(a_replaced_bill_counts_once),
        ON_BOTH_STORES(a_paid_bill_is_corrected),
        ON_BOTH_STORES(a_partly_issued_book_is_returned),
        ON_BOTH_STORES(months_are_closed_in_their_order),
    };
    return run_store_tests("billing adjust", tests);
}
