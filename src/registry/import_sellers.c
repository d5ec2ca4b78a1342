/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network.h"
#include "network/seller.h"
#include "registry/import_by_row.h"
#include "registry/import_kinds.h"

#define IMPORT_DEF "registry/import_sellers.def"
#include "registry/import_columns.h"

/* The columns of facts follow that of the unit, in the order of their kinds. */
static err_t write_fact(struct import_step *step, int64_t unit_id, size_t kind, struct err *err)
{
    size_t column = COL_unit + 1 + kind;
    const struct import_cell *cell = &step->row->cells[column];
    struct err why;
    if (!cell->given) return OK;
    if (seller_value_check((enum seller_fact)kind, cell->text, &why) != OK) {
        import_reject(step->import, step->row, (int)column, &why);
        return OK;
    }
    struct fact_entry entry = {.unit_id = unit_id,
                               .subject_id = unit_id,
                               .kind = &seller_fact_kinds[kind],
                               .state = FACT_SET,
                               .valid_from_day = (int32_t)step->row->cells[COL_from].i64,
                               .value = {.is_text = true, .text = cell->text}};
    return import_step_fact(step, column, &seller_fact_sql, entry, err);
}

static err_t take_one(struct import_step *step, struct err *err)
{
    int64_t unit_id;
    if (!import_unit_of(step->import, step->row, COL_unit, &unit_id)) return OK;
    err_t e = OK;
    for (size_t kind = 0; e == OK && kind < SELLER_FACT_COUNT; kind++)
        e = write_fact(step, unit_id, kind, err);
    step->is_new = step->changed;
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    return import_each(import, rows, count, take_one, err);
}

const struct import_kind import_kind_sellers = {
    .name = "sellers",
    .vi = "Người bán: tên, mã số thuế, tài khoản thu của đơn vị",
    .en = "Sellers: name, tax code, collecting account of a unit",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_unit, COL_from},
    .key_column_count = 2,
    .take = take,
};
