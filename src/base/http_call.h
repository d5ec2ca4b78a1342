/* SPDX-License-Identifier: Apache-2.0 */
/* One request to a server outside, and what is known of it afterwards.
 *
 *   struct http_call_request ─► http_call ─► struct http_call_answer     any status is an answer
 *                              └─► E_OUTSIDE + enum http_sent  no answer: was it sent, perhaps?
 *
 * Only http and https; certificates and host names are verified; no redirect is followed, no proxy
 * of the environment is used, no connection is kept, and nothing is repeated by itself: a request
 * goes out once or not at all. Addresses with a user or password in them are refused. Values of
 * headers never stand in an error.
 * Ownership: everything of the request is looked at until http_call returns; the answer's body goes
 * into the caller's buffer. Threads: safe. */
#ifndef SANGDEN_BASE_HTTP_CALL_H
#define SANGDEN_BASE_HTTP_CALL_H

#include "base/buffer.h"
#include "base/error.h"

enum { HTTP_ADDRESS_MAX_BYTES = 2000, HTTP_HEADERS_MAX = 16 };

struct http_call_header {
    struct str name;
    struct str value; /* may be a secret */
};

/* Gives the next bytes of a body, 0 at its end; SIZE_MAX when they cannot be had, which ends the
 * request. */
typedef size_t http_source(void *context, char *into, size_t room);

struct http_call_request {
    struct str method; /* "GET" or "POST" */
    struct str address;
    const struct http_call_header *headers;
    size_t header_count;
    struct str body;     /* of a POST */
    http_source *source; /* or NULL; instead of body, source_bytes long */
    void *source_context;
    int64_t source_bytes;
    const char *authorities; /* file of certificates (PEM) that are trusted; NULL: the system's */
    int64_t connect_ms;      /* longest time to a connection; above zero */
    int64_t whole_ms;        /* longest time of the whole exchange; above zero */
    size_t answer_max_bytes; /* of the answer's body */
};

/* How far a request came that got no answer. */
enum http_sent {
    HTTP_NOT_SENT,   /* surely nothing of it arrived */
    HTTP_MAYBE_SENT, /* it may have arrived and taken effect */
};

struct http_call_answer {
    int64_t status;        /* 100 to 999 */
    int64_t retry_after_s; /* of the header Retry-After; -1 when there is none */
    struct buf *body;      /* the caller's; emptied first, its limit is answer_max_bytes at least */
};

/* Sends the request once. *out_sent is written also on failure. E_OUTSIDE when there is no whole
 * answer; E_INPUT for an address or header that cannot be sent; E_MEMORY. */
NODISCARD err_t http_call(const struct http_call_request *request, struct http_call_answer *answer,
                          enum http_sent *out_sent, struct err *err);

/* Whether the address is one that http_call sends to: http or https, a host, no user, no password.
 * *out_clear: it goes unencrypted to another machine than this one. E_INPUT. */
NODISCARD err_t http_address_check(struct str address, bool *out_clear, struct err *err);

#endif
