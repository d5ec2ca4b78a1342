/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of a whole store that proves itself, and the way back.
 *
 *   SQLite or PostgreSQL ─ one snapshot ─► FILE.part ─ synced, opened, checked ─► FILE
 *                                                                                  │ restore
 *                                            empty SQLite or PostgreSQL ◄──────────┘
 *
 * The file is an SQLite store of the same schema, whatever engine it came from, with two more
 * tables: backup_info (format, time, engine, version) and backup_table (rows and SHA-256 per
 * table). It is made while everything runs. A table's hash is the SHA-256 over the sum of the
 * SHA-256 of its rows, so it does not depend on their order, and is the same on both engines.
 * Threads: one owner of each connection. Memory: bounded by the longest row. */
#ifndef SANGDEN_STORE_BACKUP_H
#define SANGDEN_STORE_BACKUP_H

#include "store/store.h"

struct backup_summary {
    int64_t table_count;
    int64_t row_count;
    int64_t version;     /* of the schema */
    int64_t taken_at_ms;
};

struct backup_options {
    /* Called now and then with the rows done so far, in all; may be NULL. */
    void (*progress)(void *context, int64_t row_count);
    void *context;
    /* Restore only: whatever the target holds is given up. */
    bool replace;
    /* Restore only: called with the context once everything is there and proved, before it takes
     * its place; what it writes belongs to the restored store, and its refusal gives all up. It
     * takes no numbers (store_take_numbers), whose table is held here. May be NULL. */
    err_t (*finish)(void *context, struct db *db, const struct backup_summary *summary,
                    struct err *err);
};

/* Writes the store behind db to path, which must not exist yet. db may be open for reading only and
 * must not be in a transaction. E_CONFLICT when path exists, E_IO, E_STORE, E_CHECK when what was
 * written does not read back the same. */
NODISCARD err_t backup_write(struct db *db, const char *path,
                             const struct backup_options *options, struct backup_summary *out,
                             struct err *err);

/* Opens a backup and proves it: integrity, counts, hashes. E_INPUT when it is no backup, E_CHECK
 * when it is damaged. */
NODISCARD err_t backup_check(const char *path, const struct backup_options *options,
                             struct backup_summary *out, struct err *err);

/* Fills the store behind db from a backup that was proved first, in one transaction: the schema of
 * the backup, its rows, the proof of the result, the migrations that the program has beyond it, and
 * what options->finish adds. E_STATE when the store holds data (unless options->replace) or the
 * backup is newer than the program. */
NODISCARD err_t backup_restore(const char *path, struct db *db,
                               const struct backup_options *options, struct backup_summary *out,
                               struct err *err);

#endif
