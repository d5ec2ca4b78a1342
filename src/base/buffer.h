/* SPDX-License-Identifier: Apache-2.0 */
/* Bounded growable text buffer for output.
 *
 * Created with its maximum; always NUL-terminated once anything was taken; when the maximum or
 * memory is reached it keeps what fitted, drops the rest and stays failed, so that a writer may
 * check once at its end. Numbers are written without locale.
 * Ownership: the caller owns the struct; buf_release gives the memory back. Threads: one owner. */
#ifndef SANGDEN_BASE_BUFFER_H
#define SANGDEN_BASE_BUFFER_H

#include <stdarg.h>

#include "base/arena.h"

struct buf {
    char *p;
    size_t n;
    size_t capacity;
    size_t max_bytes;
    bool failed;
};

/* An empty buffer that never grows beyond max_bytes; nothing is taken yet. */
void buf_init(struct buf *buf, size_t max_bytes);
void buf_release(struct buf *buf);
/* Empties the buffer and keeps its memory; clears failed. */
void buf_reset(struct buf *buf);
/* What was written so far; valid until the next write. */
struct str buf_str(const struct buf *buf);

/* Appends; what does not fit is dropped and the buffer stays failed. */
void buf_add(struct buf *buf, struct str text);
void buf_add_char(struct buf *buf, char c);
void buf_add_i64(struct buf *buf, int64_t value);
/* The number padded with zeros on the left to at least width digits. value >= 0. */
void buf_add_padded(struct buf *buf, int64_t value, unsigned width);
/* Lower-case hexadecimal of size bytes. */
void buf_add_hex(struct buf *buf, const void *bytes, size_t size);
/* 1234567 as "1.234.567", the Vietnamese way of writing money. */
void buf_add_grouped(struct buf *buf, int64_t value);

/* A small printf: %s %.*s %c %d %u %ld %lu %lld %llu %zu %zd %x %% with optional 0 and width. */
PRINTF_LIKE(2, 3) void buf_printf(struct buf *buf, const char *format, ...);
void buf_vprintf(struct buf *buf, const char *format, va_list arguments);

/* The words of buf_printf, kept in an arena. The empty view {NULL, 0}, which arena->failed tells,
 * on the arena's limit and on more than ARENA_WORDS_MAX_BYTES: nothing is cut off unseen. */
enum { ARENA_WORDS_MAX_BYTES = 4095 };
PRINTF_LIKE(2, 3) struct str arena_printf(struct arena *arena, const char *format, ...);
struct str arena_vprintf(struct arena *arena, const char *format, va_list arguments);

/* For writers of hot paths: room for size bytes behind what was written, or NULL where they do not
 * fit, and then nothing has changed. What was put there counts once buf_wrote has its length, which
 * is at most size. */
static inline char *buf_room(struct buf *buf, size_t size);
static inline void buf_wrote(struct buf *buf, size_t length)
{
    buf->n += length;
    buf->p[buf->n] = '\0';
}

/* Of buf_room, when the memory taken so far does not do. */
char *buf_wider(struct buf *buf, size_t size);
static inline char *buf_room(struct buf *buf, size_t size)
{
    bool fits = !buf->failed && size <= buf->max_bytes - buf->n && size < buf->capacity - buf->n;
    return fits ? buf->p + buf->n : buf_wider(buf, size);
}

/* A buffer over memory of the caller, for texts with a fixed place; release is not needed. */
void buf_init_fixed(struct buf *buf, char *memory, size_t size_bytes);

#endif
