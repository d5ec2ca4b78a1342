/* SPDX-License-Identifier: Apache-2.0 */
/* Where an answer ended, in a form that may stand in an address: numbers and a mark of the key. The
 * key itself is found again in what the subject is called today. */
#include "registry/search_int.h"

#include "base/hash.h"

enum { MARK_BYTES = 12, NUMBERS = 5 };

static struct str mark_of(struct str key, char memory[HASH_TEXT_BYTES])
{
    struct hash hash = hash_of(key);
    return str_sub(hash_text(&hash, memory), 0, MARK_BYTES);
}

void search_cursor_write(const struct search_place *place, char out[SEARCH_CURSOR_BYTES])
{
    struct buf cursor;
    char memory[HASH_TEXT_BYTES];
    buf_init_fixed(&cursor, out, SEARCH_CURSOR_BYTES);
    buf_printf(&cursor, "%d.%zu.%zu.%lld.%lld.%.*s", (int)place->part.kind, place->part.first,
               place->part.last, (long long)place->last.unit_id, (long long)place->last.subject_id,
               STR_ARG(mark_of(place->last.key, memory)));
    ASSERT(!cursor.failed);
}

static err_t refuse(struct err *err)
{
    err_set(err, E_INPUT, "cursor", "Chỗ xem tiếp không còn", "The place to go on from is gone");
    return err_hint(err, "Tìm lại từ đầu", "Search again from the beginning");
}

static bool parse(struct str cursor, int64_t numbers[NUMBERS], struct str *out_mark)
{
    struct str rest = cursor, piece;
    for (size_t i = 0; i < NUMBERS; i++)
        if (!str_split(&rest, '.', &piece) || !str_to_i64(piece, &numbers[i]) || numbers[i] < 0)
            return false;
    *out_mark = rest;
    return rest.n == MARK_BYTES;
}

static bool is_part(const struct search_part *part, const int64_t numbers[NUMBERS])
{
    return part->kind == (enum search_kind)numbers[0] && part->first == (size_t)numbers[1] &&
           part->last == (size_t)numbers[2];
}

static const char *texts_sql(enum search_kind kind)
{
    if (kind == SEARCH_name) return "SELECT name FROM party WHERE unit_id = $1 AND party_id = $2";
    if (kind == SEARCH_address)
        return "SELECT address FROM party WHERE unit_id = $1 AND party_id = $2";
    return "SELECT value_text FROM point_fact WHERE unit_id = $1 AND point_id = $2 "
           "AND kind = 'address' AND state = 'set'";
}

/* The key of the subject that has the mark; empty when none has. */
static err_t find_key(struct db *db, struct arena *arena, enum search_kind kind, struct str mark,
                      struct search_candidate *candidate, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char memory[HASH_TEXT_BYTES];
    bool row = true;
    err_t e = db_query(db, texts_sql(kind),
                       ARGS(v_i64(candidate->unit_id), v_i64(candidate->subject_id)), &rows, err);
    candidate->key = S("");
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct search_keys keys;
        e = search_keys_of(arena, kind, row_text_or_empty(rows, 0), &keys, err);
        for (size_t i = 0; e == OK && i < keys.count; i++)
            if (str_equal(mark_of(keys.key[i], memory), mark)) candidate->key = keys.key[i];
    }
    return e;
}

err_t search_cursor_read(struct db *db, struct arena *arena, struct str cursor,
                         const struct search_plan *plan, size_t *out_part,
                         struct search_candidate *out, struct err *err)
{
    int64_t numbers[NUMBERS];
    struct str mark;
    if (!parse(cursor, numbers, &mark)) return refuse(err);
    size_t at = 0;
    while (at < plan->part_count && !is_part(&plan->parts[at], numbers)) at++;
    if (at == plan->part_count) return refuse(err);
    struct search_candidate last = {
        .key = plan->parts[at].phrase, .unit_id = numbers[3], .subject_id = numbers[4]};
    err_t e = OK;
    if (last.unit_id > 0) /* otherwise: the beginning of the part */
        e = find_key(db, arena, plan->parts[at].kind, mark, &last, err);
    if (e == OK && !str_starts(last.key, plan->parts[at].phrase)) return refuse(err);
    if (e == OK) *out_part = at;
    if (e == OK) *out = last;
    return e;
}
