/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network.h"
#include "registry/import_kinds.h"
#include "registry/import_by_row.h"

#define IMPORT_DEF "registry/import_units.def"
#include "registry/import_columns.h"

static const struct import_reference above = {NULL, NULL, "tổ chức cấp trên",
                                              "organisation above"};

/* The organisation above, 0 when the row names none; false after rejecting the row. */
static bool find_parent(struct import_step *step, int64_t *out, err_t *e, struct err *err)
{
    const struct import_cell *cell = &step->row->cells[COL_parent];
    *out = 0;
    if (!cell->given) return true;
    *e = organisation_find(step->import->db, cell->text, out, err);
    if (*e == OK && *out == 0) import_reject_unknown(step->import, step->row, COL_parent, &above);
    return *e == OK && *out != 0;
}

static err_t write_fact(struct import_step *step, size_t column, bool unit, int64_t id,
                        const struct fact_kind *kind, struct fact_value value, struct err *err)
{
    struct fact_entry entry = {.unit_id = unit ? id : 0,
                               .subject_id = id,
                               .kind = kind,
                               .state = FACT_SET,
                               .valid_from_day = (int32_t)step->row->cells[COL_from].i64,
                               .value = value};
    return import_step_fact(step, column, unit ? &unit_fact_sql : &organisation_fact_sql,
                            entry, err);
}

static err_t take_unit(struct import_step *step, int64_t parent, struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    struct db *db = step->import->db;
    int64_t unit_id = 0;
    err_t e = unit_find(db, cells[COL_code].text, &unit_id, err);
    step->is_new = unit_id == 0;
    struct unit_new unit = {.code = cells[COL_code].text,
                            .name = cells[COL_name].text,
                            .customer_prefix = cells[COL_customer_prefix].text,
                            .opened_day = (int32_t)cells[COL_from].i64};
    if (e == OK && unit_id == 0)
        e = unit_add(db, &unit, step->import->request->now_ms, &unit_id, err);
    if (e == OK)
        e = import_step_column(step, COL_customer_prefix,
                               "SELECT COALESCE(customer_prefix, '') FROM unit WHERE unit_id = $1 "
                               "AND unit_id = $2",
                               "UPDATE unit SET customer_prefix = $1 WHERE unit_id = $2 "
                               "AND unit_id = $3",
                               unit_id, unit_id, err);
    struct fact_value name = {.is_text = true, .text = unit.name};
    if (e == OK)
        e = write_fact(step, COL_name, true, unit_id, &unit_fact_kinds[UNIT_name], name, err);
    if (e == OK && parent != 0)
        e = write_fact(step, COL_parent, true, unit_id, &unit_fact_kinds[UNIT_organisation],
                       (struct fact_value){.i64 = parent}, err);
    return e;
}

static err_t take_organisation(struct import_step *step, int64_t parent, struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    struct db *db = step->import->db;
    int64_t id = 0;
    err_t e = organisation_find(db, cells[COL_code].text, &id, err);
    step->is_new = id == 0;
    if (e == OK && id == 0)
        e = organisation_add(db, cells[COL_code].text, cells[COL_level].text,
                             cells[COL_name].text, &id, err);
    if (e == OK)
        e = import_step_column(step, COL_level,
                               "SELECT level FROM organisation WHERE organisation_id = $1 "
                               "AND CAST($2 AS BIGINT) = 0",
                               "UPDATE organisation SET level = $1 WHERE organisation_id = $2 "
                               "AND CAST($3 AS BIGINT) = 0",
                               id, 0, err);
    struct fact_value name = {.is_text = true, .text = cells[COL_name].text};
    if (e == OK)
        e = write_fact(step, COL_name, false, id, &organisation_fact_kinds[ORGANISATION_name],
                       name, err);
    if (e == OK && parent != 0)
        e = write_fact(step, COL_parent, false, id, &organisation_fact_kinds[ORGANISATION_parent],
                       (struct fact_value){.i64 = parent}, err);
    if (e == OK && parent != 0)
        e = import_step_circle(step, COL_parent, &organisation_links, 0, id, parent,
                               (int32_t)cells[COL_from].i64, err);
    return e;
}

static err_t take_one(struct import_step *step, struct err *err)
{
    int64_t parent;
    err_t e = OK;
    if (!find_parent(step, &parent, &e, err)) return e;
    if (str_equal(step->row->cells[COL_level].text, S("unit")))
        return take_unit(step, parent, err);
    return take_organisation(step, parent, err);
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    return import_each(import, rows, count, take_one, err);
}

const struct import_kind import_kind_units = {
    .name = "units",
    .vi = "Đơn vị và cây tổ chức",
    .en = "Units and the tree of organisations",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_code},
    .key_column_count = 1,
    .take = take,
};
