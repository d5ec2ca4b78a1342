/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_parameter.h"

#include "base/date.h"

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
    return e == OK ? fact_append(db, &parameter_sql, &entry, &author, NULL, err) : e;
}
