/* SPDX-License-Identifier: Apache-2.0 */
/* Migrations as the build embeds them, and the directives inside their comments.
 *
 *   -- @unit TABLE             rows belong to a unit; unit_id leads every key
 *   -- @directory TABLE KEY    found by what the outside world calls a thing
 *   -- @reference TABLE        the same everywhere
 *   -- @append_only TABLE      rows are never changed nor deleted
 *   -- @fact VIEW FROM TABLE SUBJECT column[,column]      the as-of view of a fact table */
#ifndef SANGDEN_STORE_MIGRATION_INT_H
#define SANGDEN_STORE_MIGRATION_INT_H

#include "base/buffer.h"
#include "store/store.h"

struct migration {
    int64_t number;
    struct str name; /* "0001_store" */
    struct str text;
};

/* Ordered by number. */
extern const struct migration store_migrations[];
extern const int64_t store_migration_count;

enum directive_kind {
    DIRECTIVE_UNIT,
    DIRECTIVE_DIRECTORY,
    DIRECTIVE_REFERENCE,
    DIRECTIVE_APPEND_ONLY,
    DIRECTIVE_FACT
};

struct directive {
    enum directive_kind kind;
    struct str table; /* of a fact: the table it is made from */
    struct str view;
    struct str columns; /* key of a directory, subject of a fact */
};

/* Takes the next directive off *rest; *out_found is false when there is none left. E_CHECK for a
 * directive that is not understood. */
NODISCARD err_t directive_next(struct str *rest, struct directive *out, bool *out_found,
                               struct err *err);

/* The SQL that a directive stands for; nothing for the three kinds. */
void directive_sql(enum db_engine engine, const struct directive *directive, struct buf *out);
/* Takes away what the directive append_only made. */
void append_only_drop_sql(enum db_engine engine, struct str table, struct buf *out);
/* The as-of view of a fact table (store/fact.h describes it). */
void fact_view_sql(const struct directive *directive, struct buf *out);

/* Applies one migration inside the caller's transaction and records it. */
NODISCARD err_t migration_apply(struct db *db, const struct migration *migration, struct err *err);
/* One process at a time, until the transaction ends. */
NODISCARD err_t migration_lock(struct db *db, struct err *err);
/* Applies what the store lacks inside the caller's transaction, and gives sangden_app its rights;
 * *out_count is how many were applied. E_STATE, E_CHECK as store_migrate. */
NODISCARD err_t migration_apply_missing(struct db *db, int64_t *out_count, struct err *err);
/* Tells SQLite's planner the shape of our tables, whatever they hold; nothing on PostgreSQL. */
NODISCARD err_t store_statistics(struct db *db, struct err *err);
/* Gives the optional role sangden_app its rights. */
NODISCARD err_t store_grant(struct db *db, struct err *err);
/* Makes the tables in which migrations are recorded. */
NODISCARD err_t migration_bootstrap(struct db *db, struct err *err);

#endif
