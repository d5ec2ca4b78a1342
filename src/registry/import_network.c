/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network.h"
#include "registry/import_kinds.h"
#include "registry/import_by_row.h"

#define IMPORT_DEF "registry/import_network.def"
#include "registry/import_columns.h"

static const struct import_reference upstream = {NULL, NULL, "thiết bị phía nguồn",
                                                 "device upstream"};

/* What usually stands upstream of a kind; empty for a substation. */
static struct str usual_parent(struct str kind)
{
    if (str_equal(kind, S("feeder"))) return S("substation");
    if (str_equal(kind, S("substation"))) return S("");
    return S("feeder");
}

static err_t write_fact(struct import_step *step, size_t column, int64_t unit_id,
                        int64_t device_id, enum device_fact kind, struct fact_value value,
                        struct err *err)
{
    struct fact_entry entry = {.unit_id = unit_id,
                               .subject_id = device_id,
                               .kind = &device_fact_kinds[kind],
                               .state = FACT_SET,
                               .valid_from_day = (int32_t)step->row->cells[COL_from].i64,
                               .value = value};
    return import_step_fact(step, column, &device_fact_sql, entry, err);
}

static err_t write_parent(struct import_step *step, int64_t unit_id, int64_t device_id,
                          struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    if (!cells[COL_parent].given) return OK;
    struct str kind = cells[COL_parent_kind].given ? cells[COL_parent_kind].text
                                                   : usual_parent(cells[COL_kind].text);
    int64_t parent = 0;
    err_t e = device_find(step->import->db, unit_id, kind, cells[COL_parent].text, &parent, err);
    if (e != OK) return e;
    if (parent == 0) {
        import_reject_unknown(step->import, step->row, COL_parent, &upstream);
        return OK;
    }
    e = write_fact(step, COL_parent, unit_id, device_id, DEVICE_parent,
                   (struct fact_value){.i64 = parent}, err);
    if (e != OK) return e;
    return import_step_circle(step, COL_parent, &device_links, unit_id, device_id, parent,
                              (int32_t)cells[COL_from].i64, err);
}

static err_t write_place(struct import_step *step, int64_t unit_id, int64_t device_id,
                         struct err *err)
{
    const struct import_cell *cell = &step->row->cells[COL_place];
    if (!cell->given) return OK;
    int64_t place = 0;
    err_t e = place_find(step->import->db, cell->text, &place, err);
    if (e != OK) return e;
    if (place == 0) {
        import_reject_unknown(step->import, step->row, COL_place, &import_places);
        return OK;
    }
    return write_fact(step, COL_place, unit_id, device_id, DEVICE_place,
                      (struct fact_value){.i64 = place}, err);
}

static err_t write_values(struct import_step *step, int64_t unit_id, int64_t device_id,
                          struct err *err)
{
    static const struct {
        size_t column;
        enum device_fact kind;
    } values[] = {{COL_rated_kva, DEVICE_rated_kva},
                  {COL_voltage, DEVICE_voltage},
                  {COL_owner, DEVICE_owner},
                  {COL_normal_state, DEVICE_normal_state}};
    err_t e = OK;
    for (size_t i = 0; e == OK && i < ARRAY_COUNT(values); i++) {
        const struct import_cell *cell = &step->row->cells[values[i].column];
        if (!cell->given) continue;
        bool is_text = device_fact_kinds[values[i].kind].type != FACT_DECIMAL;
        struct fact_value value = {.is_text = is_text, .i64 = cell->i64, .text = cell->text};
        e = write_fact(step, values[i].column, unit_id, device_id, values[i].kind, value, err);
    }
    return e;
}

static err_t take_one(struct import_step *step, struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    struct db *db = step->import->db;
    int64_t unit_id, device_id = 0;
    if (!import_unit_of(step->import, step->row, COL_unit, &unit_id)) return OK;
    struct str name = cells[COL_name].given ? cells[COL_name].text : cells[COL_code].text;
    err_t e = device_find(db, unit_id, cells[COL_kind].text, cells[COL_code].text, &device_id,
                          err);
    step->is_new = device_id == 0;
    if (e == OK && device_id == 0)
        e = device_add(db, unit_id, cells[COL_kind].text, cells[COL_code].text, name, &device_id,
                       err);
    if (e == OK)
        e = import_step_column(step, COL_name,
                               "SELECT name FROM device WHERE device_id = $1 AND unit_id = $2",
                               "UPDATE device SET name = $1 WHERE device_id = $2 AND unit_id = $3",
                               device_id, unit_id, err);
    if (e == OK) e = write_parent(step, unit_id, device_id, err);
    if (e == OK) e = write_place(step, unit_id, device_id, err);
    if (e == OK) e = write_values(step, unit_id, device_id, err);
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    return import_each(import, rows, count, take_one, err);
}

const struct import_kind import_kind_network = {
    .name = "network",
    .vi = "Trạm 110 kV, lộ, thiết bị đóng cắt, trạm biến áp",
    .en = "Substations, feeders, switches, transformer stations",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_kind, COL_code},
    .key_column_count = 2,
    .take = take,
};
