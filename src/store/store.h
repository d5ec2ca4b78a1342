/* SPDX-License-Identifier: Apache-2.0 */
/* One database interface: SQLite in a file, or PostgreSQL; the same SQL text on both.
 *
 *   struct db      one connection, used by one thread at a time
 *   struct rows    the result of one query, read row by row
 *   struct bulk    fast insertion of many rows (binary COPY, or a prepared loop)
 *
 * SQL is written in the subset that both engines understand (docs/sql.md), with $1, $2, … in order
 * of first appearance, and these words in braces, replaced per engine:
 *   {i64} {text} {blob}  column types      {strict}  after CREATE TABLE (…)
 *   {clustered}          instead of {strict}: rows lie in the order of the primary key (SQLite
 *                        WITHOUT ROWID), right for every table whose rows are short
 *   {for_update}         at the end of a SELECT whose rows are changed next
 *   {skip_locked}        at the end of a SELECT that picks work
 * Values travel typed: integers are 64 bit, texts are UTF-8, blobs are bytes; there is no floating
 * point and no implicit conversion.
 *
 * Errors: an error inside a transaction dooms it; every later call on the connection but
 * db_rollback answers E_STATE. E_CONFLICT is a violated unique key or constraint, E_BUSY a lock
 * that did not come free in time, E_STORE anything else of the database.
 * Ownership: texts and blobs of a row are valid until the next db_next or rows_done of that query.
 * Threads: a connection belongs to one thread at a time. */
#ifndef SANGDEN_STORE_STORE_H
#define SANGDEN_STORE_STORE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct db;
struct rows;
struct bulk;

enum db_engine { DB_SQLITE, DB_POSTGRES };
enum db_mode { DB_READ, DB_WRITE, DB_CREATE };

/* ---- connections ------------------------------------------------------------------------- */

/* target: "sqlite:PATH" or "postgresql://…". DB_CREATE makes the SQLite file (not the PostgreSQL
 * database) when missing. A connection dropped by the server is reported as E_STORE; the caller
 * opens a new one. */
NODISCARD err_t db_open(struct str target, enum db_mode mode, struct db **out, struct err *err);
void db_close(struct db *db);
/* How long a statement waits for a lock before it answers E_BUSY; 10 seconds at first. */
NODISCARD err_t db_lock_timeout(struct db *db, int64_t timeout_ms, struct err *err);
/* Keeps less of the file in memory: for a connection that answers many small questions from all
 * over the store, of which there are as many as threads. A fifth of what a batch has; on
 * PostgreSQL the server keeps what it keeps. */
NODISCARD err_t db_cache_little(struct db *db, struct err *err);
enum db_engine db_engine(const struct db *db);
/* The target it was opened with, for opening another connection. Lives as long as db. */
struct str db_target(const struct db *db);
/* From now on the count-th call on any connection that asks the database (1 = the next) fails with
 * E_STORE, once; 0 switches it off. Answers what was left of the calls before: 0 when the failure
 * has struck. Lets tests walk the rare paths. */
uint64_t db_fail_after(uint64_t count);
/* Target without a password, for messages and logs. */
struct str db_target_public(const struct db *db);

/* ---- transactions ------------------------------------------------------------------------ */

/* SQLite: BEGIN IMMEDIATE; PostgreSQL: READ COMMITTED. Not nested. */
NODISCARD err_t db_begin(struct db *db, struct err *err);
/* A repeatable snapshot for reading only. */
NODISCARD err_t db_begin_read(struct db *db, struct err *err);
NODISCARD err_t db_commit(struct db *db, struct err *err);
/* Safe to call at any time, also when no transaction is open. */
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);
/* A number that tells the snapshot of an open read transaction: as long as this connection answers
 * the same, nobody has changed the store in between, not in one row. False where the engine cannot
 * tell cheaply (PostgreSQL): then every snapshot counts as a new one. */
bool db_snapshot_number(struct db *db, int64_t *out);

/* ---- statements -------------------------------------------------------------------------- */

enum value_type { VALUE_NULL, VALUE_I64, VALUE_TEXT, VALUE_BLOB };

struct value {
    enum value_type type;
    int64_t i64;
    struct str str;
};

/* A parameter of each type; texts and blobs are looked at, not copied. */
static inline struct value v_null(void) { return (struct value){.type = VALUE_NULL}; }
static inline struct value v_i64(int64_t i64)
{
    return (struct value){.type = VALUE_I64, .i64 = i64};
}
static inline struct value v_text(struct str text)
{
    return (struct value){.type = VALUE_TEXT, .str = text};
}
static inline struct value v_blob(struct str bytes)
{
    return (struct value){.type = VALUE_BLOB, .str = bytes};
}
/* NULL when the view is empty. */
static inline struct value v_text_or_null(struct str text)
{
    return text.n == 0 ? v_null() : v_text(text);
}

struct args {
    const struct value *values;
    size_t count;
};
#define NO_ARGS ((struct args){NULL, 0})
#define ARGS(...)                                                \
    ((struct args){(const struct value[]){__VA_ARGS__},          \
                   sizeof((const struct value[]){__VA_ARGS__}) / sizeof(struct value)})

/* sql is a literal that lives as long as the program (statements are cached by its text).
 * out_changed may be NULL. */
NODISCARD err_t db_run(struct db *db, const char *sql, struct args args, int64_t *out_changed,
                       struct err *err);
/* Several statements without parameters (schema changes). */
NODISCARD err_t db_script(struct db *db, struct str sql, struct err *err);

/* Starts a query; rows_done ends it (also AUTO(rows_done_at)) and passes over what was not read, so
 * a query that needs few rows says LIMIT. Several may be open at once, and
 * memory stays bounded: what is left of a large PostgreSQL result moves to a temporary file when
 * the connection is needed for something else. Writing while a query is open is for transactions
 * only (elsewhere SQLite answers E_BUSY when another process wrote in between), and not on the
 * rows that the query still has to read. */
NODISCARD err_t db_query(struct db *db, const char *sql, struct args args, struct rows **out,
                         struct err *err);
/* *out_row is false behind the last row. A changing statement with RETURNING is read to that end:
 * only there its commit is known to have succeeded. */
NODISCARD err_t rows_next(struct rows *rows, bool *out_row, struct err *err);
void rows_done(struct rows *rows);
void rows_done_at(struct rows **rows);
/* Columns from 0. The type is asserted: a program reads what its own SQL selects. */
int64_t row_i64(const struct rows *rows, int column);
struct str row_text(const struct rows *rows, int column);
struct str row_blob(const struct rows *rows, int column);
bool row_is_null(const struct rows *rows, int column);
/* The integer, or otherwise when NULL. */
int64_t row_i64_or(const struct rows *rows, int column, int64_t otherwise);
/* The text, or the empty view when NULL. */
struct str row_text_or_empty(const struct rows *rows, int column);
/* The value with its type, and the number of columns, for copies that know no schema. */
struct value row_value(const struct rows *rows, int column);
int row_column_count(const struct rows *rows);

/* The first column of the first row. E_NOT_FOUND when there is no row. */
NODISCARD err_t db_get_i64(struct db *db, const char *sql, struct args args, int64_t *out,
                           struct err *err);
/* The same with a value for "no row or NULL". */
NODISCARD err_t db_get_i64_or(struct db *db, const char *sql, struct args args,
                              int64_t otherwise, int64_t *out, struct err *err);
/* The text is copied into the arena. */
NODISCARD err_t db_get_text(struct db *db, struct arena *arena, const char *sql,
                            struct args args, struct str *out, struct err *err);

/* ---- bulk insertion ---------------------------------------------------------------------- */

/* columns: "unit_id, bill_no, total_vnd". Inside a transaction only. Several bulks may be open at
 * once; rows become visible at the latest with bulk_close. */
NODISCARD err_t bulk_open(struct db *db, const char *table, const char *columns,
                          struct bulk **out, struct err *err);
NODISCARD err_t bulk_row(struct bulk *bulk, struct args args, struct err *err);
/* Flushes and frees, also after an error. */
NODISCARD err_t bulk_close(struct bulk *bulk, struct err *err);
/* Frees without flushing; NULL is accepted. */
void bulk_drop(struct bulk *bulk);

/* Tells the engine that tables ("agreement, agreement_fact", a literal; NULL: any) have grown much,
 * inside a transaction or after it: PostgreSQL plans anew what it had planned while they were
 * small, also the checks of foreign keys. A small sample tells it that, however large the tables
 * are; autovacuum takes its own later. On SQLite the shape of our tables is known beforehand, and
 * nothing is done. */
NODISCARD err_t db_grown(struct db *db, const char *tables, struct err *err);
/* How many new rows make it worth while after a load. */
enum { DB_GROWN_ROWS = 1000 };

/* ---- identifiers ------------------------------------------------------------------------- */

/* Reserves count consecutive numbers of a unit's series ("customer", "event"). Numbers are unique
 * for ever in (unit, series); a rolled-back transaction leaves a gap, never a repetition. */
NODISCARD err_t store_take_numbers(struct db *db, int64_t unit_id, struct str series,
                                   int64_t count, int64_t *out_first, struct err *err);

/* ---- schema ------------------------------------------------------------------------------ */

/* Writes what must stand or fall with a change of the whole store: the record of who made it. */
typedef err_t store_finish(void *context, struct db *db, struct err *err);

/* Brings the schema up to this program's version, under a lock, in one transaction. E_STATE when
 * the store is newer than the program, E_CHECK when a migration was applied with another text. */
NODISCARD err_t store_migrate(struct db *db, struct err *err);
/* The same; finish, when anything was applied, is called last inside the transaction, and its
 * refusal leaves the store as it was. */
NODISCARD err_t store_upgrade(struct db *db, store_finish *finish, void *context,
                              struct err *err);
/* Version in the database (0: empty) and of the program. */
NODISCARD err_t store_version(struct db *db, int64_t *out, struct err *err);
int64_t store_version_of_program(void);

/* The script that distributes a migrated PostgreSQL store over Citus: unit tables by unit_id,
 * directory tables by what they are looked up by, reference tables everywhere. */
NODISCARD err_t store_citus_sql(struct db *db, struct buf *out, struct err *err);

/* Named properties of the store itself ("kind": "demonstration", "test" or "real"). */
NODISCARD err_t store_property_set(struct db *db, struct str name, struct str value,
                                   struct err *err);
/* Empty view when not set. */
NODISCARD err_t store_property(struct db *db, struct arena *arena, struct str name,
                               struct str *out, struct err *err);

#endif
