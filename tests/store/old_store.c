/* SPDX-License-Identifier: Apache-2.0 */
/* Stores of earlier versions, filled, for tests that upgrade them.
 *
 *   old_store count                     how many versions there are
 *   old_store make TARGET BACKUP N      version N at TARGET, with what a full backup has for it
 *   old_store lost OLDER NEWER          rows of one backup that another lacks, table by table
 *   old_store newer TARGET              marks the store as made by a later program
 *   old_store sql TARGET STATEMENTS     runs them
 *   old_store number TARGET QUERY       its one number
 *
 * A table that a later version gave up is empty in the store of an earlier one. */
#include <stdio.h>

#include "store/copy_int.h"
#include "store/store_int.h"

enum { ARENA_BYTES = 4 << 20, TARGET_BYTES = 320 };

static err_t open_backup(const char *path, struct db **out, struct err *err)
{
    char target[TARGET_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, target, sizeof target);
    buf_printf(&buf, "sqlite:%s", path);
    return db_open(buf_str(&buf), DB_READ, out, err);
}

/* ---- make -------------------------------------------------------------------------------- */

/* The columns that the old version has, in the words of an SQLite store of that version. */
static err_t old_tables(int64_t version, struct arena *arena, struct copy_tables *out,
                        struct err *err)
{
    struct db *shape = NULL;
    err_t e = db_open(S("sqlite::memory:"), DB_CREATE, &shape, err);
    if (e == OK) e = db_begin(shape, err);
    if (e == OK) e = migration_bootstrap(shape, err);
    for (int64_t i = 0; e == OK && i < version; i++)
        e = migration_apply(shape, &store_migrations[i], err);
    if (e == OK) e = copy_tables_of(shape, arena, out, err);
    if (e == OK) e = copy_columns_of(shape, arena, out, err);
    db_close(shape);
    return e;
}

static err_t has_table(struct db *file, const char *schema, struct str name, bool *out,
                       struct err *err)
{
    char text[TARGET_BYTES];
    struct buf sql;
    int64_t count = 0;
    buf_init_fixed(&sql, text, sizeof text);
    buf_printf(&sql, "SELECT count(*) FROM %s.sqlite_schema WHERE type = 'table' AND name = $1",
               schema);
    err_t e = db_get_i64(file, text, ARGS(v_text(name)), &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

static err_t fill_table(struct db *file, struct db *db, const struct copy_table *table,
                        struct copy_job *job, struct err *err)
{
    bool kept = false;
    err_t e = has_table(file, "main", table->name, &kept, err);
    return e == OK && kept ? copy_rows(file, table, db, job, NULL, err) : e;
}

static err_t fill(struct db *file, struct db *db, int64_t version,
                  const struct copy_tables *tables, struct err *err)
{
    struct backup_options options = {0};
    struct copy_job job = {.options = &options};
    err_t e = migration_bootstrap(db, err);
    for (int64_t i = 0; e == OK && i < version; i++)
        e = migration_apply(db, &store_migrations[i], err);
    if (e == OK) e = copy_make_room(db, tables, err);
    for (size_t i = 0; e == OK && i < tables->count; i++)
        e = fill_table(file, db, &tables->table[i], &job, err);
    if (e == OK && db_engine(db) == DB_POSTGRES)
        e = db_script(db, S("SET CONSTRAINTS ALL IMMEDIATE"), err);
    return e == OK ? copy_protect(db, tables, err) : e;
}

static err_t make(const char *target, const char *backup, int64_t version, struct err *err)
{
    struct db *file = NULL, *db = NULL;
    struct copy_tables tables;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    err_t e = open_backup(backup, &file, err);
    if (e == OK) e = old_tables(version, &arena, &tables, err);
    if (e == OK) e = db_open(str_of(target), DB_CREATE, &db, err);
    if (e == OK) e = db_begin(db, err);
    if (e == OK) e = fill(file, db, version, &tables, err);
    if (e == OK) e = db_commit(db, err);
    if (db != NULL) db_close(db);
    if (file != NULL) db_close(file);
    arena_release(&arena);
    return e;
}

/* ---- lost -------------------------------------------------------------------------------- */

/* What came behind does not count: an upgrade adds its own records. */
static err_t count_lost(struct db *older, const struct copy_table *table, struct err *err)
{
    char text[8192];
    struct buf sql;
    int64_t lost = 0, rows = 0;
    bool kept = false;
    err_t e = has_table(older, "newer", table->name, &kept, err);
    if (e != OK || !kept) return e;
    buf_init_fixed(&sql, text, sizeof text);
    buf_printf(&sql,
               "SELECT count(*) FROM (SELECT %s FROM main.%.*s"
               " EXCEPT SELECT %s FROM newer.%.*s)",
               table->columns, STR_ARG(table->name), table->columns, STR_ARG(table->name));
    e = db_get_i64(older, text, NO_ARGS, &lost, err);
    buf_init_fixed(&sql, text, sizeof text);
    buf_printf(&sql, "SELECT count(*) FROM main.%.*s", STR_ARG(table->name));
    if (e == OK) e = db_get_i64(older, text, NO_ARGS, &rows, err);
    if (e == OK && rows > 0)
        printf("%.*s %lld of %lld\n", STR_ARG(table->name), (long long)lost, (long long)rows);
    return e;
}

static err_t lost(const char *older_path, const char *newer_path, struct err *err)
{
    char text[TARGET_BYTES];
    struct db *older = NULL;
    struct copy_tables tables = {NULL, 0};
    struct arena arena;
    struct buf sql;
    arena_init(&arena, ARENA_BYTES);
    buf_init_fixed(&sql, text, sizeof text);
    buf_printf(&sql, "ATTACH 'file:%s?mode=ro' AS newer", newer_path);
    err_t e = open_backup(older_path, &older, err);
    if (e == OK) e = db_script(older, buf_str(&sql), err);
    if (e == OK) e = copy_tables_of(older, &arena, &tables, err);
    if (e == OK) e = copy_columns_of(older, &arena, &tables, err);
    for (size_t i = 0; e == OK && i < tables.count; i++)
        e = count_lost(older, &tables.table[i], err);
    if (older != NULL) db_close(older);
    arena_release(&arena);
    return e;
}

static err_t make_newer(const char *target, struct err *err)
{
    struct db *db = NULL;
    err_t e = db_open(str_of(target), DB_WRITE, &db, err);
    if (e == OK)
        e = db_run(db, "INSERT INTO store_migration (number, name, sha256, applied_at)"
                       " VALUES (9999, '9999_future', 'x', 1)", NO_ARGS, NULL, err);
    if (db != NULL) db_close(db);
    return e;
}

static err_t run_sql(const char *target, const char *sql, bool number, struct err *err)
{
    struct db *db = NULL;
    int64_t found = 0;
    err_t e = db_open(str_of(target), number ? DB_READ : DB_WRITE, &db, err);
    if (e == OK) e = number ? db_get_i64(db, sql, NO_ARGS, &found, err)
                            : db_script(db, str_of(sql), err);
    if (e == OK && number) printf("%lld\n", (long long)found);
    if (db != NULL) db_close(db);
    return e;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    int64_t version = 0;
    err_t e = OK;
    struct str what = str_of(argc > 1 ? argv[1] : "");
    if (str_equal(what, S("count"))) printf("%lld\n", (long long)store_migration_count);
    else if (argc == 5 && str_equal(what, S("make")) && str_to_i64(str_of(argv[4]), &version))
        e = make(argv[2], argv[3], version, &err);
    else if (argc == 4 && str_equal(what, S("lost"))) e = lost(argv[2], argv[3], &err);
    else if (argc == 3 && str_equal(what, S("newer"))) e = make_newer(argv[2], &err);
    else if (argc == 4 && str_equal(what, S("sql"))) e = run_sql(argv[2], argv[3], false, &err);
    else if (argc == 4 && str_equal(what, S("number"))) e = run_sql(argv[2], argv[3], true, &err);
    else return 2;
    if (e != OK) fprintf(stderr, "%s\n%s\n%s\n", err.field, err.en.message, err.en.detail);
    return e == OK ? 0 : 1;
}
