/* SPDX-License-Identifier: Apache-2.0 */
#include "store/copy_int.h"
#include "store/store_int.h"

/* ---- what stands in the way -------------------------------------------------------------- */

static err_t not_empty(struct str table, struct err *err)
{
    err_set(err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu đích đang có dữ liệu",
            "The target store holds data");
    err_detail(err, "bảng %.*s", "table %.*s", STR_ARG(table));
    return err_hint(err, "Khôi phục vào kho trống, hoặc thêm --replace để bỏ dữ liệu hiện có",
                    "Restore into an empty store, or give up what is there with --replace");
}

/* Unit and directory tables count; reference data come with every new store. */
static err_t refuse_data(struct db *db, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, "SELECT name FROM store_table WHERE kind <> 'reference'", NO_ARGS,
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        char text[160];
        struct buf sql;
        int64_t one = 0;
        buf_init_fixed(&sql, text, sizeof text);
        buf_printf(&sql, "SELECT 1 FROM %.*s LIMIT 1", STR_ARG(row_text(rows, 0)));
        e = db_get_i64_or(db, text, NO_ARGS, 0, &one, err);
        if (e == OK && one == 1) e = not_empty(row_text(rows, 0), err);
        if (e == OK) e = rows_next(rows, &row, err);
    }
    return e;
}

/* Every view, and every table the store knows, the last declared first. */
static const char *drop_list_sql(enum db_engine engine)
{
    return engine == DB_SQLITE
               ? "SELECT 'VIEW ' || name, 0, 0 FROM sqlite_schema WHERE type = 'view'"
                 " UNION ALL SELECT 'TABLE ' || name, 1, -position FROM store_table ORDER BY 2, 3"
               : "SELECT 'VIEW ' || viewname, 0, 0 FROM pg_catalog.pg_views"
                 " WHERE schemaname = current_schema()"
                 " UNION ALL SELECT 'TABLE ' || name, 1, -position FROM store_table ORDER BY 2, 3";
}

static err_t drop_everything(struct db *db, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct buf sql;
    bool row = false;
    buf_init(&sql, SQL_BYTES_MAX);
    err_t e = db_query(db, drop_list_sql(db_engine(db)), NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        buf_printf(&sql, "DROP %.*s;\n", STR_ARG(row_text(rows, 0)));
        e = rows_next(rows, &row, err);
    }
    buf_add(&sql, S("DROP TABLE store_table; DROP TABLE store_migration;"));
    rows_done(rows);
    rows = NULL;
    if (e == OK && sql.failed) e = err_memory(err);
    if (e == OK) e = db_script(db, buf_str(&sql), err);
    buf_release(&sql);
    return e;
}

static err_t clear_target(struct db *db, const struct backup_options *options, struct err *err)
{
    int64_t version = 0;
    err_t e = store_version(db, &version, err);
    if (e != OK || version == 0) return e;
    if (!options->replace) e = refuse_data(db, err);
    return e == OK ? drop_everything(db, err) : e;
}

/* ---- filling ----------------------------------------------------------------------------- */

static err_t load(struct db *file, struct db *db, const struct copy_tables *tables,
                  struct copy_job *job, struct err *err)
{
    err_t e = copy_make_room(db, tables, err);
    for (size_t i = 0; e == OK && i < tables->count; i++)
        e = copy_rows(file, &tables->table[i], db, job, NULL, err);
    /* PostgreSQL makes no trigger while a deferred constraint waits to be checked. */
    if (e == OK && db_engine(db) == DB_POSTGRES)
        e = db_script(db, S("SET CONSTRAINTS ALL IMMEDIATE"), err);
    if (e == OK) e = copy_protect(db, tables, err);
    for (size_t i = 0; e == OK && i < tables->count; i++)
        e = backup_table_check(file, db, &tables->table[i], job, err);
    return e;
}

static err_t fill(struct db *file, struct db *db, const struct copy_tables *tables,
                  struct copy_job *job, const struct backup_summary *summary, struct err *err)
{
    const struct backup_options *options = job->options;
    int64_t migrations = 0;
    err_t e = db_begin(db, err);
    if (e != OK) return e;
    e = migration_lock(db, err);
    if (e == OK) e = clear_target(db, options, err);
    if (e == OK) e = copy_schema(file, db, err);
    if (e == OK) e = load(file, db, tables, job, err);
    if (e == OK) e = migration_apply_missing(db, &migrations, err);
    if (e == OK && options->finish != NULL)
        e = options->finish(options->context, db, summary, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

/* The engine learns about its new tables; SQLite writes what it gathered into its file. */
static err_t settle(struct db *db, struct err *err)
{
    if (db_engine(db) == DB_POSTGRES) return db_grown(db, NULL, err);
    err_t e = store_statistics(db, err);
    return e == OK ? db_script(db, S("PRAGMA wal_checkpoint(TRUNCATE)"), err) : e;
}

err_t backup_restore(const char *path, struct db *db, const struct backup_options *options,
                     struct backup_summary *out, struct err *err)
{
    struct db *file = NULL;
    struct arena arena;
    struct copy_tables tables;
    struct backup_summary summary;
    struct copy_job job = {.options = options};
    err_t e = backup_open(path, &file, err);
    if (e != OK) return e;
    arena_init(&arena, COPY_ARENA_BYTES);
    e = backup_file_check(file, path, &arena, &job, &tables, &summary, err);
    if (e == OK) e = fill(file, db, &tables, &job, &summary, err);
    if (e == OK) e = settle(db, err);
    if (e == OK) *out = summary;
    arena_release(&arena);
    db_close(file);
    return e;
}
