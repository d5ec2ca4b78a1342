/* SPDX-License-Identifier: Apache-2.0 */
/* What a request says in its address, its form and its cookies, read strictly.
 *
 * Refused: a % without two hexadecimal digits behind it, bytes that are not UTF-8, controls
 * (forms may hold line ends and tabs), "/" and "\" smuggled into a segment as %2F or %5C, the
 * segments "." and "..". Nothing is repaired, because two readers would repair differently.
 * Ownership: results live in the arena. Threads: pure. */
#ifndef SANGDEN_HTTP_DECODE_H
#define SANGDEN_HTTP_DECODE_H

#include "http/http.h"

/* Splits "/a%20b/c?x=1" at the first "?". The path begins with "/"; its segments are decoded, the
 * slashes between them are those of the address. E_INPUT with field "path" or "query", E_LIMIT. */
NODISCARD err_t http_decode_target(struct arena *arena, struct str target, struct str *out_path,
                                   struct http_fields *out_query, struct err *err);
/* "a=b&c=d+e": what browsers send of forms; "+" is a space. field names it in errors. */
NODISCARD err_t http_decode_form(struct arena *arena, struct str text, const char *field,
                                 struct http_fields *out, struct err *err);
/* One value of a form, also where it stands in a header: "a%0Ab". E_INPUT, E_MEMORY. */
NODISCARD err_t http_decode_value(struct arena *arena, struct str text, const char *field,
                                  struct str *out, struct err *err);
/* "a=b; c=d": names are tokens, values what RFC 6265 allows, with or without quotes. */
NODISCARD err_t http_decode_cookies(struct arena *arena, struct str text, struct http_fields *out,
                                    struct err *err);
/* Whether a text is a token of RFC 9110: the name of a header, of a cookie, a method. */
bool http_is_token(struct str text);
/* Whether two texts are equal but for the case of ASCII letters. */
bool http_same_word(struct str a, struct str b);

#endif
