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

/* Finds the route; the captured segments are views into path. */
void http_route_find(const struct http_routes *routes, enum http_method method, struct str path,
                     struct http_match *out);
/* The method of a word, HTTP_METHOD_COUNT for any that is not known; the word of a method. */
enum http_method http_method_of(struct str word);
struct str http_method_word(enum http_method method);
/* Checks a table at start-up: patterns are well-formed and no two routes are the same. E_CHECK. */
NODISCARD err_t http_routes_check(const struct http_routes *routes, struct err *err);
/* "GET, HEAD": the value of Allow. */
void http_allowed(unsigned allowed, struct buf *out);

#endif
