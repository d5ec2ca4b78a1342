/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger when the database fails: at whatever call, the error comes back and nothing stays. */
#include "support/stores.h"

#include "base/date.h"
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
        .net_vnd = net_vnd, .vat_vnd = net_vnd / 10};
}

static err_t post_two(struct ledger_writer *writer, struct err *err)
{
    struct ledger_document debt = document(S("B1"), 1000), credit = document(S("B2"), -400);
    struct ledger_document alone = document(S("B3"), 70);
    err_t e = ledger_post(writer, &debt, err);
    if (e == OK) e = ledger_post(writer, &credit, err);
    if (e == OK) e = ledger_post_only(writer, &alone, err);
    return e;
}

static err_t write(struct db *db, void *context, struct err *err)
{
    (void)context;
    struct ledger_chart chart;
    struct ledger_writer *writer;
    err_t e = ledger_chart_on(db, a_day(), &chart, err);
    if (e == OK) e = db_begin(db, err);
    if (e == OK) e = ledger_writer_open(db, UNIT, &chart, a_day(), &writer, err);
    if (e != OK) return e;
    e = post_two(writer, err);
    if (e == OK) e = ledger_writer_close(writer, err);
    else ledger_writer_drop(writer);
    if (e == OK)
        e = ledger_set_off(db, UNIT, ACCOUNT, S("B1"), S("B2"), 440, a_day(), err);
    return e;
}

static err_t skip_item(void *context, const struct ledger_item *item, struct err *err)
{
    (void)context, (void)item, (void)err;
    return OK;
}

/* B3 was posted without an item, which the check must notice, and nothing else. */
static void only_the_document_alone(void *context, int64_t account_id, struct str reference,
                                    const char *what_vi, const char *what_en)
{
    (void)context, (void)account_id, (void)what_vi, (void)what_en;
    assert_true(str_equal(reference, S("B3")));
}

static err_t ask(struct db *db, void *context, struct err *err)
{
    (void)context;
    struct ledger_balance balance;
    int64_t sum_vnd, documents;
    err_t e = ledger_balance_of(db, UNIT, ACCOUNT, &balance, err);
    if (e == OK) e = ledger_items_each(db, UNIT, ACCOUNT, true, skip_item, NULL, err);
    if (e == OK) e = ledger_side_sum(db, UNIT, S("131"), &sum_vnd, err);
    if (e == OK) e = ledger_check(db, UNIT, only_the_document_alone, NULL, &documents, err);
    return e;
}

static void failures_of_writing_leave_nothing(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    int64_t rows = -1;
    assert_true(fail_everywhere(db, write, NULL) > 10);
    MUST(db_get_i64(db,
                    "SELECT (SELECT count(*) FROM posting) + (SELECT count(*) FROM open_item) + "
                    "(SELECT count(*) FROM settlement)",
                    NO_ARGS, &rows, &err));
    assert_int_equal(rows, 0);
}

static void failures_of_asking_are_reported(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    MUST(write(db, NULL, &err));
    MUST(db_commit(db, &err));
    assert_true(fail_everywhere(db, ask, NULL) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(failures_of_writing_leave_nothing),
        ON_BOTH_STORES(failures_of_asking_are_reported),
    };
    return run_store_tests("ledger failures", tests);
}
