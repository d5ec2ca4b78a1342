/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/checks.h"

#include "base/clock.h"

enum { HOUR_MS = 3600000 };

static err_t find_kept(struct db *db, struct check_findings *findings, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row;
    err_t e = db_query(db,
                       "SELECT unit_id, notice_no FROM notice_outbox WHERE state = 'waiting' AND "
                       "expires_at < $1 ORDER BY unit_id, notice_no",
                       ARGS(v_i64(clock_now_ms() - HOUR_MS)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        check_found(findings, "%lld: %lld", (long long)row_i64(rows, 0),
                    (long long)row_i64(rows, 1));
    }
    return e;
}

const struct check check_notice_expired = {
    .name = "notice.expired",
    .vi = "Không còn giữ nội dung thông báo đã quá hạn một giờ",
    .en = "No text is kept of a notice that ended more than an hour ago",
    .find = find_kept,
};
