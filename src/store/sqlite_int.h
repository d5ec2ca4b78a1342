/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver's own records. */
#ifndef SANGDEN_STORE_SQLITE_INT_H
#define SANGDEN_STORE_SQLITE_INT_H

#include <sqlite3.h>

#include "store/store_int.h"

/* What frames every transaction, prepared when it is first needed: parsing it anew took a
 * twentieth of a page. WORD(name, sql) */
#define SQLITE_FRAMES(WORD) \
    WORD(FRAME_BEGIN_READ, "BEGIN") \
    WORD(FRAME_SNAPSHOT, "SELECT 1 FROM sqlite_schema LIMIT 1") \
    WORD(FRAME_BEGIN_WRITE, "BEGIN IMMEDIATE") \
    WORD(FRAME_COMMIT, "COMMIT") \
    WORD(FRAME_ROLLBACK, "ROLLBACK")

enum sqlite_frame {
#define WORD(name, sql) name,
    SQLITE_FRAMES(WORD)
#undef WORD
        SQLITE_FRAME_COUNT
};

struct sqlite_db {
    struct db base;
    sqlite3 *handle;
    sqlite3_stmt *frame[SQLITE_FRAME_COUNT]; /* NULL: not needed yet */
};

struct sqlite_statement {
    struct statement base;
    sqlite3_stmt *stmt;
    size_t parameter_count;
    uint16_t place[PARAMETERS_MAX]; /* SQLite's index of $1, $2, … */
};

/* Fills err from the connection's last error. Answers its code. */
err_t sqlite_failed(sqlite3 *handle, int code, struct err *err);

/* Refuses with E_STORE in a transaction that only reads, as PostgreSQL does. */
err_t sqlite_may_write(struct db *db, struct err *err);

/* The same for the connection's last error. */
err_t sqlite_last_error(struct db *db, struct err *err);

/* Binds one value; answers SQLite's code. */
int sqlite_bind(sqlite3_stmt *stmt, int place, const struct value *value,
                sqlite3_destructor_type lifetime);

err_t sqlite_prepare(struct db *db, struct str sql, struct statement **out, struct err *err);
void sqlite_unprepare(struct db *db, struct statement *statement);
err_t sqlite_run(struct db *db, struct statement *statement, struct args args,
                 int64_t *out_changed, struct err *err);
err_t sqlite_query(struct db *db, struct statement *statement, struct args args,
                   struct rows **out, struct err *err);
err_t sqlite_next(struct rows *rows, bool *out_row, struct err *err);
void sqlite_done(struct rows *rows);
err_t sqlite_bulk_open(struct db *db, const char *table, const char *columns,
                       size_t column_count, struct bulk **out, struct err *err);
err_t sqlite_bulk_row(struct bulk *bulk, struct args args, struct err *err);
err_t sqlite_bulk_close(struct bulk *bulk, struct err *err);
void sqlite_bulk_drop(struct bulk *bulk);

#endif
