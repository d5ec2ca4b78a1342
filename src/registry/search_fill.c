/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_fill.h"

#include "registry/search_walk.h"
#include "store/store.h"

/* Keys come in the order of people and lie in the order of the alphabet: put in as they come, each
 * would change another page of a directory of many gigabytes. They are sorted kind by kind. */
static const char unsorted_sql[] =
    "CREATE TEMP TABLE search_unsorted (key {text} NOT NULL, unit_id {i64} NOT NULL, "
    "subject_id {i64} NOT NULL)";

static err_t write_key(void *context, enum search_kind kind UNUSED, struct str key, int64_t unit_id,
                       int64_t subject_id, struct err *err)
{
    return bulk_row(context, ARGS(v_text(key), v_i64(unit_id), v_i64(subject_id)), err);
}

static err_t write_unsorted(struct db *db, size_t source, struct err *err)
{
    struct bulk *bulk = NULL;
    err_t e = bulk_open(db, "search_unsorted", "key, unit_id, subject_id", &bulk, err);
    if (e == OK) e = search_walk(db, source, write_key, bulk, err);
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t fill_source(struct db *db, size_t source, struct err *err)
{
    err_t e = db_run(db, unsorted_sql, NO_ARGS, NULL, err);
    if (e == OK) e = write_unsorted(db, source, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO search_directory (kind, key, unit_id, subject_id) "
                   "SELECT $1, key, unit_id, subject_id FROM search_unsorted "
                   "ORDER BY key, unit_id, subject_id",
                   ARGS(v_text(search_kind_name(search_walk_kind(source)))), NULL, err);
    return e == OK ? db_run(db, "DROP TABLE search_unsorted", NO_ARGS, NULL, err) : e;
}

err_t search_ensure(struct db *db, struct err *err)
{
    int64_t there = 0, wanted = 0;
    err_t e = db_get_i64_or(db, "SELECT 1 FROM search_directory LIMIT 1", NO_ARGS, 0, &there, err);
    if (e == OK && there == 0)
        e = db_get_i64_or(db,
                          "SELECT 1 FROM party UNION ALL SELECT 1 FROM account "
                          "UNION ALL SELECT 1 FROM point_fact LIMIT 1",
                          NO_ARGS, 0, &wanted, err);
    if (e != OK || there == 1 || wanted == 0) return e;
    for (size_t i = 0; e == OK && i < SEARCH_SOURCES; i++) e = fill_source(db, i, err);
    return e == OK ? db_grown(db, "search_directory", err) : e;
}
