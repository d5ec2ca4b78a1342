/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/supplement_follow.h"

err_t supplement_last_month(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    return db_get_i64_or(db, "SELECT max(month) FROM bill WHERE unit_id = $1", ARGS(v_i64(unit_id)),
                         0, out, err);
}

err_t supplement_in_month(struct db *db, int64_t unit_id, int64_t month, bool *out, struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM bill WHERE unit_id = $1 AND month = $2 AND "
                         "period_no = 0 AND kind = 'supplement'",
                         ARGS(v_i64(unit_id), v_i64(month)), &count, err);
    *out = count > 0;
    return e;
}

err_t supplement_stands_on(struct db *db, const struct bill_key *slot, int64_t root,
                           int64_t first_month, int64_t last_month, bool *out, struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM bill s JOIN bill b ON b.unit_id = s.unit_id AND "
                         "b.point_id = s.point_id AND b.agreement_id = s.agreement_id AND "
                         "b.from_on = s.from_on AND b.to_on = s.to_on WHERE s.unit_id = $1 AND "
                         "s.point_id = $2 AND s.month = $3 AND s.period_no = $4 AND "
                         "s.agreement_id = $5 AND s.version = $6 AND s.kind = 'supplement' AND "
                         "b.month >= $7 AND b.month <= $8 AND b.kind IN ('periodic', 'final', "
                         "'supplement')",
                         ARGS(v_i64(slot->unit_id), v_i64(slot->point_id), v_i64(slot->month),
                              v_i64(slot->period_no), v_i64(slot->agreement_id), v_i64(root),
                              v_i64(first_month), v_i64(last_month)),
                         &count, err);
    *out = count > 0;
    return e;
}

/* Of a supplement and its corrections, those that came later; of any other bill all of them. */
static const char behind_sql[] =
    "SELECT s.month, s.period_no, s.book_id, s.version FROM bill s WHERE s.unit_id = $1 AND "
    "s.point_id = $2 AND s.agreement_id = $3 AND s.from_on = $4 AND s.to_on = $5 AND "
    "s.kind = 'supplement' AND (s.month > $6 OR (s.month = $7 AND s.closing_no > $8) OR NOT EXISTS "
    "(SELECT 1 FROM bill o WHERE o.unit_id = s.unit_id AND o.point_id = s.point_id AND "
    "o.month = $9 AND o.period_no = $10 AND o.agreement_id = s.agreement_id AND "
    "o.kind = 'supplement' AND o.closing_no = $11)) ORDER BY s.month, s.closing_no";

err_t supplements_behind(struct db *db, struct arena *arena, struct str number,
                         supplement_visit *visit, void *context, struct err *err)
{
    struct bill_row row;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = bill_find(db, arena, number, &row, err);
    if (e != OK || row.key.kind == BILL_FEE) return e;
    struct value month = v_i64(row.key.month), closing = v_i64(row.closing_no);
    e = db_query(db, behind_sql,
                 ARGS(v_i64(row.key.unit_id), v_i64(row.key.point_id), v_i64(row.key.agreement_id),
                      v_text(row.from_on), v_text(row.to_on), month, month, closing, month,
                      v_i64(row.key.period_no), closing),
                 &rows, err);
    for (bool more = true; e == OK;) {
        char memory[BILL_NUMBER_BYTES];
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct bill_key key = row.key;
        key.month = row_i64(rows, 0);
        key.period_no = row_i64(rows, 1);
        key.book_id = row_i64(rows, 2);
        key.version = row_i64(rows, 3);
        key.kind = BILL_SUPPLEMENT;
        e = visit(context, bill_number(row.unit_code, &key, memory), err);
    }
    return e;
}
