/* SPDX-License-Identifier: Apache-2.0 */
/* Where a request ends: refused unless every reader must see it in the same place.
 *
 *   GET /a?b=c HTTP/1.1␍␊Host: x␍␊Accept: y␍␊␍␊       as it came
 *   GET␀/a?b=c␀HTTP/1.1␀␀Host␀ x␀␀Accept␀ y␀␀␍␊…      as libmicrohttpd 0.9.75 leaves it in memory
 *
 * The library takes a bare LF for an end of line, joins folded lines, cuts a value at a NUL and
 * counts the first of two lengths. All of that shows in the distances between what it hands out: an
 * end of line is two bytes, nothing lies between the parts, and the whole is as long as the library
 * counted. tests/http/test_frame.c pins this; another version of the library must pass it.
 * Legal source: RFC 9112, sections 2.2, 3.2, 5.1, 5.2, 6.1, 6.3. Threads: pure. */
#ifndef SANGDEN_HTTP_FRAME_H
#define SANGDEN_HTTP_FRAME_H

#include "http/http.h"

/* Views into the library's memory. */
struct http_head {
    struct str method;
    struct str target; /* as long as it came; its bytes may have been cut into pieces since */
    struct str version;
    struct http_fields headers; /* in the order in which they came */
    size_t bytes;               /* of the whole head, with the empty line, as the library counted */
};

/* Answers 0 and the length of the body, or the status to refuse with, the reason in err:
 * 400, 411 (chunked bodies are not taken: a proxy in front counts them), 417, 431, 505. */
int http_check_frame(const struct http_head *head, int64_t *out_body_bytes, struct err *err);

#endif
