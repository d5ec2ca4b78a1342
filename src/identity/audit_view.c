/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity_view.h"

err_t audit_each(struct db *db, const struct audit_filter *filter,
                 void (*take)(void *context, const struct audit_row *row), void *context,
                 struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row;
    err_t e = db_query(db,
                       "SELECT e.unit_id, e.stream, e.seq, e.recorded_at, s.code, e.os_user, "
                       "e.action, e.subject, e.hash FROM audit_entry e "
                       "LEFT JOIN staff s ON s.staff_id = e.actor_id "
                       "WHERE (CAST($1 AS BIGINT) < 0 OR e.unit_id = $1) "
                       "AND (CAST($2 AS TEXT) = '' OR e.stream = $2) "
                       "AND e.recorded_at >= $3 AND e.recorded_at < $4 "
                       "ORDER BY e.unit_id, e.stream, e.seq",
                       ARGS(v_i64(filter->unit_id), v_text(filter->stream),
                            v_i64(filter->from_ms), v_i64(filter->to_ms)),
                       &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        take(context, &(struct audit_row){
                          .unit_id = row_i64(rows, 0), .stream = row_text(rows, 1),
                          .seq = row_i64(rows, 2), .recorded_at_ms = row_i64(rows, 3),
                          .actor = row_text_or_empty(rows, 4), .os_user = row_text(rows, 5),
                          .action = row_text(rows, 6), .subject = row_text(rows, 7),
                          .hash = row_text(rows, 8)});
    }
    return e;
}
