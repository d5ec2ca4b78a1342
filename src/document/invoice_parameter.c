/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_parameter.h"

#include "base/date.h"

enum { DAY_ARENA_BYTES = 4096 };

const struct fact_kind invoice_parameter_kinds[INVOICE_PARAMETER_COUNT] = {
#define INVOICE_PARAMETER(name, otherwise, type, scale, min, max, choices, expires, privacy, vi, \
                          en) \
    {#name, type, scale, min, max, choices, expires, privacy, vi, en},
#include "document/invoice_parameters.def"
};
static const struct fact_sql parameter_sql = FACT_TABLE_PLAIN("invoice_parameter", "subject_id");

static int64_t *member_of(struct invoice_parameters *values, struct str name)
{
    int64_t *const members[INVOICE_PARAMETER_COUNT] = {
#define INVOICE_PARAMETER(name, ...) &values->name,
#include "document/invoice_parameters.def"
    };
    for (size_t i = 0; i < INVOICE_PARAMETER_COUNT; i++)
        if (str_equal(str_of(invoice_parameter_kinds[i].name), name)) return members[i];
    return NULL;
}

err_t invoice_parameters_on(struct db *db, int64_t unit_id, int32_t day,
                            struct invoice_parameters *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value on = v_text(day_text(day, text));
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct invoice_parameters values = {
#define INVOICE_PARAMETER(name, otherwise, ...) .name = otherwise,
#include "document/invoice_parameters.def"
    };
    err_t e = db_query(db,
                       "SELECT kind, value_i64 FROM invoice_parameter_asof WHERE unit_id = $1 AND "
                       "subject_id = $2 AND valid_from <= $3 AND valid_to > $4 AND state = 'set' "
                       "AND known_to = 9223372036854775807",
                       ARGS(v_i64(unit_id), v_i64(unit_id), on, on), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        int64_t *member = member_of(&values, row_text(rows, 0));
        if (member != NULL) *member = row_i64(rows, 1);
    }
    if (e == OK) *out = values;
    return e;
}

/* ---- by table or one by one -------------------------------------------------------------- */

/* The last day of an invoice without code that went the way which a new value would leave: $3 is 1
 * for those with a message of their own, 0 for those that were signed and have none. */
static const char gone_sql[] =
    "SELECT coalesce(max(v.invoice_on), '') FROM invoice_issue i JOIN einvoice v ON "
    "v.unit_id = i.unit_id AND v.issue_no = i.issue_no JOIN invoice_series s ON "
    "s.unit_id = v.unit_id AND s.series_no = v.series_no AND substr(s.symbol, 1, 1) = 'K' JOIN "
    "einvoice_document d ON d.unit_id = v.unit_id AND d.series_no = v.series_no AND "
    "d.invoice_no = v.invoice_no WHERE i.unit_id = $1 AND i.invoice_on >= $2 AND "
    "i.invoice_on < coalesce((SELECT min(p.valid_from) FROM invoice_parameter_asof p WHERE "
    "p.unit_id = $1 AND p.subject_id = $1 AND p.kind = 'summary_table' AND p.state = 'set' AND "
    "p.known_to = 9223372036854775807 AND p.valid_from > $2), '9999-12-31') AND "
    "CASE WHEN EXISTS (SELECT 1 FROM einvoice_message m WHERE m.unit_id = v.unit_id AND "
    "m.kind = 'invoice' AND m.subject_series = v.series_no AND m.subject_no = v.invoice_no) "
    "THEN 1 ELSE 0 END = $3";

static err_t refuse_gone(bool by_table, struct str last_on, struct err *err)
{
    err_set(err, E_STATE, "from",
            by_table ? "Hóa đơn từ ngày đó đã gửi từng tờ"
                     : "Hóa đơn từ ngày đó được báo bằng bảng tổng hợp",
            by_table ? "Invoices from that day on were sent one by one"
                     : "Invoices from that day on are reported by the summary table");
    err_detail(err, "Hóa đơn cuối cùng như vậy là của ngày %.*s",
               "The last of them is of the day %.*s", STR_ARG(last_on));
    return err_hint(err, "Chọn --from sau ngày đó: mỗi hóa đơn chỉ báo một cách",
                    "Choose --from after that day: an invoice is reported one way only");
}

/* What was reported one way must not be reported the other way too, nor be forgotten by both. */
static err_t check_reported(struct db *db, const struct fact_entry *entry, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct invoice_parameters present;
    struct str last_on;
    AUTO(arena_release) struct arena arena = ARENA_OF(DAY_ARENA_BYTES);
    err_t e = invoice_parameters_on(db, entry->unit_id, entry->valid_from_day, &present, err);
    if (e != OK || present.summary_table == entry->value.i64) return e;
    e = db_get_text(db, &arena, gone_sql,
                    ARGS(v_i64(entry->unit_id), v_text(day_text(entry->valid_from_day, text)),
                         v_i64(entry->value.i64)),
                    &last_on, err);
    return e == OK && last_on.n > 0 ? refuse_gone(entry->value.i64 == 1, last_on, err) : e;
}

/* ---- setting ----------------------------------------------------------------------------- */

err_t invoice_parameter_set(struct db *db, int64_t unit_id, struct str name, int32_t from_day,
                            struct str value, struct str source, int64_t actor_id, struct err *err)
{
    const struct fact_kind *kind =
        fact_kind_find(invoice_parameter_kinds, INVOICE_PARAMETER_COUNT, name);
    if (kind == NULL) {
        err_set(err, E_INPUT, "NAME", "Không có tham số %.*s", "There is no parameter %.*s",
                STR_ARG(str_first(name, 40)));
        return err_hint(err, "Xem danh sách: sangden invoice parameter list",
                        "See the list: sangden invoice parameter list");
    }
    struct fact_entry entry = {.unit_id = unit_id,
                               .subject_id = unit_id,
                               .kind = kind,
                               .state = FACT_SET,
                               .valid_from_day = from_day,
                               .source = source};
    struct fact_author author = {.actor_id = actor_id, .correct = true};
    err_t e = fact_value_read(kind, value, &entry.value, err);
    if (e == OK && kind == &invoice_parameter_kinds[INVOICE_PARAMETER_summary_table])
        e = check_reported(db, &entry, err);
    return e == OK ? fact_append(db, &parameter_sql, &entry, &author, NULL, err) : e;
}
