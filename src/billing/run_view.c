/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/run_view.h"

err_t run_stages(struct db *db, int64_t unit_id, int64_t run_id, struct run_stage_counts *out_draft,
                 struct run_stage_counts *out_issue, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db,
                       "SELECT c.stage, count(*), CAST(sum(c.done) AS BIGINT), "
                       "CAST(sum(c.bill_count) AS BIGINT), "
                       "CAST(sum(CASE WHEN c.done = 1 THEN c.bill_count ELSE 0 END) AS BIGINT), "
                       "CAST(sum(c.ready) AS BIGINT), CAST(sum(c.held) AS BIGINT), "
                       "CAST(sum(c.exceptions) AS BIGINT), CAST(sum(c.energy_wh) AS BIGINT), "
                       "CAST(sum(c.total_vnd) AS BIGINT) FROM bill_chunk c JOIN bill_run r ON "
                       "r.unit_id = c.unit_id AND r.run_id = c.run_id WHERE c.unit_id = $1 AND "
                       "c.run_id = $2 AND c.attempt = CASE WHEN c.stage = 'draft' THEN r.attempt "
                       "ELSE r.issue_attempt END GROUP BY c.stage",
                       ARGS(v_i64(unit_id), v_i64(run_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct run_stage_counts counts = {row_i64(rows, 1), row_i64(rows, 2), row_i64(rows, 3),
                                          row_i64(rows, 4), row_i64(rows, 5), row_i64(rows, 6),
                                          row_i64(rows, 7), row_i64(rows, 8), row_i64(rows, 9)};
        if (str_equal(row_text(rows, 0), S("draft"))) *out_draft = counts;
        else *out_issue = counts;
    }
    return e;
}

err_t run_page(struct db *db, int64_t unit_id, int64_t month, int64_t after_run_id, int64_t limit,
               run_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e =
        db_query(db,
                 "SELECT r.run_id, r.month, u.code, r.state, r.business_on, r.price_book, "
                 "r.posting_month, r.created_at FROM bill_run r JOIN unit u ON "
                 "u.unit_id = r.unit_id WHERE r.unit_id = $1 AND "
                 "(CAST($2 AS BIGINT) = 0 OR r.month = $2) AND r.run_id > $3 "
                 "ORDER BY r.run_id LIMIT $4",
                 ARGS(v_i64(unit_id), v_i64(month), v_i64(after_run_id), v_i64(limit)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct run_summary run = {.unit_id = unit_id,
                                  .run_id = row_i64(rows, 0),
                                  .month = row_i64(rows, 1),
                                  .unit_code = row_text(rows, 2),
                                  .state = row_text(rows, 3),
                                  .business_on = row_text(rows, 4),
                                  .price_book = row_text(rows, 5),
                                  .posting_month = row_i64(rows, 6),
                                  .created_at_ms = row_i64(rows, 7)};
        e = run_stages(db, unit_id, run.run_id, &run.draft, &run.issue, err);
        if (e == OK) e = visit(context, &run, err);
    }
    return e;
}
