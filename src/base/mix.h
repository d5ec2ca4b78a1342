/* SPDX-License-Identifier: Apache-2.0 */
/* A quick hash to choose a place in a table of this process, in which equal things are compared
 * afterwards. Not to be stored, sent, or trusted where somebody chooses what is hashed; that is
 * hash.h.
 *
 * Threads: pure. */
#ifndef SANGDEN_BASE_MIX_H
#define SANGDEN_BASE_MIX_H

#include <string.h>

#include "base/str.h"

/* Every bit of the word reaches the low half of the answer, from which places are taken. */
static inline uint64_t mix_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
    return hash ^ (hash >> 32);
}

/* Eight bytes at a time; of texts that follow each other each begins with its length. */
static inline uint64_t mix_bytes(uint64_t hash, struct str bytes)
{
    hash = mix_word(hash, bytes.n);
    for (size_t i = 0; i < bytes.n; i += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes.p + i, bytes.n - i < 8 ? bytes.n - i : 8);
        hash = mix_word(hash, word);
    }
    return hash;
}

#endif
