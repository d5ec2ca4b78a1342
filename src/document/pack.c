/* SPDX-License-Identifier: Apache-2.0 */
#include "document/pack.h"

#include <zlib.h>

bool pack_bytes(struct arena *arena, struct str bytes, struct str *out)
{
    if (bytes.n > PACK_BYTES_MAX) return false;
    uLongf size = compressBound(bytes.n);
    unsigned char *memory = arena_take(arena, size);
    if (memory == NULL ||
        compress2(memory, &size, (const Bytef *)bytes.p, bytes.n, Z_DEFAULT_COMPRESSION) != Z_OK)
        return false;
    *out = (struct str){(const char *)memory, size};
    return true;
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
