/* SPDX-License-Identifier: Apache-2.0 */
/* The short code by which anyone can check that a bill, on paper or as a picture, is genuine.
 *
 *   number, customer, period, kWh, sums ─ HMAC-SHA256 with a key of the store ─► 1K7M-Q2ZD-8XVA
 *                                                                                └ key number
 *
 * Twelve characters of Crockford's base 32 (no I, L, O, U): the first is the number of the key, the
 * other eleven are 55 bits of the code. Typed back, lower case, O for 0, I and L for 1, and missing
 * dashes are accepted. What the code covers is written in docs/documents.md; changing it needs a
 * new form, told apart by its first line.
 * A wrong code and an unknown number are answered alike, after the same work.
 * Ownership: a key holds a secret; verification_key_forget wipes it. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_VERIFICATION_H
#define SANGDEN_DOCUMENT_VERIFICATION_H

#include "base/base32.h"
#include "billing/billing_view.h"

enum {
    VERIFICATION_SECRET_BYTES = 32,
    VERIFICATION_CHARACTERS = 12,
    VERIFICATION_CODE_BYTES = CODE_TEXT_BYTES(VERIFICATION_CHARACTERS),
    VERIFICATION_KEYS_MAX = 31
};

/* key_no 0: there is none. */
struct verification_key {
    int64_t key_no;
    unsigned char secret[VERIFICATION_SECRET_BYTES];
};

/* Makes the first key of a store that has none, inside the caller's transaction. */
NODISCARD err_t verification_key_ensure(struct db *db, struct err *err);
/* Makes the next key, which makes codes from now on; inside a transaction. E_LIMIT. */
NODISCARD err_t verification_key_add(struct db *db, int64_t *out_key_no, struct err *err);
/* The key that makes codes, or that of a number; key_no 0 when the store has none. */
NODISCARD err_t verification_key_newest(struct db *db, struct verification_key *out,
                                        struct err *err);
NODISCARD err_t verification_key_by_no(struct db *db, int64_t key_no,
                                       struct verification_key *out, struct err *err);
void verification_key_forget(struct verification_key *key);

/* The code of what a bill says, NUL-terminated in out. The key is not 0. */
struct str verification_code(const struct verification_key *key, const struct bill_row *row,
                             char out[VERIFICATION_CODE_BYTES]);

/* The twelve characters of a code as somebody typed it, in their one form; false for no code. */
NODISCARD bool verification_code_read(struct str typed, char out[VERIFICATION_CODE_BYTES]);

struct verification {
    bool genuine;        /* the number exists and the code is its own */
    struct bill_row row; /* only then */
};

/* E_STATE when the store has no key; any number and code is an answer. Texts go to the arena. */
NODISCARD err_t verification_prove(struct db *db, struct arena *arena, struct str number,
                                   struct str code, struct verification *out, struct err *err);

#endif
