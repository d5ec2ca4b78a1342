/* SPDX-License-Identifier: Apache-2.0 */
/* Whether recorded words name a member of the staff. */
#include "document/facts_int.h"
#include "store/store.h"

enum { WORD_MIN_BYTES = 4 }; /* shorter ones are part of ordinary words */

static const char staff_sql[] = "SELECT code FROM staff UNION ALL SELECT value_text FROM "
                                "staff_fact WHERE unit_id = 0 AND kind = 'name'";

/* Everybody who ever was: history names them. */
static err_t load_staff(struct loading *l)
{
    struct facts_source *source = l->source;
    int64_t count = 0;
    err_t e = db_get_i64(l->db,
                         "SELECT (SELECT count(*) FROM staff) + (SELECT count(*) FROM "
                         "staff_fact WHERE unit_id = 0 AND kind = 'name')",
                         NO_ARGS, &count, l->err);
    if (e != OK) return e;
    struct str *words = ARENA_ARRAY(&source->staff_arena, struct str, (size_t)count);
    if (words == NULL) return err_memory(l->err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    size_t taken = 0;
    e = db_query(l->db, staff_sql, NO_ARGS, &rows, l->err);
    for (bool more = true; e == OK && taken < (size_t)count;) {
        e = rows_next(rows, &more, l->err);
        if (e != OK || !more) break;
        struct str word = row_text_or_empty(rows, 0);
        if (word.n >= WORD_MIN_BYTES) words[taken++] = arena_str(&source->staff_arena, word);
    }
    if (e == OK && source->staff_arena.failed) e = err_memory(l->err);
    if (e != OK) return e;
    source->staff = words;
    source->staff_count = taken;
    return OK;
}

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_equal(str_sub(text, i, part.n), part)) return true;
    return false;
}

err_t facts_without_staff(struct loading *l, struct str words, struct str *out)
{
    *out = words;
    if (words.n == 0) return OK;
    err_t e = l->source->staff == NULL ? load_staff(l) : OK;
    for (size_t i = 0; i < l->source->staff_count && e == OK && out->n > 0; i++)
        if (contains(words, l->source->staff[i])) *out = S("");
    return e;
}
