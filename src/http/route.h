/* SPDX-License-Identifier: Apache-2.0 */
/* Which handler answers a method and a path.
 *
 * Literal segments come before captured ones: "/hoa-don/moi" is not "/hoa-don/{so}". Threads:
 * pure. */
#ifndef SANGDEN_HTTP_ROUTE_H
#define SANGDEN_HTTP_ROUTE_H

#include "http/http.h"

struct http_match {
    const struct http_route *route; /* NULL: 404, or 405 where allowed is not 0 */
    unsigned allowed;               /* bit of every method that the path answers */
    struct str segment[HTTP_SEGMENT_MAX_COUNT];
    size_t segment_count;
};

enum { HTTP_PIECE_MAX_COUNT = 16 }; /* between the slashes of a pattern */

/* Routes as they are searched for every request: their patterns split once, those with the same
 * number of pieces together. */
struct http_pattern {
    const struct http_route *route;
    struct str piece[HTTP_PIECE_MAX_COUNT];
    uint32_t captures; /* bit of every piece in braces */
    int literals;      /* how many are not */
};
struct http_route_index {
    struct http_pattern *pattern;
    size_t count;
    size_t end[HTTP_PIECE_MAX_COUNT + 1]; /* of the patterns of at most so many pieces */
};

/* Checks a table at start-up and makes its index: patterns are well-formed and no two routes are
 * the same. The routes outlive the index; http_route_index_release gives its memory back, also of
 * one that is all zeros. E_CHECK, E_MEMORY. */
NODISCARD err_t http_route_index_make(const struct http_routes *routes,
                                      struct http_route_index *out, struct err *err);
void http_route_index_release(struct http_route_index *index);
/* Finds the route; the captured segments are views into path. */
void http_route_find(const struct http_route_index *index, enum http_method method, struct str path,
                     struct http_match *out);
/* The method of a word, HTTP_METHOD_COUNT for any that is not known; the word of a method. */
enum http_method http_method_of(struct str word);
struct str http_method_word(enum http_method method);
/* "GET, HEAD": the value of Allow. */
void http_allowed(unsigned allowed, struct buf *out);

#endif
