/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL: statements with typed binary parameters, results with typed binary columns. */
#include "base/memory.h"
#include "store/postgres_int.h"
#include "store/spool.h"

enum rows_state { ROWS_STREAMING, ROWS_PARKED, ROWS_ENDED };

struct postgres_rows {
    struct rows base;
    enum rows_state state;
    PGresult *ready;   /* arrived, not read yet */
    PGresult *present; /* what values look at */
    bool failed;       /* the rest could not be parked */
    struct statement *statement;
    struct spool spool;
    struct err error;
    struct value values[];
};

static struct postgres_statement *of(struct statement *statement)
{
    return (struct postgres_statement *)statement;
}

/* ---- statements -------------------------------------------------------------------------- */

err_t postgres_prepare(struct db *db, struct str sql, struct statement **out, struct err *err)
{
    struct buf text;
    buf_init(&text, SQL_BYTES_MAX);
    sql_expand(DB_POSTGRES, sql, &text);
    struct postgres_statement *statement = memory_take(sizeof *statement);
    if (statement != NULL) {
        *statement = (struct postgres_statement){0};
        statement->text = text_copy(buf_str(&text));
    }
    bool failed = text.failed || statement == NULL || statement->text.p == NULL;
    buf_release(&text);
    if (failed) {
        if (statement != NULL) text_give(statement->text);
        memory_give(statement, sizeof *statement);
        return err_memory(err);
    }
    struct buf name;
    buf_init_fixed(&name, statement->name, sizeof statement->name);
    buf_printf(&name, "s%llu", (unsigned long long)++postgres_of(db)->statement_count);
    *out = &statement->base;
    return OK;
}

static void deallocate(struct postgres_db *db, struct postgres_statement *statement)
{
    char sql[48];
    struct buf buf;
    struct err ignored;
    buf_init_fixed(&buf, sql, sizeof sql);
    buf_printf(&buf, "DEALLOCATE %s", statement->name);
    if (postgres_exec(db, sql, &ignored) != OK) return; /* gone with its connection */
    statement->prepared = false;
}

void postgres_unprepare(struct db *base, struct statement *statement_base)
{
    struct postgres_statement *statement = of(statement_base);
    /* In a failed transaction nothing can be deallocated: the name is never used again. */
    if (statement->prepared && !base->doomed) deallocate(postgres_of(base), statement);
    text_give(statement->text);
    memory_give(statement, sizeof *statement);
}

static Oid type_of(const struct value *value)
{
    switch (value->type) {
    case VALUE_NULL: return 0;
    case VALUE_I64: return OID_I64;
    case VALUE_TEXT: return OID_TEXT;
    case VALUE_BLOB: return OID_BYTEA;
    }
    return 0;
}

/* Takes over the types of the values. False when the prepared statement knows others. */
static bool types_agree(struct postgres_statement *statement, struct args args)
{
    bool agree = statement->parameter_count == args.count;
    for (size_t i = 0; i < args.count; i++) {
        Oid type = type_of(&args.values[i]);
        if (type == 0 || type == statement->types[i]) continue;
        statement->types[i] = type;
        agree = false;
    }
    statement->parameter_count = args.count;
    return agree;
}

static err_t make_ready(struct postgres_db *db, struct postgres_statement *statement,
                        struct args args, struct err *err)
{
    ASSERT(args.count <= PARAMETERS_MAX);
    bool agree = types_agree(statement, args);
    if (statement->prepared && agree) return OK;
    if (statement->prepared) deallocate(db, statement);
    PGresult *result = PQprepare(db->connection, statement->name, statement->text.p,
                                 (int)args.count, statement->types);
    err_t e = OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        e = postgres_failed(db->connection, result, err);
    PQclear(result);
    statement->prepared = e == OK;
    return e;
}

static void fill_wire(struct wire *wire, struct args args)
{
    for (size_t i = 0; i < args.count; i++) {
        const struct value *value = &args.values[i];
        wire->formats[i] = 1;
        ASSERT(value->str.n <= INT32_MAX);
        if (value->type == VALUE_NULL) {
            wire->values[i] = NULL;
            wire->lengths[i] = 0;
        } else if (value->type == VALUE_I64) {
            put_be64(wire->numbers[i], (uint64_t)value->i64);
            wire->values[i] = (const char *)wire->numbers[i];
            wire->lengths[i] = 8;
        } else {
            wire->values[i] = value->str.p != NULL ? value->str.p : "";
            wire->lengths[i] = (int)value->str.n;
        }
    }
}

/* Parks what is running, prepares and sends. */
static err_t send(struct db *base, struct statement *statement_base, struct args args,
                  struct err *err)
{
    struct postgres_db *db = postgres_of(base);
    struct postgres_statement *statement = of(statement_base);
    err_t e = postgres_park(db, err);
    if (e == OK) e = make_ready(db, statement, args, err);
    if (e != OK) return e;
    struct wire wire;
    fill_wire(&wire, args);
    if (PQsendQueryPrepared(db->connection, statement->name, (int)args.count, wire.values,
                            wire.lengths, wire.formats, 1) != 1)
        return postgres_failed(db->connection, NULL, err);
    return OK;
}

static void drain(PGconn *connection)
{
    for (PGresult *r = PQgetResult(connection); r != NULL; r = PQgetResult(connection)) PQclear(r);
}

err_t postgres_run(struct db *base, struct statement *statement, struct args args,
                   int64_t *out_changed, struct err *err)
{
    PGconn *connection = postgres_of(base)->connection;
    err_t e = send(base, statement, args, err);
    if (e != OK) return e;
    PGresult *result = PQgetResult(connection);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        e = postgres_failed(connection, result, err);
    else if (!str_to_i64(str_of(PQcmdTuples(result)), out_changed))
        *out_changed = 0;
    PQclear(result);
    drain(connection);
    return e;
}

/* ---- results ----------------------------------------------------------------------------- */

static size_t rows_bytes(const struct rows *rows)
{
    return sizeof(struct postgres_rows) + (size_t)rows->column_count * sizeof(struct value);
}

static err_t wrong_type(const PGresult *result, int column, struct err *err)
{
    store_failed(err, S(""));
    return err_detail(err, "Cột %s có kiểu %u không dùng được: cần CAST(… AS BIGINT)",
                      "Column %s has the unusable type %u: CAST(… AS BIGINT) is needed",
                      PQfname(result, column), PQftype(result, column));
}

static err_t decode_column(const PGresult *result, int column, struct value *out, struct err *err)
{
    const char *bytes = PQgetvalue(result, 0, column);
    struct str view = {bytes, (size_t)PQgetlength(result, 0, column)};
    if (PQgetisnull(result, 0, column)) {
        *out = v_null();
        return OK;
    }
    switch (PQftype(result, column)) {
    case OID_I64: *out = v_i64((int64_t)get_be64(bytes)); return OK;
    case OID_I32: *out = v_i64((int32_t)get_be32(bytes)); return OK;
    case OID_I16:
        *out = v_i64((int16_t)((unsigned char)bytes[0] << 8 | (unsigned char)bytes[1]));
        return OK;
    case OID_BOOL: *out = v_i64(bytes[0] != 0); return OK;
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_CHARS:
    case OID_NAME:
    case OID_UNKNOWN: *out = v_text(view); return OK;
    case OID_BYTEA: *out = v_blob(view); return OK;
    default: return wrong_type(result, column, err);
    }
}

static err_t decode(struct postgres_rows *rows, const PGresult *result, struct err *err)
{
    err_t e = OK;
    for (int i = 0; e == OK && i < rows->base.column_count; i++)
        e = decode_column(result, i, &rows->values[i], err);
    return e;
}

/* Reads the next result off the wire into ready; at the end, or after an error, the connection is
 * free again. */
static err_t advance(struct postgres_rows *rows, struct err *err)
{
    struct postgres_db *db = postgres_of(rows->base.db);
    ASSERT(db->streaming == rows && rows->ready == NULL);
    PGresult *result = PQgetResult(db->connection);
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_SINGLE_TUPLE) {
        rows->ready = result;
        return OK;
    }
    err_t e = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
                  ? OK
                  : postgres_failed(db->connection, result, err);
    PQclear(result);
    drain(db->connection);
    db->streaming = NULL;
    rows->state = ROWS_ENDED;
    return e;
}

static err_t park_rows(struct postgres_rows *rows, struct err *err)
{
    err_t e = OK;
    PGresult *kept = rows->present;
    /* The caller may still look at the present row: its values are decoded again afterwards. */
    while (e == OK && rows->state == ROWS_STREAMING) {
        if (rows->ready == NULL) e = advance(rows, err);
        PGresult *result = rows->ready;
        if (e != OK || result == NULL) continue;
        e = decode(rows, result, err);
        if (e == OK) e = spool_add(&rows->spool, rows->values, rows->base.column_count, err);
        PQclear(result);
        rows->ready = NULL;
    }
    if (e == OK) e = spool_rewind(&rows->spool, err);
    if (e == OK && kept != NULL) e = decode(rows, kept, err);
    return e;
}

err_t postgres_park(struct postgres_db *db, struct err *err)
{
    struct postgres_rows *rows = db->streaming;
    if (rows == NULL) return postgres_end_copy(db, err);
    err_t e = park_rows(rows, err);
    if (db->streaming != NULL) {
        drain(db->connection);
        db->streaming = NULL;
    }
    rows->state = ROWS_PARKED;
    rows->failed = e != OK;
    if (e != OK) rows->error = *err;
    return e;
}

err_t postgres_query(struct db *base, struct statement *statement, struct args args,
                     struct rows **out, struct err *err)
{
    struct postgres_db *db = postgres_of(base);
    err_t e = send(base, statement, args, err);
    if (e != OK) return e;
    int single = PQsetSingleRowMode(db->connection);
    ASSERT(single == 1);
    PGresult *first = PQgetResult(db->connection);
    struct rows head = {.db = base, .column_count = PQnfields(first)};
    ASSERT(head.column_count <= COLUMNS_MAX);
    ExecStatusType status = PQresultStatus(first);
    struct postgres_rows *rows = NULL;
    if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        e = postgres_failed(db->connection, first, err);
    else if ((rows = memory_take(rows_bytes(&head))) == NULL)
        e = err_memory(err);
    if (e != OK || status != PGRES_SINGLE_TUPLE) {
        PQclear(first);
        first = NULL;
        drain(db->connection);
    }
    if (e != OK) return e;
    ASSERT(rows != NULL);
    *rows = (struct postgres_rows){.base = head, .ready = first, .statement = statement,
                                   .state = first != NULL ? ROWS_STREAMING : ROWS_ENDED};
    rows->base.values = rows->values;
    spool_init(&rows->spool);
    if (first != NULL) db->streaming = rows;
    *out = &rows->base;
    return OK;
}

static void present(struct postgres_rows *rows, PGresult *result)
{
    PQclear(rows->present);
    rows->present = result;
}

err_t postgres_next(struct rows *base, bool *out_row, struct err *err)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    if (rows->failed) {
        *err = rows->error;
        return err->code;
    }
    if (rows->state == ROWS_PARKED)
        return spool_next(&rows->spool, rows->values, base->column_count, out_row, err);
    if (rows->state == ROWS_STREAMING && rows->ready == NULL) {
        err_t e = advance(rows, err);
        if (e != OK) return e;
    }
    PGresult *result = rows->ready;
    *out_row = result != NULL;
    if (result == NULL) return OK;
    rows->ready = NULL;
    present(rows, result);
    return decode(rows, result, err);
}

void postgres_done(struct rows *base)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    struct postgres_db *db = postgres_of(base->db);
    if (db->streaming == rows) {
        drain(db->connection);
        db->streaming = NULL;
    }
    PQclear(rows->ready);
    present(rows, NULL);
    spool_release(&rows->spool);
    statement_release(base->db, rows->statement);
    memory_give(rows, rows_bytes(base));
}
