/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_fill.h"

#include "registry/checks.h"
#include "registry/search_words.h"
#include "store/store.h"

enum { SUBJECT_BYTES = 1 << 20 };

/* Texts that lead somewhere, those of one subject and kind together: unit, subject, text. The kinds
 * are in the order in which the directory has them. */
static const struct {
    enum search_kind kind;
    const char *sql;
} sources[] = {
    {SEARCH_account, "SELECT unit_id, account_id, code FROM account ORDER BY unit_id, account_id"},
    {SEARCH_address, "SELECT unit_id, party_id, address FROM party ORDER BY unit_id, party_id"},
    {SEARCH_email, "SELECT unit_id, party_id, email FROM party WHERE email IS NOT NULL "
                   "ORDER BY unit_id, party_id"},
    {SEARCH_name, "SELECT unit_id, party_id, name FROM party ORDER BY unit_id, party_id"},
    {SEARCH_phone, "SELECT unit_id, party_id, phone FROM party WHERE phone IS NOT NULL "
                   "ORDER BY unit_id, party_id"},
    {SEARCH_place, "SELECT unit_id, point_id, value_text FROM point_fact WHERE kind = 'address' "
                   "AND state = 'set' ORDER BY unit_id, point_id"},
    {SEARCH_tax_code, "SELECT unit_id, party_id, tax_code FROM party WHERE tax_code IS NOT NULL "
                      "ORDER BY unit_id, party_id"},
};

/* One key of one subject, told once however many of its texts give it. */
typedef err_t take_key(void *context, enum search_kind kind, struct str key, int64_t unit_id,
                       int64_t subject_id, struct err *err);

struct told {
    struct str key;
    const struct told *before;
};

struct walk {
    struct arena arena; /* of the present subject */
    int64_t unit_id, subject_id;
    const struct told *told;
    take_key *take;
    void *context;
};

static bool was_told(const struct walk *walk, struct str key)
{
    for (const struct told *told = walk->told; told != NULL; told = told->before)
        if (str_equal(told->key, key)) return true;
    return false;
}

static err_t tell(struct walk *walk, enum search_kind kind, struct str key, struct err *err)
{
    if (was_told(walk, key)) return OK;
    struct told *told = ARENA_NEW(&walk->arena, struct told);
    if (told == NULL) return err_memory(err);
    *told = (struct told){key, walk->told};
    walk->told = told;
    return walk->take(walk->context, kind, key, walk->unit_id, walk->subject_id, err);
}

static err_t walk_text(struct walk *walk, enum search_kind kind, const struct rows *rows,
                       struct err *err)
{
    struct search_keys keys;
    if (row_i64(rows, 0) != walk->unit_id || row_i64(rows, 1) != walk->subject_id) {
        arena_reset(&walk->arena);
        walk->told = NULL;
        walk->unit_id = row_i64(rows, 0);
        walk->subject_id = row_i64(rows, 1);
    }
    err_t e = search_keys_of(&walk->arena, kind, row_text_or_empty(rows, 2), &keys, err);
    for (size_t i = 0; e == OK && i < keys.count; i++) e = tell(walk, kind, keys.key[i], err);
    return e;
}

static err_t walk_source(struct db *db, struct walk *walk, size_t source, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, sources[source].sql, NO_ARGS, &rows, err);
    bool row = true;
    walk->unit_id = walk->subject_id = -1;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row)
        e = walk_text(walk, sources[source].kind, rows, err);
    return e;
}

static err_t walk_all(struct db *db, take_key *take, void *context, struct err *err)
{
    struct walk walk = {.take = take, .context = context};
    arena_init(&walk.arena, SUBJECT_BYTES);
    err_t e = OK;
    for (size_t i = 0; e == OK && i < ARRAY_COUNT(sources); i++) e = walk_source(db, &walk, i, err);
    arena_release(&walk.arena);
    return e;
}

/* ---- filling ----------------------------------------------------------------------------- */

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

static err_t write_unsorted(struct db *db, struct walk *walk, size_t source, struct err *err)
{
    struct bulk *bulk = NULL;
    err_t e = bulk_open(db, "search_unsorted", "key, unit_id, subject_id", &bulk, err);
    walk->context = bulk;
    if (e == OK) e = walk_source(db, walk, source, err);
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t fill_source(struct db *db, struct walk *walk, size_t source, struct err *err)
{
    err_t e = db_run(db, unsorted_sql, NO_ARGS, NULL, err);
    if (e == OK) e = write_unsorted(db, walk, source, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO search_directory (kind, key, unit_id, subject_id) "
                   "SELECT $1, key, unit_id, subject_id FROM search_unsorted "
                   "ORDER BY key, unit_id, subject_id",
                   ARGS(v_text(search_kind_name(sources[source].kind))), NULL, err);
    return e == OK ? db_run(db, "DROP TABLE search_unsorted", NO_ARGS, NULL, err) : e;
}

static err_t fill_all(struct db *db, struct err *err)
{
    struct walk walk = {.take = write_key};
    arena_init(&walk.arena, SUBJECT_BYTES);
    err_t e = OK;
    for (size_t i = 0; e == OK && i < ARRAY_COUNT(sources); i++) e = fill_source(db, &walk, i, err);
    arena_release(&walk.arena);
    return e;
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
    e = fill_all(db, err);
    return e == OK ? db_grown(db, "search_directory", err) : e;
}

/* ---- drift ------------------------------------------------------------------------------- */

struct proof {
    struct db *db;
    struct check_findings *findings;
    int64_t expected;
};

static err_t find_key(void *context, enum search_kind kind, struct str key, int64_t unit_id,
                      int64_t subject_id, struct err *err)
{
    struct proof *proof = context;
    struct str name = search_kind_name(kind);
    int64_t there = 0;
    err_t e = db_get_i64_or(proof->db,
                            "SELECT 1 FROM search_directory WHERE kind = $1 AND key = $2 "
                            "AND unit_id = $3 AND subject_id = $4",
                            ARGS(v_text(name), v_text(key), v_i64(unit_id), v_i64(subject_id)), 0,
                            &there, err);
    proof->expected++;
    if (e == OK && there == 0)
        check_found(proof->findings, "unit %lld %.*s %lld", (long long)unit_id, STR_ARG(name),
                    (long long)subject_id);
    return e;
}

/* Every key that should be there is, and there are no more than those. */
static err_t find_drift(struct db *db, struct check_findings *findings, struct err *err)
{
    struct proof proof = {db, findings, 0};
    int64_t count = 0;
    err_t e = walk_all(db, find_key, &proof, err);
    if (e == OK) e = db_get_i64(db, "SELECT count(*) FROM search_directory", NO_ARGS, &count, err);
    int64_t surplus = count - (proof.expected - findings->count);
    if (e == OK && surplus != 0)
        check_found(findings, "search_directory: %lld rows lead nowhere", (long long)surplus);
    return e;
}

const struct check check_registry_search = {
    .name = "registry.search",
    .vi = "Từ để tìm khách hàng khớp với tên, điện thoại, địa chỉ, mã hiện có",
    .en = "Words that customers are found by agree with names, phones, addresses and codes",
    .find = find_drift,
};
