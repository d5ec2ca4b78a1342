/* SPDX-License-Identifier: Apache-2.0 */
/* Schema migrations: forward only, in the order of their numbers, all that are missing or none. */
#include "base/clock.h"
#include "base/hash.h"
#include "store/migration_int.h"
#include "store/store_int.h"

static const char bootstrap_sql[] =
    "CREATE TABLE IF NOT EXISTS store_migration ("
    " number {i64} NOT NULL PRIMARY KEY, name {text} NOT NULL, sha256 {text} NOT NULL,"
    " applied_at {i64} NOT NULL) {strict};"
    "CREATE TABLE IF NOT EXISTS store_table ("
    " name {text} NOT NULL PRIMARY KEY,"
    " kind {text} NOT NULL CHECK (kind IN ('unit', 'directory', 'reference')),"
    " key_column {text} NOT NULL,"
    " append_only {i64} NOT NULL CHECK (append_only IN (0, 1)),"
    " position {i64} NOT NULL UNIQUE) {strict};";

static const char bootstrap_postgres_sql[] =
    "CREATE OR REPLACE FUNCTION store_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$ "
    "BEGIN RAISE EXCEPTION 'append-only table %', TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation', TABLE = TG_TABLE_NAME, "
    "CONSTRAINT = 'append_only'; END $body$;";

/* SQLite's write transaction is that lock already; on PostgreSQL a store is a schema. */
err_t migration_lock(struct db *db, struct err *err)
{
    if (db_engine(db) == DB_SQLITE) return OK;
    return db_script(
        db, S("SELECT pg_advisory_xact_lock(723371104, hashtext(current_schema()))"), err);
}

err_t migration_bootstrap(struct db *db, struct err *err)
{
    err_t e = db_script(db, str_of(bootstrap_sql), err);
    if (e == OK && db_engine(db) == DB_POSTGRES)
        e = db_script(db, str_of(bootstrap_postgres_sql), err);
    return e;
}

/* ---- applying one ------------------------------------------------------------------------ */

static err_t record_kind(struct db *db, const struct directive *directive, struct err *err)
{
    static const struct str kinds[] = {S_INIT("unit"), S_INIT("directory"), S_INIT("reference")};
    if (directive->kind == DIRECTIVE_FACT) return OK;
    if (directive->kind == DIRECTIVE_APPEND_ONLY)
        return db_run(db, "UPDATE store_table SET append_only = 1 WHERE name = $1",
                      ARGS(v_text(directive->table)), NULL, err);
    struct str key = directive->kind == DIRECTIVE_UNIT ? S("unit_id") : directive->columns;
    return db_run(db,
                  "INSERT INTO store_table (name, kind, key_column, append_only, position)"
                  " SELECT $1, $2, $3, 0, 1 + coalesce(max(position), 0) FROM store_table",
                  ARGS(v_text(directive->table), v_text(kinds[directive->kind]),
                       v_text((struct str){key.p != NULL ? key.p : "", key.n})),
                  NULL, err);
}

static err_t apply_directives(struct db *db, struct str text, struct err *err)
{
    struct directive directive;
    bool found = true;
    err_t e = OK;
    while (e == OK) {
        e = directive_next(&text, &directive, &found, err);
        if (e != OK || !found) return e;
        struct buf sql;
        buf_init(&sql, SQL_BYTES_MAX);
        directive_sql(db_engine(db), &directive, &sql);
        e = sql.failed ? err_memory(err) : record_kind(db, &directive, err);
        if (e == OK && sql.n > 0) e = db_script(db, buf_str(&sql), err);
        buf_release(&sql);
    }
    return e;
}

err_t migration_apply(struct db *db, const struct migration *migration, struct err *err)
{
    char sha256[HASH_TEXT_BYTES];
    struct hash hash = hash_of(migration->text);
    err_t e = db_script(db, migration->text, err);
    if (e == OK) e = apply_directives(db, migration->text, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO store_migration (number, name, sha256, applied_at)"
                   " VALUES ($1, $2, $3, $4)",
                   ARGS(v_i64(migration->number), v_text(migration->name),
                        v_text(hash_text(&hash, sha256)), v_i64(clock_now_ms())),
                   NULL, err);
    if (e != OK) {
        struct buf field;
        buf_init_fixed(&field, err->field, sizeof err->field);
        buf_printf(&field, "migration %.*s", STR_ARG(migration->name));
    }
    return e;
}

/* ---- all of them ------------------------------------------------------------------------- */

static err_t text_changed(const struct migration *migration, struct err *err)
{
    err_set(err, E_CHECK, NULL, "Bản di trú %.*s đã chạy với nội dung khác",
            "Migration %.*s was applied with another text", STR_ARG(migration->name));
    return err_hint(err, "Dùng đúng phiên bản chương trình đã tạo cơ sở dữ liệu này",
                    "Use the version of the program that made this database");
}

/* Whether the migration is recorded, and with the same text. */
static err_t is_applied(struct db *db, const struct migration *migration, bool *out,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char sha256[HASH_TEXT_BYTES];
    struct hash hash = hash_of(migration->text);
    bool row = false;
    err_t e = db_query(db, "SELECT sha256 FROM store_migration WHERE number = $1",
                       ARGS(v_i64(migration->number)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (row && !str_equal(row_text(rows, 0), hash_text(&hash, sha256)))
        return text_changed(migration, err);
    *out = row;
    return OK;
}

static err_t newer_database(struct err *err)
{
    err_set(err, E_STATE, NULL, "Cơ sở dữ liệu mới hơn chương trình",
            "The database is newer than the program");
    return err_hint(err, "Cài phiên bản chương trình mới hơn", "Install a newer program");
}

static err_t apply_if_new(struct db *db, const struct migration *migration, int64_t *count,
                          struct err *err)
{
    bool applied = false;
    err_t e = is_applied(db, migration, &applied, err);
    if (e != OK || applied) return e;
    (*count)++;
    return migration_apply(db, migration, err);
}

err_t migration_apply_missing(struct db *db, int64_t *out_count, struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t version = 0, count = 0;
    err_t e = store_version(db, &version, err);
    if (e != OK) return e;
    if (version > store_migration_count) return newer_database(err);
    if (version == 0) e = migration_bootstrap(db, err);
    for (int64_t i = 0; e == OK && i < store_migration_count; i++)
        e = apply_if_new(db, &store_migrations[i], &count, err);
    if (e == OK) e = store_grant(db, err);
    if (e == OK) *out_count = count;
    return e;
}

err_t store_upgrade(struct db *db, store_finish *finish, void *context, struct err *err)
{
    int64_t count = 0;
    err_t e = db_begin(db, err);
    if (e != OK) return e;
    e = migration_lock(db, err);
    if (e == OK) e = migration_apply_missing(db, &count, err);
    if (e == OK && count > 0 && finish != NULL) e = finish(context, db, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    return count > 0 ? store_statistics(db, err) : OK;
}

err_t store_migrate(struct db *db, struct err *err)
{
    return store_upgrade(db, NULL, NULL, err);
}

/* ---- versions ---------------------------------------------------------------------------- */

static err_t has_schema(struct db *db, bool *out, struct err *err)
{
    const char *sql = db_engine(db) == DB_SQLITE
                          ? "SELECT count(*) FROM sqlite_schema WHERE name = 'store_migration'"
                          : "SELECT count(*) FROM pg_catalog.pg_class"
                            " WHERE oid = to_regclass('store_migration')";
    int64_t count = 0;
    err_t e = db_get_i64(db, sql, NO_ARGS, &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

err_t store_version(struct db *db, int64_t *out, struct err *err)
{
    bool has = false;
    err_t e = has_schema(db, &has, err);
    if (e != OK) return e;
    if (has) return db_get_i64(db, "SELECT count(*) FROM store_migration", NO_ARGS, out, err);
    *out = 0;
    return OK;
}

int64_t store_version_of_program(void)
{
    return store_migration_count;
}
