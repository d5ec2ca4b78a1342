/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_by_row.h"
#include "registry/import_kinds.h"
#include "store/store.h"

static const struct fact_kind temperature = {
    .name = "temperature_c", .type = FACT_DECIMAL, .scale = 1000, .min = -90000, .max = 60000,
    .vi = "Nhiệt độ (°C)", .en = "Temperature (°C)"};
static const struct fact_kind humidity = {
    .name = "humidity_percent", .type = FACT_DECIMAL, .scale = 1000, .min = 0, .max = 100000,
    .vi = "Độ ẩm (%)", .en = "Humidity (%)"};

#define IMPORT_DEF "registry/import_weather.def"
#include "registry/import_columns.h"

static const size_t measured[] = {COL_mean_c, COL_max_c, COL_min_c, COL_humidity_percent};

static struct value value_of(const struct import_cell *cell)
{
    return cell->given ? v_i64(cell->i64) : v_null();
}

/* What is there for the day, compared in the columns that the row gives. */
static err_t compare(struct import_step *step, int64_t place_id, bool *out_there,
                     size_t *out_differs, struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(step->import->db,
                       "SELECT mean_mc, max_mc, min_mc, humidity_mpc FROM weather "
                       "WHERE place_id = $1 AND on_day = $2",
                       ARGS(v_i64(place_id), v_text(cells[COL_date].text)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_there = row;
    for (size_t i = 0; row && i < ARRAY_COUNT(measured); i++) {
        const struct import_cell *cell = &cells[measured[i]];
        if (!cell->given || row_i64_or(rows, (int)i, INT64_MIN) == cell->i64) continue;
        *out_differs = measured[i];
        return OK;
    }
    return OK;
}

static err_t write_day(struct import_step *step, int64_t place_id, bool there, struct err *err)
{
    const struct import_cell *cells = step->row->cells;
    static const char insert_sql[] =
        "INSERT INTO weather (mean_mc, max_mc, min_mc, humidity_mpc, source, place_id, on_day) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)";
    static const char update_sql[] =
        "UPDATE weather SET mean_mc = $1, max_mc = COALESCE($2, max_mc), "
        "min_mc = COALESCE($3, min_mc), humidity_mpc = COALESCE($4, humidity_mpc), source = $5 "
        "WHERE place_id = $6 AND on_day = $7";
    return db_run(step->import->db, there ? update_sql : insert_sql,
                  ARGS(value_of(&cells[COL_mean_c]), value_of(&cells[COL_max_c]),
                       value_of(&cells[COL_min_c]), value_of(&cells[COL_humidity_percent]),
                       v_text(step->import->request->source), v_i64(place_id),
                       v_text(cells[COL_date].text)),
                  NULL, err);
}

static err_t take_one(struct import_step *step, struct err *err)
{
    int64_t place_id = 0;
    bool there = false;
    size_t differs = SIZE_MAX;
    err_t e = db_get_i64_or(step->import->db, "SELECT place_id FROM place WHERE code = $1",
                            ARGS(v_text(step->row->cells[COL_place].text)), 0, &place_id, err);
    if (e == OK && place_id == 0) {
        import_reject_unknown(step->import, step->row, COL_place, &import_places);
        return OK;
    }
    if (e == OK) e = compare(step, place_id, &there, &differs, err);
    if (e != OK || (there && differs == SIZE_MAX)) return e;
    if (there && !step->import->request->correct) {
        import_step_differs(step, differs, S("…"));
        return OK;
    }
    step->is_new = !there;
    step->changed = there;
    return write_day(step, place_id, there, err);
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    return import_each(import, rows, count, take_one, err);
}

const struct import_kind import_kind_weather = {
    .name = "weather",
    .vi = "Thời tiết theo ngày",
    .en = "Weather by day",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_place, COL_date},
    .key_column_count = 2,
    .take = take,
};
