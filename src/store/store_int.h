/* SPDX-License-Identifier: Apache-2.0 */
/* What the two engines and the common part of the store share.
 *
 *   store.c ── checks the state of the connection, then calls ──► struct db_driver
 *                                                                 sqlite*.c   postgres*.c
 *   statement.c keeps prepared statements, found again by their text.
 *
 * A driver begins its own connection with struct db and its own result with struct rows; the
 * common part never looks behind them. */
#ifndef SANGDEN_STORE_STORE_INT_H
#define SANGDEN_STORE_STORE_INT_H

#include "base/buffer.h"
#include "store/store.h"

enum {
    LOCK_TIMEOUT_MS = 10000,
    SQLITE_CACHE_KIB = 32768,
    STATEMENTS_KEPT_MAX = 256,
    STATEMENT_SLOTS = 128,
    SQL_BYTES_MAX = 1 << 20,
    GROWN_SQL_BYTES_MAX = 512,
    GROWN_STATISTICS_TARGET = 10, /* a tenth of PostgreSQL's own sample, 3,000 rows of a table */
    PARAMETERS_MAX = 256,
    COLUMNS_MAX = 256,
    /* A portion is sent from here on. Larger ones leave the processor's cache before the server has
     * read them: 256 KiB cost a tenth of the speed of COPY. */
    BULK_BUFFER_BYTES = 64 << 10,
    BULK_BYTES_MAX = 256 << 20, /* including the last row, which may be long */
    SERIES_BYTES_MAX = 32,
    EVENT_BLOCK_COUNT = 256,
    MOMENTS_KEPT_MAX = 4 /* a transaction rarely touches more than two units */
};

/* A prepared statement; the driver's part lies behind it. */
struct statement {
    struct statement *next;
    struct str source; /* the caller's text, owned */
    uint64_t hash;
    uint64_t used_at;
    unsigned users; /* running results */
    bool kept;      /* belongs to the cache */
};

struct statement_cache {
    struct statement *slot[STATEMENT_SLOTS];
    size_t count;
    uint64_t clock;
};

enum transaction { TX_NONE, TX_WRITE, TX_READ };

/* Numbers taken in a transaction that was rolled back: they are never given out again. */
struct number_mark {
    struct number_mark *next;
    int64_t unit_id;
    int64_t next_no;
    size_t series_n;
    char series[SERIES_BYTES_MAX];
};

/* Event numbers this connection has reserved and not yet used. */
struct event_block {
    struct event_block *next;
    int64_t unit_id;
    int64_t next_id;
    int64_t end_id;
};

/* The moment of the open transaction in a unit (store/fact.h). */
struct unit_moment {
    int64_t unit_id;
    int64_t moment_ms;
};

struct db {
    const struct db_driver *driver;
    enum db_mode mode;
    enum transaction transaction;
    bool doomed;
    struct str target;
    struct str target_public;
    struct statement_cache statements;
    struct number_mark *marks;
    struct event_block *event_blocks;
    struct unit_moment moments[MOMENTS_KEPT_MAX];
    size_t moment_count;
    struct db *numbers; /* PostgreSQL: numbers are taken on a connection of their own */
};

struct rows {
    struct db *db;
    int column_count;
    struct value *values; /* of the present row; the driver's memory */
};

struct bulk {
    struct db *db;
    size_t column_count;
};

struct db_driver {
    enum db_engine engine;
    err_t (*open)(struct str address, enum db_mode mode, struct db **out, struct err *err);
    void (*close)(struct db *db);
    err_t (*lock_timeout)(struct db *db, int64_t timeout_ms, struct err *err);
    err_t (*cache_little)(struct db *db, struct err *err); /* NULL: nothing to do */
    err_t (*begin)(struct db *db, bool read_only, struct err *err);
    err_t (*commit)(struct db *db, struct err *err);
    void (*rollback)(struct db *db);
    bool (*snapshot_number)(struct db *db, int64_t *out); /* NULL: the engine counts no changes */
    err_t (*prepare)(struct db *db, struct str sql, struct statement **out, struct err *err);
    void (*unprepare)(struct db *db, struct statement *statement);
    err_t (*run)(struct db *db, struct statement *statement, struct args args,
                 int64_t *out_changed, struct err *err);
    err_t (*script)(struct db *db, const char *sql, struct err *err);
    err_t (*query)(struct db *db, struct statement *statement, struct args args,
                   struct rows **out, struct err *err);
    err_t (*next)(struct rows *rows, bool *out_row, struct err *err);
    void (*done)(struct rows *rows);
    err_t (*bulk_open)(struct db *db, const char *table, const char *columns,
                       size_t column_count, struct bulk **out, struct err *err);
    err_t (*bulk_row)(struct bulk *bulk, struct args args, struct err *err);
    err_t (*bulk_close)(struct bulk *bulk, struct err *err);
    void (*bulk_drop)(struct bulk *bulk);
};

extern const struct db_driver sqlite_driver;
extern const struct db_driver postgres_driver;

/* Answers code, and dooms the transaction that is open. */
err_t db_failed(struct db *db, err_t code);
/* E_STATE when the transaction failed earlier. */
NODISCARD err_t db_ready(struct db *db, struct err *err);

/* Copies text into a block of its own with a NUL behind it; NULL p when memory is short. */
struct str text_copy(struct str text);
void text_give(struct str text);

/* Replaces the words in braces for the engine. The result ends in NUL. */
void sql_expand(enum db_engine engine, struct str sql, struct buf *out);

/* The prepared statement for a text, from the cache or new. statement_release ends its use. */
NODISCARD err_t statement_take(struct db *db, struct str sql, struct statement **out,
                               struct err *err);
void statement_release(struct db *db, struct statement *statement);
/* Forgets every statement that is not in use: the schema changed, or the connection closes. */
void statements_forget(struct db *db);

/* After a rollback: numbers taken inside stay taken. After a commit: nothing to remember. */
void numbers_rolled_back(struct db *db);
void numbers_forget(struct db *db);
/* Gives up the event numbers that were reserved and not used. */
void events_forget(struct db *db);

/* Words for a violated constraint, a lock and a full disk, the same on both engines. place: the
 * file that is locked or does not fit, empty where the server alone knows. */
err_t store_conflict(struct err *err, struct str constraint, struct str table, struct str message);
err_t store_busy(struct err *err, struct str place, struct str message);
err_t store_full(struct err *err, struct str place, struct str message);
err_t store_failed(struct err *err, struct str message);

#endif
