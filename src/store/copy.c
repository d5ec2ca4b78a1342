/* SPDX-License-Identifier: Apache-2.0 */
#include "store/copy_int.h"

#include <string.h>

#include "store/spool.h"
#include "store/store_int.h"

/* ---- which tables ------------------------------------------------------------------------ */

err_t copy_tables_of(struct db *store, struct arena *arena, struct copy_tables *out,
                     struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct copy_tables tables = {ARENA_ARRAY(arena, struct copy_table, COPY_TABLES_MAX), 0};
    bool row = false;
    if (tables.table == NULL) return err_memory(err);
    err_t e = db_query(store, "SELECT name, append_only FROM store_table ORDER BY position",
                       NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        ASSERT(tables.count < COPY_TABLES_MAX);
        tables.table[tables.count++] = (struct copy_table){
            .name = arena_str(arena, row_text(rows, 0)), .append_only = row_i64(rows, 1) == 1};
        e = rows_next(rows, &row, err);
    }
    if (e == OK && arena->failed) e = err_memory(err);
    if (e == OK) *out = tables;
    return e;
}

/* A list of names, kept in the arena with a NUL behind it. */
static err_t name_list(struct db *file, struct arena *arena, const char *sql, struct str table,
                       const char **out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct buf list;
    bool row = false;
    buf_init(&list, 1 << 16);
    err_t e = db_query(file, sql, ARGS(v_text(table)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        if (list.n > 0) buf_add(&list, S(", "));
        buf_add(&list, row_text(rows, 0));
        e = rows_next(rows, &row, err);
    }
    struct str kept = arena_str(arena, buf_str(&list));
    if (e == OK && (list.failed || arena->failed)) e = err_memory(err);
    ASSERT(e != OK || kept.n > 0); /* every table has columns and a primary key */
    buf_release(&list);
    if (e == OK) *out = kept.p;
    return e;
}

err_t copy_columns_of(struct db *file, struct arena *arena, struct copy_tables *tables,
                      struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < tables->count; i++) {
        struct copy_table *table = &tables->table[i];
        e = name_list(file, arena, "SELECT name FROM pragma_table_info($1) ORDER BY cid",
                      table->name, &table->columns, err);
        if (e == OK)
            e = name_list(file, arena,
                          "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk",
                          table->name, &table->order, err);
    }
    return e;
}

/* ---- schema ------------------------------------------------------------------------------ */

static err_t unknown_migration(struct str name, struct err *err)
{
    err_set(err, E_STATE, NULL, "Chương trình này không biết bản di trú %.*s",
            "This program does not know migration %.*s", STR_ARG(name));
    return err_hint(err, "Dùng phiên bản chương trình đã tạo dữ liệu này, hoặc mới hơn",
                    "Use the version of the program that made these data, or a later one");
}

static const struct migration *known_migration(int64_t number, struct str sha256)
{
    for (int64_t i = 0; i < store_migration_count; i++) {
        char text[HASH_TEXT_BYTES];
        if (store_migrations[i].number != number) continue;
        struct hash hash = hash_of(store_migrations[i].text);
        return str_equal(hash_text(&hash, text), sha256) ? &store_migrations[i] : NULL;
    }
    return NULL;
}

err_t copy_schema(struct db *source, struct db *target, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = migration_bootstrap(target, err);
    if (e == OK)
        e = db_query(source, "SELECT number, name, sha256 FROM store_migration ORDER BY number",
                     NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        const struct migration *migration = known_migration(row_i64(rows, 0), row_text(rows, 2));
        e = migration != NULL ? migration_apply(target, migration, err)
                              : unknown_migration(row_text(rows, 1), err);
        if (e == OK) e = rows_next(rows, &row, err);
    }
    return e;
}

static err_t run_text(struct db *target, struct buf *sql, struct err *err)
{
    err_t e = sql->failed ? err_memory(err) : OK;
    if (e == OK && sql->n > 0) e = db_script(target, buf_str(sql), err);
    buf_release(sql);
    return e;
}

err_t copy_make_room(struct db *target, const struct copy_tables *tables, struct err *err)
{
    struct buf sql;
    buf_init(&sql, SQL_BYTES_MAX);
    for (size_t i = 0; i < tables->count; i++)
        if (tables->table[i].append_only)
            append_only_drop_sql(db_engine(target), tables->table[i].name, &sql);
    for (size_t i = tables->count; i > 0; i--)
        buf_printf(&sql, "DELETE FROM %.*s;\n", STR_ARG(tables->table[i - 1].name));
    return run_text(target, &sql, err);
}

err_t copy_protect(struct db *target, const struct copy_tables *tables, struct err *err)
{
    struct buf sql;
    buf_init(&sql, SQL_BYTES_MAX);
    for (size_t i = 0; i < tables->count; i++) {
        struct directive protect = {.kind = DIRECTIVE_APPEND_ONLY,
                                    .table = tables->table[i].name};
        if (tables->table[i].append_only) directive_sql(db_engine(target), &protect, &sql);
    }
    return run_text(target, &sql, err);
}

/* ---- rows -------------------------------------------------------------------------------- */

/* The sum of the rows' hashes, as four numbers that wrap around. */
struct row_sum {
    uint64_t lane[HASH_BYTES / 8];
    int64_t row_count;
};

static void add_row(struct row_sum *sum, struct str encoded)
{
    uint64_t lane[HASH_BYTES / 8];
    struct hash hash = hash_of(encoded);
    memcpy(lane, hash.byte, HASH_BYTES);
    for (size_t i = 0; i < ARRAY_COUNT(lane); i++) sum->lane[i] += lane[i];
    sum->row_count++;
}

static struct copy_proof proof_of(const struct row_sum *sum)
{
    struct copy_proof proof = {.row_count = sum->row_count};
    struct hash hash = hash_of((struct str){(const char *)sum, sizeof *sum});
    (void)hash_text(&hash, proof.sha256);
    return proof;
}

static void note_progress(struct copy_job *job)
{
    job->row_count++;
    if (job->row_count % 1024 == 0 && job->options->progress != NULL)
        job->options->progress(job->options->context, job->row_count);
}

/* sum may be NULL. */
static err_t pass(struct rows *rows, struct bulk *bulk, struct copy_job *job, struct row_sum *sum,
                  struct err *err)
{
    struct buf encoded;
    bool row = false;
    size_t count = (size_t)row_column_count(rows);
    buf_init(&encoded, SPOOL_ROW_BYTES_MAX);
    err_t e = rows_next(rows, &row, err);
    while (e == OK && row) {
        if (sum != NULL) {
            row_encode(&encoded, rows->values, rows->column_count);
            if (encoded.failed) e = err_memory(err);
            else add_row(sum, buf_str(&encoded));
        }
        note_progress(job);
        if (e == OK && bulk != NULL) e = bulk_row(bulk, (struct args){rows->values, count}, err);
        if (e == OK) e = rows_next(rows, &row, err);
    }
    buf_release(&encoded);
    return e;
}

err_t copy_rows(struct db *source, const struct copy_table *table, struct db *target,
                struct copy_job *job, struct copy_proof *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct row_sum sum = {0};
    struct bulk *bulk = NULL;
    struct buf sql;
    char name[128];
    struct buf name_buf;
    buf_init_fixed(&name_buf, name, sizeof name);
    buf_add(&name_buf, table->name);
    buf_init(&sql, SQL_BYTES_MAX);
    buf_printf(&sql, "SELECT %s FROM %s ORDER BY %s", table->columns, name, table->order);
    err_t e = sql.failed || name_buf.failed ? err_memory(err)
                                            : db_query(source, sql.p, NO_ARGS, &rows, err);
    buf_release(&sql);
    if (e == OK && target != NULL) e = bulk_open(target, name, table->columns, &bulk, err);
    if (e == OK) e = pass(rows, bulk, job, out != NULL ? &sum : NULL, err);
    if (e == OK && bulk != NULL) e = bulk_close(bulk, err);
    else bulk_drop(bulk);
    if (e == OK && out != NULL) *out = proof_of(&sum);
    return e;
}
