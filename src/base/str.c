/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <string.h>

struct str str_of(const char *text)
{
    return (struct str){text, text != NULL ? strlen(text) : 0};
}

bool str_equal(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_compare(struct str a, struct str b)
{
    size_t shared = a.n < b.n ? a.n : b.n;
    int order = shared == 0 ? 0 : memcmp(a.p, b.p, shared);
    if (order != 0) return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str text, struct str prefix)
{
    return text.n >= prefix.n && str_equal((struct str){text.p, prefix.n}, prefix);
}

bool str_ends(struct str text, struct str suffix)
{
    return text.n >= suffix.n &&
           str_equal((struct str){text.p + (text.n - suffix.n), suffix.n}, suffix);
}

size_t str_find(struct str text, char c)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == c) return i;
    return text.n;
}

struct str str_sub(struct str text, size_t start, size_t count)
{
    if (start > text.n) start = text.n;
    if (count > text.n - start) count = text.n - start;
    return (struct str){text.p == NULL ? NULL : text.p + start, count};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str text)
{
    while (text.n > 0 && is_space(text.p[0])) text.p++, text.n--;
    while (text.n > 0 && is_space(text.p[text.n - 1])) text.n--;
    return text;
}

bool str_split(struct str *rest, char separator, struct str *out_piece)
{
    if (rest->p == NULL) return false;
    size_t at = str_find(*rest, separator);
    *out_piece = (struct str){rest->p, at};
    *rest = at == rest->n ? (struct str){NULL, 0}
                          : (struct str){rest->p + at + 1, rest->n - at - 1};
    return true;
}

bool str_to_i64(struct str text, int64_t *out)
{
    bool negative = text.n > 0 && text.p[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == text.n) return false;
    int64_t value = 0;
    for (; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') return false;
        int digit = text.p[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value)) return false;
        if (__builtin_sub_overflow(value, digit, &value)) return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value)) return false;
    *out = value;
    return true;
}

/* Length of the well-formed sequence at p, 0 when it is not one (Unicode 15, table 3-7). */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
    if (p[0] != 0 && p[0] < 0x80) return 1;
    size_t length;
    unsigned char low = 0x80, high = 0xBF;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        length = 2;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        length = 3;
        if (p[0] == 0xE0) low = 0xA0;
        if (p[0] == 0xED) high = 0x9F;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        length = 4;
        if (p[0] == 0xF0) low = 0x90;
        if (p[0] == 0xF4) high = 0x8F;
    } else {
        return 0;
    }
    if (n < length || p[1] < low || p[1] > high) return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    return length;
}

bool str_is_utf8(struct str text, size_t *out_bad)
{
    size_t i = 0;
    while (i < text.n) {
        size_t length = utf8_sequence((const unsigned char *)text.p + i, text.n - i);
        if (length == 0) {
            if (out_bad != NULL) *out_bad = i;
            return false;
        }
        i += length;
    }
    return true;
}

struct str str_first(struct str text, size_t bytes_max)
{
    if (text.n <= bytes_max) return text;
    size_t end = bytes_max;
    while (end > 0 && ((unsigned char)text.p[end] & 0xC0) == 0x80) end--;
    return str_sub(text, 0, end);
}

size_t str_length(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.n; i++) count += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    return count;
}
