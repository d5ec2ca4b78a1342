/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that meet what should not be: damaged drafts, missing plans, holds by the dozen, other
 * workers, events of other runs. Each is said, and the rest goes on. */
#include "support/stores.h"

#include "base/date.h"
#include "billing/bill_export.h"
#include "billing/bill_verify.h"
#include "billing/bill_writer.h"
#include "billing/fixture.h"
#include "billing/month_close.h"
#include "billing/price_books.h"
#include "billing/run.h"
#include "store/work.h"

enum { LEASE_MS = 60000, NOW_MS = 2000, TEXT_BYTES = 4 * 1024 * 1024 };

static struct err err;

static void close_stage(struct db *db, const struct run_ticket *ticket)
{
    MUST(run_close(db, ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
}

static struct run_order order_of(int64_t month)
{
    return (struct run_order){.month = month, .business_day = -1, .actor_id = 1,
                              .now_ms = NOW_MS};
}

static struct run_ticket draft(struct db *db)
{
    struct run_ticket ticket;
    struct run_order order = order_of(202610);
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    close_stage(db, &ticket);
    return ticket;
}

static struct run_counts issue(struct db *db, struct run_ticket ticket)
{
    struct run_counts counts;
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    close_stage(db, &ticket);
    MUST(run_count(db, &ticket, &counts, &err));
    return counts;
}

static struct db *with_customers(void **state, int64_t customers)
{
    struct db *db = test_db(state);
    struct fixture fixture = {.unit_id = 1, .unit_code = "PD0100", .customers = customers,
                              .book_customers = 10, .month = 202610, .signed_books = true};
    MUST(fixture_make(db, &fixture, &err));
    return db;
}

static void said_in_both(void)
{
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
}

/* ---- damaged drafts and plans ------------------------------------------------------------ */

static void damaged_drafts_are_set_aside(void **state)
{
    struct db *db = with_customers(state, 40);
    struct run_ticket ticket = draft(db);
    run_sql(db, "UPDATE bill_draft SET total_vnd = total_vnd + 1 WHERE point_id = 5");
    MUST(db_run(db, "UPDATE bill_draft SET answer = $1 WHERE point_id = 15",
                ARGS(v_blob(S("?"))), NULL, &err));
    run_sql(db, "UPDATE bill_draft SET total_wh = total_wh + 1 WHERE point_id = 25");
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    assert_int_equal(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err), E_CHECK);
    said_in_both();
    close_stage(db, &ticket);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 10);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE point_id <= 30"), 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft"), 30);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM work WHERE state = 'set_aside'"), 3);
}

static void a_plan_with_a_hole_is_said(void **state)
{
    struct db *db = with_customers(state, 20);
    struct run_ticket ticket;
    struct run_order order = order_of(202610);
    MUST(run_start(db, &order, &ticket, &err));
    run_sql(db, "DELETE FROM bill_chunk WHERE chunk_no = 1");
    assert_int_equal(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err), E_CHECK);
    assert_string_equal(err.field, "bill_chunk");
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft"), 10);
}

static void a_bill_that_exists_is_not_written_twice(void **state)
{
    struct db *db = with_customers(state, 10);
    struct run_ticket ticket = draft(db);
    run_sql(db,
            "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
            "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, "
            "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, "
            "issued_on, price_book, request) VALUES (1, 202610, 1, 9, 3, 3, 'final', 1, 'own', 3, "
            "0, 1, 202610, '2026-09-30', '2026-10-31', 0, 0, 0, 0, 0, 0, 0, '2026-11-01', '', "
            "'{}')");
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    assert_int_equal(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err), E_CONFLICT);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM posting"), 0);
}

/* ---- what stops a bill ------------------------------------------------------------------- */

static void every_hold_is_seen(void **state)
{
    struct db *db = with_customers(state, 100);
    for (int64_t point = 1; point <= 80; point++)
        MUST(db_run(db, "INSERT INTO hold (unit_id, hold_id, subject_kind, subject_id, stops, "
                        "matter, reason, owner_id, placed_at, escalate_on, last_on) VALUES (1, "
                        "$1, $2, $3, 'draft', 'khiếu nại', 'r', 1, 1, '2026-11-05', "
                        "'2026-11-06')",
                    ARGS(v_i64(point), v_text(point <= 70 ? S("account") : S("point")),
                         v_i64(point)), NULL, &err));
    struct run_ticket ticket = draft(db);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft WHERE state = 'held' AND "
                                 "problem = 'hold:khiếu nại'"),
                     80);
    struct run_counts counts = issue(db, ticket);
    assert_int_equal(counts.held, 80);
    assert_int_equal(counts.ready, 20);
}

static void terms_that_do_not_fit_are_exceptions(void **state)
{
    struct db *db = with_customers(state, 10);
    run_sql(db, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES (1, 77, "
                "'PDX', 1)");
    run_sql(db,
            "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id, value_i64) VALUES (1, 1, 'agreement', '2015-01-01', 2, 'set', "
            "1500, 1, 77)");
    run_sql(db,
            "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
            "state, recorded_at, actor_id) VALUES (1, 2, 'account', '2015-01-01', 2, 'retract', "
            "1500, 1)");
    run_sql(db,
            "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id, value_text) VALUES (1, 3, 'uses', '2015-01-01', 2, 'set', "
            "1500, 1, 'ZZ:-:100%'), (1, 4, 'uses', '2015-01-01', 2, 'set', 1500, 1, 'nonsense'), "
            "(1, 5, 'uses', '2015-01-01', 2, 'set', 1500, 1, 'KD:LT6:5kWh')");
    draft(db);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft WHERE state = 'exception'"), 5);
    assert_int_equal(ask_i64(db, "SELECT point_id FROM bill_draft WHERE problem = "
                                 "'other_agreement'"),
                     1);
    assert_int_equal(ask_i64(db, "SELECT point_id FROM bill_draft WHERE problem = 'no_account'"),
                     2);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft WHERE problem LIKE 'rating:%'"),
                     1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft WHERE problem LIKE 'terms:%'"),
                     1);
    assert_int_equal(ask_i64(db, "SELECT point_id FROM bill_draft WHERE problem = 'uses_short'"),
                     5);
}

static void a_use_without_days_is_an_exception(void **state)
{
    struct db *db = with_customers(state, 10);
    run_sql(db,
            "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, closing_no, "
            "agreement_id, from_on, to_on, total_wh, metered_wh, estimated, spike, carry, detail) "
            "VALUES (1, 1, 202610, 0, 7, 'final', 1, 7, '2026-10-10', '2026-10-10', 0, 0, 0, "
            "'none', '{}', '{}')");
    draft(db);
    assert_int_equal(ask_i64(db, "SELECT point_id FROM bill_draft WHERE problem = 'no_days'"), 7);
}

/* ---- which run --------------------------------------------------------------------------- */

static void add_supplement(struct db *db, int64_t closing_no, const char *from, const char *to)
{
    MUST(db_run(db, "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                    "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, estimated, "
                    "spike, carry, detail) VALUES (1, 1, 202610, 0, 7, 'supplement', $1, 7, $2, "
                    "$3, 1000, 1000, 0, 'none', '{}', '{}')",
                ARGS(v_i64(closing_no), v_text(str_of(from)), v_text(str_of(to))), NULL, &err));
}

static void each_addition_is_a_run_of_its_own(void **state)
{
    struct db *db = with_customers(state, 10);
    struct run_ticket ticket;
    struct run_order order = order_of(202610);
    issue(db, draft(db));
    add_supplement(db, 1, "2026-07-01", "2026-08-01");
    ticket = draft(db);
    assert_int_equal(ticket.run_id, 20261002);
    issue(db, ticket);
    add_supplement(db, 2, "2026-06-01", "2026-07-01");
    ticket = draft(db);
    assert_int_equal(ticket.run_id, 20261003);
    issue(db, ticket);
    run_sql(db, "INSERT INTO bill_run (unit_id, run_id, month, business_on, known_at, price_book, "
                "state, created_at, actor_id) VALUES (1, 20261099, 202610, '2026-11-01', 1, 'x', "
                "'issued', 1, 1)");
    add_supplement(db, 3, "2026-05-01", "2026-06-01");
    assert_int_equal(run_start(db, &order, &ticket, &err), E_LIMIT);
    said_in_both();
}

static void one_book_and_one_unit_are_billed_by_themselves(void **state)
{
    struct db *db = with_customers(state, 20);
    struct run_ticket ticket;
    struct run_counts counts;
    struct run_order order = order_of(202610);
    run_sql(db,
            "INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES (2, 'PD0200', "
            "'B', '2010-01-01', 1)");
    order.unit_code = S("PD0200");
    assert_int_equal(run_start(db, &order, &ticket, &err), E_NOT_FOUND);
    order.unit_code = S("PD0100");
    order.book_code = S("S00000000002");
    order.business_day = day_from_civil(2026, 11, 5);
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    close_stage(db, &ticket);
    MUST(run_count(db, &ticket, &counts, &err));
    assert_int_equal(counts.ready, 10);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_run WHERE business_on = "
                                 "'2026-11-05'"),
                     1);
    /* The other unit knows nothing of this run. */
    assert_int_equal(issue_start(db, ticket.run_id, S("PD0200"), &ticket, &err), E_NOT_FOUND);
    order.unit_code = S("PD0200");
    order.book_code = S("");
    assert_int_equal(run_start(db, &order, &ticket, &err), OK);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_run"), 1);
}

static void an_empty_store_has_nothing_to_bill(void **state)
{
    struct db *db = test_db(state);
    struct run_ticket ticket;
    struct run_order order = order_of(202610);
    struct month_totals totals;
    assert_int_equal(run_start(db, &order, &ticket, &err), E_NOT_FOUND);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(month_totals_of(db, 1, 202610, &totals, &err), E_NOT_FOUND);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void a_large_book_is_cut_into_chunks(void **state)
{
    struct db *db = test_db(state);
    struct run_ticket ticket;
    struct run_order order = order_of(202610);
    struct fixture fixture = {.unit_id = 1, .unit_code = "PD0100", .customers = 1600,
                              .book_customers = 2000, .month = 202610, .signed_books = true};
    MUST(fixture_make(db, &fixture, &err));
    /* A point at the seam has a second record: both go into one chunk. */
    run_sql(db,
            "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, closing_no, "
            "agreement_id, from_on, to_on, total_wh, metered_wh, estimated, spike, carry, detail) "
            "VALUES (1, 1, 202610, 1, 1500, 'final', 1, 1500, '2026-09-30', '2026-10-10', 5, 5, "
            "0, 'none', '{}', '{}')");
    MUST(run_start(db, &order, &ticket, &err));
    assert_int_equal(ticket.chunk_count, 2);
    assert_int_equal(ask_i64(db, "SELECT last_point FROM bill_chunk WHERE chunk_no = 1"), 1500);
    assert_int_equal(ask_i64(db, "SELECT bill_count FROM bill_chunk WHERE chunk_no = 1"), 1501);
    assert_int_equal(ask_i64(db, "SELECT first_point FROM bill_chunk WHERE chunk_no = 2"), 1501);
}

/* ---- other workers ----------------------------------------------------------------------- */

static bool not_for_ever(void *context, int64_t bills)
{
    int *waits = context;
    return bills > 0 || ++*waits < 2;
}

static void what_another_worker_holds_is_waited_for(void **state)
{
    struct db *db = with_customers(state, 20);
    struct run_ticket ticket;
    struct run_order order = order_of(202610);
    struct work_item item;
    struct arena arena;
    bool found;
    int waits = 0;
    arena_init(&arena, TEXT_BYTES);
    MUST(run_start(db, &order, &ticket, &err));
    MUST(work_take_any(db, str_of(ticket.queue), LEASE_MS, &arena, &found, &item, &err));
    assert_true(found);
    MUST(run_work(db, &ticket, LEASE_MS, not_for_ever, &waits, &err));
    assert_int_equal(waits, 2);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft"), 10);
    /* Nothing is closed while the other is at work; then it gives its part back. */
    close_stage(db, &ticket);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_run WHERE state = 'drafting'"), 1);
    MUST(work_give_back(db, &item, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    close_stage(db, &ticket);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft"), 20);
    arena_release(&arena);
}

/* ---- export and verification ------------------------------------------------------------- */

static err_t keep(void *context, struct buf *out, struct err *why)
{
    (void)context, (void)out, (void)why;
    return OK;
}

static err_t export(struct db *db, int64_t run_id, struct buf *out)
{
    buf_init(out, TEXT_BYTES);
    return bill_export(db, run_id, S(""), out, keep, NULL, &err);
}

static void add_event(struct db *db, int64_t event_id, const char *payload)
{
    MUST(db_run(db, "INSERT INTO event_new (unit_id, recorded_at, event_id, topic, subject_id, "
                    "payload) VALUES (1, 1, $1, 'invoice.issued', 1, $2)",
                ARGS(v_i64(event_id), v_text(str_of(payload))), NULL, &err));
}

static void events_of_other_runs_stay_out(void **state)
{
    struct buf alone, among;
    struct db *db = with_customers(state, 30);
    struct run_ticket ticket = draft(db);
    issue(db, ticket);
    MUST(export(db, ticket.run_id, &alone));
    add_event(db, 900001, "{\"number\":\"PD0100-26091-1-1-K1\",\"account_id\":1}");
    add_event(db, 900002, "{\"number\":\"PD0100-26101-1-1-D2\",\"account_id\":1}");
    MUST(export(db, ticket.run_id, &among));
    assert_true(str_equal(buf_str(&alone), buf_str(&among)));
    buf_release(&alone);
    buf_release(&among);
}

static void a_damaged_event_is_said(void **state)
{
    static const char *const payloads[] = {
        "{\"account_id\":1}", "{\"number\":\"PD0100-26101-1-1-K1\"}", "{\"number\":",
        "{\"number\":\"7\",\"account_id\":1}"};
    struct buf out;
    struct db *db = with_customers(state, 10);
    struct run_ticket ticket = draft(db);
    issue(db, ticket);
    for (size_t i = 0; i < ARRAY_COUNT(payloads); i++) {
        add_event(db, 900000, payloads[i]);
        err_t e = export(db, ticket.run_id, &out);
        assert_true(e == E_CHECK || e == E_INPUT);
        said_in_both();
        buf_release(&out);
        run_sql(db, "DELETE FROM event_new WHERE event_id = 900000");
    }
}

struct seen {
    int computed, refused;
};

static void count_seen(void *context, const struct bill_row *row,
                       const struct rated_bill *computed, const struct err *why)
{
    struct seen *seen = context;
    (void)row;
    seen->computed += computed != NULL;
    seen->refused += why != NULL;
}

/* Someone with the keys to the database changes what a bill says. */
static void a_forged_bill_is_found(void **state)
{
    struct seen seen = {0};
    struct verify_counts counts;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    struct db *db = with_customers(state, 10);
    issue(db, draft(db));
    test_unlock(db, "bill");
    run_sql(db, "UPDATE bill SET request = '{}' WHERE point_id = 2");
    run_sql(db, "UPDATE bill SET total_wh = total_wh + 1 WHERE point_id = 3");
    MUST(bill_verify(db, &filter, count_seen, &seen, &counts, &err));
    assert_int_equal(counts.same, 8);
    assert_int_equal(seen.refused, 1);
    assert_int_equal(seen.computed, 1);
    MUST(bill_verify(db, &filter, NULL, NULL, &counts, &err));
    assert_int_equal(counts.refused, 1);
    assert_int_equal(counts.different, 1);
    run_sql(db, "UPDATE bill SET price_book = 'unknown' WHERE point_id = 4");
    assert_int_equal(bill_verify(db, &filter, NULL, NULL, &counts, &err), E_NOT_FOUND);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

/* ---- the door of bills ------------------------------------------------------------------- */

static struct rated_line one_line(int64_t amount_mvnd)
{
    return (struct rated_line){.kind = RATED_FEE, .category = S(""), .voltage = S(""),
                               .decision = S(""), .tou = S(""), .from_day = 20726,
                               .to_day = 20757, .amount_mvnd = amount_mvnd};
}

static err_t write_one(struct db *db, enum bill_kind kind, int64_t pre_vat_vnd,
                       struct rated_line *lines, size_t count)
{
    struct bill_writer *writer;
    struct bill_record record = {
        .key = {1, 202610, 1, 1, 1, 1, kind, 1}, .account_id = 1, .posting_month = 202610,
        .rated = {.from_day = 20726, .to_day = 20757, .pre_vat_vnd = pre_vat_vnd,
                  .total_vnd = pre_vat_vnd, .cause = kind == BILL_ADJUSTMENT ? S("other") : S(""),
                  .lines = lines, .line_count = count},
        .due_day = 20770, .price_book = S("x"), .request = S("{}")};
    MUST(db_begin(db, &err));
    MUST(bill_writer_open(db, 1, S("PD0100"), 20760, 1, &writer, &err));
    err_t e = bill_writer_add(writer, &record, &err);
    if (e == OK) e = bill_writer_close(writer, &err);
    else bill_writer_drop(writer);
    if (e == OK) MUST(db_commit(db, &err));
    db_rollback(db);
    return e;
}

static void a_total_that_is_no_sum_never_becomes_a_bill(void **state)
{
    struct db *db = with_customers(state, 10);
    struct rated_line lines[2] = {one_line(1000000), one_line(INT64_MAX)};
    assert_int_equal(write_one(db, BILL_PERIODIC, 1001, lines, 1), E_CHECK);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(write_one(db, BILL_PERIODIC, 1000, lines, 2), E_CHECK);
    assert_int_equal(write_one(db, BILL_PERIODIC, INT64_MAX / 10, lines, 1), E_CHECK);
    assert_int_equal(write_one(db, BILL_ADJUSTMENT, 1002, lines, 1), E_CHECK);
    assert_int_equal(write_one(db, BILL_ADJUSTMENT, 998, lines, 1), E_CHECK);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 0);
    /* A difference of two bills is that of two roundings. */
    assert_int_equal(write_one(db, BILL_ADJUSTMENT, 1001, lines, 1), OK);
    assert_int_equal(ask_i64(db, "SELECT total_vnd FROM bill"), 1001);
}

static void a_fee_is_posted_as_income_of_fees(void **state)
{
    struct db *db = with_customers(state, 10);
    struct rated_line line = one_line(98000000);
    MUST(write_one(db, BILL_FEE, 98000, &line, 1));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM open_item WHERE kind = 'fee'"), 1);
    assert_int_equal(ask_i64(db, "SELECT amount_vnd FROM posting"), 98000);
}

static void a_price_book_that_is_not_there_is_said(void **state)
{
    const struct price_book *book;
    struct arena arena;
    struct db *db = test_db(state);
    arena_init(&arena, 64 * 1024 * 1024);
    assert_int_equal(price_book_by_hash(db, &arena, S("abc"), &book, &err), E_NOT_FOUND);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(price_book_by_no(db, &arena, 7, &book, &err), E_NOT_FOUND);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(damaged_drafts_are_set_aside),
        ON_BOTH_STORES(a_plan_with_a_hole_is_said),
        ON_BOTH_STORES(a_bill_that_exists_is_not_written_twice),
        ON_BOTH_STORES(every_hold_is_seen),
        ON_BOTH_STORES(terms_that_do_not_fit_are_exceptions),
        ON_BOTH_STORES(a_use_without_days_is_an_exception),
        ON_BOTH_STORES(each_addition_is_a_run_of_its_own),
        ON_BOTH_STORES(one_book_and_one_unit_are_billed_by_themselves),
        ON_BOTH_STORES(an_empty_store_has_nothing_to_bill),
        ON_BOTH_STORES(a_large_book_is_cut_into_chunks),
        ON_BOTH_STORES(what_another_worker_holds_is_waited_for),
        ON_BOTH_STORES(events_of_other_runs_stay_out),
        ON_BOTH_STORES(a_damaged_event_is_said),
        ON_BOTH_STORES(a_forged_bill_is_found),
        ON_BOTH_STORES(a_total_that_is_no_sum_never_becomes_a_bill),
        ON_BOTH_STORES(a_fee_is_posted_as_income_of_fees),
        ON_BOTH_STORES(a_price_book_that_is_not_there_is_said),
    };
    return run_store_tests("billing refusals", tests);
}
