/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as the store keeps them: compressed by zlib, with the size beside them.
 *
 * Threads: pure. Ownership: results live in the arena. */
#ifndef SANGDEN_DOCUMENT_PACK_H
#define SANGDEN_DOCUMENT_PACK_H

#include "base/arena.h"

enum { PACK_BYTES_MAX = 16 * 1024 * 1024 };

/* The compressed bytes, which take their own size of the arena. False when memory or the limit is
 * reached. */
NODISCARD bool pack_bytes(struct arena *arena, struct str bytes, struct str *out);
/* Back to exactly size bytes. False when they are not those of pack_bytes; arena->failed tells of
 * memory. */
NODISCARD bool unpack_bytes(struct arena *arena, struct str packed, int64_t size, struct str *out);
/* The same for bytes that must have this hash (hexadecimal). */
NODISCARD bool unpack_proven(struct arena *arena, struct str packed, int64_t size,
                             struct str sha256, struct str *out);

#endif
