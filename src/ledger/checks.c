/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/checks.h"

#include "ledger/ledger_view.h"

static void report(void *context, int64_t account_id, struct str reference, const char *what_vi,
                   const char *what_en)
{
    (void)what_en;
    check_found(context, "%lld %.*s: %s", (long long)account_id, STR_ARG(reference), what_vi);
}

static err_t find_items(struct db *db, struct check_findings *findings, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, "SELECT unit_id FROM unit ORDER BY unit_id", NO_ARGS, &rows, err);
    for (bool more = true; e == OK;) {
        int64_t documents;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = ledger_check(db, row_i64(rows, 0), report, findings, &documents, err);
    }
    return e;
}

const struct check check_ledger_items = {
    .name = "ledger.items",
    .vi = "Mỗi khoản phải thu bằng các bút toán của chứng từ, không thanh toán quá số của nó",
    .en = "Every open item equals its postings and is settled within its amount",
    .find = find_items};

const struct check check_ledger_chart = {
    .name = "ledger.chart",
    .vi = "Mọi bút toán dùng số hiệu tài khoản có trong hệ thống tài khoản",
    .en = "Every posting stands on numbers of the chart of accounts",
    .sql = "SELECT p.reference FROM posting p WHERE NOT EXISTS (SELECT 1 FROM ledger_chart c "
           "WHERE c.number = p.debit) OR NOT EXISTS (SELECT 1 FROM ledger_chart c "
           "WHERE c.number = p.credit)"};
