/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a customer in all units by whatever is known: one text, ranked answers.
 *
 *   "PD01000000001"  "0912 345 678"  "nguyen van an"  "12 tran phu"  "an tran phu"
 *      │ read in every way that it can be read
 *      ├─ codes, serials, phones …   ranges of directories, the surest first
 *      └─ words                      all together the beginning of a key, in the order of keys
 *           └─ otherwise the rarest part of them that is, and those found that have the others too
 *
 * Every look-up is a range of an index, and one call looks at a bounded number of rows whatever was
 * asked: SEARCH_HITS_MAX answers, or SEARCH_SCAN_MAX candidates; the cursor goes on from there.
 * Answers are whole; what of them may be shown is for who asks (identity/mask.h).
 * Ownership: answers live in the arena. Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_SEARCH_H
#define SANGDEN_REGISTRY_SEARCH_H

#include "registry/search_words.h"

struct db;

enum {
    SEARCH_HITS_MAX = 32,
    SEARCH_CODES_MAX = 10, /* of each kind of code that begins alike */
    SEARCH_SCAN_MAX = 2000,
    SEARCH_OPEN_MAX = 200, /* candidates whose facts are read, in one call */
    SEARCH_TEXT_MAX = 200, /* bytes */
    SEARCH_CURSOR_BYTES = 96
};

struct search_request {
    struct str text;
    struct str cursor; /* of the answer before; empty: from the beginning */
    int32_t day;       /* whose facts are shown */
};

/* One agreement. */
struct search_hit {
    enum search_kind found_by;
    struct str matched; /* the code or serial that led here; empty for what tells of a person */
    bool former;        /* found by what no longer holds: an earlier holder, a removed meter */
    bool ended;         /* the contract is not in force on the day */
    int64_t unit_id, agreement_id;
    int64_t account_id, holder_id, user_id; /* of the day, the holder otherwise the last; 0: none */
    struct str unit_code, unit_name, agreement_code, account_code;
    struct str holder, phone; /* of the day, or the last known */
    struct str address;       /* of supply, otherwise of the holder */
};

struct search_answer {
    const struct search_hit *hits;
    size_t count;
    bool more;                        /* the cursor leads on */
    char cursor[SEARCH_CURSOR_BYTES]; /* names no person */
};

/* E_INPUT when the text is empty, too long, not UTF-8, or the cursor is not of its answer; E_STORE,
 * E_MEMORY. */
NODISCARD err_t search_find(struct db *db, struct arena *arena,
                            const struct search_request *request, struct search_answer *out,
                            struct err *err);

/* The agreements that a subject of a kind leads to, as hits, the present before the former:
 * subject_id as search_directory has it, or a number of an agreement, a point, a meter. At most
 * SEARCH_CODES_MAX. For an account: its agreements. */
NODISCARD err_t search_open(struct db *db, struct arena *arena, enum search_kind kind,
                            int64_t unit_id, int64_t subject_id, int32_t day,
                            struct search_hit hits[SEARCH_CODES_MAX], size_t *out_count,
                            struct err *err);

#endif
