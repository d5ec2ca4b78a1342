/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of an account with three points: its bills are those of the ledger, to the đồng,
 * and its balance is what the ledger says. */
#include "support/stores.h"

#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "billing/fixture.h"
#include "billing/run.h"
#include "document/statement_sheet.h"
#include "ledger/ledger_view.h"

enum {
    MONTH = 202610,
    LEASE_MS = 60000,
    NOW_MS = 2000,
    PAID_VND = 50000,
    PATH_BYTES = 256,
    BYTES_MAX = 1 << 20
};

static struct err err;
static struct arena arena;

/* Points 1, 2 and 3 are billed to account 1, whose payer has a name that begins like a formula. */
static void make(struct db *db)
{
    struct fixture fixture = FIXTURE_SMALL;
    struct run_ticket ticket;
    struct run_order order = {.month = MONTH, .business_day = -1, .actor_id = 1, .now_ms = NOW_MS};
    MUST(fixture_make(db, &fixture, &err));
    MUST(db_script(db,
                   S("INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, "
                     "entry_no, state, recorded_at, actor_id, value_i64) VALUES "
                     "(1, 2, 'account', '2015-01-01', 2, 'set', 1500, 1, 1), "
                     "(1, 3, 'account', '2015-01-01', 2, 'set', 1500, 1, 1); "
                     "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, "
                     "created_at) VALUES (1, 1, 'KH1', 'person', '=1+1', '=1+1', 1); "
                     "INSERT INTO account_fact (unit_id, account_id, kind, valid_from, "
                     "entry_no, state, recorded_at, actor_id, value_i64) VALUES (1, 1, "
                     "'payer', '2015-01-01', 1, 'set', 1, 1, 1); "
                     "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                     "state, recorded_at, actor_id, value_text) VALUES (1, 2, 'address', "
                     "'2015-01-01', 1, 'set', 1, 1, 'Số 2 đường Mẫu')"),
                   &err));
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    arena_init(&arena, BYTES_MAX);
}

static struct account_statement collect(struct db *db, int64_t first, int64_t last)
{
    struct account_statement statement;
    struct statement_order order = {1, 1, month_from_number(first), month_from_number(last),
                                    day_from_civil(2026, 12, 1)};
    MUST(account_statement_collect(db, &arena, &order, &statement, &err));
    return statement;
}

static void settle(struct db *db, struct str reference, int64_t amount_vnd, int32_t day)
{
    struct ledger_settlement payment = {1, reference, S("PT-1"), amount_vnd, day};
    MUST(db_begin(db, &err));
    MUST(ledger_settle(db, 1, &payment, &err));
    MUST(db_commit(db, &err));
}

/* The bill becomes invoice 7 of a series. */
static void give_number(struct db *db, const struct bill_key *key)
{
    MUST(
        db_script(db,
                  S("INSERT INTO invoice_series (unit_id, series_no, year, template_no, symbol, "
                    "tax_code, state, next_no, last_on, signed_to, created_at) VALUES (1, 1, 2026, "
                    "1, 'K26TDN', '0100000000', 'released', 8, '2026-11-01', 0, 1)"),
                  &err));
    MUST(db_run(
        db,
        "INSERT INTO einvoice (unit_id, series_no, invoice_no, issue_no, invoice_on, month, "
        "period_no, book_id, point_id, agreement_id, kind, version, route_order, role, "
        "pre_vat_vnd, vat_vnd, total_vnd) VALUES (1, 1, 7, 1, '2026-11-01', $1, $2, $3, $4, "
        "$5, $6, $7, 1, 'original', 1, 1, 2)",
        ARGS(v_i64(key->month), v_i64(key->period_no), v_i64(key->book_id), v_i64(key->point_id),
             v_i64(key->agreement_id), v_text(bill_kind_code(key->kind)), v_i64(key->version)),
        NULL, &err));
}

static void bills_are_those_of_the_ledger(void **state)
{
    struct db *db = test_db(state);
    struct ledger_balance balance;
    make(db);
    struct account_statement st = collect(db, MONTH, MONTH);
    assert_int_equal(st.bill_count, 3);
    assert_string_equal(st.payer_name.p, "=1+1");
    assert_string_equal(st.bills[1].address.p, "Số 2 đường Mẫu");
    assert_int_equal(st.bills[0].address.n, 0);
    assert_int_equal(st.total_vnd, ask_i64(db, "SELECT CAST(sum(amount_vnd) AS BIGINT) FROM "
                                               "open_item WHERE account_id = 1"));
    assert_int_equal(st.total_vnd, st.pre_vat_vnd + st.vat_vnd);
    assert_int_equal(st.bills[1].invoice.n, 0);
    give_number(db, &st.bills[1].key);
    settle(db, st.bills[1].number, PAID_VND, day_from_civil(2026, 12, 5));
    st = collect(db, MONTH, 202612);
    assert_int_equal(st.bills[0].invoice.n, 0);
    assert_string_equal(st.bills[1].invoice.p, "1K26TDN-00000007");
    MUST(ledger_balance_of(db, 1, 1, &balance, &err));
    assert_int_equal(st.closing_vnd, balance.owed_vnd - balance.credit_vnd);
    assert_int_equal(st.left_vnd, balance.owed_vnd);
    assert_int_equal(st.bills[1].settled_vnd, PAID_VND);
    assert_int_equal(st.bills[1].left_vnd, st.bills[1].total_vnd - PAID_VND);
    arena_release(&arena);
}

/* The bills were posted in November or later: what lies before is the opening balance. */
static void balances_run_by_day(void **state)
{
    struct db *db = test_db(state);
    make(db);
    struct account_statement st = collect(db, MONTH, 209912);
    assert_int_equal(st.entry_count, 3);
    int32_t posted = st.entries[0].day;
    int64_t month = month_to_number(month_of_day(posted));
    settle(db, st.bills[0].number, PAID_VND, first_day_of_month(month_of_day(posted) + 1) + 3);
    int64_t total_vnd = st.total_vnd, next = month_to_number(month_of_day(posted) + 1);
    st = collect(db, month, month);
    assert_int_equal(st.opening_vnd, 0);
    assert_int_equal(st.entry_count, 3);
    assert_int_equal(st.closing_vnd, total_vnd);
    assert_int_equal(st.entries[2].balance_vnd, total_vnd);
    st = collect(db, next, next);
    assert_int_equal(st.opening_vnd, total_vnd);
    assert_int_equal(st.entry_count, 1);
    assert_int_equal(st.entries[0].amount_vnd, -PAID_VND);
    assert_string_equal(st.entries[0].by_reference.p, "PT-1");
    assert_int_equal(st.closing_vnd, total_vnd - PAID_VND);
    assert_int_equal(st.bill_count, 0);
    arena_release(&arena);
}

static err_t sum_line(void *context, const struct statement_bill *bill,
                      const struct rated_line *line, struct err *why)
{
    int64_t *sums = context;
    (void)bill, (void)why;
    sums[0] += line->amount_mvnd;
    sums[1] += line->kind == RATED_ENERGY ? line->quantity_wh : 0;
    return OK;
}

static void lines_make_up_the_bills(void **state)
{
    struct db *db = test_db(state);
    int64_t sums[2] = {0, 0};
    make(db);
    struct account_statement st = collect(db, MONTH, MONTH);
    MUST(statement_lines_each(db, &st, sum_line, sums, &err));
    assert_int_equal(sums[1], st.total_wh);
    assert_true(sums[0] > st.pre_vat_vnd * 1000 - 1500 && sums[0] < st.pre_vat_vnd * 1000 + 1500);
    arena_release(&arena);
}

static void write_sheet(struct db *db, const struct account_statement *st, const char *path,
                        struct str *out)
{
    MUST(statement_sheet_write(db, st, true, path, &err));
    MUST(file_read(&arena, path, BYTES_MAX, out, &err));
}

static void a_sheet_is_the_same_twice(void **state)
{
    struct db *db = test_db(state);
    char path[PATH_BYTES];
    struct buf text;
    struct str first, second;
    make(db);
    struct account_statement st = collect(db, MONTH, MONTH);
    buf_init_fixed(&text, path, sizeof path);
    buf_printf(&text, "%s/a.xlsx", test_store(state)->folder);
    write_sheet(db, &st, path, &first);
    write_sheet(db, &st, path, &second);
    assert_true(str_starts(first, S("PK")));
    assert_true(str_equal(first, second));
    assert_int_equal(statement_sheet_write(db, &st, true, "/none/a.xlsx", &err), E_IO);
    assert_true(err.vi.message[0] != 0 && err.en.message[0] != 0 && err.vi.hint[0] != 0);
    arena_release(&arena);
}

static err_t collect_once(struct db *db, void *context, struct err *why)
{
    struct account_statement statement;
    struct statement_order order = {1, 1, month_from_number(MONTH), month_from_number(MONTH), 0};
    int64_t sums[2] = {0, 0};
    (void)context;
    arena_reset(&arena);
    err_t e = account_statement_collect(db, &arena, &order, &statement, why);
    return e == OK ? statement_lines_each(db, &statement, sum_line, sums, why) : e;
}

/* Whatever call of the database fails, and however small the memory is. */
static void failures_are_told(void **state)
{
    struct db *db = test_db(state);
    struct arena small;
    make(db);
    assert_true(fail_everywhere(db, collect_once, NULL) > 10);
    for (size_t bytes = 64; bytes < 4096; bytes += 64) {
        struct account_statement statement;
        struct statement_order order = {1, 1, month_from_number(MONTH), month_from_number(MONTH),
                                        0};
        arena_init(&small, bytes);
        err_t e = account_statement_collect(db, &small, &order, &statement, &err);
        assert_true(e == OK || e == E_MEMORY);
        arena_release(&small);
    }
    arena_release(&arena);
}

static void accounts_are_found_by_code(void **state)
{
    struct db *db = test_db(state);
    int64_t unit_id = 0, account_id = 0;
    make(db);
    MUST(db_script(db,
                   S("INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES "
                     "(2, 'PD0200', 'x', '2010-01-01', 1); INSERT INTO account (unit_id, "
                     "account_id, code, created_at) VALUES (2, 1, 'TK00000000001', 1)"),
                   &err));
    assert_int_equal(account_by_code(db, S(""), S("TK00000000001"), &unit_id, &account_id, &err),
                     E_INPUT);
    assert_int_equal(account_by_code(db, S("PD0200"), S("TK2"), &unit_id, &account_id, &err),
                     E_NOT_FOUND);
    MUST(account_by_code(db, S("PD0200"), S("TK00000000001"), &unit_id, &account_id, &err));
    assert_int_equal(unit_id, 2);
    MUST(account_by_code(db, S(""), S("TK00000000002"), &unit_id, &account_id, &err));
    assert_int_equal(account_id, 2);
    struct account_statement st;
    struct statement_order order = {1, 999, month_from_number(MONTH), month_from_number(MONTH), 0};
    assert_int_equal(account_statement_collect(db, &arena, &order, &st, &err), E_NOT_FOUND);
    arena_release(&arena);
}

/* One more record in the slot of point 1. */
static void add_record(struct db *db, const char *kind, int64_t version, int64_t replaces_version,
                       int64_t total_vnd)
{
    MUST(db_begin(db, &err));
    MUST(db_run(db,
                "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, "
                "kind, version, origin, account_id, run_id, closing_no, posting_month, from_on, "
                "to_on, total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, "
                "replaces_version, cause, issued_on, price_book, request) SELECT unit_id, month, "
                "period_no, book_id, point_id, agreement_id, $1, $2, origin, account_id, run_id, "
                "closing_no, posting_month, from_on, to_on, 1000, $3, 0, 0, $4, 0, 0, $5, "
                "$6, issued_on, price_book, request FROM bill WHERE point_id = 1 AND "
                "month = 202610 AND version = 1",
                ARGS(v_text(str_of(kind)), v_i64(version), v_i64(total_vnd), v_i64(total_vnd),
                     replaces_version > 0 ? v_i64(replaces_version) : v_null(),
                     replaces_version > 0 ? v_text(S("reading")) : v_null()),
                NULL, &err));
    MUST(db_commit(db, &err));
}

/* A page of the account sums what the statement lists. A replacement takes back the bill and what
 * adjusted it: they are listed and count no longer; a supplement of the same period stays. */
static void sums_by_month_and_point_are_those_of_the_statement(void **state)
{
    struct db *db = test_db(state);
    struct account_month *months;
    struct account_point *points;
    int64_t *agreements;
    size_t count = 0;
    make(db);
    struct account_statement statement = collect(db, MONTH, MONTH);
    MUST(account_months(db, &arena, 1, 1, MONTH - 5, MONTH, &months, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(months[0].month, MONTH);
    assert_int_equal(months[0].point_count, 3);
    assert_int_equal(months[0].total_wh, statement.total_wh);
    assert_int_equal(months[0].total_vnd, statement.total_vnd);
    MUST(account_points(db, &arena, 1, 1, MONTH, S(""), 2, &points, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(points[0].total_vnd, statement.bills[0].total_vnd);
    assert_true(str_equal(points[1].address, S("Số 2 đường Mẫu")));
    MUST(account_points(db, &arena, 1, 1, MONTH, points[1].point_code, 2, &points, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(points[0].point_id, 3);
    MUST(account_agreements(db, &arena, 1, 1, MONTH, MONTH, 3, &agreements, &count, &err));
    assert_int_equal(count, 3);
    assert_int_equal(
        account_agreements(db, &arena, 1, 1, MONTH, MONTH, 2, &agreements, &count, &err), E_LIMIT);
    MUST(account_months(db, &arena, 1, 2, MONTH, MONTH, &months, &count, &err));
    assert_int_equal(count, 0);
    add_record(db, "adjustment", 2, 1, 7);
    add_record(db, "supplement", 3, 0, 30);
    add_record(db, "replacement", 4, 1, 100);
    int64_t replaced_vnd = statement.bills[0].total_vnd, replaced_wh = statement.bills[0].total_wh;
    int64_t left_vnd = statement.left_vnd, total_vnd = statement.total_vnd;
    int64_t total_wh = statement.total_wh;
    statement = collect(db, MONTH, MONTH);
    assert_int_equal(statement.bill_count, 6);
    assert_int_equal(statement.counted_count, 4);
    assert_int_equal(statement.total_vnd, total_vnd - replaced_vnd + 30 + 100);
    assert_int_equal(statement.total_wh, total_wh - replaced_wh + 2000);
    assert_int_equal(statement.left_vnd, left_vnd); /* no item of these was posted */
    assert_true(statement.bills[0].taken_back && statement.bills[1].taken_back);
    assert_true(!statement.bills[2].taken_back && !statement.bills[3].taken_back);
    MUST(account_months(db, &arena, 1, 1, MONTH, MONTH, &months, &count, &err));
    assert_int_equal(months[0].total_vnd, statement.total_vnd);
    assert_int_equal(months[0].bill_count, 4);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(sums_by_month_and_point_are_those_of_the_statement),
        ON_BOTH_STORES(bills_are_those_of_the_ledger),
        ON_BOTH_STORES(balances_run_by_day),
        ON_BOTH_STORES(lines_make_up_the_bills),
        ON_BOTH_STORES(a_sheet_is_the_same_twice),
        ON_BOTH_STORES(failures_are_told),
        ON_BOTH_STORES(accounts_are_found_by_code),
    };
    return run_store_tests("document statement", tests);
}
