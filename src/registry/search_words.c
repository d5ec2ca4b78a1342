/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/search_words.h"

#include "base/buffer.h"
#include "base/text.h"
#include "network/fact_write.h"
#include "registry/facts.h"
#include "store/store.h"

enum {
    NUMBER_ABROAD_MIN = 11, /* digits of a whole number that begins with 84 */
    NUMBER_MIN = 6          /* less is a note, not a number */
};

static const struct {
    struct str name;
    const char *vi, *en;
} kinds[SEARCH_KIND_COUNT] = {
#define SEARCH_KIND(name, stored, vi, en) [SEARCH_##name] = {S_INIT(#name), vi, en},
#include "registry/search_kinds.def"
};

struct str search_kind_name(enum search_kind kind)
{
    ASSERT(kind >= 0 && kind < SEARCH_KIND_COUNT);
    return kinds[kind].name;
}

const char *search_kind_vi(enum search_kind kind)
{
    ASSERT(kind >= 0 && kind < SEARCH_KIND_COUNT);
    return kinds[kind].vi;
}

const char *search_kind_en(enum search_kind kind)
{
    ASSERT(kind >= 0 && kind < SEARCH_KIND_COUNT);
    return kinds[kind].en;
}

/* ---- words ------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Folded texts have no capitals; bytes above ASCII belong to letters of other scripts. */
static bool is_word_byte(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool has_digit(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (is_digit(word.p[i])) return true;
    return false;
}

/* How many of the words from here on say only what kind of place follows. */
static size_t says_nothing(const struct search_words *words, size_t at)
{
    static const struct str alone[] = {S_INIT("so"),     S_INIT("duong"), S_INIT("pho"),
                                       S_INIT("phuong"), S_INIT("xa"),    S_INIT("quan"),
                                       S_INIT("huyen"),  S_INIT("tinh"),  S_INIT("tp"),
                                       S_INIT("tt"),     S_INIT("tx")};
    static const struct str pairs[][2] = {{S_INIT("thanh"), S_INIT("pho")},
                                          {S_INIT("thi"), S_INIT("tran")},
                                          {S_INIT("thi"), S_INIT("xa")}};
    for (size_t i = 0; at + 1 < words->count && i < ARRAY_COUNT(pairs); i++)
        if (str_equal(words->word[at], pairs[i][0]) && str_equal(words->word[at + 1], pairs[i][1]))
            return 2;
    for (size_t i = 0; i < ARRAY_COUNT(alone); i++)
        if (str_equal(words->word[at], alone[i])) return 1;
    return 0;
}

static void split_words(struct str folded, struct search_words *out)
{
    for (size_t i = 0; i < folded.n && out->count < SEARCH_WORDS_MAX;) {
        size_t end = i;
        while (end < folded.n && is_word_byte(folded.p[end])) end++;
        if (end > i) out->word[out->count++] = str_sub(folded, i, end - i);
        i = end + 1;
    }
}

/* A word that says nothing stays where nothing else does: "Xã" alone is still a word. */
static void leave_out(struct search_words *words)
{
    struct search_words kept = {.count = 0};
    for (size_t i = 0; i < words->count;) {
        size_t skipped = says_nothing(words, i);
        if (skipped == 0) kept.word[kept.count++] = words->word[i];
        i += skipped == 0 ? 1 : skipped;
    }
    if (kept.count > 0) *words = kept;
}

err_t search_words_of(struct arena *arena, struct str text, bool address, struct search_words *out,
                      struct err *err)
{
    struct str folded;
    out->count = 0;
    if (text.n == 0) return OK;
    err_t e = text_fold(arena, text, &folded, err);
    if (e != OK) return e;
    split_words(folded, out);
    if (address) leave_out(out);
    return OK;
}

struct str search_phrase(struct arena *arena, const struct search_words *words, size_t first,
                         size_t last)
{
    char memory[SEARCH_KEY_BYTES + 8]; /* more than a key, which ends at a whole character */
    struct buf phrase;
    buf_init_fixed(&phrase, memory, sizeof memory);
    for (size_t i = first; i <= last && !phrase.failed; i++) {
        if (i > first) buf_add_char(&phrase, ' ');
        buf_add(&phrase, words->word[i]);
    }
    return arena_str(arena, str_trim(str_first(buf_str(&phrase), SEARCH_KEY_BYTES)));
}

struct str search_phone_of(struct arena *arena, struct str text)
{
    char memory[SEARCH_KEY_BYTES];
    struct buf digits;
    bool abroad = str_starts(str_trim(text), S("+"));
    buf_init_fixed(&digits, memory, sizeof memory);
    for (size_t i = 0; i < text.n; i++) {
        if (is_digit(text.p[i])) buf_add_char(&digits, text.p[i]);
        else if (str_find(S("+-. ()"), text.p[i]) == 6) return S("");
    }
    struct str number = buf_str(&digits);
    if (digits.failed) return S("");
    if (str_starts(number, S("0084"))) {
        number = str_sub(number, 2, number.n);
        abroad = true;
    }
    if (!str_starts(number, S("84")) || (!abroad && number.n < NUMBER_ABROAD_MIN))
        return arena_str(arena, number);
    number = str_sub(number, 2, number.n);
    return arena_printf(arena, "%s%.*s", str_starts(number, S("0")) ? "" : "0", STR_ARG(number));
}

/* ---- keys -------------------------------------------------------------------------------- */

static void add_key(struct search_keys *keys, struct str key)
{
    if (key.n == 0 || keys->count == SEARCH_KEYS_MAX) return;
    for (size_t i = 0; i < keys->count; i++)
        if (str_equal(keys->key[i], key)) return;
    keys->key[keys->count++] = key;
}

/* People are called by any of their names. */
static err_t keys_of_name(struct arena *arena, struct str text, struct search_keys *out,
                          struct err *err)
{
    struct search_words words;
    err_t e = search_words_of(arena, text, false, &words, err);
    for (size_t i = 0; e == OK && i < words.count; i++)
        add_key(out, search_phrase(arena, &words, i, words.count - 1));
    return e;
}

/* Where people begin an address: at its first word, where a number gives way to a name, and at each
 * part between commas but the last, which half the country shares. */
static err_t keys_of_address(struct arena *arena, struct str text, struct search_keys *out,
                             struct err *err)
{
    struct search_words words = {.count = 0};
    bool begins[SEARCH_WORDS_MAX] = {false};
    struct str rest = text, part;
    err_t e = OK;
    while (e == OK && str_split(&rest, ',', &part)) {
        struct search_words of_part;
        e = search_words_of(arena, part, true, &of_part, err);
        for (size_t i = 0; e == OK && i < of_part.count && words.count < SEARCH_WORDS_MAX; i++) {
            bool behind_number = i > 0 && has_digit(of_part.word[i - 1]);
            begins[words.count] = (i == 0 && rest.p != NULL) || words.count == 0 ||
                                  (behind_number && !has_digit(of_part.word[i]));
            words.word[words.count++] = of_part.word[i];
        }
    }
    for (size_t i = 0; e == OK && i < words.count; i++)
        if (begins[i]) add_key(out, search_phrase(arena, &words, i, words.count - 1));
    return e;
}

/* One field may hold several numbers. */
static void keys_of_phone(struct arena *arena, struct str text, struct search_keys *out)
{
    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        while (end < text.n && str_find(S("/;,"), text.p[end]) == 3) end++;
        struct str number = search_phone_of(arena, str_trim(str_sub(text, i, end - i)));
        if (number.n >= NUMBER_MIN) add_key(out, number);
        i = end + 1;
    }
}

static err_t key_of_whole(struct arena *arena, struct str text, struct search_keys *out,
                          struct err *err)
{
    struct str folded;
    err_t e = text_fold(arena, text, &folded, err);
    if (e == OK) add_key(out, str_first(folded, SEARCH_KEY_BYTES));
    return e;
}

/* Codes are looked up as they are written. */
static err_t key_of_code(struct arena *arena, struct str text, struct search_keys *out,
                         struct err *err)
{
    struct str code;
    err_t e = text_nfc(arena, text, &code, err);
    if (e == OK) add_key(out, str_first(code, SEARCH_KEY_BYTES));
    return e;
}

err_t search_keys_of(struct arena *arena, enum search_kind kind, struct str text,
                     struct search_keys *out, struct err *err)
{
    err_t e = OK;
    out->count = 0;
    if (text.n == 0) return OK;
    switch (kind) {
    case SEARCH_name: e = keys_of_name(arena, text, out, err); break;
    case SEARCH_phone: keys_of_phone(arena, text, out); break;
    case SEARCH_place:
    case SEARCH_address: e = keys_of_address(arena, text, out, err); break;
    case SEARCH_account: e = key_of_code(arena, text, out, err); break;
    case SEARCH_email:
    case SEARCH_tax_code: e = key_of_whole(arena, text, out, err); break;
    case SEARCH_agreement:
    case SEARCH_point:
    case SEARCH_meter:
    case SEARCH_KIND_COUNT: ASSERT(!"a stored kind");
    }
    return e == OK && arena->failed ? err_memory(err) : e;
}

/* ---- rows -------------------------------------------------------------------------------- */

static err_t each_key(struct db *db, struct arena *arena, const struct search_entry *entry,
                      const char *sql, struct err *err)
{
    struct search_keys keys;
    err_t e = search_keys_of(arena, entry->kind, entry->text, &keys, err);
    for (size_t i = 0; e == OK && i < keys.count; i++)
        e = db_run(db, sql,
                   ARGS(v_text(search_kind_name(entry->kind)), v_text(keys.key[i]),
                        v_i64(entry->unit_id), v_i64(entry->subject_id)),
                   NULL, err);
    return e;
}

err_t search_enter(struct db *db, struct arena *arena, const struct search_entry *entry,
                   struct err *err)
{
    return each_key(db, arena, entry,
                    "INSERT INTO search_directory (kind, key, unit_id, subject_id) "
                    "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                    err);
}

err_t search_enter_fact(struct db *db, struct arena *arena, const struct fact_entry *fact,
                        struct err *err)
{
    struct search_entry entry = {SEARCH_place, fact->value.text, fact->unit_id, fact->subject_id};
    if (fact->kind != &point_fact_kinds[POINT_address] || fact->state != FACT_SET) return OK;
    return search_enter(db, arena, &entry, err);
}

err_t search_drop(struct db *db, struct arena *arena, const struct search_entry *entry,
                  struct err *err)
{
    return each_key(db, arena, entry,
                    "DELETE FROM search_directory WHERE kind = $1 AND key = $2 AND unit_id = $3 "
                    "AND subject_id = $4",
                    err);
}

err_t search_bulk_open(struct db *db, struct bulk **out, struct err *err)
{
    return bulk_open(db, "search_directory", "kind, key, unit_id, subject_id", out, err);
}

err_t search_bulk_enter(struct bulk *bulk, struct arena *arena, const struct search_entry *entry,
                        struct err *err)
{
    struct search_keys keys;
    err_t e = search_keys_of(arena, entry->kind, entry->text, &keys, err);
    for (size_t i = 0; e == OK && i < keys.count; i++)
        e = bulk_row(bulk,
                     ARGS(v_text(search_kind_name(entry->kind)), v_text(keys.key[i]),
                          v_i64(entry->unit_id), v_i64(entry->subject_id)),
                     err);
    return e;
}
