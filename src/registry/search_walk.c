/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_walk.h"

#include "store/store.h"

enum { SUBJECT_BYTES = 1 << 20 };

/* Texts that lead somewhere, those of one subject and kind together: unit, subject, text. The kinds
 * are in the order in which the directory has them. */
static const struct {
    enum search_kind kind;
    const char *sql;
} sources[SEARCH_SOURCES] = {
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

struct told {
    struct str key;
    const struct told *before;
};

struct walk {
    struct arena arena; /* of the present subject */
    int64_t unit_id, subject_id;
    const struct told *told;
    search_take *take;
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

err_t search_walk(struct db *db, size_t source, search_take *take, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct walk walk = {.unit_id = -1, .subject_id = -1, .take = take, .context = context};
    bool row = true;
    ASSERT(source < SEARCH_SOURCES);
    arena_init(&walk.arena, SUBJECT_BYTES);
    err_t e = db_query(db, sources[source].sql, NO_ARGS, &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row)
        e = walk_text(&walk, sources[source].kind, rows, err);
    arena_release(&walk.arena);
    return e;
}

enum search_kind search_walk_kind(size_t source)
{
    ASSERT(source < SEARCH_SOURCES);
    return sources[source].kind;
}
