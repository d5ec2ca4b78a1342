/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search.h"

#include "base/clock.h"
#include "base/text.h"
#include "registry/search_int.h"

enum {
    CODE_MIN = 3,
    PHONE_MIN = 5,
    SCRATCH_BYTES = 256 << 10,
    ENOUGH_MS = 30 /* longer than this nobody waits for more: the cursor goes on */
};

struct search {
    struct db *db;
    struct arena *arena;
    struct arena scratch; /* of one portion */
    const struct search_request *request;
    int64_t until_ms;
    struct search_hit *hits;
    size_t count;
    int64_t scanned, opened;
    struct search_opened *found;      /* SEARCH_OPENED_MAX, of the candidates opened last */
    struct search_candidate *waiting; /* SEARCH_AT_ONCE */
    size_t waiting_count;
    struct search_portion *portion;
    bool no_room; /* for the hits of a candidate: it is the next answer's */
};

/* Every answer gets on by some candidates, however long they take. */
static bool is_full(const struct search *search)
{
    return search->count == SEARCH_HITS_MAX || search->no_room ||
           search->scanned >= SEARCH_SCAN_MAX || search->opened >= SEARCH_OPEN_MAX ||
           (search->scanned >= SEARCH_AT_ONCE && clock_now_ms() > search->until_ms);
}

static bool is_there(const struct search *search, const struct search_hit *hit)
{
    for (size_t i = 0; i < search->count; i++)
        if (search->hits[i].unit_id == hit->unit_id &&
            search->hits[i].agreement_id == hit->agreement_id)
            return true;
    return false;
}

/* What is asked of candidates before they are shown. */
struct asked {
    enum search_kind kind;
    bool is_code;                     /* the key is what matched */
    const struct search_words *words; /* that each must have in some text, or NULL */
};

/* Takes the hits of one candidate; all or none, so that the cursor can stand before it. */
static err_t take_hits(struct search *search, const struct asked *asked,
                       const struct search_candidate *candidate, const struct search_opened *found,
                       size_t count, struct err *err)
{
    err_t e = OK;
    search->no_room = search->count + count > SEARCH_HITS_MAX;
    for (size_t i = 0; e == OK && !search->no_room && i < count; i++) {
        const struct search_hit *hit = &found[i].hit;
        struct str texts[] = {candidate->text, hit->holder, hit->address};
        bool has = true;
        if (asked->words != NULL && !candidate->has_words)
            e = search_has_words(&search->scratch, asked->words, texts, ARRAY_COUNT(texts), &has,
                                 err);
        if (e != OK || !has || is_there(search, hit)) continue;
        search->hits[search->count] = *hit;
        search->hits[search->count++].matched = asked->is_code ? candidate->key : S("");
    }
    return e;
}

/* Opens those that wait. *last, where it is wanted, becomes the last one whose hits were taken. */
static err_t open_waiting(struct search *search, const struct asked *asked,
                          struct search_candidate *last, struct err *err)
{
    const struct search_candidate *waiting = search->waiting;
    size_t count = 0, at = 0;
    if (search->waiting_count == 0) return OK;
    err_t e =
        search_open_all(search->db, search->arena, asked->kind, waiting, search->waiting_count,
                        search->request->day, search->found, &count, err);
    for (size_t i = 0; e == OK && !search->no_room && i < search->waiting_count; i++) {
        size_t end = at;
        while (end < count && search->found[end].candidate == i) end++;
        e = take_hits(search, asked, &waiting[i], search->found + at, end - at, err);
        at = end;
        if (search->no_room) break;
        search->opened++;
        if (last != NULL) *last = waiting[i];
    }
    search->waiting_count = 0;
    return e;
}

/* ---- codes ------------------------------------------------------------------------------- */

/* The first keys that begin so: key, unit, subject. */
static err_t find_keys(struct search *search, const char *sql, struct args args,
                       const struct asked *asked, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(search->db, sql, args, &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        ASSERT(search->waiting_count < SEARCH_AT_ONCE);
        search->waiting[search->waiting_count++] =
            (struct search_candidate){.key = arena_str(search->arena, row_text(rows, 0)),
                                      .unit_id = row_i64(rows, 1),
                                      .subject_id = row_i64(rows, 2)};
    }
    return e == OK ? open_waiting(search, asked, NULL, err) : e;
}

static err_t find_stored(struct search *search, enum search_kind kind, struct str prefix,
                         struct err *err)
{
    return find_keys(search,
                     "SELECT key, unit_id, subject_id FROM search_directory WHERE kind = $1 "
                     "AND key >= $2 AND key < $3 ORDER BY key, unit_id, subject_id LIMIT 10",
                     ARGS(v_text(search_kind_name(kind)), v_text(prefix),
                          v_text(search_behind(search->arena, prefix))),
                     &(struct asked){.kind = kind, .is_code = kind == SEARCH_account}, err);
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
        e = find_keys(search, directories[i].sql, args,
                      &(struct asked){.kind = directories[i].kind, .is_code = true}, err);
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

/* Looks at a portion; *last becomes the last candidate that is done with. */
static err_t take_portion(struct search *search, const struct search_part *part,
                          struct search_portion *portion, struct search_candidate *last,
                          bool *out_all, struct err *err)
{
    struct asked asked = {.kind = part->kind,
                          .words = part->others.count > 0 ? &part->others : NULL};
    err_t e = OK;
    size_t i = 0;
    for (; e == OK && !is_full(search) && i < portion->count; i++) {
        struct search_candidate *candidate = &portion->candidates[i];
        search->scanned++;
        if (portion->worth[i]) search->waiting[search->waiting_count++] = *candidate;
        if (e == OK && (search->waiting_count == SEARCH_AT_ONCE || i + 1 == portion->count))
            e = open_waiting(search, &asked, last, err);
        if (e == OK && search->waiting_count == 0 && !search->no_room) *last = *candidate;
    }
    *out_all = i == portion->count && !search->no_room;
    return e == OK ? open_waiting(search, &asked, last, err) : e;
}

/* Goes on behind *last; *out_end tells whether the part was looked at to its end. */
static err_t find_part(struct search *search, const struct search_part *part,
                       struct search_candidate *last, bool *out_end, struct err *err)
{
    struct search_portion *portion = search->portion;
    bool all = true;
    err_t e = OK;
    do {
        e = search_portion_read(search->db, &search->scratch, part, last, portion, err);
        if (e == OK) e = take_portion(search, part, portion, last, &all, err);
        last->key = arena_str(search->arena, last->key);
    } while (e == OK && all && !portion->is_last && !is_full(search));
    *out_end = all && portion->is_last;
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

static err_t make_room(struct search *search, struct err *err)
{
    search->hits = ARENA_ARRAY(search->arena, struct search_hit, SEARCH_HITS_MAX);
    search->found = ARENA_ARRAY(search->arena, struct search_opened, SEARCH_OPENED_MAX);
    search->waiting = ARENA_ARRAY(search->arena, struct search_candidate, SEARCH_AT_ONCE);
    search->portion = ARENA_NEW(search->arena, struct search_portion);
    return search->arena->failed ? err_memory(err) : OK;
}

static err_t run(struct search *search, struct str text, struct search_answer *out, struct err *err)
{
    const struct search_request *request = search->request;
    struct search_candidate from = {.key = S("")};
    struct search_plan *plan = ARENA_NEW(search->arena, struct search_plan);
    struct str folded;
    size_t first = 0;
    err_t e = make_room(search, err);
    if (e == OK) e = text_fold(search->arena, text, &folded, err);
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
    struct search search = {
        .db = db, .arena = arena, .request = request, .until_ms = clock_now_ms() + ENOUGH_MS};
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
