/* SPDX-License-Identifier: Apache-2.0 */
/* What the ledger refuses, with the reason, before anything is written. */
#include "support/stores.h"

#include "base/date.h"
#include "base/memory.h"
#include "ledger/ledger_view.h"

enum { UNIT = 7, ACCOUNT = 11 };

static int32_t a_day(void)
{
    return day_from_civil(2026, 11, 1);
}

static struct ledger_document document(struct str reference, int64_t net_vnd)
{
    return (struct ledger_document){
        .account_id = ACCOUNT, .reference = reference, .kind = ITEM_BILL, .month = 202610,
        .due_day = a_day() + 7, .debit = SIDE_RECEIVABLE, .credit = SIDE_REVENUE,
        .net_vnd = net_vnd};
}

static void post(struct db *db, const struct ledger_document *document)
{
    struct err err;
    struct ledger_chart chart;
    struct ledger_writer *writer;
    MUST(ledger_chart_on(db, a_day(), &chart, &err));
    MUST(db_begin(db, &err));
    MUST(ledger_writer_open(db, UNIT, &chart, a_day(), &writer, &err));
    MUST(ledger_post(writer, document, &err));
    MUST(ledger_writer_close(writer, &err));
    MUST(db_commit(db, &err));
}

static void a_day_without_numbers_is_refused(void **state)
{
    struct err err;
    struct ledger_chart chart;
    int32_t day = day_from_civil(2026, 11, 1);
    struct db *db = test_db(state);
    MUST(db_run(db, "DELETE FROM ledger_chart WHERE role = 'bank'", NO_ARGS, NULL, &err));
    assert_int_equal(ledger_chart_on(db, day, &chart, &err), E_STATE);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void kinds_have_codes_and_back(void **state)
{
    (void)state;
    enum item_kind kind;
    for (int i = 0; i < ITEM_KIND_COUNT; i++) {
        assert_true(item_kind_parse(item_kind_code((enum item_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    assert_false(item_kind_parse(S("loan"), &kind));
}

static void what_does_not_exist_is_not_settled(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct ledger_settlement settlement = {ACCOUNT, S("NONE"), S("B2"), 5, a_day()};
    MUST(db_begin(db, &err));
    assert_int_equal(ledger_settle(db, UNIT, &settlement, &err), E_NOT_FOUND);
    assert_string_equal(err.field, "reference");
    db_rollback(db);
}

static err_t settle(struct db *db, const char *reference, int64_t amount_vnd, struct err *err)
{
    struct ledger_settlement settlement = {ACCOUNT, str_of(reference), S("PT-1"), amount_vnd,
                                           a_day()};
    err_t e = db_begin(db, err);
    if (e == OK) e = ledger_settle(db, UNIT, &settlement, err);
    if (e == OK) return db_commit(db, err);
    db_rollback(db);
    return e;
}

/* What is paid beyond an item is a credit of its own; nothing is taken back that was not paid. */
static void no_item_is_settled_beyond_its_amount(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct ledger_document debt = document(S("B1"), 1000), credit = document(S("B2"), -300);
    post(db, &debt);
    post(db, &credit);
    assert_int_equal(settle(db, "B1", 1001, &err), E_STATE);
    assert_string_equal(err.field, "amount");
    assert_int_equal(settle(db, "B1", -1, &err), E_STATE);
    MUST(settle(db, "B1", 1000, &err));
    assert_int_equal(settle(db, "B1", 1, &err), E_STATE);
    MUST(settle(db, "B1", -400, &err));
    MUST(settle(db, "B1", 400, &err));
    assert_int_equal(settle(db, "B1", 1, &err), E_STATE);
    assert_int_equal(settle(db, "B2", 1, &err), E_STATE);
    assert_int_equal(settle(db, "B2", -301, &err), E_STATE);
    MUST(settle(db, "B2", -300, &err));
    assert_int_equal(settle(db, "B1", INT64_MAX, &err), E_STATE);
}

static void a_credit_gives_no_more_than_it_has(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct ledger_document debt = document(S("B1"), 1000), credit = document(S("B2"), -300);
    post(db, &debt);
    post(db, &credit);
    MUST(db_begin(db, &err));
    assert_int_equal(
        ledger_set_off(db, UNIT, ACCOUNT, S("B1"), S("B2"), 301, a_day(), &err), E_STATE);
    db_rollback(db);
    MUST(db_begin(db, &err));
    assert_int_equal(
        ledger_set_off(db, UNIT, ACCOUNT, S("B1"), S("NONE"), 1, a_day(), &err), E_NOT_FOUND);
    db_rollback(db);
    /* Nor is a debt settled beyond what is left of it. */
    MUST(db_begin(db, &err));
    assert_int_equal(
        ledger_set_off(db, UNIT, ACCOUNT, S("B1"), S("B2"), 1001, a_day(), &err), E_STATE);
    db_rollback(db);
}

static void a_sum_that_does_not_fit_is_refused(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct ledger_chart chart;
    struct ledger_writer *writer;
    struct ledger_document huge = document(S("B1"), INT64_MAX);
    huge.vat_vnd = 1;
    MUST(ledger_chart_on(db, a_day(), &chart, &err));
    MUST(db_begin(db, &err));
    MUST(ledger_writer_open(db, UNIT, &chart, a_day(), &writer, &err));
    assert_int_equal(ledger_post(writer, &huge, &err), E_OVERFLOW);
    assert_int_equal(ledger_writer_rows(writer), 0);
    ledger_writer_drop(writer);
    ledger_writer_drop(NULL);
    memory_fail_after(1);
    assert_int_equal(ledger_writer_open(db, UNIT, &chart, a_day(), &writer, &err), E_MEMORY);
    memory_fail_after(0);
    db_rollback(db);
}

static err_t count_items(void *context, const struct ledger_item *item, struct err *err)
{
    int *count = context;
    if (++*count > 2) return err_set(err, E_LIMIT, NULL, "Quá nhiều khoản", "Too many items");
    assert_int_equal(item->month, 202610);
    return OK;
}

static void settled_items_are_left_out_on_request(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct ledger_document debt = document(S("B1"), 300), credit = document(S("B2"), -300);
    struct ledger_document other = document(S("B3"), 5);
    int all = 0, open = 0;
    post(db, &debt);
    post(db, &credit);
    MUST(db_begin(db, &err));
    MUST(ledger_set_off(db, UNIT, ACCOUNT, S("B1"), S("B2"), 300, a_day(), &err));
    MUST(db_commit(db, &err));
    MUST(ledger_items_each(db, UNIT, ACCOUNT, false, count_items, &all, &err));
    MUST(ledger_items_each(db, UNIT, ACCOUNT, true, count_items, &open, &err));
    assert_int_equal(all, 2);
    assert_int_equal(open, 0);
    post(db, &other);
    all = 0;
    assert_int_equal(ledger_items_each(db, UNIT, ACCOUNT, false, count_items, &all, &err),
                     E_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_day_without_numbers_is_refused),
        cmocka_unit_test(kinds_have_codes_and_back),
        ON_BOTH_STORES(what_does_not_exist_is_not_settled),
        ON_BOTH_STORES(no_item_is_settled_beyond_its_amount),
        ON_BOTH_STORES(a_credit_gives_no_more_than_it_has),
        ON_BOTH_STORES(a_sum_that_does_not_fit_is_refused),
        ON_BOTH_STORES(settled_items_are_left_out_on_request),
    };
    return run_store_tests("ledger refusals", tests);
}
