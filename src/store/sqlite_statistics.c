/* SPDX-License-Identifier: Apache-2.0 */
/* What SQLite's planner should believe of our tables.
 *
 * Without figures SQLite takes unit_id = $1 for about ten rows, so it reads a whole unit through
 * the primary key instead of looking into an index of (unit_id, point_id). Real figures would have
 * to be gathered again and again and would make plans differ from store to store; these are the
 * same everywhere: a unit has very many rows, a further column leaves few of them. */
#include "base/buffer.h"
#include "store/migration_int.h"
#include "store/store_int.h"

enum { STAT_MAX_BYTES = 256, ROWS_OF_A_UNIT = 1000000, ROWS_OF_TWO_COLUMNS = 20 };

/* Every index: its table, its name in the figures, columns, whether unique, its first column. The
 * primary key of a clustered table goes under the table's name. */
static const char indexes_sql[] =
    "SELECT t.name, CASE WHEN i.origin = 'pk' AND t.wr = 1 THEN t.name ELSE i.name END, "
    "(SELECT count(*) FROM pragma_index_info(i.name)), i.[unique], "
    "(SELECT c.name FROM pragma_index_info(i.name) c WHERE c.seqno = 0) "
    "FROM pragma_table_list t JOIN pragma_index_list(t.name) i "
    "WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' "
    "ORDER BY t.name, i.name";

/* Rows in all, then rows that agree in the first column, in the first two, and so on. */
static void add_figures(struct buf *out, int64_t columns, bool unique, bool by_unit)
{
    int64_t rows = ROWS_OF_TWO_COLUMNS;
    buf_add_i64(out, ROWS_OF_A_UNIT);
    for (int64_t i = 0; i < columns; i++) {
        bool last = i == columns - 1;
        buf_add_char(out, ' ');
        if (last && unique) buf_add_i64(out, 1);
        else if (i == 0 && by_unit) buf_add_i64(out, ROWS_OF_A_UNIT);
        else buf_add_i64(out, rows);
        if (i > 0 && rows > 2) rows /= 2;
    }
}

static err_t write_all(struct db *db, struct rows *rows, struct err *err)
{
    bool row = true;
    err_t e = OK;
    while ((e = rows_next(rows, &row, err)) == OK && row) {
        char memory[STAT_MAX_BYTES];
        struct buf figures;
        buf_init_fixed(&figures, memory, sizeof memory);
        add_figures(&figures, row_i64(rows, 2), row_i64(rows, 3) == 1,
                    str_equal(row_text(rows, 4), S("unit_id")));
        e = db_run(db, "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)",
                   ARGS(v_text(row_text(rows, 0)), v_text(row_text(rows, 1)),
                        v_text(buf_str(&figures))),
                   NULL, err);
        if (e != OK) return e;
    }
    return e;
}

err_t store_statistics(struct db *db, struct err *err)
{
    if (db_engine(db) != DB_SQLITE) return OK;
    err_t e = db_script(db, S("ANALYZE store_property; DELETE FROM sqlite_stat1;"), err);
    if (e == OK) e = db_begin(db, err);
    struct rows *rows = NULL;
    if (e == OK) e = db_query(db, indexes_sql, NO_ARGS, &rows, err);
    if (e == OK) e = write_all(db, rows, err);
    if (rows != NULL) rows_done(rows);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    /* The planner reads the figures when it reads the schema. */
    return e == OK ? db_script(db, S("ANALYZE sqlite_schema;"), err) : e;
}
