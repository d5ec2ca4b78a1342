/* SPDX-License-Identifier: Apache-2.0 */

#include "base/memory.h"
#include "base/mix.h"
#include "store/store_int.h"

struct macro {
    struct str word;
    struct str text[2]; /* by engine */
};

static const struct macro macros[] = {
    {S_INIT("{i64}"), {S_INIT("INTEGER"), S_INIT("BIGINT")}},
    {S_INIT("{text}"), {S_INIT("TEXT"), S_INIT("TEXT")}},
    {S_INIT("{blob}"), {S_INIT("BLOB"), S_INIT("BYTEA")}},
    {S_INIT("{strict}"), {S_INIT("STRICT"), S_INIT("")}},
    {S_INIT("{clustered}"), {S_INIT("STRICT, WITHOUT ROWID"), S_INIT("")}},
    {S_INIT("{for_update}"), {S_INIT(""), S_INIT("FOR UPDATE")}},
    {S_INIT("{skip_locked}"), {S_INIT(""), S_INIT("FOR UPDATE SKIP LOCKED")}},
};

_Static_assert(DB_SQLITE == 0 && DB_POSTGRES == 1, "macros are indexed by engine");

static const struct macro *macro_at(struct str sql)
{
    for (size_t i = 0; i < ARRAY_COUNT(macros); i++)
        if (str_starts(sql, macros[i].word)) return &macros[i];
    return NULL;
}

void sql_expand(enum db_engine engine, struct str sql, struct buf *out)
{
    while (sql.n > 0) {
        size_t brace = str_find(sql, '{');
        buf_add(out, str_sub(sql, 0, brace));
        sql = str_sub(sql, brace, sql.n);
        if (sql.n == 0) break;
        const struct macro *macro = macro_at(sql);
        if (macro != NULL) buf_add(out, macro->text[engine]);
        else buf_add_char(out, '{');
        sql = str_sub(sql, macro != NULL ? macro->word.n : 1, sql.n);
    }
    buf_add_char(out, '\0');
}

static struct statement **slot_of(struct statement_cache *cache, uint64_t hash)
{
    return &cache->slot[hash % STATEMENT_SLOTS];
}

static struct statement *cache_find(struct statement_cache *cache, struct str sql, uint64_t hash)
{
    for (struct statement *s = *slot_of(cache, hash); s != NULL; s = s->next)
        if (s->hash == hash && str_equal(s->source, sql)) return s;
    return NULL;
}

static void cache_remove(struct db *db, struct statement **place)
{
    struct statement *statement = *place;
    *place = statement->next;
    db->statements.count--;
    text_give(statement->source);
    db->driver->unprepare(db, statement);
}

/* Gives up the statement that was not used for the longest time. */
static void cache_make_room(struct db *db)
{
    struct statement **oldest = NULL;
    for (size_t i = 0; i < STATEMENT_SLOTS; i++)
        for (struct statement **p = &db->statements.slot[i]; *p != NULL; p = &(*p)->next)
            if ((*p)->users == 0 && (oldest == NULL || (*p)->used_at < (*oldest)->used_at))
                oldest = p;
    if (oldest != NULL) cache_remove(db, oldest);
}

static void cache_add(struct db *db, struct statement *statement, struct str sql, uint64_t hash)
{
    struct statement_cache *cache = &db->statements;
    if (cache->count >= STATEMENTS_KEPT_MAX) cache_make_room(db);
    struct str source = text_copy(sql);
    if (source.p == NULL) return;
    statement->source = source;
    statement->hash = hash;
    statement->kept = true;
    struct statement **slot = slot_of(cache, hash);
    statement->next = *slot;
    *slot = statement;
    cache->count++;
}

err_t statement_take(struct db *db, struct str sql, struct statement **out, struct err *err)
{
    uint64_t hash = mix_bytes(0, sql);
    struct statement *statement = cache_find(&db->statements, sql, hash);
    /* SQLite cannot run one prepared statement twice at a time: the second use gets its own. */
    bool shared = statement != NULL && statement->users > 0 && db->driver->engine == DB_SQLITE;
    if (statement == NULL || shared) {
        err_t e = db->driver->prepare(db, sql, &statement, err);
        if (e != OK) return e;
        if (!shared) cache_add(db, statement, sql, hash);
    }
    statement->users++;
    statement->used_at = ++db->statements.clock;
    *out = statement;
    return OK;
}

void statement_release(struct db *db, struct statement *statement)
{
    ASSERT(statement->users > 0);
    statement->users--;
    if (!statement->kept && statement->users == 0) db->driver->unprepare(db, statement);
}

void statements_forget(struct db *db)
{
    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        struct statement **place = &db->statements.slot[i];
        while (*place != NULL) {
            if ((*place)->users == 0) cache_remove(db, place);
            else place = &(*place)->next;
        }
    }
}
