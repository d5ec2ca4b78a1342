/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/party_words.h"

#include "base/text.h"
#include "store/store.h"

static const struct str KINDS[] = {S_INIT("name"), S_INIT("phone"), S_INIT("email"),
                                   S_INIT("tax_code"), S_INIT("address")};

/* Runs a statement of key, key_kind, unit_id, party_id for every word of the party. */
static err_t each_word(struct db *db, struct arena *arena, int64_t unit_id, int64_t party_id,
                       const char *sql, struct err *err)
{
    struct str words[ARRAY_COUNT(KINDS)];
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, "SELECT name, phone, email, tax_code, address FROM party "
                           "WHERE unit_id = $1 AND party_id = $2",
                       ARGS(v_i64(unit_id), v_i64(party_id)), &rows, err);
    bool there = false;
    if (e == OK) e = rows_next(rows, &there, err);
    if (e != OK || !there) return e;
    for (size_t i = 0; i < ARRAY_COUNT(KINDS); i++)
        words[i] = arena_str(arena, row_text_or_empty(rows, (int)i));
    if (arena->failed) return err_memory(err);
    rows_done(rows);
    rows = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(KINDS) && e == OK; i++) {
        struct str key = S("");
        if (words[i].n > 0) e = text_fold(arena, words[i], &key, err);
        if (e == OK && key.n > 0)
            e = db_run(db, sql, ARGS(v_text(key), v_text(KINDS[i]), v_i64(unit_id),
                                     v_i64(party_id)), NULL, err);
    }
    return e;
}

err_t party_words_enter(struct db *db, struct arena *arena, int64_t unit_id, int64_t party_id,
                        struct err *err)
{
    return each_word(db, arena, unit_id, party_id,
                     "INSERT INTO party_directory (key, key_kind, unit_id, party_id) "
                     "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", err);
}

err_t party_words_drop(struct db *db, struct arena *arena, int64_t unit_id, int64_t party_id,
                       struct err *err)
{
    return each_word(db, arena, unit_id, party_id,
                     "DELETE FROM party_directory WHERE key = $1 AND key_kind = $2 AND "
                     "unit_id = $3 AND party_id = $4", err);
}
