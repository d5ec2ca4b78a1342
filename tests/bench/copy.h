/* SPDX-License-Identifier: Apache-2.0 */
/* The plain insertion of the rows that a job made, into identical empty tables: what the job itself
 * is measured by. SQLite: a prepared statement, row by row; PostgreSQL: binary COPY. */
#ifndef SANGDEN_TESTS_COPY_H
#define SANGDEN_TESTS_COPY_H

#include "bench/plain.h"

enum { COPY_ROWS = 20000, COPY_BYTES = 512 * 1024 * 1024 };

#define COPY_MUST(call) \
    do { \
        struct err copy_err; \
        check_ok((call), &copy_err); \
    } while (0)

struct batch {
    struct arena arena;
    struct value *values;
    size_t rows, columns, bytes;
};

static inline void keep_row(struct batch *batch, const struct rows *rows)
{
    for (size_t c = 0; c < batch->columns; c++) {
        struct value value = row_value(rows, (int)c);
        if (value.type == VALUE_TEXT || value.type == VALUE_BLOB) {
            batch->bytes += value.str.n;
            value.str = arena_str(&batch->arena, value.str);
        } else {
            batch->bytes += 8;
        }
        batch->values[batch->rows * batch->columns + c] = value;
    }
    batch->rows++;
}

/* PostgreSQL: binary COPY, which is what a bulk is there. */
static inline int64_t copy_rows(struct db *db, const char *table, const char *columns,
                                const struct batch *batch)
{
    struct bulk *bulk;
    int64_t started_ns = clock_monotonic_ns();
    COPY_MUST(db_begin(db, &copy_err));
    COPY_MUST(bulk_open(db, table, columns, &bulk, &copy_err));
    for (size_t r = 0; r < batch->rows; r++) {
        struct args args = {batch->values + r * batch->columns, batch->columns};
        COPY_MUST(bulk_row(bulk, args, &copy_err));
    }
    COPY_MUST(bulk_close(bulk, &copy_err));
    COPY_MUST(db_commit(db, &copy_err));
    return clock_monotonic_ns() - started_ns;
}

struct copied_table {
    const char *name, *columns, *select;
    size_t column_count;
};

#define COPIED(table, count, columns) \
    { \
        table, columns, "SELECT " columns " FROM " table, count \
    }

static inline int64_t copy_table(struct db *from, const struct test_store *to,
                                 const struct copied_table *table, int64_t *rows_total,
                                 int64_t *bytes_total)
{
    struct batch batch = {.columns = table->column_count};
    struct rows *rows;
    int64_t took_ns = 0;
    bool more = true;
    arena_init(&batch.arena, COPY_BYTES);
    COPY_MUST(db_query(from, table->select, NO_ARGS, &rows, &copy_err));
    while (more) {
        arena_reset(&batch.arena);
        batch.values = ARENA_ARRAY(&batch.arena, struct value, COPY_ROWS * batch.columns);
        batch.rows = 0;
        while (batch.rows < COPY_ROWS) {
            COPY_MUST(rows_next(rows, &more, &copy_err));
            if (!more) break;
            keep_row(&batch, rows);
        }
        *rows_total += (int64_t)batch.rows;
        if (batch.rows == 0) break;
        took_ns += to->engine == DB_SQLITE ? plain_insert(to, table->name, table->columns,
                                                          batch.values, batch.rows, batch.columns)
                                           : copy_rows(to->db, table->name, table->columns, &batch);
    }
    rows_done(rows);
    *bytes_total += (int64_t)batch.bytes;
    arena_release(&batch.arena);
    return took_ns;
}

/* Copies the tables into an empty store of the engine; answers the nanoseconds of the insertion. */
static inline int64_t copy_all(struct db *from, enum db_engine engine,
                               const struct copied_table *tables, size_t count, int64_t *rows,
                               int64_t *bytes)
{
    struct test_store plain;
    int64_t took_ns = 0;
    test_store_make(engine, &plain);
    for (size_t i = 0; i < count; i++) took_ns += copy_table(from, &plain, &tables[i], rows, bytes);
    test_store_drop(&plain);
    return took_ns;
}

#endif
