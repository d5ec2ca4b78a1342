/* SPDX-License-Identifier: Apache-2.0 */
/* The key of a store that lies outside it: whoever takes the database or a backup alone cannot read
 * the secrets in it, nor try out the short codes whose hashes it holds.
 *
 *   key file (256 bits, only its owner reads it)
 *     ├─ vault_seal / vault_unseal   secrets kept in rows (XChaCha20-Poly1305), bound to a place
 *     └─ vault_mac                   keyed hashes of codes and of sessions (HMAC-SHA256), by use
 *
 * A store remembers a mark of its key, so that a wrong key file is refused by name. A restored
 * store needs the same file; without it people enrol their second factors anew.
 * Ownership: vault_forget wipes the key. Threads: pure, but for those with a db. */
#ifndef SANGDEN_IDENTITY_VAULT_H
#define SANGDEN_IDENTITY_VAULT_H

#include "base/hash.h"
#include "store/store.h"

enum { VAULT_KEY_BYTES = 32, VAULT_SEAL_BYTES = 40 };

struct vault {
    unsigned char key[VAULT_KEY_BYTES];
};

/* What a keyed hash is for: those of different uses have nothing in common. */
enum vault_use { VAULT_MARK = 1, VAULT_SECRET, VAULT_CODE, VAULT_CSRF, VAULT_LOGIN,
                 VAULT_SEARCH };

/* Makes a key file, which must not be there yet, with its folder. E_STATE, E_IO. */
NODISCARD err_t vault_make(const char *path, struct err *err);
/* Reads a key file. E_STATE when missing, E_FORBIDDEN when others may read it, E_INPUT. */
NODISCARD err_t vault_open(const char *path, struct vault *out, struct err *err);
void vault_forget(struct vault *vault);
/* Whether this is the key of the store: E_STATE for another. A store that had none takes it, which
 * needs a transaction. */
NODISCARD err_t vault_bind(struct db *db, const struct vault *vault, struct err *err);
/* The same without taking it. */
NODISCARD err_t vault_check(struct db *db, const struct vault *vault, struct err *err);

/* Whether the store has taken a key. */
NODISCARD err_t vault_taken(struct db *db, bool *out, struct err *err);

/* Seals plain for a place ("staff_totp 17"); out has plain.n + VAULT_SEAL_BYTES bytes. */
void vault_seal(const struct vault *vault, struct str place, struct str plain, unsigned char *out);
/* Opens what was sealed for this place; out has sealed.n - VAULT_SEAL_BYTES bytes. False for
 * anything else. */
NODISCARD bool vault_unseal(const struct vault *vault, struct str place, struct str sealed,
                            unsigned char *out);

/* The keyed hash of a text. */
struct hash vault_mac(const struct vault *vault, enum vault_use use, struct str text);
/* Whether two hashes are the same, in a time that tells nothing. */
bool hash_same(const struct hash *a, const struct hash *b);

#endif
