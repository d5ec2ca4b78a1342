/* SPDX-License-Identifier: Apache-2.0 */
/* Requests, answers and routes: what a handler sees of HTTP.
 *
 *   bytes ─► framing ─► route ─► struct http_request ─► handler ─► struct http_response ─► bytes
 *            frame.c    route.c  arena of the request   api, web   respond.c
 *
 * A handler answers OK and has filled the response, or it answers an error, which becomes problem
 * details (RFC 9457) in the language of the request with the status that errors.def names. Nothing
 * of the library underneath is visible here.
 * Ownership: every view of a request, and what a handler takes from its arena, lives until the
 * answer was sent. Threads: a request belongs to one thread; handlers run on several at once. */
#ifndef SANGDEN_HTTP_HTTP_H
#define SANGDEN_HTTP_HTTP_H

#include "base/buffer.h"
#include "base/error.h"

struct db;
struct http_route;
struct http_thread;

enum {
    HTTP_PATH_MAX_BYTES = 2048, /* of path and query as they came */
    HTTP_HEAD_MAX_BYTES = 4096, /* of request line and headers */
    HTTP_HEADER_MAX_COUNT = 48,
    HTTP_FIELD_MAX_COUNT = 256, /* of a query, a form, the cookies */
    HTTP_SEGMENT_MAX_COUNT = 8, /* captured by one pattern */
    HTTP_BODY_MAX_BYTES = 16 * 1024 * 1024,
    HTTP_ANSWER_MAX_BYTES = 16 * 1024 * 1024,
    HTTP_ARENA_MAX_BYTES = 64 * 1024 * 1024,
    HTTP_EXTRA_MAX_COUNT = 12, /* headers that a handler adds */
    HTTP_ID_BYTES = 16         /* of a request's id, as text */
};

/* METHOD(name, word) */
#define HTTP_METHODS(METHOD) \
    METHOD(HTTP_GET, "GET") \
    METHOD(HTTP_HEAD, "HEAD") \
    METHOD(HTTP_POST, "POST") \
    METHOD(HTTP_PUT, "PUT") METHOD(HTTP_PATCH, "PATCH") METHOD(HTTP_DELETE, "DELETE")

enum http_method {
#define METHOD(name, word) name,
    HTTP_METHODS(METHOD)
#undef METHOD
        HTTP_METHOD_COUNT /* any other word */
};

enum http_language { HTTP_VIETNAMESE, HTTP_ENGLISH };

/* A header, a field of a query or form, or a cookie, in the order in which they came. */
struct http_field {
    struct str name;
    struct str value;
};
struct http_fields {
    const struct http_field *field;
    size_t count;
};

struct http_request {
    struct arena *arena;
    enum http_method method;
    struct str target;                          /* "/hoa-don/7?x=%20", byte by byte as it came */
    struct str path;                            /* "/hoa-don/7", decoded, as the route saw it */
    struct str segment[HTTP_SEGMENT_MAX_COUNT]; /* what {…} of the pattern stood for, decoded */
    size_t segment_count;
    struct http_fields headers; /* names in the letters they came in */
    struct http_fields query;   /* decoded */
    struct http_fields form;    /* decoded; of a route with HTTP_FORM */
    struct http_fields cookies;
    struct str body;
    struct str address;          /* of the client: "203.0.113.7", through trusted proxies */
    bool secure;                 /* it came to the proxy, or to us, over TLS */
    struct str certificate;      /* of the client, as the proxy tells it: PEM, percent-encoded */
    struct str id;               /* of this request, in the header X-Request-Id and in logs */
    enum http_language language; /* ?lang=, cookie lang, Vietnamese */
    const struct http_route *route;
    void *context; /* the program's, from struct http_settings */
    void *face;    /* the handler's, for show_problem; NULL at first */
    struct http_thread *thread;
};

/* The value of the first of that name; the empty view {NULL, 0} when there is none. Headers ignore
 * the case of letters, fields do not. */
struct str http_header(const struct http_request *request, struct str name);
struct str http_field(const struct http_fields *fields, struct str name);

/* The connection of this thread to the store, opened when it is first asked for and again after it
 * broke. It stays open; a transaction left open is rolled back behind the request. E_STORE, E_BUSY;
 * E_STATE where the server runs without a store. */
NODISCARD err_t http_db(struct http_request *request, struct db **out, struct err *err);

/* What the program keeps for this thread beside its connection, NULL at first. It is given to
 * own_release of http_settings before that connection is closed, and NULL again afterwards. */
void **http_own(struct http_request *request);

/* ---- answers ------------------------------------------------------------------------------ */

struct http_response {
    int status;          /* 200 at first */
    const char *type;    /* of the body; "text/html; charset=utf-8" at first */
    struct buf *body;    /* empty at first; HTTP_ANSWER_MAX_BYTES */
    struct str constant; /* instead of body: bytes that live as long as the program */
    struct http_field extra[HTTP_EXTRA_MAX_COUNT];
    size_t extra_count;
    bool own_policy;  /* the handler gave a Content-Security-Policy itself */
    bool own_caching; /* the handler gave a Cache-Control itself; otherwise no-store */
};

/* Adds a header; name is a literal, value lives as long as the request. A value with controls in it
 * (text of others) is left out, so that nobody can add a header through it. */
void http_add_header(struct http_response *response, const char *name, struct str value);
/* 303 to a path of this server ("/khach-hang"); E_CHECK for anything that leads elsewhere. */
NODISCARD err_t http_redirect(struct http_request *request, struct http_response *response,
                              struct str path, struct err *err);
/* Sets a cookie: HttpOnly, SameSite=Lax, Path=/, and Secure where the request was. max_age_s below
 * zero: until the browser is closed; zero: forgotten now. The value is one that a cookie holds. */
void http_set_cookie(struct http_request *request, struct http_response *response, struct str name,
                     struct str value, int64_t max_age_s);
/* Whether a cookie can hold a text: cookie-octets of RFC 6265 4.1.1, so neither spaces nor quotes,
 * commas, semicolons, backslashes or what is not ASCII. An empty one can be held. */
bool http_is_cookie_value(struct str text);
/* Makes the response the error as problem details: type, title, status, detail, and our members
 * field, hint, message_en, hint_en, request_id. */
void http_problem(struct http_request *request, struct http_response *response,
                  const struct err *err);
/* The same with a status of its own, where HTTP knows better than errors.def (405, 415). For a
 * browser that asks for a page, the program's page for refusals instead (http_settings). */
void http_problem_status(struct http_request *request, struct http_response *response, int status,
                         const struct err *err);

/* A file inside the program. */
struct http_asset {
    const char *path; /* "/tai-nguyen/style.31cef36c1a.css" */
    const char *type;
    const char *tag; /* of the plain bytes, in quotes: "\"31ce…\"" */
    struct str plain;
    struct str gzip; /* n is 0 where the plain bytes are compressed already */
    bool immutable;  /* the path names the content: kept for a year */
};
/* Answers the asset: compressed for who takes that, 304 for who has it. */
void http_send_asset(const struct http_request *request, struct http_response *response,
                     const struct http_asset *asset);

/* ---- routes ------------------------------------------------------------------------------- */

typedef err_t http_handler(struct http_request *request, struct http_response *response,
                           struct err *err);

enum {
    HTTP_FORM = 1,        /* the body is application/x-www-form-urlencoded; else 415 */
    HTTP_JSON = 2,        /* the body is application/json; else 415 */
    HTTP_INSIDE = 4,      /* answered to loopback and the addresses of SANGDEN_METRICS_FROM alone */
    HTTP_QUIET = 8,       /* not logged: asked every second by machines */
    HTTP_EXACT_ERROR = 16 /* problem details carry the member "error" as commands print it */
};

struct http_route {
    enum http_method method; /* HTTP_GET answers HEAD, too */
    const char *pattern; /* "/hoa-don/{so}": a segment in braces takes any one that is not empty */
    http_handler *handle;
    size_t body_max_bytes; /* 0: a body is refused */
    unsigned flags;
    const void *data; /* the handler's: of what a table of routes is made */
};

struct http_routes {
    const struct http_route *route;
    size_t count;
};

#endif
