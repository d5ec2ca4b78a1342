/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/reading_page_view.h"

#define READINGS \
    "SELECT r.month, r.point_id, r.read_on, r.installation_id, r.register, r.kind, " \
    "r.entry_no, p.code, m.serial, r.source, r.state, r.not_read, r.index_wh, r.multiplier, " \
    "CASE WHEN EXISTS (SELECT 1 FROM reading l WHERE l.unit_id = r.unit_id AND " \
    "l.month = r.month AND l.point_id = r.point_id AND l.read_on = r.read_on AND " \
    "l.installation_id = r.installation_id AND l.register = r.register AND l.kind = r.kind " \
    "AND l.entry_no > r.entry_no) THEN 0 ELSE 1 END "
#define TABLES \
    "JOIN usage_point p ON p.unit_id = r.unit_id AND p.point_id = r.point_id " \
    "LEFT JOIN installation i ON i.unit_id = r.unit_id AND " \
    "i.installation_id = r.installation_id LEFT JOIN meter m ON m.unit_id = i.unit_id AND " \
    "m.meter_id = i.meter_id "
#define BEHIND \
    "(r.month, r.point_id, r.read_on, r.installation_id, r.register, r.kind, r.entry_no) > " \
    "($3, $4, $5, $6, $7, $8, $9) AND r.read_on >= $10 ORDER BY r.month, r.point_id, " \
    "r.read_on, r.installation_id, r.register, r.kind, r.entry_no LIMIT $11"

static const char of_unit_sql[] =
    READINGS "FROM reading r " TABLES "WHERE r.unit_id = $1 AND r.month = $2 AND " BEHIND;
/* Month by month, because the key of the table begins with the month. */
static const char of_point_sql[] =
    "WITH RECURSIVE months (n) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT CASE WHEN "
    "n % 100 = 12 THEN n + 89 ELSE n + 1 END FROM months WHERE n < $12) " READINGS
    "FROM months JOIN reading r ON r.unit_id = $1 AND r.month = months.n AND "
    "r.point_id = $13 " TABLES "WHERE " BEHIND;

static struct reading_row read_row(const struct rows *rows)
{
    return (struct reading_row){.month = row_i64(rows, 0),
                                .point_id = row_i64(rows, 1),
                                .read_on = row_text(rows, 2),
                                .installation_id = row_i64(rows, 3),
                                .reg = row_text(rows, 4),
                                .kind = row_text(rows, 5),
                                .entry_no = row_i64(rows, 6),
                                .point_code = row_text(rows, 7),
                                .serial = row_text_or_empty(rows, 8),
                                .source = row_text(rows, 9),
                                .state = row_text(rows, 10),
                                .not_read = row_text_or_empty(rows, 11),
                                .index_wh = row_i64_or(rows, 12, -1),
                                .multiplier = row_i64(rows, 13),
                                .latest = row_i64(rows, 14) == 1};
}

err_t reading_page(struct db *db, const struct reading_filter *filter, reading_visit *visit,
                   void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    const struct value *after = filter->after;
    bool more, all = filter->point_id == 0;
    struct value values[] = {v_i64(filter->unit_id),
                             v_i64(filter->first_month),
                             after[0],
                             after[1],
                             after[2],
                             after[3],
                             after[4],
                             after[5],
                             after[6],
                             v_text(filter->since_on),
                             v_i64(filter->limit),
                             v_i64(filter->last_month),
                             v_i64(filter->point_id)};
    err_t e = db_query(db, all ? of_unit_sql : of_point_sql, (struct args){values, all ? 11 : 13},
                       &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct reading_row row = read_row(rows);
        e = visit(context, &row, err);
    }
    return e;
}
