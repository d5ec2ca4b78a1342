/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_view.h"

#include "document/invoice_int.h"
#include "document/pack.h"

enum { UNITS_BYTES = 8 * 1024 * 1024 };

static const struct {
    struct str code, vi;
} states[INVOICE_STATE_COUNT] = {
    [INVOICE_NUMBERED] = {S_INIT("numbered"), S_INIT("chờ ký")},
    [INVOICE_SIGNED] = {S_INIT("signed"), S_INIT("đã ký")},
    [INVOICE_ADJUSTED] = {S_INIT("adjusted"), S_INIT("đã bị điều chỉnh")},
    [INVOICE_REPLACED] = {S_INIT("replaced"), S_INIT("đã bị thay thế")},
};

struct str invoice_state_code(enum invoice_state state)
{
    ASSERT(state < INVOICE_STATE_COUNT);
    return states[state].code;
}

struct str invoice_state_vi(enum invoice_state state)
{
    ASSERT(state < INVOICE_STATE_COUNT);
    return states[state].vi;
}

/* ---- rows -------------------------------------------------------------------------------- */

#define INVOICE_COLUMNS \
    "v.unit_id, v.series_no, v.invoice_no, s.template_no, u.code, s.symbol, s.tax_code, " \
    "v.invoice_on, v.month, v.period_no, v.book_id, v.point_id, v.agreement_id, v.kind, " \
    "v.version, a.code, v.role, c.related_series, c.related_no, r.symbol, c.agreement, " \
    "v.pre_vat_vnd, v.vat_vnd, v.total_vnd, d.signed_at, d.sha256, " \
    "CASE WHEN EXISTS (SELECT 1 FROM einvoice_correction x WHERE x.unit_id = v.unit_id AND " \
    "x.related_series = v.series_no AND x.related_no = v.invoice_no AND " \
    "x.method = 'replaces') THEN 1 ELSE 0 END, " \
    "CASE WHEN EXISTS (SELECT 1 FROM einvoice_correction y WHERE y.unit_id = v.unit_id AND " \
    "y.root_series = v.series_no AND y.root_no = v.invoice_no AND y.method = 'adjusts') " \
    "THEN 1 ELSE 0 END"
#define INVOICE_TABLES \
    "JOIN invoice_series s ON s.unit_id = v.unit_id AND s.series_no = v.series_no " \
    "JOIN unit u ON u.unit_id = v.unit_id " \
    "LEFT JOIN agreement a ON a.unit_id = v.unit_id AND a.agreement_id = v.agreement_id " \
    "LEFT JOIN einvoice_correction c ON c.unit_id = v.unit_id AND c.series_no = v.series_no " \
    "AND c.invoice_no = v.invoice_no " \
    "LEFT JOIN invoice_series r ON r.unit_id = c.unit_id AND r.series_no = c.related_series " \
    "LEFT JOIN einvoice_document d ON d.unit_id = v.unit_id AND d.series_no = v.series_no AND " \
    "d.invoice_no = v.invoice_no "

static struct invoice_row read_row(const struct rows *rows)
{
    struct invoice_row row = {.unit_id = row_i64(rows, 0),
                              .series_no = row_i64(rows, 1),
                              .invoice_no = row_i64(rows, 2),
                              .template_no = row_i64(rows, 3),
                              .unit_code = row_text(rows, 4),
                              .symbol = row_text(rows, 5),
                              .tax_code = row_text(rows, 6),
                              .invoice_on = row_text(rows, 7),
                              .key = {row_i64(rows, 0), row_i64(rows, 8), row_i64(rows, 9),
                                      row_i64(rows, 10), row_i64(rows, 11), row_i64(rows, 12),
                                      BILL_PERIODIC, row_i64(rows, 14)},
                              .agreement_code = row_text_or_empty(rows, 15),
                              .role = row_text(rows, 16),
                              .related_series = row_i64_or(rows, 17, 0),
                              .related_no = row_i64_or(rows, 18, 0),
                              .related_symbol = row_text_or_empty(rows, 19),
                              .agreement = row_text_or_empty(rows, 20),
                              .pre_vat_vnd = row_i64(rows, 21),
                              .vat_vnd = row_i64(rows, 22),
                              .total_vnd = row_i64(rows, 23),
                              .signed_at_ms = row_i64_or(rows, 24, 0),
                              .sha256 = row_text_or_empty(rows, 25)};
    bool known = bill_kind_parse(row_text(rows, 13), &row.key.kind);
    ASSERT(known);
    row.state = row_i64(rows, 26) == 1   ? INVOICE_REPLACED
                : row_i64(rows, 27) == 1 ? INVOICE_ADJUSTED
                : row.sha256.n > 0       ? INVOICE_SIGNED
                                         : INVOICE_NUMBERED;
    return row;
}

static err_t visit_all(struct rows *rows, invoice_visit *visit, void *context, struct err *err)
{
    err_t e = OK;
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct invoice_row row = read_row(rows);
        e = visit(context, &row, err);
    }
    return e;
}

/* ---- lists ------------------------------------------------------------------------------- */

static const char of_months_sql[] =
    "SELECT " INVOICE_COLUMNS " FROM invoice_issue i JOIN einvoice v ON v.unit_id = i.unit_id AND "
    "v.issue_no = i.issue_no " INVOICE_TABLES
    "WHERE i.unit_id = $1 AND ($2 = 0 OR (i.month >= $3 AND i.month <= $4)) "
    "ORDER BY v.unit_id, v.series_no, v.invoice_no";
static const char of_range_sql[] =
    "SELECT " INVOICE_COLUMNS " FROM einvoice v " INVOICE_TABLES
    "WHERE v.unit_id = $1 AND v.series_no = $2 AND v.invoice_no >= $3 AND v.invoice_no <= $4 "
    "ORDER BY v.unit_id, v.series_no, v.invoice_no";

err_t invoice_range_each(struct db *db, int64_t unit_id, const struct invoice_filter *filter,
                         invoice_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, of_range_sql,
                       ARGS(v_i64(unit_id), v_i64(filter->series_no), v_i64(filter->first_no),
                            v_i64(filter->last_no)),
                       &rows, err);
    return e == OK ? visit_all(rows, visit, context, err) : e;
}

static err_t each_of_unit(struct db *db, const struct invoice_filter *filter, int64_t unit_id,
                          invoice_visit *visit, void *context, struct err *err)
{
    if (filter->series_no != 0) return invoice_range_each(db, unit_id, filter, visit, context, err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, of_months_sql,
                       ARGS(v_i64(unit_id), v_i64(filter->first_month), v_i64(filter->first_month),
                            v_i64(filter->last_month)),
                       &rows, err);
    return e == OK ? visit_all(rows, visit, context, err) : e;
}

err_t invoice_each(struct db *db, const struct invoice_filter *filter, invoice_visit *visit,
                   void *context, struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(UNITS_BYTES);
    struct unit_list units = {0};
    err_t e = unit_list_load(db, &arena, filter->unit_code, &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        e = each_of_unit(db, filter, units.items[i].unit_id, visit, context, err);
    return e;
}

/* ---- one --------------------------------------------------------------------------------- */

static void keep_texts(struct arena *arena, struct invoice_row *row)
{
    struct str *texts[] = {&row->unit_code,      &row->symbol,         &row->tax_code,
                           &row->invoice_on,     &row->agreement_code, &row->role,
                           &row->related_symbol, &row->agreement,      &row->sha256};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
}

static err_t refuse_unknown(struct str name, struct err *err)
{
    err_set(err, E_NOT_FOUND, "NUMBER", "Không có hóa đơn điện tử %.*s",
            "There is no e-invoice %.*s", STR_ARG(str_first(name, 60)));
    return err_hint(err, "Xem: sangden invoice list --month …",
                    "See: sangden invoice list --month …");
}

static err_t refuse_several(struct str name, struct err *err)
{
    err_set(err, E_INPUT, "NUMBER", "Nhiều người bán có hóa đơn %.*s",
            "Several sellers have an invoice %.*s", STR_ARG(str_first(name, 60)));
    return err_hint(err, "Thêm --unit MÃ_ĐƠN_VỊ, hoặc nêu số hóa đơn tiền điện",
                    "Add --unit CODE, or give the number of the bill");
}

struct taking {
    struct arena *arena;
    struct invoice_row *out;
    size_t count;
};

static err_t take_one(void *context, const struct invoice_row *row, struct err *err)
{
    struct taking *taking = context;
    (void)err;
    if (taking->count++ > 0) return OK;
    *taking->out = *row;
    keep_texts(taking->arena, taking->out);
    return OK;
}

static err_t find_by_name(struct db *db, struct str name, struct str unit_code,
                          struct taking *taking, struct err *err)
{
    int64_t template_no, number;
    struct str symbol;
    if (!invoice_name_parse(name, &template_no, &symbol, &number)) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT " INVOICE_COLUMNS " FROM invoice_directory n JOIN einvoice v ON "
                       "v.unit_id = n.unit_id AND v.series_no = n.series_no AND "
                       "v.invoice_no = n.invoice_no " INVOICE_TABLES
                       "WHERE n.invoice_no = $1 AND n.symbol = $2 AND n.template_no = $3 AND "
                       "($4 = '' OR u.code = $5)",
                       ARGS(v_i64(number), v_text(symbol), v_i64(template_no), v_text(unit_code),
                            v_text(unit_code)),
                       &rows, err);
    return e == OK ? visit_all(rows, take_one, taking, err) : e;
}

static err_t find_by_bill(struct db *db, struct str number, struct taking *taking, struct err *err)
{
    struct str unit_code;
    struct bill_key key;
    err_t e = bill_number_parse(number, &unit_code, &key, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db,
                 "SELECT " INVOICE_COLUMNS
                 " FROM unit o JOIN einvoice v ON v.unit_id = o.unit_id " INVOICE_TABLES
                 "WHERE o.code = $1 AND v.point_id = $2 AND v.month = $3 AND "
                 "v.period_no = $4 AND v.agreement_id = $5 AND v.version = $6 AND v.kind = $7",
                 ARGS(v_text(unit_code), v_i64(key.point_id), v_i64(key.month),
                      v_i64(key.period_no), v_i64(key.agreement_id), v_i64(key.version),
                      v_text(bill_kind_code(key.kind))),
                 &rows, err);
    return e == OK ? visit_all(rows, take_one, taking, err) : e;
}

err_t invoice_find(struct db *db, struct arena *arena, struct str name, struct str unit_code,
                   struct invoice_row *out, struct err *err)
{
    int64_t template_no, number;
    struct str symbol;
    struct invoice_row row = {0};
    struct taking taking = {arena, &row, 0};
    err_t e = invoice_name_parse(name, &template_no, &symbol, &number)
                  ? find_by_name(db, name, unit_code, &taking, err)
                  : find_by_bill(db, name, &taking, err);
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    if (taking.count == 0) return refuse_unknown(name, err);
    if (taking.count > 1) return refuse_several(name, err);
    *out = row;
    return OK;
}

err_t invoice_name_of_bill(struct db *db, const struct bill_key *key, char out[INVOICE_NAME_BYTES],
                           struct str *out_name, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(
        db,
        "SELECT s.template_no, s.symbol, v.invoice_no FROM einvoice v JOIN "
        "invoice_series s ON s.unit_id = v.unit_id AND s.series_no = v.series_no "
        "WHERE v.unit_id = $1 AND v.point_id = $2 AND v.month = $3 AND "
        "v.period_no = $4 AND v.agreement_id = $5 AND v.version = $6 AND v.kind = $7",
        ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(key->month), v_i64(key->period_no),
             v_i64(key->agreement_id), v_i64(key->version), v_text(bill_kind_code(key->kind))),
        &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    *out_name =
        !found ? S("") : invoice_name(row_i64(rows, 0), row_text(rows, 1), row_i64(rows, 2), out);
    return OK;
}

/* ---- documents and notices --------------------------------------------------------------- */

static err_t refuse_unsigned(const struct invoice_row *row, struct err *err)
{
    char name[INVOICE_NAME_BYTES];
    err_set(err, E_STATE, "NUMBER", "Hóa đơn %s chưa được ký", "Invoice %s is not signed yet",
            invoice_name(row->template_no, row->symbol, row->invoice_no, name).p);
    return err_hint(err, "Ký bằng: sangden invoice issue cho tháng này",
                    "Sign it with: sangden invoice issue for this month");
}

static err_t refuse_damaged(const struct invoice_row *row, struct err *err)
{
    char name[INVOICE_NAME_BYTES];
    err_set(err, E_CHECK, "einvoice_document", "Văn bản đã ký của hóa đơn %s bị hỏng",
            "The signed document of invoice %s is damaged",
            invoice_name(row->template_no, row->symbol, row->invoice_no, name).p);
    return err_hint_stored(err);
}

err_t invoice_document(struct db *db, struct arena *arena, const struct invoice_row *row,
                       struct str *out, struct err *err)
{
    struct str xml;
    bool found = false;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT xml, xml_bytes, sha256 FROM einvoice_document WHERE unit_id = $1 "
                       "AND series_no = $2 AND invoice_no = $3",
                       ARGS(v_i64(row->unit_id), v_i64(row->series_no), v_i64(row->invoice_no)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unsigned(row, err);
    if (!unpack_proven(arena, row_blob(rows, 0), row_i64(rows, 1), row_text(rows, 2), &xml))
        return arena->failed ? err_memory(err) : refuse_damaged(row, err);
    *out = xml;
    return OK;
}

err_t invoice_notices(struct db *db, const struct invoice_row *row, invoice_notice_visit *visit,
                      void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT n.notice_no, n.noticed_on, l.kind, l.reason, m.state, m.code, "
                       "m.reason FROM error_notice_invoice l JOIN error_notice n ON "
                       "n.unit_id = l.unit_id AND n.notice_no = l.notice_no LEFT JOIN "
                       "einvoice_message m ON m.unit_id = n.unit_id AND m.kind = 'notice' AND "
                       "m.subject_series = 0 AND m.subject_no = n.notice_no AND NOT EXISTS "
                       "(SELECT 1 FROM einvoice_message x WHERE x.unit_id = m.unit_id AND "
                       "x.kind = m.kind AND x.subject_series = m.subject_series AND "
                       "x.subject_no = m.subject_no AND x.generation > m.generation) WHERE "
                       "l.unit_id = $1 AND l.series_no = $2 AND l.invoice_no = $3 ORDER BY "
                       "n.notice_no, l.line_no",
                       ARGS(v_i64(row->unit_id), v_i64(row->series_no), v_i64(row->invoice_no)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct invoice_notice notice = {row_i64(rows, 0),           row_text(rows, 1),
                                        row_text(rows, 2),          row_text(rows, 3),
                                        row_text_or_empty(rows, 4), row_text_or_empty(rows, 5),
                                        row_text_or_empty(rows, 6)};
        e = visit(context, &notice, err);
    }
    return e;
}
