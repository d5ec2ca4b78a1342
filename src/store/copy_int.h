/* SPDX-License-Identifier: Apache-2.0 */
/* Copying whole tables from one store to another, with a proof of what was copied. */
#ifndef SANGDEN_STORE_COPY_INT_H
#define SANGDEN_STORE_COPY_INT_H

#include "base/hash.h"
#include "store/backup.h"
#include "store/migration_int.h"

enum { COPY_TABLES_MAX = 1024, COPY_ARENA_BYTES = 4 << 20 };

struct copy_table {
    struct str name;
    bool append_only;
    const char *columns; /* "unit_id, bill_no" */
    const char *order;   /* of the primary key */
};

/* In the order in which they were declared: a table stands behind those it refers to. */
struct copy_tables {
    struct copy_table *table;
    size_t count;
};

/* What one pass over a table found. */
struct copy_proof {
    int64_t row_count;
    char sha256[HASH_TEXT_BYTES];
};

/* Rows done so far, over all tables. */
struct copy_job {
    const struct backup_options *options;
    int64_t row_count;
};

/* The tables of a store, and their columns as the backup file (SQLite) declares them. */
NODISCARD err_t copy_tables_of(struct db *store, struct arena *arena, struct copy_tables *out,
                               struct err *err);
NODISCARD err_t copy_columns_of(struct db *file, struct arena *arena, struct copy_tables *tables,
                                struct err *err);

/* Applies to target the migrations that source has recorded. E_STATE when the program does not
 * know one of them. */
NODISCARD err_t copy_schema(struct db *source, struct db *target, struct err *err);
/* Removes what migrations wrote, and the triggers that would refuse that. */
NODISCARD err_t copy_make_room(struct db *target, const struct copy_tables *tables,
                               struct err *err);
/* Puts the triggers back. */
NODISCARD err_t copy_protect(struct db *target, const struct copy_tables *tables,
                             struct err *err);

/* Reads a table, inserts its rows into target and answers the proof; either may be NULL. */
NODISCARD err_t copy_rows(struct db *source, const struct copy_table *table, struct db *target,
                          struct copy_job *job, struct copy_proof *out, struct err *err);

/* ---- backup files ------------------------------------------------------------------------ */

/* Opens a backup for reading. E_IO, E_INPUT. */
NODISCARD err_t backup_open(const char *path, struct db **out, struct err *err);
/* Proves the whole file; tables and texts go into the arena. */
NODISCARD err_t backup_file_check(struct db *file, const char *path, struct arena *arena,
                                  struct copy_job *job, struct copy_tables *tables,
                                  struct backup_summary *out, struct err *err);
/* Compares one table of store (which may be the file itself) with what the file says of it. */
NODISCARD err_t backup_table_check(struct db *file, struct db *store,
                                   const struct copy_table *table, struct copy_job *job,
                                   struct err *err);

#endif
