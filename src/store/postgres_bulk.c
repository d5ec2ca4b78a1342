/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL: bulk insertion by COPY … FROM STDIN BINARY.
 *
 * Each bulk gathers its rows in a buffer of its own. Whoever's buffer is full sends it and leaves
 * its COPY open, so that the server works while the next portion is gathered; a connection runs one
 * COPY at a time, so anything else that needs the connection ends it first. */
#include "base/memory.h"
#include "store/postgres_int.h"

struct postgres_bulk {
    struct bulk base;
    struct str sql; /* owned */
    struct buf data;
};

/* Signature, flags and extension length of the format. */
static const struct str copy_header = S_INIT("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0");

static void give_bulk(struct postgres_bulk *bulk)
{
    text_give(bulk->sql);
    buf_release(&bulk->data);
    memory_give(bulk, sizeof *bulk);
}

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
        give_bulk(bulk);
        return err_memory(err);
    }
    *out = &bulk->base;
    return OK;
}

static err_t copy_results(PGconn *connection, struct err *err)
{
    err_t e = OK;
    for (PGresult *r = PQgetResult(connection); r != NULL; r = PQgetResult(connection)) {
        if (e == OK && PQresultStatus(r) != PGRES_COMMAND_OK)
            e = postgres_failed(connection, r, err);
        PQclear(r);
    }
    return e;
}

err_t postgres_end_copy(struct postgres_db *db, struct err *err)
{
    if (db->copying == NULL) return OK;
    db->copying = NULL;
    bool sent = PQputCopyData(db->connection, "\377\377", 2) == 1 &&
                PQputCopyEnd(db->connection, NULL) == 1;
    err_t e = copy_results(db->connection, err);
    return e == OK && !sent ? postgres_failed(db->connection, NULL, err) : e;
}

static err_t begin_copy(struct postgres_db *db, struct postgres_bulk *bulk, struct err *err)
{
    err_t e = postgres_park(db, err);
    if (e != OK) return e;
    PGresult *result = PQexec(db->connection, bulk->sql.p);
    if (PQresultStatus(result) != PGRES_COPY_IN) e = postgres_failed(db->connection, result, err);
    PQclear(result);
    if (e != OK) return e;
    db->copying = bulk;
    return PQputCopyData(db->connection, copy_header.p, (int)copy_header.n) == 1
               ? OK
               : postgres_end_copy(db, err);
}

static err_t flush(struct postgres_bulk *bulk, struct err *err)
{
    struct postgres_db *db = postgres_of(bulk->base.db);
    err_t e = OK;
    if (bulk->data.n == 0) return OK;
    if (db->copying != bulk) e = begin_copy(db, bulk, err);
    if (e != OK) return e;
    ASSERT(bulk->data.n <= INT32_MAX);
    bool sent = PQputCopyData(db->connection, bulk->data.p, (int)bulk->data.n) == 1;
    buf_reset(&bulk->data);
    /* The server has refused or is gone: the end of the COPY tells why. */
    return sent ? OK : postgres_end_copy(db, err);
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
    char count[2] = {(char)(args.count >> 8), (char)args.count};
    buf_add(data, (struct str){count, 2});
    for (size_t i = 0; i < args.count; i++) add_value(data, &args.values[i]);
    if (data->failed) return err_memory(err);
    return data->n >= BULK_BUFFER_BYTES ? flush(bulk, err) : OK;
}

void postgres_bulk_drop(struct bulk *base)
{
    struct postgres_bulk *bulk = (struct postgres_bulk *)base;
    struct postgres_db *db = postgres_of(base->db);
    struct err ignored;
    if (db->copying == bulk && postgres_end_copy(db, &ignored) != OK)
        (void)db_failed(base->db, ignored.code);
    give_bulk(bulk);
}

err_t postgres_bulk_close(struct bulk *base, struct err *err)
{
    struct postgres_bulk *bulk = (struct postgres_bulk *)base;
    struct postgres_db *db = postgres_of(base->db);
    err_t e = flush(bulk, err);
    if (e == OK && db->copying == bulk) e = postgres_end_copy(db, err);
    give_bulk(bulk);
    return e;
}
