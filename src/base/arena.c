/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <string.h>

#include "base/memory.h"

enum { CHUNK_BYTES = 64 * 1024, ALIGNMENT = 16 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    size_t used;
    size_t padding;
};

_Static_assert(sizeof(struct arena_chunk) % ALIGNMENT == 0 || sizeof(void *) == 4,
               "contents start aligned");

static char *chunk_contents(struct arena_chunk *chunk)
{
    uintptr_t start = (uintptr_t)(chunk + 1);
    return (char *)((start + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1));
}

void arena_init(struct arena *arena, size_t limit_bytes)
{
    ASSERT(limit_bytes > 0);
    *arena = (struct arena){.limit_bytes = limit_bytes};
}

static void give_chunks(struct arena_chunk *chunk)
{
    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;
        memory_give(chunk, chunk->size + sizeof *chunk + ALIGNMENT);
        chunk = next;
    }
}

void arena_release(struct arena *arena)
{
    give_chunks(arena->current);
    arena_init(arena, arena->limit_bytes);
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *first = arena->current;
    if (first != NULL) {
        while (first->next != NULL) {
            struct arena_chunk *next = first->next;
            memory_give(first, first->size + sizeof *first + ALIGNMENT);
            first = next;
        }
        first->used = 0;
        arena->taken_bytes = first->size;
    }
    arena->current = first;
    arena->failed = false;
}

static bool arena_grow(struct arena *arena, size_t size)
{
    size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    size_t left = arena->limit_bytes - arena->taken_bytes;
    if (room > left) room = size;
    struct arena_chunk *chunk =
        room > left ? NULL : memory_take(room + sizeof *chunk + ALIGNMENT);
    if (chunk == NULL) return false;
    *chunk = (struct arena_chunk){.next = arena->current, .size = room};
    arena->current = chunk;
    arena->taken_bytes += room;
    return true;
}

void *arena_take(struct arena *arena, size_t size)
{
    ASSERT(arena->limit_bytes > 0);
    if (size > SIZE_MAX / 2) arena->failed = true;
    if (arena->failed) return NULL;
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (rounded == 0) rounded = ALIGNMENT;
    struct arena_chunk *chunk = arena->current;
    if (chunk == NULL || chunk->size - chunk->used < rounded) {
        if (!arena_grow(arena, rounded)) {
            arena->failed = true;
            return NULL;
        }
        chunk = arena->current;
    }
    char *block = chunk_contents(chunk) + chunk->used;
    chunk->used += rounded;
    memset(block, 0, rounded);
    return block;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        arena->failed = true;
        return NULL;
    }
    return arena_take(arena, bytes);
}

struct str arena_str(struct arena *arena, struct str text)
{
    char *copy = arena_take(arena, text.n + 1);
    if (copy == NULL) return (struct str){NULL, 0};
    if (text.n > 0) memcpy(copy, text.p, text.n);
    return (struct str){copy, text.n};
}
