/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), freestanding, because the price book and the browser module need it too.
 *
 * Threads: pure. Ownership: the state is the caller's. */
#ifndef SANGDEN_BASE_HASH_H
#define SANGDEN_BASE_HASH_H

#include "base/str.h"

enum { HASH_BYTES = 32, HASH_TEXT_BYTES = 65 };

struct hash_state {
    uint32_t h[8];
    uint64_t total_bytes;
    unsigned char block[64];
};

struct hash {
    unsigned char byte[HASH_BYTES];
};

/* In pieces: start, add any number of times, finish once. */
void hash_init(struct hash_state *state);
void hash_add(struct hash_state *state, struct str bytes);
struct hash hash_finish(struct hash_state *state);
/* All at once. */
struct hash hash_of(struct str bytes);
/* Lower-case hexadecimal, NUL-terminated. */
struct str hash_text(const struct hash *hash, char out[HASH_TEXT_BYTES]);

#endif
