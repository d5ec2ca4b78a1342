/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL: bulk insertion by COPY … FROM STDIN BINARY.
 *
 * A connection runs one COPY at a time, so each bulk gathers its rows in a buffer of its own and
 * sends it as one complete COPY whenever the buffer is full. */
#include "base/memory.h"
#include "store/postgres_int.h"

struct postgres_bulk {
    struct bulk base;
    struct str sql; /* owned */
    struct buf data;
};

/* Signature, flags and extension length of the format. */
static const struct str copy_header = S_INIT("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0");

err_t postgres_bulk_open(struct db *db UNUSED, const char *table, const char *columns,
                         size_t column_count UNUSED, struct bulk **out, struct err *err)
{
    struct postgres_bulk *bulk = memory_take(sizeof *bulk);
    if (bulk == NULL) return err_memory(err);
    struct buf sql;
    buf_init(&sql, SQL_BYTES_MAX);
    buf_printf(&sql, "COPY %s (%s) FROM STDIN (FORMAT binary)", table, columns);
    *bulk = (struct postgres_bulk){.sql = text_copy(buf_str(&sql))};
    bool failed = sql.failed || bulk->sql.p == NULL;
    buf_release(&sql);
    buf_init(&bulk->data, BULK_BYTES_MAX);
    if (failed) {
        postgres_bulk_drop(&bulk->base);
        return err_memory(err);
    }
    *out = &bulk->base;
    return OK;
}

static err_t finish_copy(PGconn *connection, struct err *err)
{
    err_t e = OK;
    for (PGresult *r = PQgetResult(connection); r != NULL; r = PQgetResult(connection)) {
        if (e == OK && PQresultStatus(r) != PGRES_COMMAND_OK)
            e = postgres_failed(connection, r, err);
        PQclear(r);
    }
    return e;
}

static err_t flush(struct postgres_bulk *bulk, struct err *err)
{
    if (bulk->data.n == 0) return OK;
    struct postgres_db *db = postgres_of(bulk->base.db);
    err_t e = postgres_park(db, err);
    if (e != OK) return e;
    buf_add(&bulk->data, (struct str){"\377\377", 2});
    if (bulk->data.failed) return err_memory(err);
    PGresult *result = PQexec(db->connection, bulk->sql.p);
    if (PQresultStatus(result) != PGRES_COPY_IN) e = postgres_failed(db->connection, result, err);
    PQclear(result);
    if (e != OK) return e;
    ASSERT(bulk->data.n <= INT32_MAX);
    bool sent = PQputCopyData(db->connection, bulk->data.p, (int)bulk->data.n) == 1 &&
                PQputCopyEnd(db->connection, NULL) == 1;
    e = finish_copy(db->connection, err);
    if (e == OK && !sent) e = postgres_failed(db->connection, NULL, err);
    buf_reset(&bulk->data);
    return e;
}

static void add_value(struct buf *data, const struct value *value)
{
    unsigned char field[12];
    struct str bytes = value->str;
    switch (value->type) {
    case VALUE_NULL: buf_add(data, (struct str){"\377\377\377\377", 4}); return;
    case VALUE_I64:
        put_be32(field, 8);
        put_be64(field + 4, (uint64_t)value->i64);
        buf_add(data, (struct str){(const char *)field, 12});
        return;
    case VALUE_TEXT:
    case VALUE_BLOB:
        put_be32(field, (uint32_t)bytes.n);
        buf_add(data, (struct str){(const char *)field, 4});
        buf_add(data, bytes);
        return;
    }
}

err_t postgres_bulk_row(struct bulk *base, struct args args, struct err *err)
{
    struct postgres_bulk *bulk = (struct postgres_bulk *)base;
    struct buf *data = &bulk->data;
    if (data->n == 0) buf_add(data, copy_header);
    char count[2] = {(char)(args.count >> 8), (char)args.count};
    buf_add(data, (struct str){count, 2});
    for (size_t i = 0; i < args.count; i++) add_value(data, &args.values[i]);
    if (data->failed) return err_memory(err);
    return data->n >= BULK_BUFFER_BYTES ? flush(bulk, err) : OK;
}

void postgres_bulk_drop(struct bulk *base)
{
    struct postgres_bulk *bulk = (struct postgres_bulk *)base;
    text_give(bulk->sql);
    buf_release(&bulk->data);
    memory_give(bulk, sizeof *bulk);
}

err_t postgres_bulk_close(struct bulk *base, struct err *err)
{
    err_t e = flush((struct postgres_bulk *)base, err);
    postgres_bulk_drop(base);
    return e;
}
