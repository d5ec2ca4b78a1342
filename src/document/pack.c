/* SPDX-License-Identifier: Apache-2.0 */
#include "document/pack.h"

#include "base/hash.h"

#include <zlib.h>

#include "base/memory.h"

bool pack_bytes(struct arena *arena, struct str bytes, struct str *out)
{
    if (bytes.n > PACK_BYTES_MAX) return false;
    uLongf bound = compressBound(bytes.n), size = bound;
    unsigned char *room = memory_take(bound);
    if (room == NULL) return false;
    bool packed =
        compress2(room, &size, (const Bytef *)bytes.p, bytes.n, Z_DEFAULT_COMPRESSION) == Z_OK;
    /* The arena gets what is there and not what might have been. */
    if (packed) *out = arena_str(arena, (struct str){(const char *)room, size});
    memory_give(room, bound);
    return packed && !arena->failed;
}

bool unpack_bytes(struct arena *arena, struct str packed, int64_t size, struct str *out)
{
    if (size < 1 || size > PACK_BYTES_MAX) return false;
    uLongf got = (uLongf)size;
    unsigned char *memory = arena_take(arena, (size_t)size);
    if (memory == NULL || uncompress(memory, &got, (const Bytef *)packed.p, packed.n) != Z_OK ||
        got != (uLongf)size)
        return false;
    *out = (struct str){(const char *)memory, (size_t)size};
    return true;
}

bool unpack_proven(struct arena *arena, struct str packed, int64_t size, struct str sha256,
                   struct str *out)
{
    char text[HASH_TEXT_BYTES];
    if (!unpack_bytes(arena, packed, size, out)) return false;
    struct hash hash = hash_of(*out);
    return str_equal(hash_text(&hash, text), sha256);
}
