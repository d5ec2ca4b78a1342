/* SPDX-License-Identifier: Apache-2.0 */
/* Bills in the order of their identity, page by page: of a unit, or of one agreement. */
#include "billing/bill_read_int.h"

#define BEHIND \
    "b.month >= $2 AND b.month <= $3 AND b.to_on > $4 AND (b.month, b.period_no, b.book_id, " \
    "b.point_id, b.agreement_id, b.version) > ($5, $6, $7, $8, $9, $10) ORDER BY b.month, " \
    "b.period_no, b.book_id, b.point_id, b.agreement_id, b.version LIMIT $11"

static const char of_unit_sql[] =
    "SELECT " BILL_COLUMNS BILL_TABLES "WHERE b.unit_id = $1 AND " BEHIND;
/* By the points that ever were of the agreement, so that the index of bills by point serves. */
static const char of_agreement_sql[] =
    "SELECT " BILL_COLUMNS BILL_TABLES "WHERE b.unit_id = $1 AND b.agreement_id = $12 AND "
    "b.point_id IN (SELECT f.point_id FROM point_fact f WHERE f.unit_id = $1 AND "
    "f.kind IN ('book', 'station', 'agreement') AND f.kind = 'agreement' AND "
    "f.value_i64 = $12) AND " BEHIND;

err_t bill_list(struct db *db, const struct bill_list_filter *filter, bill_visit *visit,
                void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    const int64_t *after = filter->after;
    bool more, all = filter->agreement_id == 0;
    struct value values[] = {v_i64(filter->unit_id),    v_i64(filter->first_month),
                             v_i64(filter->last_month), v_text(filter->since_on),
                             v_i64(after[0]),           v_i64(after[1]),
                             v_i64(after[2]),           v_i64(after[3]),
                             v_i64(after[4]),           v_i64(after[5]),
                             v_i64(filter->limit),      v_i64(filter->agreement_id)};
    err_t e = db_query(db, all ? of_unit_sql : of_agreement_sql,
                       (struct args){values, all ? 11 : 12}, &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct bill_row row = bill_row_read(rows);
        e = visit(context, &row, err);
    }
    return e;
}
