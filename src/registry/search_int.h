/* SPDX-License-Identifier: Apache-2.0 */
/* What one search shares; private to the room. */
#ifndef SANGDEN_REGISTRY_SEARCH_INT_H
#define SANGDEN_REGISTRY_SEARCH_INT_H

#include "registry/search.h"
#include "store/store.h"

/* Words of the request that are together the beginning of keys, and those that must stand somewhere
 * else with whoever they lead to. */
struct search_part {
    enum search_kind kind; /* name, place or address */
    size_t first, last;    /* of the words of that kind */
    struct str phrase;
    struct search_words others;
    bool few; /* so few keys begin so that each may be opened */
};

enum { SEARCH_KINDS_OF_WORDS = 3, SEARCH_PARTS_MAX = 12, SEARCH_ASKED_MAX = 10 /* words */ };

/* How a request is read. */
struct search_plan {
    struct search_words names;  /* as names are written */
    struct search_words places; /* as addresses are */
    struct search_part parts[SEARCH_PARTS_MAX];
    size_t part_count;
};

/* What is behind every text that begins with a prefix. */
struct str search_behind(struct arena *arena, struct str prefix);

/* Reads the words and chooses where to look. */
NODISCARD err_t search_plan_make(struct db *db, struct arena *arena, struct str text,
                                 struct search_plan *out, struct err *err);

/* What a directory leads to. */
struct search_candidate {
    struct str key;
    int64_t unit_id, subject_id;
    struct str text; /* what is known of a party at once; empty otherwise */
    bool has_words;  /* the text has all that is asked for */
};

enum { SEARCH_AT_ONCE = 16, SEARCH_OPENED_MAX = SEARCH_AT_ONCE * SEARCH_CODES_MAX };

/* An agreement that a candidate leads to. */
struct search_opened {
    size_t candidate;
    struct search_hit hit;
};

/* Opens at most SEARCH_AT_ONCE candidates of one kind together, because each question to a server
 * costs more than what it reads; in the order of the candidates, of each the present before the
 * former. Texts live in the arena. */
NODISCARD err_t search_open_all(struct db *db, struct arena *arena, enum search_kind kind,
                                const struct search_candidate *candidates, size_t count,
                                int32_t day, struct search_opened out[SEARCH_OPENED_MAX],
                                size_t *out_count, struct err *err);

/* Whether every word begins one of the words of the texts. */
NODISCARD err_t search_has_words(struct arena *arena, const struct search_words *words,
                                 const struct str *texts, size_t text_count, bool *out,
                                 struct err *err);

enum { SEARCH_PORTION = 100 };

/* The keys of a part that come next. */
struct search_portion {
    struct search_candidate candidates[SEARCH_PORTION];
    bool worth[SEARCH_PORTION]; /* opening: the words asked for may be with whoever it leads to */
    size_t count;
    bool is_last; /* there are no more keys behind it */
};

/* Reads them behind a candidate. Texts live in the scratch, which is emptied first. */
NODISCARD err_t search_portion_read(struct db *db, struct arena *scratch,
                                    const struct search_part *part,
                                    const struct search_candidate *last, struct search_portion *out,
                                    struct err *err);

/* Where the answer before ended. */
struct search_place {
    struct search_part part;
    struct search_candidate last;
};

/* Writes it without naming anybody: kind.first.last.unit.subject.mark */
void search_cursor_write(const struct search_place *place, char out[SEARCH_CURSOR_BYTES]);
/* Finds the place again; E_INPUT when the cursor is not of this text, or its key is gone. */
NODISCARD err_t search_cursor_read(struct db *db, struct arena *arena, struct str cursor,
                                   const struct search_plan *plan, size_t *out_part,
                                   struct search_candidate *out, struct err *err);

#endif
