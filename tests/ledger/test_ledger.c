/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: what a document leaves behind, what an account owes, what the check finds. */
#include "support/stores.h"

#include "base/date.h"
#include "ledger/ledger_view.h"

enum { UNIT = 7, ACCOUNT = 11 };

static int32_t a_day(void)
{
    return day_from_civil(2026, 11, 1);
}

static void post(struct db *db, struct str reference, enum item_kind kind, int64_t net_vnd,
                 int64_t vat_vnd)
{
    struct err err;
    struct ledger_chart chart;
    struct ledger_writer *writer;
    bool deposit = kind == ITEM_DEPOSIT;
    struct ledger_document document = {
        .account_id = ACCOUNT, .reference = reference, .kind = kind, .month = 202610,
        .due_day = a_day() + 7, .debit = deposit ? SIDE_DEPOSIT : SIDE_RECEIVABLE,
        .credit = deposit ? SIDE_BANK : SIDE_REVENUE, .net_vnd = net_vnd, .vat_vnd = vat_vnd};
    MUST(ledger_chart_on(db, a_day(), &chart, &err));
    MUST(db_begin(db, &err));
    MUST(ledger_writer_open(db, UNIT, &chart, a_day(), &writer, &err));
    MUST(ledger_post(writer, &document, &err));
    MUST(ledger_writer_close(writer, &err));
    MUST(db_commit(db, &err));
}

static int64_t side_sum(struct db *db, struct str number)
{
    struct err err;
    int64_t sum_vnd = -1;
    MUST(ledger_side_sum(db, UNIT, number, &sum_vnd, &err));
    return sum_vnd;
}

static struct ledger_balance balance(struct db *db)
{
    struct err err;
    struct ledger_balance out;
    MUST(ledger_balance_of(db, UNIT, ACCOUNT, &out, &err));
    return out;
}

static void count_problem(void *context, int64_t account_id, struct str reference,
                          const char *what_vi, const char *what_en)
{
    (void)account_id, (void)reference, (void)what_vi, (void)what_en;
    (*(int *)context)++;
}

static int problems(struct db *db)
{
    struct err err;
    int count = 0;
    int64_t documents;
    MUST(ledger_check(db, UNIT, count_problem, &count, &documents, &err));
    return count;
}

static void a_bill_is_posted_with_its_tax(void **state)
{
    struct db *db = test_db(state);
    post(db, S("B1"), ITEM_BILL, 1285560, 102845);
    assert_int_equal(side_sum(db, S("131")), 1388405);
    assert_int_equal(side_sum(db, S("511")), -1285560);
    assert_int_equal(side_sum(db, S("3331")), -102845);
    assert_int_equal(balance(db).owed_vnd, 1388405);
    assert_int_equal(problems(db), 0);
}

static void a_document_of_zero_leaves_nothing(void **state)
{
    struct db *db = test_db(state);
    post(db, S("B0"), ITEM_BILL, 0, 0);
    assert_int_equal(balance(db).item_count, 0);
    assert_int_equal(problems(db), 0);
}

static err_t count_entry(void *context, const struct ledger_entry *entry, struct err *err)
{
    (void)err;
    assert_true(entry->by_reference.n > 0);
    ++*(int64_t *)context;
    return OK;
}

/* How many settlements there were between two days. */
static int64_t settled_in(struct db *db, const char *from_on, const char *to_on)
{
    struct err err;
    int64_t count = 0;
    const struct ledger_days days = {str_of(from_on), str_of(to_on)};
    MUST(ledger_settled_each(db, UNIT, ACCOUNT, &days, 10, count_entry, &count, &err));
    return count;
}

static void a_reversal_is_set_off(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    post(db, S("B1"), ITEM_BILL, 100000, 8000);
    post(db, S("B1/H"), ITEM_ADJUSTMENT, -100000, -8000);
    assert_int_equal(side_sum(db, S("131")), 0);
    MUST(db_begin(db, &err));
    MUST(ledger_set_off(db, UNIT, ACCOUNT, S("B1"), S("B1/H"), 108000, a_day(), &err));
    MUST(db_commit(db, &err));
    assert_int_equal(balance(db).item_count, 0);
    assert_int_equal(settled_in(db, "2026-10-01", "2026-11-01"), 0);
    assert_int_equal(settled_in(db, "2026-11-02", "2026-12-01"), 0);
    assert_int_equal(settled_in(db, "2026-11-01", "2026-11-02"), 2); /* of both documents */
    assert_int_equal(problems(db), 0);
}

static void more_than_open_is_not_set_off(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    post(db, S("B1"), ITEM_BILL, 100000, 8000);
    post(db, S("B1/H"), ITEM_ADJUSTMENT, -50000, -4000);
    MUST(db_begin(db, &err));
    err_t e = ledger_set_off(db, UNIT, ACCOUNT, S("B1"), S("B1/H"), 54001, a_day(), &err);
    assert_int_equal(e, E_STATE);
    assert_true(err.vi.hint[0] != '\0');
    db_rollback(db);
    assert_int_equal(balance(db).credit_vnd, 54000);
}

static void a_security_is_no_debt(void **state)
{
    struct db *db = test_db(state);
    post(db, S("DC-1"), ITEM_DEPOSIT, -2000000, 0);
    assert_int_equal(balance(db).deposit_vnd, 2000000);
    assert_int_equal(balance(db).owed_vnd, 0);
    assert_int_equal(side_sum(db, S("344")), -2000000);
    assert_int_equal(problems(db), 0);
}

static void a_document_is_posted_once(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct ledger_chart chart;
    struct ledger_writer *writer;
    post(db, S("B1"), ITEM_BILL, 100000, 8000);
    struct ledger_document again = {
        .account_id = ACCOUNT, .reference = S("B1"), .kind = ITEM_BILL, .month = 202610,
        .due_day = a_day(), .debit = SIDE_RECEIVABLE, .credit = SIDE_REVENUE, .net_vnd = 1};
    MUST(ledger_chart_on(db, a_day(), &chart, &err));
    MUST(db_begin(db, &err));
    MUST(ledger_writer_open(db, UNIT, &chart, a_day(), &writer, &err));
    err_t e = ledger_post(writer, &again, &err);
    if (e == OK) e = ledger_writer_close(writer, &err);
    else ledger_writer_drop(writer);
    assert_int_equal(e, E_CONFLICT);
    db_rollback(db);
    assert_int_equal(balance(db).owed_vnd, 108000);
}

static void the_check_finds_a_lost_posting(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    post(db, S("B1"), ITEM_BILL, 100000, 8000);
    MUST(db_run(db, "INSERT INTO open_item (unit_id, account_id, reference, kind, month, due_on, "
                    "amount_vnd) VALUES ($1, $2, 'X', 'bill', 202610, '2026-11-08', 5)",
                ARGS(v_i64(UNIT), v_i64(ACCOUNT)), NULL, &err));
    MUST(db_run(db, "INSERT INTO posting (unit_id, account_id, reference, line_no, debit, credit, "
                    "amount_vnd, posted_on) VALUES ($1, $2, 'Y', 1, '131', '511', 5, "
                    "'2026-11-01')",
                ARGS(v_i64(UNIT), v_i64(ACCOUNT)), NULL, &err));
    assert_int_equal(problems(db), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_bill_is_posted_with_its_tax),
        ON_BOTH_STORES(a_document_of_zero_leaves_nothing),
        ON_BOTH_STORES(a_reversal_is_set_off),
        ON_BOTH_STORES(more_than_open_is_not_set_off),
        ON_BOTH_STORES(a_security_is_no_debt),
        ON_BOTH_STORES(a_document_is_posted_once),
        ON_BOTH_STORES(the_check_finds_a_lost_posting),
    };
    return run_store_tests("ledger", tests);
}
