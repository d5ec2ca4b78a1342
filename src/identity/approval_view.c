/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity_view.h"

err_t approval_each(struct db *db, bool open_only,
                    void (*take)(void *context, const struct approval_row *row), void *context,
                    struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row;
    err_t e = db_query(db,
                       "SELECT a.unit_id, a.approval_id, a.kind, a.subject, a.state, p.code, "
                       "a.proposed_on, d.code, a.decided_on, a.manner, a.reason FROM approval a "
                       "JOIN staff p ON p.staff_id = a.proposed_by "
                       "LEFT JOIN staff d ON d.staff_id = a.decided_by "
                       "WHERE CAST($1 AS BIGINT) = 0 OR a.state = 'open' "
                       "ORDER BY a.unit_id, a.approval_id",
                       ARGS(v_i64(open_only)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        take(context, &(struct approval_row){
                          .unit_id = row_i64(rows, 0), .approval_id = row_i64(rows, 1),
                          .kind = row_text(rows, 2), .subject = row_text(rows, 3),
                          .state = row_text(rows, 4), .proposed_by = row_text(rows, 5),
                          .proposed_on = row_text(rows, 6),
                          .decided_by = row_text_or_empty(rows, 7),
                          .decided_on = row_text_or_empty(rows, 8),
                          .manner = row_text_or_empty(rows, 9), .reason = row_text(rows, 10)});
    }
    return e;
}
