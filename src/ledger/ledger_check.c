/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_view.h"

struct question {
    const char *sql; /* $1 is the unit; selects account and reference of each offender */
    const char *vi;
    const char *en;
};

/* A customer's side is the receivable, or the deposit where a security was received: every posting
 * of a document has exactly one of the two, and their sum is the item. */
#define CUSTOMER_SIDES "(SELECT number FROM ledger_chart WHERE role IN ('receivable', 'deposit'))"
#define POSTED                                                                                  \
    "(SELECT unit_id, account_id, reference, CAST(sum(CASE WHEN debit IN " CUSTOMER_SIDES       \
    " THEN amount_vnd ELSE 0 END) - sum(CASE WHEN credit IN " CUSTOMER_SIDES                    \
    " THEN amount_vnd ELSE 0 END) AS BIGINT) AS amount_vnd FROM posting WHERE unit_id = $1 "    \
    "GROUP BY unit_id, account_id, reference)"

static const struct question questions[] = {
    {"SELECT i.account_id, i.reference FROM open_item i LEFT JOIN " POSTED " p "
     "ON p.unit_id = i.unit_id AND p.account_id = i.account_id AND p.reference = i.reference "
     "WHERE i.unit_id = $1 AND (p.amount_vnd IS NULL OR p.amount_vnd <> i.amount_vnd)",
     "khoản phải thu không khớp với bút toán", "the open item differs from its postings"},
    {"SELECT p.account_id, p.reference FROM " POSTED " p LEFT JOIN open_item i "
     "ON i.unit_id = p.unit_id AND i.account_id = p.account_id AND i.reference = p.reference "
     "WHERE i.reference IS NULL AND p.amount_vnd <> 0",
     "bút toán không có khoản phải thu", "postings without an open item"},
    {"SELECT i.account_id, i.reference FROM open_item i JOIN (SELECT unit_id, account_id, "
     "reference, CAST(sum(amount_vnd) AS BIGINT) AS settled_vnd FROM settlement "
     "WHERE unit_id = $1 GROUP BY unit_id, account_id, reference) s "
     "ON s.unit_id = i.unit_id AND s.account_id = i.account_id AND s.reference = i.reference "
     "WHERE (i.amount_vnd > 0 AND (s.settled_vnd < 0 OR s.settled_vnd > i.amount_vnd)) OR "
     "(i.amount_vnd < 0 AND "
     "(s.settled_vnd > 0 OR s.settled_vnd < i.amount_vnd))",
     "khoản được thanh toán quá số của nó", "an item is settled beyond its amount"},
};

static err_t ask(struct db *db, int64_t unit_id, const struct question *question,
                 ledger_problem *report, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, question->sql, ARGS(v_i64(unit_id)), &rows, err);
    if (e != OK) return e;
    for (;;) {
        bool more;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) return e;
        report(context, row_i64(rows, 0), row_text(rows, 1), question->vi, question->en);
    }
}

err_t ledger_check(struct db *db, int64_t unit_id, ledger_problem *report, void *context,
                   int64_t *out_documents, struct err *err)
{
    for (size_t i = 0; i < ARRAY_COUNT(questions); i++) {
        err_t e = ask(db, unit_id, &questions[i], report, context, err);
        if (e != OK) return e;
    }
    return db_get_i64(db, "SELECT count(*) FROM open_item WHERE unit_id = $1",
                      ARGS(v_i64(unit_id)), out_documents, err);
}
