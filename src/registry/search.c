/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search.h"

#include "base/text.h"
#include "registry/search_int.h"

enum { CODE_MIN = 3, PHONE_MIN = 5, SCRATCH_BYTES = 256 << 10 };

struct search {
    struct db *db;
    struct arena *arena;
    struct arena scratch; /* of one candidate */
    const struct search_request *request;
    struct search_hit *hits;
    size_t count;
    int64_t scanned, opened;
};

static bool is_full(const struct search *search)
{
    return search->count == SEARCH_HITS_MAX || search->scanned >= SEARCH_SCAN_MAX ||
           search->opened >= SEARCH_OPEN_MAX;
}

static bool is_there(const struct search *search, const struct search_hit *hit)
{
    for (size_t i = 0; i < search->count; i++)
        if (search->hits[i].unit_id == hit->unit_id &&
            search->hits[i].agreement_id == hit->agreement_id)
            return true;
    return false;
}

/* Adds the agreements of a candidate; words: that each must have in some text, or NULL. */
static err_t open_candidate(struct search *search, enum search_kind kind,
                            const struct search_candidate *candidate, struct str matched,
                            const struct search_words *words, struct err *err)
{
    struct search_hit found[SEARCH_CODES_MAX];
    size_t count = 0;
    search->opened++;
    err_t e = search_open(search->db, search->arena, kind, candidate->unit_id,
                          candidate->subject_id, search->request->day, found, &count, err);
    for (size_t i = 0; e == OK && i < count && search->count < SEARCH_HITS_MAX; i++) {
        struct str texts[] = {candidate->text, found[i].holder, found[i].address};
        bool has = true;
        if (words != NULL)
            e = search_has_words(&search->scratch, words, texts, ARRAY_COUNT(texts), &has, err);
        if (e != OK || !has || is_there(search, &found[i])) continue;
        found[i].matched = matched;
        search->hits[search->count++] = found[i];
    }
    return e;
}

/* ---- codes ------------------------------------------------------------------------------- */

/* The first keys that begin so: key, unit, subject. */
static err_t find_keys(struct search *search, const char *sql, struct args args,
                       enum search_kind kind, bool is_code, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct search_candidate found[SEARCH_CODES_MAX];
    size_t count = 0;
    bool row = true;
    err_t e = db_query(search->db, sql, args, &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        ASSERT(count < SEARCH_CODES_MAX);
        found[count++] = (struct search_candidate){arena_str(search->arena, row_text(rows, 0)),
                                                   row_i64(rows, 1), row_i64(rows, 2), S("")};
    }
    for (size_t i = 0; e == OK && i < count; i++)
        e = open_candidate(search, kind, &found[i], is_code ? found[i].key : S(""), NULL, err);
    return e;
}

static err_t find_stored(struct search *search, enum search_kind kind, struct str prefix,
                         struct err *err)
{
    return find_keys(search,
                     "SELECT key, unit_id, subject_id FROM search_directory WHERE kind = $1 "
                     "AND key >= $2 AND key < $3 ORDER BY key, unit_id, subject_id LIMIT 10",
                     ARGS(v_text(search_kind_name(kind)), v_text(prefix),
                          v_text(search_behind(search->arena, prefix))),
                     kind, kind == SEARCH_account, err);
}

static err_t find_codes(struct search *search, struct str prefix, struct err *err)
{
    static const struct {
        enum search_kind kind;
        const char *sql;
    } directories[] = {
        {SEARCH_agreement, "SELECT code, unit_id, agreement_id FROM agreement_directory "
                           "WHERE code >= $1 AND code < $2 ORDER BY code LIMIT 10"},
        {SEARCH_point, "SELECT code, unit_id, point_id FROM point_directory "
                       "WHERE code >= $1 AND code < $2 ORDER BY code LIMIT 10"},
        {SEARCH_meter, "SELECT serial, unit_id, meter_id FROM meter_directory "
                       "WHERE serial >= $1 AND serial < $2 ORDER BY serial, maker LIMIT 10"},
    };
    struct args args = ARGS(v_text(prefix), v_text(search_behind(search->arena, prefix)));
    err_t e = OK;
    for (size_t i = 0; e == OK && i < ARRAY_COUNT(directories); i++)
        e = find_keys(search, directories[i].sql, args, directories[i].kind, true, err);
    return e == OK ? find_stored(search, SEARCH_account, prefix, err) : e;
}

/* As codes are written: without spaces, in capitals. Empty for what can be no code. */
static struct str code_of(struct arena *arena, struct str text)
{
    char memory[SEARCH_TEXT_MAX + 1];
    struct buf code;
    bool digit = false;
    buf_init_fixed(&code, memory, sizeof memory);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if ((unsigned char)c >= 0x80) return S("");
        digit |= c >= '0' && c <= '9';
        if (c != ' ') buf_add_char(&code, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return digit && code.n >= CODE_MIN && !code.failed ? arena_str(arena, buf_str(&code)) : S("");
}

static err_t find_by_codes(struct search *search, struct str text, struct str folded,
                           struct err *err)
{
    struct str code = code_of(search->arena, text);
    struct str phone = search_phone_of(search->arena, text);
    err_t e = code.n > 0 ? find_codes(search, code, err) : OK;
    if (e == OK && phone.n >= PHONE_MIN) e = find_stored(search, SEARCH_phone, phone, err);
    if (e == OK && code.n > 0) e = find_stored(search, SEARCH_tax_code, folded, err);
    if (e == OK && str_find(folded, '@') > 0 && str_find(folded, '@') < folded.n)
        e = find_stored(search, SEARCH_email, folded, err);
    return e;
}

/* ---- words ------------------------------------------------------------------------------- */

static const char party_keys_sql[] =
    "SELECT d.key, d.unit_id, d.subject_id, p.name || ' ' || p.address, length(p.address) "
    "FROM search_directory d JOIN party p ON p.unit_id = d.unit_id AND p.party_id = d.subject_id "
    "WHERE d.kind = $1 AND (d.key, d.unit_id, d.subject_id) > ($2, $3, $4) AND d.key < $5 "
    "ORDER BY d.key, d.unit_id, d.subject_id LIMIT 2000";
static const char keys_sql[] =
    "SELECT key, unit_id, subject_id FROM search_directory WHERE kind = $1 "
    "AND (key, unit_id, subject_id) > ($2, $3, $4) AND key < $5 "
    "ORDER BY key, unit_id, subject_id LIMIT 201";

/* Whether it is worth while to read the facts of a candidate. */
static err_t is_worth(struct search *search, const struct search_part *part,
                      const struct rows *rows, const struct search_candidate *candidate,
                      bool *out_has, bool *out, struct err *err)
{
    *out_has = part->others.count == 0;
    *out = true;
    if (*out_has || part->kind == SEARCH_place) return OK;
    err_t e = search_has_words(&search->scratch, &part->others, &candidate->text, 1, out_has, err);
    /* Where the person is reached from another address than the supply, it takes a closer look. */
    *out = *out_has || part->few || row_i64(rows, 4) == 0;
    return e;
}

static err_t take_candidate(struct search *search, const struct search_part *part,
                            const struct rows *rows, struct search_candidate *out, struct err *err)
{
    bool has = false, worth = false;
    arena_reset(&search->scratch);
    *out = (struct search_candidate){arena_str(&search->scratch, row_text(rows, 0)),
                                     row_i64(rows, 1), row_i64(rows, 2), S("")};
    if (part->kind != SEARCH_place && part->others.count > 0)
        out->text = arena_str(&search->scratch, row_text(rows, 3));
    if (search->scratch.failed) return err_memory(err);
    search->scanned++;
    err_t e = is_worth(search, part, rows, out, &has, &worth, err);
    if (e != OK || !worth) return e;
    return open_candidate(search, part->kind, out, S(""), has ? NULL : &part->others, err);
}

/* Goes on behind *last; *out_end tells whether the part was looked at to its end. */
static err_t find_part(struct search *search, const struct search_part *part,
                       struct search_candidate *last, bool *out_end, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    bool joined = part->kind != SEARCH_place && part->others.count > 0;
    err_t e =
        db_query(search->db, joined ? party_keys_sql : keys_sql,
                 ARGS(v_text(search_kind_name(part->kind)), v_text(last->key), v_i64(last->unit_id),
                      v_i64(last->subject_id), v_text(search_behind(search->arena, part->phrase))),
                 &rows, err);
    while (e == OK && !is_full(search) && (e = rows_next(rows, &row, err)) == OK && row)
        e = take_candidate(search, part, rows, last, err);
    if (e == OK && row) e = rows_next(rows, &row, err); /* full: is there one more? */
    *out_end = !row;
    return e;
}

static err_t find_by_words(struct search *search, const struct search_plan *plan, size_t first,
                           const struct search_candidate *from, struct search_answer *out,
                           struct err *err)
{
    struct search_candidate last = *from;
    err_t e = OK;
    for (size_t i = first; e == OK && i < plan->part_count; i++) {
        bool end = false;
        if (last.key.n == 0) last = (struct search_candidate){.key = plan->parts[i].phrase};
        e = find_part(search, &plan->parts[i], &last, &end, err);
        if (e == OK && !end) {
            struct search_place place = {plan->parts[i], last};
            search_cursor_write(&place, out->cursor);
            out->more = true;
            return OK;
        }
        last = (struct search_candidate){.key = S("")};
    }
    return e;
}

/* ---- the whole --------------------------------------------------------------------------- */

static err_t check_text(struct str text, struct err *err)
{
    if (text.n > 0 && text.n <= SEARCH_TEXT_MAX) return OK;
    err_set(err, E_INPUT, "q", "Nội dung tìm dài %zu byte", "The text to search for has %zu bytes",
            text.n);
    return err_hint(err, "Nhập mã, tên, điện thoại, địa chỉ hoặc số công tơ, không quá %d byte",
                    "Type a code, name, phone, address or meter serial of at most %d bytes",
                    SEARCH_TEXT_MAX);
}

static err_t run(struct search *search, struct str text, struct search_answer *out, struct err *err)
{
    const struct search_request *request = search->request;
    struct search_candidate from = {.key = S("")};
    struct search_plan *plan = ARENA_NEW(search->arena, struct search_plan);
    struct str folded;
    size_t first = 0;
    search->hits = ARENA_ARRAY(search->arena, struct search_hit, SEARCH_HITS_MAX);
    if (search->arena->failed) return err_memory(err);
    err_t e = text_fold(search->arena, text, &folded, err);
    if (e == OK && request->cursor.n == 0) e = find_by_codes(search, text, folded, err);
    if (e != OK || search->count > 0) return e; /* what is a code is no word */
    e = search_plan_make(search->db, search->arena, text, plan, err);
    if (e == OK && request->cursor.n > 0)
        e = search_cursor_read(search->db, search->arena, request->cursor, plan, &first, &from,
                               err);
    return e == OK ? find_by_words(search, plan, first, &from, out, err) : e;
}

err_t search_find(struct db *db, struct arena *arena, const struct search_request *request,
                  struct search_answer *out, struct err *err)
{
    struct search search = {.db = db, .arena = arena, .request = request};
    struct search_answer answer = {.more = false};
    struct str text = str_trim(request->text);
    err_t e = check_text(text, err);
    if (e != OK) return e;
    arena_init(&search.scratch, SCRATCH_BYTES);
    e = run(&search, text, &answer, err);
    arena_release(&search.scratch);
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    answer.hits = search.hits;
    answer.count = search.count;
    *out = answer;
    return OK;
}
