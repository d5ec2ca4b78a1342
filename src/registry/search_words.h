/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that lead to people, points and accounts: one row of search_directory each.
 *
 *   name "Nguyễn Văn An"            ─► "nguyen van an", "van an", "an"
 *   phone "+84 912.345.678"         ─► "0912345678"
 *   address "Số 12 ngõ 3 Trần Phú, phường Hải Châu"
 *                                   ─► "12 ngo 3 tran phu hai chau", "ngo 3 …", "tran phu …"
 *
 * A key is searched by its beginning, so a text has one for each word by which people begin. Words
 * such as "phường" say nothing and are left out of addresses, as they are of what is asked.
 * Ownership: keys live in the arena. Threads: as the connection. Limits: SEARCH_KEYS_MAX keys of
 * SEARCH_KEY_BYTES; what stands behind is not searched. */
#ifndef SANGDEN_REGISTRY_SEARCH_WORDS_H
#define SANGDEN_REGISTRY_SEARCH_WORDS_H

#include "base/arena.h"
#include "base/error.h"

struct db;
struct bulk;
struct fact_entry;

enum search_kind {
#define SEARCH_KIND(name, ...) SEARCH_##name,
#include "registry/search_kinds.def"
    SEARCH_KIND_COUNT
};

enum { SEARCH_KEYS_MAX = 8, SEARCH_KEY_BYTES = 64, SEARCH_WORDS_MAX = 32 };

/* "agreement", "name"; as stored. */
struct str search_kind_name(enum search_kind kind);
/* The same for people. */
const char *search_kind_vi(enum search_kind kind);
const char *search_kind_en(enum search_kind kind);

struct search_words {
    struct str word[SEARCH_WORDS_MAX];
    size_t count;
};

/* The words of a text, folded, without punctuation; address: also without those that say nothing.
 * E_INPUT when it is not UTF-8, E_MEMORY. */
NODISCARD err_t search_words_of(struct arena *arena, struct str text, bool address,
                                struct search_words *out, struct err *err);
/* Words first..last with single spaces between, as keys are. */
struct str search_phrase(struct arena *arena, const struct search_words *words, size_t first,
                         size_t last);
/* The digits of a telephone number from its zero on, in whichever way it is written; empty for what
 * has anything but digits and what people write between them. */
struct str search_phone_of(struct arena *arena, struct str text);

struct search_keys {
    struct str key[SEARCH_KEYS_MAX];
    size_t count;
};

/* The keys of a text of a stored kind. E_INPUT when it is not UTF-8, E_MEMORY. */
NODISCARD err_t search_keys_of(struct arena *arena, enum search_kind kind, struct str text,
                               struct search_keys *out, struct err *err);

/* What leads where. */
struct search_entry {
    enum search_kind kind;
    struct str text; /* as it is recorded; empty: no keys */
    int64_t unit_id;
    int64_t subject_id;
};

/* Enters the keys; those that are there stay. Inside the transaction of the change. */
NODISCARD err_t search_enter(struct db *db, struct arena *arena, const struct search_entry *entry,
                             struct err *err);
/* Enters what a new fact leads by: the address of a point. Nothing for any other kind. */
NODISCARD err_t search_enter_fact(struct db *db, struct arena *arena, const struct fact_entry *fact,
                                  struct err *err);
/* Takes them out. Inside the transaction of the change. */
NODISCARD err_t search_drop(struct db *db, struct arena *arena, const struct search_entry *entry,
                            struct err *err);
/* The same for many new subjects. */
NODISCARD err_t search_bulk_open(struct db *db, struct bulk **out, struct err *err);
NODISCARD err_t search_bulk_enter(struct bulk *bulk, struct arena *arena,
                                  const struct search_entry *entry, struct err *err);

#endif
