/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite: statements and results. */
#include "base/memory.h"
#include "store/sqlite_int.h"

struct sqlite_rows {
    struct rows base;
    struct sqlite_statement *statement;
    bool ended; /* a further step would start the query again */
    struct value values[];
};

static sqlite3 *handle_of(struct db *db)
{
    return ((struct sqlite_db *)db)->handle;
}

static struct sqlite_statement *of(struct statement *statement)
{
    return (struct sqlite_statement *)statement;
}

err_t sqlite_last_error(struct db *db, struct err *err)
{
    sqlite3 *handle = handle_of(db);
    return sqlite_failed(handle, sqlite3_extended_errcode(handle), err);
}

/* ---- statements -------------------------------------------------------------------------- */

/* For SQLite $2 is a name: its number is the order of first appearance, not 2. Bulk insertion
 * names none and binds by place. */
static void find_places(struct sqlite_statement *statement)
{
    int count = sqlite3_bind_parameter_count(statement->stmt);
    if (count > 0 && sqlite3_bind_parameter_name(statement->stmt, 1) == NULL) return;
    ASSERT(count <= PARAMETERS_MAX);
    statement->parameter_count = (size_t)count;
    for (int i = 0; i < count; i++) {
        char name[16];
        struct buf buf;
        buf_init_fixed(&buf, name, sizeof name);
        buf_printf(&buf, "$%d", i + 1);
        int place = sqlite3_bind_parameter_index(statement->stmt, name);
        ASSERT(place > 0); /* parameters are $1 … $n without a gap */
        statement->place[i] = (uint16_t)place;
    }
}

err_t sqlite_prepare(struct db *db, struct str sql, struct statement **out, struct err *err)
{
    struct buf text;
    buf_init(&text, SQL_BYTES_MAX);
    sql_expand(DB_SQLITE, sql, &text);
    struct sqlite_statement *statement = memory_take(sizeof *statement);
    if (text.failed || statement == NULL) {
        buf_release(&text);
        memory_give(statement, sizeof *statement);
        return err_memory(err);
    }
    *statement = (struct sqlite_statement){0};
    int code = sqlite3_prepare_v3(handle_of(db), text.p, (int)text.n, SQLITE_PREPARE_PERSISTENT,
                                  &statement->stmt, NULL);
    buf_release(&text);
    if (code != SQLITE_OK) {
        memory_give(statement, sizeof *statement);
        return sqlite_last_error(db, err);
    }
    ASSERT(statement->stmt != NULL);
    find_places(statement);
    *out = &statement->base;
    return OK;
}

void sqlite_unprepare(struct db *db UNUSED, struct statement *statement)
{
    sqlite3_finalize(of(statement)->stmt);
    memory_give(statement, sizeof(struct sqlite_statement));
}

int sqlite_bind(sqlite3_stmt *stmt, int place, const struct value *value,
                sqlite3_destructor_type lifetime)
{
    const char *bytes = value->str.p != NULL ? value->str.p : "";
    switch (value->type) {
    case VALUE_NULL: return sqlite3_bind_null(stmt, place);
    case VALUE_I64: return sqlite3_bind_int64(stmt, place, value->i64);
    case VALUE_TEXT:
        return sqlite3_bind_text64(stmt, place, bytes, value->str.n, lifetime, SQLITE_UTF8);
    case VALUE_BLOB: return sqlite3_bind_blob64(stmt, place, bytes, value->str.n, lifetime);
    }
    ASSERT(false);
    return SQLITE_MISUSE;
}

static err_t bind_all(struct db *db, struct sqlite_statement *statement, struct args args,
                      sqlite3_destructor_type lifetime, struct err *err)
{
    ASSERT(args.count == statement->parameter_count);
    if (db->transaction == TX_READ && !sqlite3_stmt_readonly(statement->stmt))
        return sqlite_may_write(db, err);
    for (size_t i = 0; i < args.count; i++)
        if (sqlite_bind(statement->stmt, statement->place[i], &args.values[i], lifetime) !=
            SQLITE_OK)
            return sqlite_last_error(db, err);
    return OK;
}

err_t sqlite_run(struct db *db, struct statement *base, struct args args, int64_t *out_changed,
                 struct err *err)
{
    struct sqlite_statement *statement = of(base);
    err_t e = bind_all(db, statement, args, SQLITE_STATIC, err);
    if (e != OK) return e;
    int code = sqlite3_step(statement->stmt);
    while (code == SQLITE_ROW) code = sqlite3_step(statement->stmt);
    e = code == SQLITE_DONE ? OK : sqlite_last_error(db, err);
    *out_changed = sqlite3_changes64(handle_of(db));
    sqlite3_reset(statement->stmt);
    return e;
}

/* ---- results ----------------------------------------------------------------------------- */

static size_t rows_bytes(const struct rows *rows)
{
    return sizeof(struct sqlite_rows) + (size_t)rows->column_count * sizeof(struct value);
}

err_t sqlite_query(struct db *db, struct statement *base, struct args args, struct rows **out,
                   struct err *err)
{
    struct sqlite_statement *statement = of(base);
    err_t e = bind_all(db, statement, args, SQLITE_TRANSIENT, err);
    if (e != OK) return e;
    struct rows head = {.db = db, .column_count = sqlite3_column_count(statement->stmt)};
    ASSERT(head.column_count <= COLUMNS_MAX);
    struct sqlite_rows *rows = memory_take(rows_bytes(&head));
    if (rows == NULL) return err_memory(err);
    rows->base = head;
    rows->base.values = rows->values;
    rows->statement = statement;
    rows->ended = false;
    *out = &rows->base;
    return OK;
}

static struct value column_value(sqlite3_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL: return v_null();
    case SQLITE_INTEGER: return v_i64(sqlite3_column_int64(stmt, column));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(stmt, column);
        return v_text((struct str){text, (size_t)sqlite3_column_bytes(stmt, column)});
    }
    case SQLITE_BLOB: {
        const char *bytes = sqlite3_column_blob(stmt, column);
        return v_blob((struct str){bytes, (size_t)sqlite3_column_bytes(stmt, column)});
    }
    default: break;
    }
    ASSERT(sqlite3_column_type(stmt, column) != SQLITE_FLOAT);
    return v_null();
}

err_t sqlite_next(struct rows *base, bool *out_row, struct err *err)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    sqlite3_stmt *stmt = rows->statement->stmt;
    int code = rows->ended ? SQLITE_DONE : sqlite3_step(stmt);
    rows->ended = code != SQLITE_ROW;
    if (code != SQLITE_ROW && code != SQLITE_DONE) return sqlite_last_error(base->db, err);
    for (int i = 0; code == SQLITE_ROW && i < base->column_count; i++)
        rows->values[i] = column_value(stmt, i);
    *out_row = code == SQLITE_ROW;
    return OK;
}

void sqlite_done(struct rows *base)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    sqlite3_reset(rows->statement->stmt);
    sqlite3_clear_bindings(rows->statement->stmt);
    statement_release(base->db, &rows->statement->base);
    memory_give(rows, rows_bytes(base));
}
