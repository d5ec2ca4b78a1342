/* SPDX-License-Identifier: Apache-2.0 */
/* Less usual bills and points on their whole way: reactive energy, a use of zero, several closings,
 * points without use, supplements on top of them, prices of other years. */
#include "support/stores.h"

#include "base/date.h"
#include "billing/bill_export.h"
#include "billing/bill_verify.h"
#include "billing/fixture.h"
#include "billing/price_book_change.h"
#include "billing/run.h"

enum { LEASE_MS = 60000, NOW_MS = 2000, TEXT_BYTES = 4 * 1024 * 1024, POINT = 7, WORKSHOP = 25 };

static struct err err;

static struct db *with_fixture(void **state, struct fixture fixture)
{
    struct db *db = test_db(state);
    MUST(fixture_make(db, &fixture, &err));
    return db;
}

static struct run_ticket draft(struct db *db)
{
    struct run_ticket ticket;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = NOW_MS};
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    return ticket;
}

static void issue(struct db *db, struct run_ticket ticket)
{
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
}

static void every_bill_recomputes(struct db *db)
{
    struct verify_counts counts;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    MUST(bill_verify(db, &filter, NULL, NULL, &counts, &err));
    assert_int_equal(counts.different + counts.refused, 0);
}

static err_t keep(void *context, struct buf *out, struct err *why)
{
    (void)context, (void)out, (void)why;
    return OK;
}

static bool exported(struct db *db, int64_t run_id, const char *text)
{
    struct buf out;
    bool found = false;
    buf_init(&out, TEXT_BYTES);
    MUST(bill_export(db, run_id, S(""), &out, keep, NULL, &err));
    for (size_t i = 0; i < out.n && !found; i++)
        found = str_starts(str_sub(buf_str(&out), i, out.n), str_of(text));
    buf_release(&out);
    return found;
}

#define ADD_USAGE                                                                               \
    "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, closing_no, "       \
    "agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, reactive_varh, "   \
    "metered_wh, estimated, spike, carry, detail, prorate) VALUES "

/* ---- reactive energy --------------------------------------------------------------------- */

static void reactive_energy_is_billed_and_added_to(void **state)
{
    struct db *db = with_fixture(state, FIXTURE_SMALL);
    run_sql(db,
            "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id, value_i64) VALUES (1, 25, 'demand_w', '2015-01-01', 1, 'set', "
            "1500, 1, 45500)");
    run_sql(db, "UPDATE book_period SET closing_no = 2 WHERE book_id = 1");
    run_sql(db,
            ADD_USAGE "(1, 1, 202610, 1, 25, 'periodic', 2, 25, '2026-09-30', '2026-10-31', "
                      "1000000, 500000, 300000, 200000, 900000, 1000000, 0, 'none', '{}', '{}', "
                      "'new_supply')");
    struct run_ticket ticket = draft(db);
    issue(db, ticket);
    assert_int_equal(ask_i64(db, "SELECT cosphi_hundredths FROM bill_line WHERE kind = "
                                 "'reactive'"),
                     74);
    assert_true(exported(db, ticket.run_id, "\"percent\":\"21.62\""));
    assert_true(exported(db, ticket.run_id, "\"kwh\":null"));
    run_sql(db, ADD_USAGE "(1, 1, 202610, 0, 25, 'supplement', 1, 25, '2026-09-30', '2026-10-31', "
                          "100000, 100000, 0, 0, 90000, 100000, 0, 'none', '{}', "
                          "'{\"cause\":7,\"settlement\":\"2026-11-15\"}', NULL)");
    issue(db, draft(db));
    assert_int_equal(ask_i64(db, "SELECT total_wh FROM bill WHERE kind = 'supplement'"), 100000);
    every_bill_recomputes(db);
}

static void a_bill_of_zero_is_exported_without_item(void **state)
{
    struct db *db = test_db(state);
    struct fixture fixture = FIXTURE_SMALL;
    MUST(fixture_customers(db, &fixture, &err));
    run_sql(db, "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state, "
                "closing_no) VALUES (1, 1, 202610, 1, '2026-10-31', 'signed', 1)");
    run_sql(db,
            ADD_USAGE "(1, 1, 202610, 1, 7, 'periodic', 1, 7, '2026-09-30', '2026-10-31', 0, NULL, "
                      "NULL, NULL, NULL, 0, 0, 'none', '{}', '{}', NULL)");
    struct run_ticket ticket = draft(db);
    issue(db, ticket);
    assert_true(exported(db, ticket.run_id, "\"item\":null"));
}

/* ---- several units ----------------------------------------------------------------------- */

static void units_are_billed_in_one_run(void **state)
{
    static const char *const sql[] = {
        "INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES (2, 'PD0200', 'B', "
        "'2010-01-01', 1)",
        "INSERT INTO account (unit_id, account_id, code, created_at) VALUES (2, 1, 'TKB', 1)",
        "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES (2, 1, 'PDB', 1)",
        "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES (2, 1, 'DDB', 1)",
        "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, state, "
        "recorded_at, actor_id, value_i64) VALUES (2, 1, 'account', '2015-01-01', 1, 'set', 1, 1, "
        "1)",
        "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
        "recorded_at, actor_id, value_i64, value_text) VALUES (2, 1, 'agreement', '2015-01-01', "
        "1, 'set', 1, 1, 1, NULL), (2, 1, 'uses', '2015-01-01', 1, 'set', 1, 1, NULL, "
        "'SH:-:100%')",
        "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, created_at) VALUES "
        "(2, 1, 'SB', 'Sổ', 1, 31, 1)",
        "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state, closing_no) "
        "VALUES (2, 1, 202610, 1, '2026-10-31', 'signed', 1)",
        ADD_USAGE "(2, 1, 202610, 1, 1, 'periodic', 1, 1, '2026-09-30', '2026-10-31', 5000, NULL, "
                  "NULL, NULL, NULL, 5000, 0, 'none', '{}', '{}', NULL)",
    };
    struct db *db = with_fixture(state, FIXTURE_SMALL);
    struct run_counts counts;
    for (size_t i = 0; i < ARRAY_COUNT(sql); i++) run_sql(db, sql[i]);
    struct run_ticket ticket = draft(db);
    MUST(run_count(db, &ticket, &counts, &err));
    assert_int_equal(counts.ready, 61);
    issue(db, ticket);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE unit_id = 2"), 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_run WHERE state = 'issued'"), 2);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_period WHERE state = 'issued'"), 4);
    every_bill_recomputes(db);
}

/* ---- supplements ------------------------------------------------------------------------- */

static void a_supplement_stands_on_a_bill_of_the_earlier_system(void **state)
{
    struct db *db = with_fixture(state, FIXTURE_SMALL);
    run_sql(db,
            "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
            "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, "
            "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, "
            "issued_on, price_book, request) VALUES (1, 202609, 1, 1, 8, 8, 'periodic', 1, "
            "'earlier', 8, 0, 0, 202609, '2026-08-31', '2026-09-30', 60000, 0, 0, 0, 0, 0, 0, "
            "'2026-10-01', '', '{\"earlier\":\"1\"}')");
    run_sql(db,
            ADD_USAGE "(1, 1, 202610, 0, 8, 'supplement', 1, 8, '2026-08-31', '2026-09-30', 50000, "
                      "NULL, NULL, NULL, NULL, 50000, 0, 'none', '{}', '{}', NULL)");
    issue(db, draft(db));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE kind = 'supplement' AND "
                                 "request LIKE '%\"billed\":{\"kwh\":\"60\"}%'"),
                     1);
    /* The first 50 kWh were billed at the first price, so none is left at it. */
    assert_int_equal(ask_i64(db, "SELECT min(tier) FROM bill_line WHERE bill_kind = "
                                 "'supplement'"),
                     2);
    every_bill_recomputes(db);
}

/* ---- spikes ------------------------------------------------------------------------------ */

#define A_SPIKE                                                                                 \
    "INSERT INTO spike_case (unit_id, month, book_id, period_no, point_id, usage_kind, "        \
    "closing_no, new_wh, new_days, before_wh, before_days, ratio_ppm, score, holds, "           \
    "leader_only, state, escalate_on, last_on, found_at) VALUES "

static void the_spike_of_the_last_closing_counts(void **state)
{
    struct db *db = with_fixture(state, FIXTURE_SMALL);
    run_sql(db,
            A_SPIKE "(1, 202610, 1, 1, 7, 'periodic', 1, 5, 31, 1, 30, 2000000, 1, 1, 0, 'open', "
                    "'2099-01-01', '2099-01-02', 1)");
    run_sql(db, "UPDATE book_period SET closing_no = 2 WHERE book_id = 1");
    run_sql(db,
            ADD_USAGE "(1, 1, 202610, 1, 7, 'periodic', 2, 7, '2026-09-30', '2026-10-31', 5000, "
                      "NULL, NULL, NULL, NULL, 5000, 0, 'none', '{}', '{}', NULL), "
                      "(1, 1, 202610, 1, 8, 'periodic', 2, 8, '2026-09-30', '2026-10-31', 5000, "
                      "NULL, NULL, NULL, NULL, 5000, 0, 'leader', '{}', '{}', NULL)");
    draft(db);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft WHERE point_id = 7 AND "
                                 "state = 'ready'"),
                     1);
    assert_int_equal(ask_i64(db, "SELECT point_id FROM bill_draft WHERE problem = "
                                 "'spike_no_record'"),
                     8);
}

/* ---- who has no bill --------------------------------------------------------------------- */

static err_t keep_problem(void *context, const struct unbilled *item, struct err *why)
{
    (void)why;
    ((int *)context)[item->problem]++;
    return OK;
}

static void each_step_that_is_missing_is_named(void **state)
{
    struct db *db = with_fixture(state, FIXTURE_SMALL);
    int found[PROBLEM_COUNT] = {0};
    run_sql(db, "UPDATE book_period SET state = 'closed' WHERE book_id = 2");
    run_sql(db,
            "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES (1, 99, 'DD99', "
            "1)");
    run_sql(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                "recorded_at, actor_id, value_i64) VALUES (1, 99, 'agreement', '2015-01-01', 1, "
                "'set', 1000, 1, 1), (1, 99, 'book', '2015-01-01', 1, 'set', 1000, 1, 1)");
    draft(db);
    MUST(unbilled_each(db, S("PD0100"), 202610, keep_problem, found, &err));
    assert_int_equal(found[PROBLEM_NOT_SIGNED], 25);
    assert_int_equal(found[PROBLEM_NOT_ISSUED], 35);
    assert_int_equal(found[PROBLEM_NO_USAGE], 1);
}

/* ---- prices of another day --------------------------------------------------------------- */

static struct price_effect effect_on(struct db *db, int32_t day)
{
    struct arena arena;
    struct price_effect effect;
    const struct price_book *book;
    arena_init(&arena, 64 * 1024 * 1024);
    MUST(price_book_current(db, &arena, &book, &err));
    MUST(price_book_effect(db, S(""), 202610, book, day, &effect, &err));
    arena_release(&arena);
    return effect;
}

static void bills_are_weighed_with_the_prices_of_a_day(void **state)
{
    struct db *db = with_fixture(state, FIXTURE_SMALL);
    run_sql(db,
            ADD_USAGE "(1, 1, 202610, 0, 7, 'final', 1, 7, '2026-10-31', '2026-11-10', 5000, NULL, "
                      "NULL, NULL, NULL, 5000, 0, 'none', '{}', '{}', NULL), "
                      "(1, 1, 202610, 0, 8, 'supplement', 1, 8, '2026-06-30', '2026-07-31', 5000, "
                      "NULL, NULL, NULL, NULL, 5000, 0, 'none', '{}', '{}', NULL)");
    issue(db, draft(db));
    struct price_effect effect = effect_on(db, day_from_civil(2016, 1, 1));
    assert_int_equal(effect.bill_count, 61); /* the final bill too, not the supplement */
    assert_true(effect.lowered > 50 && effect.after_vnd < effect.before_vnd);
    /* Before there were prices each bill keeps those of its own days. */
    effect = effect_on(db, day_from_civil(1990, 1, 1));
    assert_int_equal(effect.raised + effect.lowered, 0);
    assert_int_equal(effect.after_vnd, effect.before_vnd);
    assert_int_equal(effect.bill_count, 61);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(reactive_energy_is_billed_and_added_to),
        ON_BOTH_STORES(a_bill_of_zero_is_exported_without_item),
        ON_BOTH_STORES(units_are_billed_in_one_run),
        ON_BOTH_STORES(a_supplement_stands_on_a_bill_of_the_earlier_system),
        ON_BOTH_STORES(the_spike_of_the_last_closing_counts),
        ON_BOTH_STORES(each_step_that_is_missing_is_named),
        ON_BOTH_STORES(bills_are_weighed_with_the_prices_of_a_day),
    };
    return run_store_tests("billing wide", tests);
}
