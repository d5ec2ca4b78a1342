/* SPDX-License-Identifier: Apache-2.0 */
/* What became of every order of a bill outside the cycle. */
#include "billing/bill_order.h"
#include "billing/billing_view.h"

static const char *const states[] = {"proposed", "approved", "refused", "withdrawn", "issued"};

bool bill_order_state_known(struct str state)
{
    for (size_t i = 0; i < ARRAY_COUNT(states); i++)
        if (str_equal(state, str_of(states[i]))) return true;
    return false;
}

#define WHO \
    "COALESCE(pb.code, ''), COALESCE(a.proposed_on, ''), COALESCE(wb.code, db.code, ''), " \
    "COALESCE(w.withdrawn_on, a.decided_on, ''), COALESCE(w.reason, a.reason, '')"
/* The last approval of what x.code names, its withdrawal, and the people. */
#define DECIDED(kind) \
    "LEFT JOIN approval a ON a.unit_id = x.unit_id AND a.kind = 'bill." kind "' AND " \
    "a.subject = x.code AND a.approval_id = (SELECT max(l.approval_id) FROM approval l WHERE " \
    "l.unit_id = a.unit_id AND l.kind = a.kind AND l.subject = a.subject) " \
    "LEFT JOIN order_withdrawal w ON w.unit_id = x.unit_id AND w.kind = '" kind "' AND " \
    "w.order_code = x.code LEFT JOIN staff pb ON pb.staff_id = a.proposed_by " \
    "LEFT JOIN staff db ON db.staff_id = a.decided_by " \
    "LEFT JOIN staff wb ON wb.staff_id = w.withdrawn_by "

/* Columns of both: unit, code, state, who and when (5), bill's version or 0, then what a supplement
 * has: point's code, ground, month, agreement, point, book. */
static const char supplements_sql[] =
    "SELECT x.unit_code, x.code, CASE WHEN w.reason IS NOT NULL THEN 'withdrawn' "
    "WHEN b.version IS NOT NULL THEN 'issued' ELSE x.state END, " WHO ", "
    "COALESCE(b.version, 0), p.code, x.ground, COALESCE(x.month, 0), "
    "COALESCE(x.agreement_id, 0), x.point_id, COALESCE(x.book_id, 0) FROM (SELECT s.unit_id, "
    "u.code AS unit_code, s.order_id, u.code || '-TT' || CAST(s.order_id AS TEXT) AS code, "
    "s.state, s.ground, s.month, s.agreement_id, s.point_id, s.book_id, s.closing_no "
    "FROM supplement_order s JOIN unit u ON u.unit_id = s.unit_id WHERE $1 = '' OR u.code = $2) x "
    "JOIN usage_point p ON p.unit_id = x.unit_id AND p.point_id = x.point_id " DECIDED(
        "supplement") "LEFT JOIN bill b ON b.unit_id = x.unit_id AND b.point_id = x.point_id AND "
                      "b.month = x.month AND b.period_no = 0 AND b.agreement_id = x.agreement_id "
                      "AND "
                      "b.kind = 'supplement' AND b.closing_no = x.closing_no ORDER BY x.unit_id, "
                      "x.order_id";

static const char fees_sql[] =
    "SELECT x.unit_code, x.code, CASE WHEN w.reason IS NOT NULL THEN 'withdrawn' "
    "WHEN a.state = 'released' THEN 'issued' WHEN a.state = 'refused' THEN 'refused' "
    "ELSE 'proposed' END, " WHO " FROM (SELECT f.unit_id, u.code AS unit_code, "
    "f.bill_number AS code, f.ordered_at FROM fee_bill_order f JOIN unit u ON "
    "u.unit_id = f.unit_id WHERE $1 = '' OR u.code = $2) x " DECIDED(
        "fee") "ORDER BY x.unit_id, x.ordered_at, x.code";

struct listing {
    struct db *db;
    const struct bill_order_filter *filter;
    bill_order_visit *visit;
    void *context;
};

static struct bill_order_row read_row(const struct rows *rows, struct str kind)
{
    return (struct bill_order_row){.kind = kind,
                                   .code = row_text(rows, 1),
                                   .state = row_text(rows, 2),
                                   .ordered_by = row_text(rows, 3),
                                   .ordered_on = row_text(rows, 4),
                                   .decided_by = row_text(rows, 5),
                                   .decided_on = row_text(rows, 6),
                                   .reason = row_text(rows, 7),
                                   .ground = S(""),
                                   .bill = S(""),
                                   .point_code = S("")};
}

static err_t visit_supplement(const struct listing *l, const struct rows *rows, struct err *err)
{
    char memory[BILL_NUMBER_BYTES];
    struct bill_order_row row = read_row(rows, S("supplement"));
    struct bill_key key = {.month = row_i64(rows, 11),
                           .agreement_id = row_i64(rows, 12),
                           .point_id = row_i64(rows, 13),
                           .book_id = row_i64(rows, 14),
                           .kind = BILL_SUPPLEMENT,
                           .version = row_i64(rows, 8)};
    row.point_code = row_text(rows, 9);
    row.ground = row_text(rows, 10);
    row.month = key.month;
    if (key.version > 0) row.bill = bill_number(row_text(rows, 0), &key, memory);
    return l->visit(l->context, &row, err);
}

static err_t visit_fee(const struct listing *l, const struct rows *rows, struct err *err)
{
    struct bill_order_row row = read_row(rows, S("fee"));
    struct bill_key key;
    struct str unit_code;
    err_t e = bill_number_parse(row.code, &unit_code, &key, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *point = NULL;
    bool found = false;
    e = db_query(l->db,
                 "SELECT p.code FROM usage_point p JOIN unit u ON u.unit_id = p.unit_id WHERE "
                 "u.code = $1 AND p.point_id = $2",
                 ARGS(v_text(unit_code), v_i64(key.point_id)), &point, err);
    if (e == OK) e = rows_next(point, &found, err);
    if (e != OK) return e;
    if (found) row.point_code = row_text(point, 0);
    if (str_equal(row.state, S("issued"))) row.bill = row.code;
    return l->visit(l->context, &row, err);
}

static err_t each(const struct listing *l, const char *sql,
                  err_t visit(const struct listing *, const struct rows *, struct err *),
                  struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value unit = v_text(l->filter->unit_code);
    err_t e = db_query(l->db, sql, ARGS(unit, unit), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bool wanted = l->filter->state.n == 0 || str_equal(l->filter->state, row_text(rows, 2));
        if (wanted) e = visit(l, rows, err);
    }
    return e;
}

err_t bill_order_each(struct db *db, const struct bill_order_filter *filter,
                      bill_order_visit *visit, void *context, struct err *err)
{
    const struct listing l = {db, filter, visit, context};
    err_t e = each(&l, supplements_sql, visit_supplement, err);
    return e == OK ? each(&l, fees_sql, visit_fee, err) : e;
}
