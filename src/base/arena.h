/* SPDX-License-Identifier: Apache-2.0 */
/* Arena: memory that is given back all at once.
 *
 *   arena ─► chunk ─► chunk ─► …      each request, job step or command owns one;
 *            [used|free]              nothing inside is freed singly.
 *
 * Every arena has a limit in bytes. When the limit or the machine's memory is reached the arena
 * hands out NULL and stays failed() until it is reset, so that a builder may check once at its end.
 * Ownership: the caller owns the struct; arena_release gives everything back.
 * Threads: one arena belongs to one thread at a time. */
#ifndef SANGDEN_BASE_ARENA_H
#define SANGDEN_BASE_ARENA_H

#include "base/str.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *current;
    size_t limit_bytes;
    size_t taken_bytes;
    bool failed;
};

/* A new arena that never holds more than limit_bytes of chunks. */
#define ARENA_OF(limit) {.limit_bytes = (limit)}
/* The same for one that exists already. What is declared AUTO(arena_release) begins as ARENA_OF: a
 * return before arena_init would give back what was never taken. */
void arena_init(struct arena *arena, size_t limit_bytes);
/* Gives all memory back; the arena may be used again. */
void arena_release(struct arena *arena);
/* Forgets all contents and keeps the first chunk for reuse; clears failed. */
void arena_reset(struct arena *arena);

/* size bytes, aligned for any type, set to zero; size 0 gives a valid pointer. NULL on limit. */
NODISCARD void *arena_take(struct arena *arena, size_t size);
/* count elements of size bytes each, overflow-checked. NULL on limit. */
NODISCARD void *arena_take_array(struct arena *arena, size_t count, size_t size);
/* A copy with a NUL behind it. The empty view {NULL, 0} on limit. */
struct str arena_str(struct arena *arena, struct str text);

#define ARENA_NEW(arena, type) ((type *)arena_take((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) \
    ((type *)arena_take_array((arena), (count), sizeof(type)))

#endif
