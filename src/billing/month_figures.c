/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/month_figures_int.h"

#include "billing/figures_int.h"
#include "store/store.h"

enum { PARTS_WITHOUT_BOOK = 2, MVND = 1000 };

/* Which bills: those of the month itself, of one book or of every book, by the primary key; or the
 * few that were posted later than their own month, by their partial index. */
#define OF_BOOK(b, month, book) \
    b ".month = " month " AND " b ".period_no IN (0, 1, 2, 3) AND " b ".book_id = " book " " \
      "AND " b ".posting_month = " b ".month "
#define OF_MONTH(b, month, book) \
    b ".month = " month " AND " b ".book_id > " book " AND " b ".posting_month = " b ".month "
#define LATE(b, month, book) \
    b ".posting_month = " month " AND " b ".posting_month <> " b ".month AND " b \
      ".book_id > " book " "

/* What a replacement takes back: the bill that stood before it and the adjustments of that bill. */
#define TAKEN_BACK \
    "SELECT r.*, CAST(-1 AS BIGINT) AS sign FROM bill t JOIN bill r ON r.unit_id = t.unit_id " \
    "AND r.point_id = t.point_id AND r.month = t.month AND r.period_no = t.period_no AND " \
    "r.agreement_id = t.agreement_id AND r.version < t.version AND " \
    "(r.version = t.replaces_version OR (r.kind = 'adjustment' AND " \
    "r.replaces_version = t.replaces_version)) WHERE t.kind = 'replacement' AND "
/* Bills with sign 1, and with sign -1 what they take back, so that a replaced bill counts once.
 * $1, $4 unit; $2, $5 month; $3, $6 book. */
#define POSTED(which) \
    "(SELECT o.*, CAST(1 AS BIGINT) AS sign FROM bill o WHERE o.unit_id = $1 AND " which( \
        "o", "$2", "$3") "AND o.origin = 'own' UNION ALL " TAKEN_BACK \
                         "t.unit_id = $4 AND " which("t", "$5", "$6") ") b "
#define LINES(which) \
    POSTED(which) \
    "JOIN bill_line l ON l.unit_id = b.unit_id AND l.month = b.month AND " \
    "l.period_no = b.period_no AND l.book_id = b.book_id AND l.point_id = b.point_id AND " \
    "l.agreement_id = b.agreement_id AND l.bill_kind = b.kind AND l.version = b.version "
#define BILLS_COUNT \
    "CAST(COALESCE(sum(CASE WHEN b.sign = 1 THEN 1 ELSE 0 END), 0) AS BIGINT), " \
    "CAST(COALESCE(sum(b.total_wh * b.sign), 0) AS BIGINT), "

#define PART \
    "INSERT INTO month_part (unit_id, month, book_id, dimension, item, row_count, " \
    "energy_wh, amount_mvnd) SELECT CAST($7 AS BIGINT), CAST($8 AS BIGINT), " \
    "CAST($9 AS BIGINT), "
#define OF_LINES(which, dimension, item) \
    PART "'" dimension "', " item ", CAST(sum(b.sign) AS BIGINT), " \
         "CAST(COALESCE(sum(l.quantity_wh * b.sign), 0) AS BIGINT), " \
         "CAST(sum(l.amount_mvnd * b.sign) AS BIGINT) FROM " LINES(which) "GROUP BY " item
#define OF_BILLS(which, dimension, item, amount, condition) \
    PART "'" dimension "', " item ", CAST(sum(b.sign) AS BIGINT), " \
         "CAST(sum(b.total_wh * b.sign) AS BIGINT), " \
         "CAST(sum(" amount " * b.sign) * 1000 AS BIGINT) FROM " POSTED(which) condition \
        "GROUP BY " item
#define SUM_OF(which, item, amount) \
    PART "'sum', '" item "', " BILLS_COUNT "CAST(COALESCE(sum(" amount " * b.sign), 0) " \
         "* 1000 AS BIGINT) FROM " POSTED(which)
#define FIGURES(which) \
    SUM_OF(which, "pre_vat", "b.pre_vat_vnd"), SUM_OF(which, "vat", "b.vat_vnd"), \
        OF_LINES(which, "class", FIGURE_CLASS), OF_LINES(which, "block", FIGURE_BLOCK), \
        OF_LINES(which, "voltage", "COALESCE(l.voltage, '-')"), \
        OF_LINES(which, "tou", "COALESCE(l.tou, '-')"), \
        OF_BILLS(which, "vat", "CAST(b.vat_ppm AS TEXT)", "b.vat_vnd", ""), \
        OF_BILLS(which, "kind", "b.kind", "b.pre_vat_vnd", ""), \
        OF_BILLS(which, "cause", "b.cause", "b.pre_vat_vnd", "WHERE b.cause IS NOT NULL ")

static const char *const of_book_sql[] = {FIGURES(OF_BOOK)};
static const char *const late_sql[] = {FIGURES(LATE)};
_Static_assert(ARRAY_COUNT(of_book_sql) == ARRAY_COUNT(late_sql), "the same figures of each part");

/* ---- parts ------------------------------------------------------------------------------- */

err_t month_part_next(struct db *db, int64_t unit_id, int64_t after, int64_t *out, bool *out_found,
                      struct err *err)
{
    *out_found = true;
    *out = after + 1;
    if (after < 0) return OK;
    err_t e = db_get_i64_or(db,
                            "SELECT book_id FROM book WHERE unit_id = $1 AND book_id > $2 "
                            "ORDER BY book_id LIMIT 1",
                            ARGS(v_i64(unit_id), v_i64(after)), 0, out, err);
    *out_found = *out != 0;
    return e;
}

err_t month_part_number(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    err_t e = db_get_i64(db, "SELECT count(*) FROM book WHERE unit_id = $1 AND book_id > 0",
                         ARGS(v_i64(unit_id)), out, err);
    *out += PARTS_WITHOUT_BOOK;
    return e;
}

err_t month_part_count(struct db *db, int64_t unit_id, int64_t month, int64_t part, struct err *err)
{
    const char *const *figures = part == MONTH_PART_LATE ? late_sql : of_book_sql;
    struct value unit = v_i64(unit_id), number = v_i64(month), book = v_i64(part);
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(of_book_sql) && e == OK; i++)
        e = db_run(db, figures[i], ARGS(unit, number, book, unit, number, book, unit, number, book),
                   NULL, err);
    return e;
}

err_t month_parts_drop(struct db *db, int64_t unit_id, int64_t month, struct err *err)
{
    return db_run(db, "DELETE FROM month_part WHERE unit_id = $1 AND month = $2",
                  ARGS(v_i64(unit_id), v_i64(month)), NULL, err);
}

err_t month_parts_write(struct db *db, int64_t unit_id, int64_t month, struct err *err)
{
    err_t e = db_run(db,
                     "INSERT INTO month_figure (unit_id, month, dimension, item, row_count, "
                     "energy_wh, amount_mvnd) SELECT unit_id, month, dimension, item, "
                     "CAST(sum(row_count) AS BIGINT), CAST(sum(energy_wh) AS BIGINT), "
                     "CAST(sum(amount_mvnd) AS BIGINT) FROM month_part WHERE unit_id = $1 AND "
                     "month = $2 AND dimension <> 'sum' GROUP BY unit_id, month, dimension, item",
                     ARGS(v_i64(unit_id), v_i64(month)), NULL, err);
    return e == OK ? month_parts_drop(db, unit_id, month, err) : e;
}

/* ---- sums -------------------------------------------------------------------------------- */

/* Adds the one row of a question for count, energy, sum before tax and VAT. */
static err_t add_totals(struct db *db, const char *sql, struct args args, struct month_totals *out,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db, sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    ASSERT(found);
    out->bill_count += row_i64(rows, 0);
    out->total_wh += row_i64(rows, 1);
    out->pre_vat_vnd += row_i64(rows, 2);
    out->vat_vnd += row_i64(rows, 3);
    return OK;
}

err_t month_parts_total(struct db *db, int64_t unit_id, int64_t month, struct month_totals *out,
                        struct err *err)
{
    *out = (struct month_totals){0};
    err_t e = add_totals(db,
                         "SELECT CAST(COALESCE(sum(CASE WHEN item = 'vat' THEN row_count ELSE 0 "
                         "END), 0) AS BIGINT), CAST(COALESCE(sum(CASE WHEN item = 'vat' THEN "
                         "energy_wh ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(sum(CASE WHEN item = "
                         "'pre_vat' THEN amount_mvnd ELSE 0 END), 0) AS BIGINT), "
                         "CAST(COALESCE(sum(CASE WHEN item = 'vat' THEN amount_mvnd ELSE 0 END), "
                         "0) AS BIGINT) FROM month_part WHERE unit_id = $1 AND month = $2 AND "
                         "dimension = 'sum'",
                         ARGS(v_i64(unit_id), v_i64(month)), out, err);
    out->pre_vat_vnd /= MVND;
    out->vat_vnd /= MVND;
    return e;
}

#define TOTALS(which) \
    "SELECT " BILLS_COUNT "CAST(COALESCE(sum(b.pre_vat_vnd * b.sign), 0) AS BIGINT), " \
    "CAST(COALESCE(sum(b.vat_vnd * b.sign), 0) AS BIGINT) FROM " POSTED(which)

err_t month_sum(struct db *db, int64_t unit_id, int64_t month, struct month_totals *out,
                struct err *err)
{
    struct value unit = v_i64(unit_id), number = v_i64(month), every = v_i64(MONTH_PART_LATE);
    struct args args = ARGS(unit, number, every, unit, number, every);
    *out = (struct month_totals){0};
    err_t e = add_totals(db, TOTALS(OF_MONTH), args, out, err);
    return e == OK ? add_totals(db, TOTALS(LATE), args, out, err) : e;
}
