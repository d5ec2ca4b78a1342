/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network.h"
#include "registry/import_kinds.h"
#include "registry/import_by_row.h"

#define IMPORT_DEF "registry/import_places.def"
#include "registry/import_columns.h"

static err_t write_fact(struct import_step *step, size_t column, int64_t place_id,
                        enum place_fact kind, struct fact_value value, struct err *err)
{
    struct fact_entry entry = {.unit_id = 0,
                               .subject_id = place_id,
                               .kind = &place_fact_kinds[kind],
                               .state = FACT_SET,
                               .valid_from_day = (int32_t)step->row->cells[COL_from].i64,
                               .value = value};
    return import_step_fact(step, column, &place_fact_sql, entry, err);
}

/* A cell that is a text fact of the place. */
static err_t write_text(struct import_step *step, size_t column, int64_t place_id,
                        enum place_fact kind, struct err *err)
{
    const struct import_cell *cell = &step->row->cells[column];
    if (!cell->given) return OK;
    struct fact_value value = {.is_text = true, .text = cell->text};
    return write_fact(step, column, place_id, kind, value, err);
}

static err_t find_or_add(struct import_step *step, int64_t *out_place_id, struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    struct db *db = step->import->db;
    err_t e = place_find(db, cells[COL_code].text, out_place_id, err);
    step->is_new = *out_place_id == 0;
    if (e == OK && *out_place_id == 0)
        return place_add(db, cells[COL_code].text, cells[COL_level].text, cells[COL_name].text,
                         out_place_id, err);
    if (e == OK)
        e = import_step_column(step, COL_level,
                               "SELECT level FROM place WHERE place_id = $1 "
                               "AND CAST($2 AS BIGINT) = 0",
                               "UPDATE place SET level = $1 WHERE place_id = $2 "
                               "AND CAST($3 AS BIGINT) = 0",
                               *out_place_id, 0, err);
    return e;
}

static err_t take_one(struct import_step *step, struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    int64_t place_id = 0, parent = 0;
    err_t e = find_or_add(step, &place_id, err);
    if (e == OK) e = write_text(step, COL_name, place_id, PLACE_name, err);
    if (e == OK) e = write_text(step, COL_class, place_id, PLACE_class, err);
    if (e == OK) e = write_text(step, COL_price_area, place_id, PLACE_price_area, err);
    if (e != OK || !cells[COL_parent].given) return e;
    e = place_find(step->import->db, cells[COL_parent].text, &parent, err);
    if (e != OK) return e;
    if (parent == 0) {
        import_reject_unknown(step->import, step->row, COL_parent, &import_places);
        return OK;
    }
    e = write_fact(step, COL_parent, place_id, PLACE_parent, (struct fact_value){.i64 = parent},
                   err);
    if (e != OK) return e;
    return import_step_circle(step, COL_parent, &place_links, 0, place_id, parent,
                              (int32_t)cells[COL_from].i64, err);
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    return import_each(import, rows, count, take_one, err);
}

const struct import_kind import_kind_places = {
    .name = "places",
    .vi = "Tỉnh, huyện, xã và khu vực giá",
    .en = "Provinces, districts, communes and price areas",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_code},
    .key_column_count = 1,
    .take = take,
};
