/* SPDX-License-Identifier: Apache-2.0 */
/* Where to look for words: all of them as the beginning of keys, or the rarest beginning. */
#include "registry/search_int.h"

#include "base/buffer.h"

/* In the order in which people expect them; where words are looked at one by one, what costs least
 * comes first: a party stands beside its key, who lives at a point is three look-ups away. */
static const enum search_kind whole_kinds[SEARCH_KINDS_OF_WORDS] = {SEARCH_name, SEARCH_place,
                                                                    SEARCH_address};
static const enum search_kind word_kinds[SEARCH_KINDS_OF_WORDS] = {SEARCH_name, SEARCH_address,
                                                                   SEARCH_place};
enum { POINT_WEIGHT = 4, COUNT_MAX = 201, COST_OF_MANY = 1000000 /* counted no further */ };
_Static_assert(COUNT_MAX == SEARCH_OPEN_MAX + 1, "what is more than a few is many");

struct str search_behind(struct arena *arena, struct str prefix)
{
    return arena_printf(arena, "%.*s\xF4\x8F\xBF\xBF", STR_ARG(prefix)); /* U+10FFFF */
}

static const struct search_words *words_of(const struct search_plan *plan, enum search_kind kind)
{
    return kind == SEARCH_name ? &plan->names : &plan->places;
}

static bool is_among(const struct search_words *words, size_t first, size_t last, struct str word)
{
    for (size_t i = first; i <= last; i++)
        if (str_equal(words->word[i], word)) return true;
    return false;
}

static void part_make(struct arena *arena, const struct search_plan *plan, enum search_kind kind,
                      size_t first, size_t last, struct search_part *out)
{
    const struct search_words *words = words_of(plan, kind);
    *out = (struct search_part){.kind = kind, .first = first, .last = last};
    out->phrase = search_phrase(arena, words, first, last);
    for (size_t i = 0; i < plan->places.count; i++)
        if (!is_among(words, first, last, plan->places.word[i]))
            out->others.word[out->others.count++] = plan->places.word[i];
}

static err_t ask_of_keys(struct db *db, struct arena *arena, const struct search_part *part,
                         const char *sql, int64_t *out, struct err *err)
{
    return db_get_i64(db, sql,
                      ARGS(v_text(search_kind_name(part->kind)), v_text(part->phrase),
                           v_text(search_behind(arena, part->phrase))),
                      out, err);
}

/* How many keys begin so, as far as COUNT_MAX: what many share is not counted to its end. */
static err_t count_keys(struct db *db, struct arena *arena, const struct search_part *part,
                        int64_t *out, struct err *err)
{
    ASSERT(COUNT_MAX == 201);
    return ask_of_keys(db, arena, part,
                       "SELECT count(*) FROM (SELECT 1 FROM search_directory WHERE kind = $1 "
                       "AND key >= $2 AND key < $3 LIMIT 201) k",
                       out, err);
}

static err_t plan_whole(struct db *db, struct arena *arena, struct search_plan *plan,
                        struct err *err)
{
    err_t e = OK;
    for (size_t k = 0; e == OK && k < ARRAY_COUNT(whole_kinds); k++) {
        const struct search_words *words = words_of(plan, whole_kinds[k]);
        struct search_part part;
        int64_t count = 0;
        if (words->count == 0) continue;
        part_make(arena, plan, whole_kinds[k], 0, words->count - 1, &part);
        part.others.count = 0;
        e = ask_of_keys(db, arena, &part,
                        "SELECT count(*) FROM (SELECT 1 FROM search_directory WHERE kind = $1 "
                        "AND key >= $2 AND key < $3 LIMIT 1) k",
                        &count, err);
        if (e == OK && count > 0) plan->parts[plan->part_count++] = part;
    }
    return e;
}

/* ---- a part of the words ----------------------------------------------------------------- */

/* Moves *last, at least first, to the last word up to which the words from first on begin this key.
 * False when not even one does. */
static bool longest_in(struct arena *arena, const struct search_words *words, size_t first,
                       struct str key, size_t *last)
{
    bool found = false;
    for (size_t i = first; i < words->count; i++) {
        if (!str_starts(key, search_phrase(arena, words, first, i))) break;
        if (i > *last) *last = i;
        found = true;
    }
    return found;
}

/* Of all keys the one that shares the longest beginning with a phrase stands next to it. */
static err_t longest_from(struct db *db, struct arena *arena, const struct search_words *words,
                          enum search_kind kind, size_t first, bool *out_found, size_t *out_last,
                          struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value name = v_text(search_kind_name(kind));
    struct value phrase = v_text(search_phrase(arena, words, first, words->count - 1));
    bool row = true;
    err_t e = db_query(db,
                       "SELECT key FROM (SELECT key FROM search_directory WHERE kind = $1 "
                       "AND key >= $2 ORDER BY key LIMIT 1) n UNION ALL SELECT key FROM (SELECT "
                       "key FROM search_directory WHERE kind = $1 AND key < $2 ORDER BY key DESC "
                       "LIMIT 1) p",
                       ARGS(name, phrase), &rows, err);
    *out_found = false;
    *out_last = first;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row)
        if (longest_in(arena, words, first, row_text(rows, 0), out_last)) *out_found = true;
    return e;
}

/* The keys that begin with one word of the request, kind by kind. */
struct beginning {
    struct search_part parts[SEARCH_KINDS_OF_WORDS];
    size_t count;
    int64_t cost;
    size_t longest; /* bytes of a phrase: among many keys the longer is the rarer */
};

static bool is_rarer(const struct beginning *a, const struct beginning *b)
{
    return a->cost < b->cost || (a->cost == b->cost && a->longest > b->longest);
}

static err_t weigh(struct db *db, struct arena *arena, const struct search_plan *plan,
                   enum search_kind kind, size_t first, struct beginning *out, struct err *err)
{
    struct search_part part;
    bool found = false;
    size_t last;
    int64_t count = 0;
    err_t e = longest_from(db, arena, words_of(plan, kind), kind, first, &found, &last, err);
    if (e != OK || !found) return e;
    part_make(arena, plan, kind, first, last, &part);
    e = count_keys(db, arena, &part, &count, err);
    if (e != OK || count == 0) return e;
    part.few = count <= SEARCH_OPEN_MAX;
    out->parts[out->count++] = part;
    if (part.phrase.n > out->longest) out->longest = part.phrase.n;
    if (count == COUNT_MAX) out->cost += COST_OF_MANY;
    else out->cost += count * (kind == SEARCH_place ? POINT_WEIGHT : 1);
    return OK;
}

/* A word may begin a name here and a street there: where it is looked for, it is in every kind. */
static err_t weigh_word(struct db *db, struct arena *arena, const struct search_plan *plan,
                        struct str word, struct beginning *out, struct err *err)
{
    err_t e = OK;
    *out = (struct beginning){.count = 0};
    for (size_t k = 0; e == OK && k < ARRAY_COUNT(word_kinds); k++) {
        const struct search_words *words = words_of(plan, word_kinds[k]);
        size_t at = 0;
        while (at < words->count && !str_equal(words->word[at], word)) at++;
        if (at < words->count) e = weigh(db, arena, plan, word_kinds[k], at, out, err);
    }
    return e;
}

static void add_parts(struct search_plan *plan, const struct beginning *beginning, bool few_only)
{
    for (size_t i = 0; i < beginning->count && plan->part_count < SEARCH_PARTS_MAX; i++)
        if (!few_only || beginning->parts[i].few)
            plan->parts[plan->part_count++] = beginning->parts[i];
}

/* The word whose keys are fewest; then, for who has that word elsewhere, the others with few. */
static err_t plan_rarest(struct db *db, struct arena *arena, struct search_plan *plan,
                         struct err *err)
{
    struct beginning *words = ARENA_ARRAY(arena, struct beginning, SEARCH_ASKED_MAX);
    size_t rarest = SEARCH_ASKED_MAX;
    err_t e = OK;
    if (words == NULL) return err_memory(err);
    for (size_t i = 0; e == OK && i < plan->names.count; i++) {
        e = weigh_word(db, arena, plan, plan->names.word[i], &words[i], err);
        if (words[i].count > 0 &&
            (rarest == SEARCH_ASKED_MAX || is_rarer(&words[i], &words[rarest])))
            rarest = i;
    }
    if (e != OK || rarest == SEARCH_ASKED_MAX) return e;
    add_parts(plan, &words[rarest], false);
    for (size_t i = 0; i < plan->names.count; i++)
        if (i != rarest) add_parts(plan, &words[i], true);
    return OK;
}

static void at_most(struct search_words *words, size_t count)
{
    if (words->count > count) words->count = count;
}

err_t search_plan_make(struct db *db, struct arena *arena, struct str text, struct search_plan *out,
                       struct err *err)
{
    out->part_count = 0;
    err_t e = search_words_of(arena, text, false, &out->names, err);
    if (e == OK) e = search_words_of(arena, text, true, &out->places, err);
    if (e != OK) return e;
    at_most(&out->names, SEARCH_ASKED_MAX);
    at_most(&out->places, SEARCH_ASKED_MAX);
    e = plan_whole(db, arena, out, err);
    if (e == OK && out->part_count == 0) e = plan_rarest(db, arena, out, err);
    return e == OK && arena->failed ? err_memory(err) : e;
}

/* ---- words of texts ---------------------------------------------------------------------- */

static bool begins_one(const struct search_words *of_texts, struct str word)
{
    for (size_t i = 0; i < of_texts->count; i++)
        if (str_starts(of_texts->word[i], word)) return true;
    return false;
}

err_t search_has_words(struct arena *arena, const struct search_words *words,
                       const struct str *texts, size_t text_count, bool *out, struct err *err)
{
    bool found[SEARCH_WORDS_MAX] = {false};
    err_t e = OK;
    for (size_t t = 0; e == OK && t < text_count; t++) {
        struct search_words of_text;
        e = search_words_of(arena, texts[t], false, &of_text, err);
        for (size_t i = 0; e == OK && i < words->count; i++)
            if (begins_one(&of_text, words->word[i])) found[i] = true;
    }
    *out = true;
    for (size_t i = 0; i < words->count; i++)
        if (!found[i]) *out = false;
    return e;
}
