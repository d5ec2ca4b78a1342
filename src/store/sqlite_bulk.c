/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite: bulk insertion, many rows a statement.
 *
 *   rows ─► values[BULK_ROWS] + text ─┬─ full: INSERT … VALUES (…), (…), …   the cursor stays put
 *                                     └─ rest: INSERT … VALUES (…)           row by row
 *
 * A statement for each row would open the table, search its place from the root and close it again
 * for each of them. As with PostgreSQL's COPY, rows are seen by queries once the bulk is closed. */
#include <string.h>

#include "base/memory.h"
#include "store/sqlite_int.h"

enum { BULK_ROWS = 32, BULK_TEXT_BYTES = 96 << 10 };

struct sqlite_bulk {
    struct bulk base;
    struct str head; /* "INSERT INTO t (…) VALUES ", owned */
    struct sqlite_statement *one, *many; /* many: once there were that many rows */
    size_t row_count, text_bytes;
    struct value *values; /* of the rows that wait; their texts lie in text */
    char *text;
};

static struct sqlite_bulk *of(struct bulk *bulk)
{
    return (struct sqlite_bulk *)bulk;
}

static size_t values_bytes(size_t column_count)
{
    return BULK_ROWS * column_count * sizeof(struct value);
}

static void let_go(struct db *db, struct sqlite_statement *statement)
{
    if (statement == NULL) return;
    sqlite3_clear_bindings(statement->stmt);
    statement_release(db, &statement->base);
}

static void give_bulk(struct db *db, struct sqlite_bulk *bulk, size_t column_count)
{
    let_go(db, bulk->one);
    let_go(db, bulk->many);
    text_give(bulk->head);
    memory_give(bulk->values, values_bytes(column_count));
    memory_give(bulk->text, BULK_TEXT_BYTES);
    memory_give(bulk, sizeof *bulk);
}

/* The statement for so many rows; parameters are numbered by their place. */
static err_t take_statement(struct db *db, struct str head, size_t column_count, size_t rows,
                            struct sqlite_statement **out, struct err *err)
{
    struct buf sql;
    struct statement *statement = NULL;
    buf_init(&sql, SQL_BYTES_MAX);
    buf_add(&sql, head);
    for (size_t r = 0; r < rows; r++) {
        buf_add(&sql, r == 0 ? S("(?") : S(",(?"));
        for (size_t c = 1; c < column_count; c++) buf_add(&sql, S(",?"));
        buf_add_char(&sql, ')');
    }
    err_t e = sql.failed ? err_memory(err) : statement_take(db, buf_str(&sql), &statement, err);
    buf_release(&sql);
    if (e == OK) *out = (struct sqlite_statement *)statement;
    return e;
}

err_t sqlite_bulk_open(struct db *db, const char *table, const char *columns,
                       size_t column_count, struct bulk **out, struct err *err)
{
    struct buf head;
    struct sqlite_bulk *bulk = memory_take(sizeof *bulk);
    if (bulk == NULL) return err_memory(err);
    buf_init(&head, SQL_BYTES_MAX);
    buf_printf(&head, "INSERT INTO %s (%s) VALUES ", table, columns);
    *bulk = (struct sqlite_bulk){.head = text_copy(buf_str(&head)),
                                 .values = memory_take(values_bytes(column_count)),
                                 .text = memory_take(BULK_TEXT_BYTES)};
    bool failed = head.failed || bulk->head.p == NULL || bulk->values == NULL ||
                  bulk->text == NULL;
    buf_release(&head);
    err_t e = failed ? err_memory(err)
                     : take_statement(db, bulk->head, column_count, 1, &bulk->one, err);
    if (e == OK) *out = &bulk->base;
    else give_bulk(db, bulk, column_count);
    return e;
}

static err_t insert(struct bulk *base, struct sqlite_statement *statement,
                    const struct value *values, size_t count, struct err *err)
{
    sqlite3_stmt *stmt = statement->stmt;
    for (size_t i = 0; i < count; i++)
        if (sqlite_bind(stmt, (int)i + 1, &values[i], SQLITE_STATIC) != SQLITE_OK)
            return sqlite_last_error(base->db, err);
    err_t e = sqlite3_step(stmt) == SQLITE_DONE ? OK : sqlite_last_error(base->db, err);
    sqlite3_reset(stmt);
    return e;
}

/* Writes the rows that wait. */
static err_t flush(struct bulk *base, struct err *err)
{
    struct sqlite_bulk *bulk = of(base);
    size_t rows = bulk->row_count, columns = base->column_count;
    err_t e = OK;
    bulk->row_count = bulk->text_bytes = 0;
    if (rows == BULK_ROWS) {
        if (bulk->many == NULL)
            e = take_statement(base->db, bulk->head, columns, BULK_ROWS, &bulk->many, err);
        return e == OK ? insert(base, bulk->many, bulk->values, rows * columns, err) : e;
    }
    for (size_t r = 0; r < rows && e == OK; r++)
        e = insert(base, bulk->one, bulk->values + r * columns, columns, err);
    return e;
}

static size_t text_size(struct args args)
{
    size_t size = 0;
    for (size_t i = 0; i < args.count; i++) size += args.values[i].str.n;
    return size;
}

err_t sqlite_bulk_row(struct bulk *base, struct args args, struct err *err)
{
    struct sqlite_bulk *bulk = of(base);
    size_t size = text_size(args);
    err_t e = OK;
    if (bulk->text_bytes + size > BULK_TEXT_BYTES) e = flush(base, err);
    if (e == OK && size > BULK_TEXT_BYTES)
        return insert(base, bulk->one, args.values, args.count, err);
    if (e != OK) return e;
    struct value *row = bulk->values + bulk->row_count * args.count;
    for (size_t i = 0; i < args.count; i++) {
        row[i] = args.values[i];
        row[i].str.p = NULL;
        if (row[i].str.n == 0) continue;
        char *place = bulk->text + bulk->text_bytes;
        memcpy(place, args.values[i].str.p, row[i].str.n);
        bulk->text_bytes += row[i].str.n;
        row[i].str.p = place;
    }
    return ++bulk->row_count == BULK_ROWS ? flush(base, err) : OK;
}

void sqlite_bulk_drop(struct bulk *base)
{
    give_bulk(base->db, of(base), base->column_count);
}

err_t sqlite_bulk_close(struct bulk *base, struct err *err)
{
    err_t e = flush(base, err);
    sqlite_bulk_drop(base);
    return e;
}
