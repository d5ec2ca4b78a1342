/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked of bills: found by number, verified, exported, and who has none. */
#include "support/stores.h"

#include "billing/bill_export.h"
#include "billing/bill_verify.h"
#include "billing/fixture.h"
#include "billing/run.h"
#include "metering/exception.h"
#include "store/event.h"

enum { LEASE_MS = 60000, NOW_MS = 2000, TEXT_BYTES = 4 * 1024 * 1024 };

static bool one_chunk(void *context, int64_t bills)
{
    (void)context, (void)bills;
    return false;
}

/* Drafts and issues October 2026; interrupted stops both stages after their first chunk and goes
 * on anew. */
static int64_t bill_month(struct db *db, bool interrupted)
{
    struct err err;
    struct run_ticket ticket;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = NOW_MS};
    MUST(run_start(db, &order, &ticket, &err));
    if (interrupted) MUST(run_work(db, &ticket, LEASE_MS, one_chunk, NULL, &err));
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    if (interrupted) MUST(run_work(db, &ticket, LEASE_MS, one_chunk, NULL, &err));
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    return ticket.run_id;
}

static struct db *with_fixture(void **state, struct fixture fixture)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(fixture_make(db, &fixture, &err));
    return db;
}

/* ---- the canonical form ------------------------------------------------------------------ */

static err_t keep(void *context, struct buf *out, struct err *err)
{
    (void)context, (void)out, (void)err;
    return OK;
}

static void export_to(struct db *db, int64_t run_id, struct buf *out)
{
    struct err err;
    buf_init(out, TEXT_BYTES);
    MUST(bill_export(db, run_id, S(""), out, keep, NULL, &err));
}

static size_t lines_of(struct str text)
{
    size_t count = 0;
    struct str line;
    while (str_split(&text, '\n', &line)) count += line.n > 0;
    return count;
}

static void an_interruption_leaves_no_trace(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct test_store other;
    test_store_make(db_engine(db), &other);
    MUST(fixture_make(other.db, &fixture, &err));
    struct buf whole, pieces;
    int64_t sequenced;
    export_to(db, bill_month(db, false), &whole);
    int64_t run_id = bill_month(other.db, true);
    MUST(event_sequence(other.db, 1, 10, &sequenced, &err));
    export_to(other.db, run_id, &pieces);
    assert_int_equal(lines_of(buf_str(&whole)), 120);
    assert_true(str_equal(buf_str(&whole), buf_str(&pieces)));
    buf_release(&whole);
    buf_release(&pieces);
    test_store_drop(&other);
}

static void a_run_that_is_not_there_is_said(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct buf out;
    buf_init(&out, TEXT_BYTES);
    assert_int_equal(bill_export(db, 20261001, S(""), &out, keep, NULL, &err), E_NOT_FOUND);
    buf_release(&out);
}

/* ---- one bill ---------------------------------------------------------------------------- */

static void a_bill_is_found_by_its_number(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct arena arena;
    struct bill_row row;
    struct rated_bill bill;
    struct str detail;
    bill_month(db, false);
    arena_init(&arena, TEXT_BYTES);
    MUST(bill_find(db, &arena, S("PD0100-26101-7-7-K1"), &row, &err));
    MUST(bill_rated(db, &arena, &row, &bill, &err));
    MUST(bill_usage_detail(db, &arena, &row, &detail, &err));
    assert_int_equal(row.total_wh, fixture_kwh(7) * 1000);
    assert_true(str_equal(row.point_code, S("DD00000000007")));
    assert_true(bill.line_count > 0 && bill.lines[0].tier == 1);
    assert_true(str_equal(detail, S("{\"registers\":[]}")));
    assert_int_equal(bill_find(db, &arena, S("PD0100-26101-7-8-K1"), &row, &err), E_NOT_FOUND);
    assert_int_equal(bill_find(db, &arena, S("PX-26101-7-7-K1"), &row, &err), E_NOT_FOUND);
    assert_int_equal(bill_find(db, &arena, S("7"), &row, &err), E_INPUT);
    arena_release(&arena);
}

static void count_different(void *context, const struct bill_row *row,
                            const struct rated_bill *computed, const struct err *why)
{
    (void)why;
    assert_int_equal(row->key.point_id, 9);
    assert_non_null(computed);
    (*(int *)context)++;
}

static void a_bill_that_differs_is_found(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct verify_counts counts;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int different = 0;
    bill_month(db, false);
    MUST(bill_verify(db, &filter, count_different, &different, &counts, &err));
    assert_int_equal(counts.same, 60);
    assert_int_equal(different + (int)counts.refused, 0);
    /* Someone with the keys to the database takes the protection and a line away. */
    test_unlock(db, "bill_line");
    MUST(db_run(db, "DELETE FROM bill_line WHERE point_id = 9 AND line_no = 1", NO_ARGS, NULL,
                &err));
    MUST(bill_verify(db, &filter, count_different, &different, &counts, &err));
    assert_int_equal(different, 1);
}

/* ---- who has none ------------------------------------------------------------------------ */

static err_t tally(void *context, const struct unbilled *item, struct err *err)
{
    (void)err;
    ((int *)context)[item->problem]++;
    return OK;
}

static void nobody_disappears(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    fixture.spikes = true;
    struct db *db = with_fixture(state, fixture);
    MUST(db_run(db, "UPDATE book_period SET state = 'open' WHERE book_id = 3", NO_ARGS, NULL,
                &err));
    MUST(db_run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                    "state, recorded_at, actor_id) VALUES (1, 3, 'uses', '2015-01-01', 2, "
                    "'retract', 1500, 1), (1, 5, 'book', '2015-01-01', 2, 'retract', 1500, 1)",
                NO_ARGS, NULL, &err));
    int none[PROBLEM_COUNT] = {0}, before[PROBLEM_COUNT] = {0};
    MUST(unbilled_each(db, S(""), 202610, tally, before, &err));
    assert_int_equal(before[PROBLEM_NOT_RUN], 49);
    assert_int_equal(before[PROBLEM_NO_BOOK], 1);
    assert_int_equal(before[PROBLEM_NOT_CLOSED], 10);
    bill_month(db, false);
    MUST(unbilled_each(db, S(""), 202610, tally, none, &err));
    assert_int_equal(none[PROBLEM_SPIKE], 4);
    assert_int_equal(none[PROBLEM_NO_USES], 1);
    assert_int_equal(none[PROBLEM_NOT_CLOSED], 10);
    assert_int_equal(none[PROBLEM_NOT_RUN] + none[PROBLEM_NOT_ISSUED], 0);
    int64_t bills = 0;
    MUST(db_get_i64(db, "SELECT count(*) FROM bill", NO_ARGS, &bills, &err));
    assert_int_equal(bills, 45);
}

struct last_one {
    int count;
    enum problem problem;
    const char *exception;
};

static err_t keep_last(void *context, const struct unbilled *item, struct err *err)
{
    struct last_one *last = context;
    (void)err;
    last->count++;
    last->problem = item->problem;
    last->exception = item->exception == NULL ? "" : item->exception->code;
    return OK;
}

static void is_alone(struct db *db, enum problem problem, const char *exception)
{
    struct err err;
    struct last_one last = {0};
    MUST(unbilled_each(db, S(""), 202610, keep_last, &last, &err));
    assert_int_equal(last.count, 1);
    assert_int_equal(last.problem, problem);
    assert_string_equal(last.exception, exception);
}

/* A point in book 2, supplied by agreement 7 from a day on. */
#define POINT_99(from)                                                                          \
    "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES (1, 99, 'DD99', 1); " \
    "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "            \
    "recorded_at, actor_id, value_i64) VALUES (1, 99, 'agreement', '" from                      \
    "', 1, 'set', 1000, 1, 7), (1, 99, 'book', '2015-01-01', 1, 'set', 1000, 1, 2)"

static void who_moves_in_does_not_hide_behind_who_left(void **state)
{
    struct err err;
    struct db *db = with_fixture(state, (struct fixture)FIXTURE_SMALL);
    bill_month(db, false);
    MUST(db_script(db, S(POINT_99("2026-10-10") "; "
                         "INSERT INTO metering_exception (unit_id, book_id, month, period_no, "
                         "point_id, code, closing_no, blocks, in_a_row, detail, state) VALUES "
                         "(1, 2, 202610, 1, 99, 'not_read', 1, 1, 1, '{}', 'open'); "
                         "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, "
                         "agreement_id, kind, version, origin, account_id, run_id, closing_no, "
                         "posting_month, from_on, to_on, total_wh, pre_vat_vnd, vat_ppm, vat_vnd, "
                         "total_vnd, line_count, estimated, issued_on, price_book, request) "
                         "SELECT unit_id, month, 0, 2, 99, 8, 'final', 1, origin, account_id, "
                         "run_id, closing_no, posting_month, from_on, '2026-10-10', total_wh, "
                         "pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, "
                         "issued_on, price_book, request FROM bill WHERE point_id = 8"), &err));
    is_alone(db, PROBLEM_NO_USAGE, "not_read");
    MUST(db_run(db, "UPDATE metering_exception SET state = 'settled', settled_month = 202611, "
                    "settled_period_no = 1, settled_closing_no = 1", NO_ARGS, NULL, &err));
    is_alone(db, PROBLEM_SETTLED_LATER, "");
}

static void a_first_day_behind_the_reading_waits_for_the_next_period(void **state)
{
    struct err err;
    struct db *db = with_fixture(state, (struct fixture)FIXTURE_SMALL);
    bill_month(db, false);
    MUST(db_script(db, S(POINT_99("2026-10-31")), &err));
    is_alone(db, PROBLEM_NEXT_PERIOD, "");
}

static void each_period_of_a_month_wants_its_bill(void **state)
{
    struct err err;
    int none[PROBLEM_COUNT] = {0};
    struct db *db = with_fixture(state, (struct fixture)FIXTURE_SMALL);
    bill_month(db, false);
    MUST(db_run(db, "UPDATE book SET periods = 2 WHERE book_id = 1", NO_ARGS, NULL, &err));
    MUST(unbilled_each(db, S(""), 202610, tally, none, &err));
    assert_int_equal(none[PROBLEM_NOT_CLOSED], 25);
}

static void the_month_stands_beside_the_last(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct review review;
    bill_month(db, false);
    MUST(bill_review(db, 1, 202610, &review, &err));
    assert_int_equal(review.points, 60);
    assert_int_equal(review.before_points, 0);
    assert_int_equal(review.fresh, 60);
    MUST(bill_review(db, 1, 202611, &review, &err));
    assert_int_equal(review.points, 0);
    assert_int_equal(review.before_points, 60);
    assert_int_equal(review.gone, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(an_interruption_leaves_no_trace),
        ON_BOTH_STORES(a_run_that_is_not_there_is_said),
        ON_BOTH_STORES(a_bill_is_found_by_its_number),
        ON_BOTH_STORES(a_bill_that_differs_is_found),
        ON_BOTH_STORES(nobody_disappears),
        ON_BOTH_STORES(who_moves_in_does_not_hide_behind_who_left),
        ON_BOTH_STORES(a_first_day_behind_the_reading_waits_for_the_next_period),
        ON_BOTH_STORES(each_period_of_a_month_wants_its_bill),
        ON_BOTH_STORES(the_month_stands_beside_the_last),
    };
    return run_store_tests("billing views", tests);
}
