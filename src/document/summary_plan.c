/* SPDX-License-Identifier: Apache-2.0 */
/* Which tables a month gets, and which numbers each of them holds. */
#include "base/clock.h"
#include "document/invoice_int.h"
#include "document/invoice_parameter.h"
#include "document/summary_int.h"
#include "identity/audit.h"

enum { SUBJECT_BYTES = 96 };

err_t summary_missing(struct db *db, const struct summary_scope *scope, int64_t *out,
                      struct err *err)
{
    return db_get_i64(db,
                      "SELECT count(*) FROM " SUMMARY_INVOICES
                      "LEFT JOIN einvoice_summary_row r ON r.unit_id = v.unit_id AND "
                      "r.series_no = v.series_no AND r.invoice_no = v.invoice_no "
                      "WHERE " SUMMARY_OF_SCOPE " AND r.invoice_no IS NULL",
                      SUMMARY_ARGS(scope), out, err);
}

/* A table must not leave out what only waits for its signature. */
static err_t require_signed(struct db *db, const struct summary_scope *scope, struct err *err)
{
    int64_t unsigned_count;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM " SUMMARY_INVOICES
                         "LEFT JOIN einvoice_document d ON d.unit_id = v.unit_id AND "
                         "d.series_no = v.series_no AND d.invoice_no = v.invoice_no "
                         "WHERE " SUMMARY_OF_SCOPE " AND d.invoice_no IS NULL",
                         SUMMARY_ARGS(scope), &unsigned_count, err);
    if (e != OK || unsigned_count == 0) return e;
    err_set(err, E_STATE, "month", "Còn %lld hóa đơn của tháng chưa ký",
            "%lld invoices of the month are not signed", (long long)unsigned_count);
    return err_hint(err, "Ký trước bằng sangden invoice issue, rồi lập bảng tổng hợp",
                    "Sign them first with sangden invoice issue, then make the table");
}

/* ---- the last plan ----------------------------------------------------------------------- */

struct last_plan {
    struct summary_plan plan; /* summary_no 0: none */
    int64_t open_parts;
};

static err_t find_last(struct db *db, const struct summary_scope *scope, int64_t month,
                       struct last_plan *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    *out = (struct last_plan){{0}, 0};
    err_t e = db_query(db,
                       "SELECT m.summary_no, m.supplement_no, m.made_on, m.signed_at, "
                       "(SELECT count(*) FROM einvoice_summary_part p LEFT JOIN "
                       "einvoice_summary_table t ON t.unit_id = p.unit_id AND "
                       "t.summary_no = p.summary_no AND t.part_no = p.part_no WHERE "
                       "p.unit_id = m.unit_id AND p.summary_no = m.summary_no AND "
                       "t.part_no IS NULL) FROM einvoice_summary m WHERE m.unit_id = $1 AND "
                       "m.tax_code = $2 AND m.month = $3 ORDER BY m.supplement_no DESC LIMIT 1",
                       ARGS(v_i64(scope->unit_id), v_text(str_of(scope->tax_code)), v_i64(month)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || !found) return e;
    out->plan = (struct summary_plan){.summary_no = row_i64(rows, 0),
                                      .supplement_no = row_i64(rows, 1),
                                      .signed_at_ms = row_i64(rows, 3)};
    bool good = day_parse(row_text(rows, 2), &out->plan.day);
    ASSERT(good);
    out->open_parts = row_i64(rows, 4);
    return OK;
}

/* ---- a new plan -------------------------------------------------------------------------- */

struct cutting {
    struct db *db;
    const struct summary_scope *scope;
    int64_t summary_no, rows_max, part_no;
};

static err_t add_part(void *context, const struct invoice_range *range, struct err *err)
{
    struct cutting *c = context;
    c->part_no++;
    return db_run(c->db,
                  "INSERT INTO einvoice_summary_part (unit_id, summary_no, part_no, series_no, "
                  "first_no, last_no) VALUES ($1, $2, $3, $4, $5, $6)",
                  ARGS(v_i64(c->scope->unit_id), v_i64(c->summary_no), v_i64(c->part_no),
                       v_i64(range->series_no), v_i64(range->first_no), v_i64(range->last_no)),
                  NULL, err);
}

static err_t cut(struct cutting *c, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(c->db,
                       "SELECT v.series_no, v.invoice_no FROM " SUMMARY_INVOICES
                       "LEFT JOIN einvoice_summary_row r ON r.unit_id = v.unit_id AND "
                       "r.series_no = v.series_no AND r.invoice_no = v.invoice_no "
                       "WHERE " SUMMARY_OF_SCOPE
                       " AND r.invoice_no IS NULL ORDER BY v.series_no, v.invoice_no",
                       SUMMARY_ARGS(c->scope), &rows, err);
    return e == OK ? invoice_ranges_cut(rows, c->rows_max, add_part, c, err) : e;
}

static err_t write_audit(struct db *db, const struct summary_scope *scope,
                         const struct summary_order *order, const struct summary_plan *plan,
                         struct err *err)
{
    char memory[SUBJECT_BYTES], month[MONTH_TEXT_BYTES];
    struct buf subject;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_printf(&subject, "%s %s %lld", scope->tax_code, month_text(order->month, month).p,
               (long long)plan->supplement_no);
    struct audit_note note = {scope->unit_id, S("invoice"), S("invoice.summary"), buf_str(&subject),
                              buf_str(&subject)};
    return audit_append(db, order->actor, &note, err);
}

/* A second call at the same time finds the header there and goes on with that plan. */
static err_t plan_inside(struct db *db, const struct summary_scope *scope,
                         const struct summary_order *order, struct summary_plan *plan,
                         struct err *err)
{
    struct invoice_parameters parameters;
    char day[DATE_TEXT_BYTES];
    err_t e = require_signed(db, scope, err);
    if (e == OK) e = invoice_parameters_on(db, scope->unit_id, order->day, &parameters, err);
    if (e == OK)
        e = store_take_numbers(db, scope->unit_id, S("einvoice_summary"), 1, &plan->summary_no,
                               err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO einvoice_summary (unit_id, summary_no, tax_code, month, "
                   "supplement_no, made_on, signed_at, actor_id) VALUES ($1, $2, $3, $4, $5, $6, "
                   "$7, $8)",
                   ARGS(v_i64(scope->unit_id), v_i64(plan->summary_no),
                        v_text(str_of(scope->tax_code)), v_i64(month_to_number(order->month)),
                        v_i64(plan->supplement_no), v_text(day_text(order->day, day)),
                        v_i64(plan->signed_at_ms), v_i64(order->actor->staff_id)),
                   NULL, err);
    if (e != OK) return e;
    struct cutting cutting = {.db = db,
                              .scope = scope,
                              .summary_no = plan->summary_no,
                              .rows_max = parameters.summary_rows};
    e = cut(&cutting, err);
    return e == OK ? write_audit(db, scope, order, plan, err) : e;
}

static err_t plan_new(struct db *db, const struct summary_scope *scope,
                      const struct summary_order *order, int64_t supplement_no,
                      struct summary_plan *out, struct err *err)
{
    struct summary_plan plan = {
        .supplement_no = supplement_no, .day = order->day, .signed_at_ms = clock_now_ms()};
    err_t e = db_begin(db, err);
    if (e == OK) e = plan_inside(db, scope, order, &plan, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    if (e == OK) *out = plan;
    return e;
}

err_t summary_plan_make(struct db *db, const struct summary_scope *scope,
                        const struct summary_order *order, struct summary_plan *out,
                        struct err *err)
{
    struct last_plan last;
    int64_t missing, month = month_to_number(order->month);
    err_t e = find_last(db, scope, month, &last, err);
    if (e == OK) e = summary_missing(db, scope, &missing, err);
    if (e != OK) return e;
    bool fresh = last.plan.summary_no == 0;
    bool more = order->supplement && last.open_parts == 0;
    if (missing > 0 && (fresh || more))
        return plan_new(db, scope, order, fresh ? 0 : last.plan.supplement_no + 1, out, err);
    *out = last.plan;
    if (last.open_parts == 0) out->summary_no = 0;
    return OK;
}
