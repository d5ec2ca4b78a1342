/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of partners: each request is signed with a key that both sides know.
 *
 *   signature = hex(HMAC-SHA256(secret,
 *       "sangden-hmac-1" LF METHOD LF path LF query LF hex(SHA-256(body)) LF timestamp LF nonce))
 *
 *   timestamp  unix seconds, at most partner_window_seconds away from ours
 *   nonce      16 to 64 characters of A-Z a-z 0-9 . _ -, new for every request
 *
 * A partner has at most two active keys, so that one can be replaced by another without a pause.
 * Anything wrong is refused alike; a nonce is kept only of requests that were signed rightly, and
 * for longer than their time is good.
 * Beside the signature a certificate can be demanded (partner_certificate.h).
 * Ownership: texts of a partner live in the arena. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_PARTNER_H
#define SANGDEN_IDENTITY_PARTNER_H

#include "base/base32.h"
#include "base/hash.h"
#include "identity/identity.h"
#include "identity/vault.h"

enum {
    PARTNER_KEY_CHARACTERS = 12,
    PARTNER_KEY_BYTES = CODE_TEXT_BYTES(PARTNER_KEY_CHARACTERS),
    PARTNER_SECRET_BYTES = 32,
    PARTNER_KEYS_ACTIVE = 2,
    PARTNER_NONCE_LEAST = 16,
    PARTNER_NONCE_MOST = 64
};

/* A request as it came; path and query byte by byte as in its first line. certificate: PEM, empty
 * where none came. */
struct partner_request {
    struct str key_code, method, path, query, body, timestamp, nonce, signature, certificate;
};

struct partner {
    int64_t partner_id;
    struct str code, name;
};

/* Adds a partner, inside a transaction. E_FORBIDDEN without PARTNER_MANAGE everywhere, E_INPUT,
 * E_CONFLICT. */
NODISCARD err_t partner_add(struct db *db, const struct actor *actor, struct str code,
                            struct str name, struct err *err);

struct partner_secret {
    char key_code[PARTNER_KEY_BYTES];
    char secret[HASH_TEXT_BYTES]; /* hexadecimal, shown once */
};

/* Makes a key, inside a transaction. E_STATE when two are active, E_NOT_FOUND, E_FORBIDDEN. */
NODISCARD err_t partner_key_add(struct db *db, const struct vault *vault, const struct actor *actor,
                                struct str code, struct partner_secret *out, struct err *err);
/* Ends a key at once, inside a transaction. E_NOT_FOUND for one that is not active. */
NODISCARD err_t partner_key_revoke(struct db *db, const struct actor *actor, struct str key_code,
                                   struct err *err);

struct partner_row {
    struct str code, name;
    struct str key_code; /* empty: the partner has no active key */
    int64_t created_at_ms;
};

/* Partners with their active keys, by code and age of the key. */
NODISCARD err_t partner_each(struct db *db,
                             void (*take)(void *context, const struct partner_row *row),
                             void *context, struct err *err);

/* Who sent the request; takes its nonce. E_FORBIDDEN for anything wrong, in the same words; where
 * the signature is right and a certificate is wanted that did not come, in words of its own. */
NODISCARD err_t partner_prove(struct db *db, struct arena *arena, const struct vault *vault,
                              const struct partner_request *request, struct partner *out,
                              struct err *err);
/* The signature of a request, as a partner makes it; pure. */
struct str partner_sign(const unsigned char secret[PARTNER_SECRET_BYTES],
                        const struct partner_request *request, char out[HASH_TEXT_BYTES]);
/* Forgets nonces whose time is over. */
NODISCARD err_t partner_forget(struct db *db, int64_t *out_count, struct err *err);

#endif
