/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_kinds.h"
#include "registry/import_objects.h"
#include "store/store.h"

#define IMPORT_DEF "registry/import_books.def"
#include "registry/import_columns.h"

static const size_t compared_columns[] = {COL_name, COL_periods, COL_reading_day};
static const struct import_compared compared = {
    "SELECT book_id, name, periods, reading_day FROM book WHERE book_id IN (" IMPORT_CODES ") "
    "AND unit_id = " IMPORT_CODES_UNIT,
    compared_columns, ARRAY_COUNT(compared_columns)};

static err_t insert_new(struct import *import, const struct import_row *rows, size_t count,
                        const struct import_things *things, struct err *err)
{
    struct bulk *bulk = NULL;
    err_t e = bulk_open(import->db, "book",
                        "unit_id, book_id, code, name, periods, reading_day, created_at", &bulk,
                        err);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || !things->is_new[i]) continue;
        const struct import_cell *cells = rows[i].cells;
        e = bulk_row(bulk,
                     ARGS(v_i64(things->unit_ids[i]), v_i64(things->ids[i]),
                          v_text(cells[COL_code].text), v_text(cells[COL_name].text),
                          v_i64(cells[COL_periods].given ? cells[COL_periods].i64 : 1),
                          v_i64(cells[COL_reading_day].i64), v_i64(import->request->now_ms)),
                     err);
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t correct(struct import *import, const struct import_row *rows, size_t count,
                     const struct import_things *things, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || !things->differs[i]) continue;
        const struct import_cell *cells = rows[i].cells;
        struct value periods =
            cells[COL_periods].given ? v_i64(cells[COL_periods].i64) : v_null();
        e = db_run(import->db,
                   "UPDATE book SET name = $1, periods = COALESCE($2, periods), reading_day = $3 "
                   "WHERE unit_id = $4 AND book_id = $5",
                   ARGS(v_text(cells[COL_name].text), periods,
                        v_i64(cells[COL_reading_day].i64), v_i64(things->unit_ids[i]),
                        v_i64(things->ids[i])),
                   NULL, err);
    }
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct import_things things;
    err_t e = import_things_find(&things, import, rows, count, COL_unit, COL_code, &import_books,
                                 &compared, S("book"), err);
    if (e == OK) e = insert_new(import, rows, count, &things, err);
    if (e == OK) e = correct(import, rows, count, &things, err);
    if (e == OK) import_count(import, rows, count, things.is_new, things.differs);
    return e;
}

const struct import_kind import_kind_books = {
    .name = "books",
    .vi = "Sổ ghi chỉ số",
    .en = "Reading books",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_code}, /* a row may leave the unit to --unit, so it tells nothing apart */
    .key_column_count = 1,
    .take = take,
};
