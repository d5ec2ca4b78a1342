/* SPDX-License-Identifier: Apache-2.0 */
/* The PostgreSQL driver's own records.
 *
 * A connection carries one conversation at a time. The result that is still arriving row by row is
 * `streaming`; whoever needs the connection parks it first: the rows that are left are read into
 * its spool (memory, then a file without a name), from where it goes on unnoticed. So several
 * results may be open, writes may happen in between, and memory stays bounded. */
#ifndef SANGDEN_STORE_POSTGRES_INT_H
#define SANGDEN_STORE_POSTGRES_INT_H

#include <libpq-fe.h>

#include "store/store_int.h"

enum { OID_BOOL = 16, OID_BYTEA = 17, OID_NAME = 19, OID_I64 = 20, OID_I16 = 21, OID_I32 = 23,
       OID_TEXT = 25, OID_UNKNOWN = 705, OID_CHARS = 1042, OID_VARCHAR = 1043 };

struct postgres_rows;
struct postgres_bulk;

struct postgres_db {
    struct db base;
    PGconn *connection;
    struct postgres_rows *streaming;
    struct postgres_bulk *copying;
    uint64_t statement_count; /* makes names of prepared statements */
};

struct postgres_statement {
    struct statement base;
    char name[24];
    bool prepared;
    size_t parameter_count;
    Oid types[PARAMETERS_MAX]; /* 0: not known yet, only NULL was given so far */
    struct str text;           /* expanded, owned */
};

static inline struct postgres_db *postgres_of(struct db *db)
{
    return (struct postgres_db *)db;
}

/* Fills err from a failed result, or from the connection when result is NULL. */
err_t postgres_failed(PGconn *connection, const PGresult *result, struct err *err);

/* Ends the COPY that is open, if any. */
NODISCARD err_t postgres_end_copy(struct postgres_db *db, struct err *err);
/* Makes the connection free for the next conversation. */
NODISCARD err_t postgres_park(struct postgres_db *db, struct err *err);
/* Runs a text without parameters and forgets its result. */
NODISCARD err_t postgres_exec(struct postgres_db *db, const char *sql, struct err *err);

void put_be32(unsigned char *place, uint32_t value);
void put_be64(unsigned char *place, uint64_t value);
uint32_t get_be32(const char *place);
uint64_t get_be64(const char *place);

err_t postgres_prepare(struct db *db, struct str sql, struct statement **out, struct err *err);
void postgres_unprepare(struct db *db, struct statement *statement);
err_t postgres_run(struct db *db, struct statement *statement, struct args args,
                   int64_t *out_changed, struct err *err);
err_t postgres_query(struct db *db, struct statement *statement, struct args args,
                     struct rows **out, struct err *err);
err_t postgres_next(struct rows *rows, bool *out_row, struct err *err);
void postgres_done(struct rows *rows);
err_t postgres_bulk_open(struct db *db, const char *table, const char *columns,
                         size_t column_count, struct bulk **out, struct err *err);
err_t postgres_bulk_row(struct bulk *bulk, struct args args, struct err *err);
err_t postgres_bulk_close(struct bulk *bulk, struct err *err);
void postgres_bulk_drop(struct bulk *bulk);

/* Parameters as libpq wants them. */
struct wire {
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    int formats[PARAMETERS_MAX];
    unsigned char numbers[PARAMETERS_MAX][8];
};

#endif
