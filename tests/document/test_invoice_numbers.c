/* SPDX-License-Identifier: Apache-2.0 */
/* Series and numbers: no gap, none twice, book and route order, days that rise. */
#include "document/invoices.h"

#include "base/date.h"
#include "document/invoice_series.h"
#include "document/invoice_view.h"
#include "support/race.h"

enum { CUSTOMERS = 60, RACERS = 3, RACED = 2400 /* several transactions */ };

static struct err err;

static err_t issue(struct invoice_scene *s, int32_t day)
{
    return invoice_scene_issue(s, &(struct invoice_order){.month = 202610, .day = day}, &err);
}

/* Every number from 1 on stands once, for one bill each, in the directory too, and was told. */
static void numbers_are_whole(struct invoice_scene *s, int64_t count)
{
    assert_int_equal(ask_i64(s->db, "SELECT count(*) FROM einvoice"), count);
    assert_int_equal(ask_i64(s->db, "SELECT max(invoice_no) FROM einvoice"), count);
    assert_int_equal(ask_i64(s->db, "SELECT count(DISTINCT invoice_no) FROM invoice_directory"),
                     count);
    assert_int_equal(ask_i64(s->db, "SELECT next_no FROM invoice_series"), count + 1);
    assert_int_equal(
        ask_i64(s->db, "SELECT count(*) FROM event_new WHERE topic = 'einvoice.issued'"), count);
}

static void numbers_follow_book_and_route(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, CUSTOMERS);
    invoice_scene_series(&s, "K26TDN");
    invoice_scene_number(&s);
    numbers_are_whole(&s, CUSTOMERS);
    /* Books of 25 by their codes, in each the route backwards: 25 … 1, 50 … 26, 60 … 51. */
    assert_int_equal(ask_i64(s.db, "SELECT point_id FROM einvoice WHERE invoice_no = 1"), 25);
    assert_int_equal(ask_i64(s.db, "SELECT point_id FROM einvoice WHERE invoice_no = 25"), 1);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice a JOIN einvoice b ON "
                                   "b.unit_id = a.unit_id AND b.invoice_no = a.invoice_no + 1 "
                                   "WHERE b.book_id < a.book_id OR (b.book_id = a.book_id AND "
                                   "b.point_id <> a.point_id - 1)"),
                     0);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice v JOIN bill b ON "
                                   "b.point_id = v.point_id AND b.total_vnd = v.total_vnd"),
                     CUSTOMERS);
    invoice_scene_number(&s);
    numbers_are_whole(&s, CUSTOMERS);
    invoice_scene_drop(&s);
}

static void late_bills_follow(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, CUSTOMERS);
    invoice_scene_series(&s, "K26TDN");
    /* One bill alone first; the rest of the month comes behind it. */
    MUST(invoice_scene_issue(
        &s, &(struct invoice_order){.bill_number = S("PD0100-26101-7-7-K1"), .day = -1}, &err));
    numbers_are_whole(&s, 1);
    invoice_scene_number(&s);
    numbers_are_whole(&s, CUSTOMERS);
    assert_int_equal(ask_i64(s.db, "SELECT invoice_no FROM einvoice WHERE point_id = 7"), 1);
    assert_int_equal(ask_i64(s.db, "SELECT invoice_no FROM einvoice WHERE point_id = 25"), 2);
    invoice_scene_drop(&s);
}

static void nothing_delivered_has_no_invoice(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, 4);
    invoice_scene_series(&s, "K26TDN");
    run_sql(s.db, "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, "
                  "agreement_id, kind, version, origin, account_id, run_id, closing_no, "
                  "posting_month, from_on, to_on, total_wh, pre_vat_vnd, vat_ppm, vat_vnd, "
                  "total_vnd, line_count, estimated, issued_on, price_book, request) SELECT "
                  "unit_id, month, 0, book_id, point_id, agreement_id, 'final', 1, origin, "
                  "account_id, run_id, closing_no, posting_month, from_on, to_on, 0, 0, "
                  "vat_ppm, 0, 0, 0, estimated, issued_on, price_book, request FROM bill "
                  "WHERE point_id = 2");
    invoice_scene_number(&s);
    numbers_are_whole(&s, 4);
    invoice_scene_drop(&s);
}

/* ---- series ------------------------------------------------------------------------------ */

static void a_series_needs_two_people(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, 4);
    assert_int_equal(issue(&s, -1), E_STATE);
    MUST(invoice_series_propose(s.db, &s.first, 1, S("K26TDN"), &err));
    assert_int_equal(issue(&s, -1), E_STATE);
    assert_int_equal(invoice_series_release(s.db, &s.first, 1, S("K26TDN"), &err), E_FORBIDDEN);
    assert_int_equal(invoice_series_propose(s.db, &s.first, 1, S("K26TDM"), &err), E_CONFLICT);
    assert_int_equal(invoice_series_propose(s.db, &s.first, 1, S("K26tdm"), &err), E_INPUT);
    assert_int_equal(invoice_series_refuse(s.db, &s.second, 1, S("K26TDN"), S(""), &err), E_INPUT);
    MUST(invoice_series_refuse(s.db, &s.second, 1, S("K26TDN"), S("sai chữ"), &err));
    MUST(invoice_series_propose(s.db, &s.first, 1, S("K26TDM"), &err));
    MUST(invoice_series_release(s.db, &s.second, 1, S("K26TDM"), &err));
    assert_int_equal(invoice_series_release(s.db, &s.second, 1, S("K26TDM"), &err), E_NOT_FOUND);
    MUST(issue(&s, -1));
    numbers_are_whole(&s, 4);
    invoice_scene_drop(&s);
}

static void two_units_of_a_seller_never_share_a_symbol(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, 4);
    run_sql(s.db, "INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES "
                  "(2, 'PD0200', 'Hai', '2020-01-01', 1), (3, 'PD0300', 'Ba', "
                  "'2020-01-01', 1)");
    assert_int_equal(invoice_series_propose(s.db, &s.first, 2, S("K26TDN"), &err), E_STATE);
    invoice_scene_seller(&s, 2, "0100000000-001", "2020-01-01");
    invoice_scene_seller(&s, 3, "0100000000-003", "2020-01-01");
    invoice_scene_series(&s, "K26TDN");
    assert_int_equal(invoice_series_propose(s.db, &s.first, 2, S("K26TDN"), &err), E_CONFLICT);
    MUST(invoice_series_propose(s.db, &s.first, 2, S("K26TDH"), &err));
    MUST(invoice_series_propose(s.db, &s.first, 3, S("K26TDN"), &err));
    /* The directory keeps two writers apart that looked at the same moment. */
    assert_int_equal(db_run(s.db,
                            "INSERT INTO invoice_series_directory (tax_code, template_no, symbol, "
                            "unit_id, series_no) VALUES ('0100000000-001', 1, 'K26TDN', 2, 9)",
                            NO_ARGS, NULL, &err),
                     E_CONFLICT);
    invoice_scene_drop(&s);
}

static void a_year_and_a_seller_begin_anew(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, CUSTOMERS);
    invoice_scene_series(&s, "K26TDN");
    MUST(invoice_scene_issue(
        &s, &(struct invoice_order){.bill_number = S("PD0100-26101-7-7-K1"), .day = -1}, &err));
    assert_int_equal(issue(&s, day_from_civil(2027, 1, 2)), E_STATE);
    s.first.day = s.second.day = day_from_civil(2027, 1, 2);
    invoice_scene_series(&s, "K27TDN");
    MUST(invoice_scene_issue(&s,
                             &(struct invoice_order){.bill_number = S("PD0100-26101-8-8-K1"),
                                                     .day = day_from_civil(2027, 1, 2)},
                             &err));
    assert_int_equal(ask_i64(s.db, "SELECT max(invoice_no) FROM einvoice"), 1);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice"), 2);
    /* From November on the unit sells under another tax code: another series of the same year. */
    run_sql(s.db, "INSERT INTO seller_fact (unit_id, kind, valid_from, entry_no, state, "
                  "recorded_at, actor_id, value_text) VALUES (1, 'tax_code', '2026-11-02', "
                  "1, 'set', 2000, 1, '0200000000')");
    s.first.day = s.second.day = day_from_civil(2026, 11, 2);
    assert_int_equal(issue(&s, day_from_civil(2026, 11, 2)), E_STATE);
    invoice_scene_series(&s, "K26TDN");
    MUST(issue(&s, day_from_civil(2026, 11, 2)));
    assert_int_equal(ask_i64(s.db, "SELECT max(v.invoice_no) FROM einvoice v JOIN "
                                   "invoice_series s ON s.unit_id = v.unit_id AND s.series_no "
                                   "= v.series_no WHERE s.tax_code = '0200000000'"),
                     CUSTOMERS - 2);
    invoice_scene_drop(&s);
}

/* ---- days -------------------------------------------------------------------------------- */

static void numbers_rise_with_days(void **state)
{
    struct invoice_scene s;
    struct invoice_plan plan;
    invoice_scene_make(&s, state, CUSTOMERS);
    invoice_scene_series(&s, "K26TDN");
    assert_int_equal(issue(&s, SCENE_DAY - 1), E_INPUT);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice"), 0);
    MUST(invoice_scene_issue(
        &s, &(struct invoice_order){.bill_number = S("PD0100-26101-7-7-K1"), .day = SCENE_DAY + 4},
        &err));
    assert_int_equal(issue(&s, SCENE_DAY + 3), E_INPUT);
    struct invoice_order order = {.month = 202610, .day = -1, .actor = &s.first};
    MUST(invoice_plan_make(s.db, &s.arena, &order, &plan, &err));
    assert_int_equal(plan.parts[0].day, SCENE_DAY + 4);
    assert_int_equal(plan.late_count, 0);
    order.day = SCENE_DAY + 7; /* eight days behind the reading */
    MUST(invoice_plan_make(s.db, &s.arena, &order, &plan, &err));
    assert_int_equal(plan.late_count, CUSTOMERS - 1);
    invoice_scene_parameter(&s, "issue_days", "10");
    MUST(invoice_plan_make(s.db, &s.arena, &order, &plan, &err));
    assert_int_equal(plan.late_count, 0);
    invoice_scene_drop(&s);
}

/* Without a day of its own each bill's invoice is of the day of its issue, the earlier days first.
 * */
static void days_of_issue_follow_each_other(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, CUSTOMERS);
    invoice_scene_series(&s, "K26TDN");
    test_unlock(s.db, "bill");
    run_sql(s.db, "UPDATE bill SET issued_on = '2026-11-03' WHERE point_id IN (5, 30)");
    invoice_scene_number(&s);
    numbers_are_whole(&s, CUSTOMERS);
    assert_int_equal(ask_i64(s.db, "SELECT invoice_no FROM einvoice WHERE point_id = 5"),
                     CUSTOMERS - 1);
    assert_int_equal(ask_i64(s.db, "SELECT invoice_no FROM einvoice WHERE point_id = 30"),
                     CUSTOMERS);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice WHERE "
                                   "invoice_on = '2026-11-01'"),
                     CUSTOMERS - 2);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM invoice_issue"), 2);
    invoice_scene_drop(&s);
}

/* ---- several at once --------------------------------------------------------------------- */

static err_t number_planned(struct db *db, void *plan, struct err *out_err)
{
    return invoice_number(db, plan, NULL, NULL, out_err);
}

static void racers_give_each_number_once(void **state)
{
    struct invoice_scene s;
    struct invoice_plan plan;
    invoice_scene_make(&s, state, RACED);
    invoice_scene_series(&s, "K26TDN");
    struct invoice_order order = {.month = 202610, .day = -1, .actor = &s.first};
    MUST(invoice_plan_make(s.db, &s.arena, &order, &plan, &err));
    test_race_won(state, number_planned, &plan, RACERS);
    numbers_are_whole(&s, RACED);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice a JOIN einvoice b ON "
                                   "b.unit_id = a.unit_id AND b.invoice_no = a.invoice_no + 1 "
                                   "WHERE b.book_id < a.book_id"),
                     0);
    invoice_scene_drop(&s);
}

static err_t number_all(struct db *db, void *context, struct err *out_err)
{
    struct invoice_scene *s = context;
    struct invoice_plan plan;
    struct invoice_order order = {.month = 202610, .day = -1, .actor = &s->first};
    err_t e = invoice_plan_make(db, &s->arena, &order, &plan, out_err);
    return e == OK ? invoice_number(db, &plan, NULL, NULL, out_err) : e;
}

static void failures_leave_no_gap(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, CUSTOMERS);
    invoice_scene_series(&s, "K26TDN");
    assert_true(fail_everywhere(s.db, number_all, &s) > 10);
    numbers_are_whole(&s, CUSTOMERS);
    invoice_scene_drop(&s);
}

/* ---- questions --------------------------------------------------------------------------- */

static void an_invoice_is_found_by_either_name(void **state)
{
    struct invoice_scene s;
    struct invoice_row row;
    invoice_scene_make(&s, state, 4);
    invoice_scene_series(&s, "K26TDN");
    invoice_scene_number(&s);
    MUST(invoice_find(s.db, &s.arena, S("1K26TDN-00000001"), S(""), &row, &err));
    assert_int_equal(row.key.point_id, 4);
    assert_int_equal(row.state, INVOICE_NUMBERED);
    MUST(invoice_find(s.db, &s.arena, S("PD0100-26101-4-4-K1"), S(""), &row, &err));
    assert_int_equal(row.invoice_no, 1);
    assert_int_equal(invoice_find(s.db, &s.arena, S("1K26TDN-00000009"), S(""), &row, &err),
                     E_NOT_FOUND);
    assert_int_equal(invoice_find(s.db, &s.arena, S("1K26TDN-00000001"), S("PD9"), &row, &err),
                     E_NOT_FOUND);
    assert_int_equal(invoice_find(s.db, &s.arena, S("hóa đơn"), S(""), &row, &err), E_INPUT);
    invoice_scene_drop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(numbers_follow_book_and_route),
        ON_BOTH_STORES(late_bills_follow),
        ON_BOTH_STORES(nothing_delivered_has_no_invoice),
        ON_BOTH_STORES(a_series_needs_two_people),
        ON_BOTH_STORES(two_units_of_a_seller_never_share_a_symbol),
        ON_BOTH_STORES(a_year_and_a_seller_begin_anew),
        ON_BOTH_STORES(numbers_rise_with_days),
        ON_BOTH_STORES(days_of_issue_follow_each_other),
        ON_BOTH_STORES(racers_give_each_number_once),
        ON_BOTH_STORES(failures_leave_no_gap),
        ON_BOTH_STORES(an_invoice_is_found_by_either_name),
    };
    return run_store_tests("document invoice numbers", tests);
}
