/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 256 };

void buf_init(struct buf *buf, size_t max_bytes)
{
    *buf = (struct buf){.max_bytes = max_bytes};
}

void buf_init_fixed(struct buf *buf, char *memory, size_t size_bytes)
{
    ASSERT(size_bytes > 0);
    *buf = (struct buf){.p = memory, .capacity = size_bytes, .max_bytes = size_bytes - 1};
    memory[0] = '\0';
}

void buf_release(struct buf *buf)
{
    memory_give(buf->p, buf->capacity);
    buf_init(buf, buf->max_bytes);
}

void buf_reset(struct buf *buf)
{
    buf->n = 0;
    buf->failed = false;
    if (buf->capacity > 0) buf->p[0] = '\0';
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->p != NULL ? buf->p : "", buf->n};
}

/* Room for need bytes in all; false when there is no memory. */
static bool grow(struct buf *buf, size_t need)
{
    size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity;
    while (capacity < need) capacity *= 2;
    char *grown = memory_take(capacity);
    if (grown == NULL) return false;
    if (buf->n > 0) memcpy(grown, buf->p, buf->n);
    memory_give(buf->p, buf->capacity);
    buf->p = grown;
    buf->capacity = capacity;
    return true;
}

char *buf_wider(struct buf *buf, size_t size)
{
    if (buf->failed || size > buf->max_bytes - buf->n) return NULL;
    return grow(buf, buf->n + size + 1) ? buf->p + buf->n : NULL;
}

void buf_add(struct buf *buf, struct str text)
{
    if (buf->failed) return;
    size_t room = buf->max_bytes - buf->n;
    bool cut = text.n > room;
    if (cut) text.n = room;
    char *to = buf_room(buf, text.n);
    buf->failed = cut || to == NULL;
    if (to == NULL) return;
    if (text.n > 0) memcpy(to, text.p, text.n);
    buf_wrote(buf, text.n);
}

void buf_add_char(struct buf *buf, char c)
{
    bool fits = !buf->failed && buf->n < buf->max_bytes && buf->n + 1 < buf->capacity;
    if (!fits) {
        buf_add(buf, (struct str){&c, 1});
        return;
    }
    buf->p[buf->n++] = c;
    buf->p[buf->n] = '\0';
}

enum { DIGITS_MAX = 24 };

/* Digits of value, right-aligned in digits[0..DIGITS_MAX); answers the index of the first. A base
 * that is known when the program is built is divided by without a division. */
static inline size_t digits_by(uint64_t value, unsigned base, char digits[DIGITS_MAX])
{
    size_t at = DIGITS_MAX;
    if (base == 10) { /* a divisor that the compiler knows is a multiplication */
        do digits[--at] = (char)('0' + value % 10);
        while ((value /= 10) != 0);
        return at;
    }
    do digits[--at] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    return at;
}

static size_t digits_of(uint64_t value, unsigned base, char digits[DIGITS_MAX])
{
    return base == 16 ? digits_by(value, 16, digits) : digits_by(value, 10, digits);
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

static void add_number(struct buf *buf, bool negative, uint64_t size, unsigned base, unsigned width,
                       char fill)
{
    char digits[DIGITS_MAX];
    size_t first = digits_of(size, base, digits);
    unsigned length = (unsigned)(DIGITS_MAX - first) + (negative ? 1 : 0);
    if (negative && fill == '0') buf_add_char(buf, '-');
    for (; length < width; length++) buf_add_char(buf, fill);
    if (negative && fill != '0') buf_add_char(buf, '-');
    buf_add(buf, (struct str){digits + first, DIGITS_MAX - first});
}

void buf_add_i64(struct buf *buf, int64_t value)
{
    char digits[DIGITS_MAX];
    size_t first = digits_of(magnitude(value), 10, digits);
    if (value < 0) digits[--first] = '-';
    buf_add(buf, (struct str){digits + first, DIGITS_MAX - first});
}

void buf_add_padded(struct buf *buf, int64_t value, unsigned width)
{
    ASSERT(value >= 0);
    add_number(buf, false, (uint64_t)value, 10, width, '0');
}

void buf_add_hex(struct buf *buf, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        buf_add_char(buf, "0123456789abcdef"[byte[i] >> 4]);
        buf_add_char(buf, "0123456789abcdef"[byte[i] & 15]);
    }
}

void buf_add_grouped(struct buf *buf, int64_t value)
{
    char digits[DIGITS_MAX];
    size_t first = digits_of(magnitude(value), 10, digits);
    if (value < 0) buf_add_char(buf, '-');
    for (size_t i = first; i < DIGITS_MAX; i++) {
        if (i > first && (DIGITS_MAX - i) % 3 == 0) buf_add_char(buf, '.');
        buf_add_char(buf, digits[i]);
    }
}

struct directive {
    unsigned width;
    char fill;
    int length; /* 0 int, 1 long, 2 long long, 3 size_t */
    int precision;
};

static const char *read_directive(const char *f, struct directive *out, va_list *arguments)
{
    *out = (struct directive){.fill = ' ', .precision = -1};
    if (*f == '0') out->fill = '0', f++;
    for (; *f >= '0' && *f <= '9'; f++) out->width = out->width * 10 + (unsigned)(*f - '0');
    if (*f == '.') {
        f++;
        out->precision = 0;
        if (*f == '*') out->precision = va_arg(*arguments, int), f++;
        for (; *f >= '0' && *f <= '9'; f++) out->precision = out->precision * 10 + (*f - '0');
    }
    for (; *f == 'l'; f++) out->length++;
    if (*f == 'z') out->length = 3, f++;
    return f;
}

static int64_t signed_argument(int length, va_list *arguments)
{
    switch (length) {
    case 0: return va_arg(*arguments, int);
    case 1: return va_arg(*arguments, long);
    case 2: return va_arg(*arguments, long long);
    default: return (int64_t)va_arg(*arguments, ptrdiff_t);
    }
}

static uint64_t unsigned_argument(int length, va_list *arguments)
{
    switch (length) {
    case 0: return va_arg(*arguments, unsigned);
    case 1: return va_arg(*arguments, unsigned long);
    case 2: return va_arg(*arguments, unsigned long long);
    default: return va_arg(*arguments, size_t);
    }
}

static void add_argument(struct buf *buf, char kind, struct directive d, va_list *arguments)
{
    if (kind == '%') {
        buf_add_char(buf, '%');
    } else if (kind == 'c') {
        buf_add_char(buf, (char)va_arg(*arguments, int));
    } else if (kind == 's') {
        const char *text = va_arg(*arguments, const char *);
        struct str whole =
            d.precision >= 0 ? (struct str){text, (size_t)d.precision} : str_of(text);
        buf_add(buf, whole);
    } else if (kind == 'd') {
        int64_t value = signed_argument(d.length, arguments);
        add_number(buf, value < 0, magnitude(value), 10, d.width, d.fill);
    } else {
        ASSERT(kind == 'u' || kind == 'x');
        add_number(buf, false, unsigned_argument(d.length, arguments), kind == 'x' ? 16 : 10,
                   d.width, d.fill);
    }
}

void buf_vprintf(struct buf *buf, const char *format, va_list arguments)
{
    va_list list;
    va_copy(list, arguments);
    for (const char *f = format; *f != '\0';) {
        const char *start = f;
        while (*f != '\0' && *f != '%') f++;
        buf_add(buf, (struct str){start, (size_t)(f - start)});
        if (*f == '\0') break;
        struct directive directive;
        f = read_directive(f + 1, &directive, &list);
        add_argument(buf, *f, directive, &list);
        f++;
    }
    va_end(list);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(buf, format, arguments);
    va_end(arguments);
}

struct str arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
    char memory[ARENA_WORDS_MAX_BYTES + 1];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    buf_vprintf(&words, format, arguments);
    if (words.failed) arena->failed = true;
    return words.failed ? (struct str){NULL, 0} : arena_str(arena, buf_str(&words));
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct str words = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return words;
}
