/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/party_words.h"

#include "store/store.h"

static const enum search_kind kinds[] = {SEARCH_name, SEARCH_phone, SEARCH_email, SEARCH_tax_code,
                                         SEARCH_address};

typedef err_t entry_change(struct db *db, struct arena *arena, const struct search_entry *entry,
                           struct err *err);

static err_t each_entry(struct db *db, struct arena *arena, int64_t unit_id, int64_t party_id,
                        entry_change *change, struct err *err)
{
    struct search_entry entries[ARRAY_COUNT(kinds)];
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT name, phone, email, tax_code, address FROM party "
                       "WHERE unit_id = $1 AND party_id = $2",
                       ARGS(v_i64(unit_id), v_i64(party_id)), &rows, err);
    bool there = false;
    if (e == OK) e = rows_next(rows, &there, err);
    if (e != OK || !there) return e;
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        entries[i] = (struct search_entry){
            kinds[i], arena_str(arena, row_text_or_empty(rows, (int)i)), unit_id, party_id};
    if (arena->failed) return err_memory(err);
    rows_done(rows);
    rows = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(kinds) && e == OK; i++)
        e = change(db, arena, &entries[i], err);
    return e;
}

err_t party_words_enter(struct db *db, struct arena *arena, int64_t unit_id, int64_t party_id,
                        struct err *err)
{
    return each_entry(db, arena, unit_id, party_id, search_enter, err);
}

err_t party_words_drop(struct db *db, struct arena *arena, int64_t unit_id, int64_t party_id,
                       struct err *err)
{
    return each_entry(db, arena, unit_id, party_id, search_drop, err);
}
