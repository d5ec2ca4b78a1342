/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords: what a good one is, and how one is kept.
 *
 * Kept as argon2id (RFC 9106), whose text carries its own parameters and salt, so that they may
 * grow and older hashes are made anew when their owner signs in. Only so many are computed at a
 * time, because each takes much memory; who waits too long is told to try again.
 * The rules are those of NIST SP 800-63B: length, no composition, nothing that stands in every list
 * of guesses, nothing made of the person's own code or name.
 * Threads: safe. Ownership: nothing is kept. */
#ifndef SANGDEN_IDENTITY_PASSWORD_H
#define SANGDEN_IDENTITY_PASSWORD_H

#include "identity/identity.h"

enum {
    PASSWORD_LEAST_CHARACTERS = 10,
    PASSWORD_MOST_BYTES = 512,
    PASSWORD_HASH_BYTES = 128, /* with a NUL */
    PASSWORDS_AT_ONCE = 2
};

struct password_cost {
    int64_t memory_kib;
    int64_t passes;
};

/* How many may be computed at a time and how long one waits for its turn; for start-up and tests.
 * PASSWORDS_AT_ONCE and three seconds at first. */
void password_limit(unsigned at_once, int64_t wait_ms);

/* Whether the password is good enough for the person of this code and name. E_INPUT. */
NODISCARD err_t password_judge(struct arena *arena, struct str password, struct str code,
                               struct str name, struct err *err);

/* Makes the hash of a password. E_BUSY when too many are computed, E_MEMORY. */
NODISCARD err_t password_hash(struct arena *arena, struct str password,
                              const struct password_cost *cost, char out[PASSWORD_HASH_BYTES],
                              struct err *err);

struct password_verdict {
    bool right;
    bool stale; /* made with another cost: to be made anew */
};

/* Whether the hash is of this password. An empty hash takes the same time and is never right: whom
 * nobody knows is answered like whose password was wrong. E_BUSY, E_MEMORY. */
NODISCARD err_t password_verify(struct arena *arena, struct str password, struct str hash,
                                const struct password_cost *cost, struct password_verdict *out,
                                struct err *err);

#endif
