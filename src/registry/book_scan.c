/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/memory.h"
#include "registry/believed.h"
#include "registry/registry_view.h"
#include "store/store.h"

struct book_scan {
    struct rows *rows;
};

/* SQLite takes a partial index only when the query repeats the index's own condition. */
#define HAS_INDEX "IN ('book', 'station', 'agreement') "

#define BOOK_POINTS                                                                        \
    "SELECT f.point_id, COALESCE((SELECT r.value_i64 FROM point_fact r "                   \
    "WHERE r.unit_id = f.unit_id AND r.point_id = f.point_id AND r.kind = 'route_order' "  \
    "AND r.state = 'set' AND " BELIEVED("point_fact", "point_id", "r", "$1", "$2")         \
    "), CAST(0 AS BIGINT)) AS route_order FROM point_fact f "                              \
    "WHERE f.unit_id = $3 AND f.kind " HAS_INDEX "AND f.kind = 'book' AND "                \
    "f.value_i64 = $4 AND f.state = 'set' "                                                \
    "AND " BELIEVED("point_fact", "point_id", "f", "$1", "$2")

static const char by_point_sql[] = BOOK_POINTS " ORDER BY f.point_id";
static const char ever_sql[] =
    "SELECT DISTINCT point_id, CAST(0 AS BIGINT) FROM point_fact WHERE unit_id = $1 AND "
    "kind " HAS_INDEX "AND kind = 'book' AND value_i64 = $2 ORDER BY point_id";
static const char by_route_sql[] = BOOK_POINTS " ORDER BY route_order, f.point_id";

err_t book_scan_open(struct db *db, int64_t unit_id, int64_t book_id, int32_t day,
                     int64_t known_at, enum book_order order, struct book_scan **out,
                     struct err *err)
{
    struct book_scan *scan = memory_take(sizeof *scan);
    if (scan == NULL) return err_memory(err);
    scan->rows = NULL;
    char text[DATE_TEXT_BYTES];
    struct args args = ARGS(v_text(day_text(day, text)), v_i64(known_at), v_i64(unit_id),
                            v_i64(book_id));
    struct args ever_args = ARGS(v_i64(unit_id), v_i64(book_id));
    const char *sql = order == BOOK_BY_ROUTE ? by_route_sql : by_point_sql;
    err_t e = order == BOOK_EVER ? db_query(db, ever_sql, ever_args, &scan->rows, err)
                                 : db_query(db, sql, args, &scan->rows, err);
    if (e == OK) *out = scan;
    else book_scan_close(scan);
    return e;
}

err_t book_scan_next(struct book_scan *scan, struct book_point *out, bool *out_more,
                     struct err *err)
{
    bool row = false;
    err_t e = rows_next(scan->rows, &row, err);
    if (e != OK) return e;
    if (row)
        *out = (struct book_point){.point_id = row_i64(scan->rows, 0),
                                   .route_order = row_i64(scan->rows, 1)};
    *out_more = row;
    return OK;
}

void book_scan_close(struct book_scan *scan)
{
    if (scan == NULL) return;
    if (scan->rows != NULL) rows_done(scan->rows);
    memory_give(scan, sizeof *scan);
}
