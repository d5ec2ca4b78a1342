/* SPDX-License-Identifier: Apache-2.0 */
/* The next keys of a part, and who of them is worth opening: where other words are asked as well,
 * what stands nearest to a key is read beside it, one look-up for a party and three for a place,
 * instead of the dozen that a whole answer takes. */
#include "registry/search_int.h"

enum { PLACES_PORTION = 32 };

/* The limit stands inside, so that no plan can look at more parties than that. */
static const char party_keys_sql[] =
    "SELECT d.key, d.unit_id, d.subject_id, p.name || ' ' || p.address, length(p.address) "
    "FROM (SELECT key, unit_id, subject_id FROM search_directory WHERE kind = $1 "
    "AND (key, unit_id, subject_id) > ($2, $3, $4) AND key < $5 "
    "ORDER BY key, unit_id, subject_id LIMIT 101) d "
    "LEFT JOIN party p ON p.unit_id = d.unit_id AND p.party_id = d.subject_id "
    "ORDER BY d.key, d.unit_id, d.subject_id";
/* Whoever was ever supplied there: some rows of a place follow each other. Facts of a point lie
 * together, so that its address costs nothing beside its agreement. */
static const char place_keys_sql[] =
    "SELECT d.key, d.unit_id, d.subject_id, coalesce(a.value_text, '') || ' ' || "
    "coalesce(p.name, ''), 1 FROM (SELECT key, unit_id, subject_id FROM search_directory "
    "WHERE kind = $1 AND (key, unit_id, subject_id) > ($2, $3, $4) AND key < $5 "
    "ORDER BY key, unit_id, subject_id LIMIT 33) d "
    "LEFT JOIN point_fact a ON a.unit_id = d.unit_id AND a.point_id = d.subject_id "
    "AND a.kind = 'address' AND a.state = 'set' "
    "LEFT JOIN point_fact g ON g.unit_id = d.unit_id AND g.point_id = d.subject_id "
    "AND g.kind = 'agreement' AND g.state = 'set' "
    "LEFT JOIN agreement_fact h ON h.unit_id = g.unit_id AND h.agreement_id = g.value_i64 "
    "AND h.kind = 'holder' AND h.state = 'set' "
    "LEFT JOIN party p ON p.unit_id = h.unit_id AND p.party_id = h.value_i64 "
    "ORDER BY d.key, d.unit_id, d.subject_id";
static const char keys_sql[] =
    "SELECT key, unit_id, subject_id FROM search_directory WHERE kind = $1 "
    "AND (key, unit_id, subject_id) > ($2, $3, $4) AND key < $5 "
    "ORDER BY key, unit_id, subject_id LIMIT 17";

/* How the keys of a part are read, and how many at a time. */
struct reading {
    struct arena *scratch;
    const struct search_part *part;
    const char *sql;
    size_t portion;
    bool looks; /* the words are asked of what stands beside a key */
};

static struct reading reading_of(const struct search_part *part, struct arena *scratch)
{
    if (part->others.count == 0)
        return (struct reading){scratch, part, keys_sql, SEARCH_AT_ONCE, false};
    if (part->kind == SEARCH_place)
        return (struct reading){scratch, part, place_keys_sql, PLACES_PORTION, true};
    return (struct reading){scratch, part, party_keys_sql, SEARCH_PORTION, true};
}

static bool is_same(const struct search_candidate *a, const struct search_candidate *b)
{
    return a->unit_id == b->unit_id && a->subject_id == b->subject_id && str_equal(a->key, b->key);
}

/* Whether it is worth while to read the facts of a candidate. A place comes once for everybody who
 * was supplied there, and one of them must have the words, whose hits are asked for themselves. */
static err_t judge(const struct reading *r, const struct rows *row, struct search_candidate *of,
                   bool *worth, struct err *err)
{
    struct str text = arena_str(r->scratch, row_text_or_empty(row, 3));
    bool has = false;
    err_t e = search_has_words(r->scratch, &r->part->others, &text, 1, &has, err);
    *worth = *worth || has;
    if (r->part->kind == SEARCH_place) return e;
    of->text = text;
    of->has_words = has;
    /* Where the person is reached from another address than the supply, it takes a closer look. */
    *worth = has || r->part->few || row_i64_or(row, 4, 0) == 0;
    return e;
}

/* Takes a row: another candidate, or more of the last one. *out_room is false where it has none. */
static err_t take_row(const struct reading *r, const struct rows *row, struct search_portion *out,
                      bool *out_room, struct err *err)
{
    struct search_candidate candidate = {
        .key = row_text(row, 0), .unit_id = row_i64(row, 1), .subject_id = row_i64(row, 2)};
    bool more = out->count > 0 && is_same(&candidate, &out->candidates[out->count - 1]);
    *out_room = more || out->count < r->portion;
    if (!*out_room) return OK;
    if (!more) {
        candidate.key = arena_str(r->scratch, candidate.key);
        out->worth[out->count] = !r->looks;
        out->candidates[out->count++] = candidate;
    }
    size_t i = out->count - 1;
    return r->looks ? judge(r, row, &out->candidates[i], &out->worth[i], err) : OK;
}

err_t search_portion_read(struct db *db, struct arena *scratch, const struct search_part *part,
                          const struct search_candidate *last, struct search_portion *out,
                          struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    const struct reading reading = reading_of(part, scratch);
    bool row = true, room = true;
    arena_reset(scratch);
    out->count = 0;
    err_t e =
        db_query(db, reading.sql,
                 ARGS(v_text(search_kind_name(part->kind)), v_text(last->key), v_i64(last->unit_id),
                      v_i64(last->subject_id), v_text(search_behind(scratch, part->phrase))),
                 &rows, err);
    while (e == OK && room && (e = rows_next(rows, &row, err)) == OK && row)
        e = take_row(&reading, rows, out, &room, err);
    out->is_last = !row;
    return e == OK && scratch->failed ? err_memory(err) : e;
}
