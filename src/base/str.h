/* SPDX-License-Identifier: Apache-2.0 */
/* String views: a pointer and a length, UTF-8, never owned, never required to end in NUL.
 *
 *   struct str { p ──► "Nhà 12, ngõ 3"   n = 16 }
 *
 * A view lives as long as the memory it looks at (a literal, an arena, a row of a result).
 * Threads: pure. */
#ifndef SANGDEN_BASE_STR_H
#define SANGDEN_BASE_STR_H

#include "base/compat.h"

struct str {
    const char *p;
    size_t n;
};

/* A view of a string literal. */
#define S(literal) ((struct str){("" literal ""), sizeof(literal) - 1})
/* The same for static initialisers. */
#define S_INIT(literal) {("" literal ""), sizeof(literal) - 1}
/* Arguments for "%.*s". */
#define STR_ARG(view) (int)(view).n, (view).p

/* A view of a NUL-terminated string; NULL gives the empty view. */
struct str str_of(const char *text);

/* Byte by byte. */
bool str_equal(struct str a, struct str b);
/* Byte order: negative, zero or positive. */
int str_compare(struct str a, struct str b);
bool str_starts(struct str text, struct str prefix);
bool str_ends(struct str text, struct str suffix);
/* Index of the first byte c, or text.n when there is none. */
size_t str_find(struct str text, char c);
/* Part of text from start, at most count bytes; indexes beyond the end are clipped. */
struct str str_sub(struct str text, size_t start, size_t count);
/* The whole characters of UTF-8 that fit into so many bytes, from the beginning: what a message
 * quotes of a text of any length. */
struct str str_first(struct str text, size_t bytes_max);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str text);

/* Takes the piece before the next separator off *rest. False when nothing is left. An empty *rest
 * with a NULL pointer is the end, so "a,," gives "a", "", "". */
bool str_split(struct str *rest, char separator, struct str *out_piece);

/* A whole decimal integer with an optional minus sign, nothing else around it. False otherwise or
 * on overflow. */
NODISCARD bool str_to_i64(struct str text, int64_t *out);

/* Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms, no NUL). When not,
 * *out_bad is the index of the first bad byte. */
NODISCARD bool str_is_utf8(struct str text, size_t *out_bad);

/* Number of Unicode code points of well-formed UTF-8. */
size_t str_length(struct str text);

#endif
