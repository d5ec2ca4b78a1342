/* SPDX-License-Identifier: Apache-2.0 */
/* The server: connections, threads, limits, a graceful end.
 *
 *   http_server_start ─► n threads of libmicrohttpd (epoll), each with its arenas, counters and its
 *                        own connection to the store; nothing is locked between them
 *   http_server_stop  ─► stops accepting, finishes what was begun, closes
 *
 * A socket that was given (by systemd) stays open for the next process. A socket of our own shares
 * its port with the process that follows (SO_REUSEPORT): at the end new connections are steered
 * there, and what already waited here is answered here, so that none is lost.
 * Ownership: settings and everything they name outlive the server. Threads: start and stop from one
 * thread; handlers run on the server's. */
#ifndef SANGDEN_HTTP_SERVER_H
#define SANGDEN_HTTP_SERVER_H

#include "http/address.h"
#include "http/http.h"

enum { HTTP_THREADS_MAX = 64, HTTP_TABLES_MAX = 16 };

struct http_server;

/* What is told of a request when it is over. Nothing in it tells who somebody is. */
struct http_told {
    struct str id;
    struct str method;
    struct str route; /* the pattern, never the path; empty where none fitted */
    int status;
    int64_t elapsed_ns;
    int64_t answer_bytes;
    bool quiet;            /* HTTP_QUIET */
    const struct err *err; /* code OK: none */
};
typedef void http_tell(void *context, const struct http_told *told);

/* Writes a refusal for people instead of problem details: status, type and body of the response.
 * False where it cannot; then it has left the response as it was. */
typedef bool http_show_problem(struct http_request *request, struct http_response *response,
                               int status, const struct err *err);

struct http_settings {
    struct http_routes tables[HTTP_TABLES_MAX];
    size_t table_count;
    void *context;                   /* for handlers */
    struct str store;                /* target of the store; empty: none */
    struct str address;              /* "127.0.0.1", "::"; ignored where socket is given */
    int64_t port;                    /* 0: any free one */
    int socket;                      /* a listening socket, or -1 */
    size_t threads;                  /* 1 to HTTP_THREADS_MAX */
    int64_t connections;             /* at most, in total */
    int64_t connections_per_address; /* at most; proxies that are trusted do not count */
    int64_t idle_s;                  /* how long a connection may wait for its next request */
    int64_t request_s; /* how long a request may take to arrive, and an answer to be taken */
    struct http_networks trusted; /* proxies whose X-Forwarded-For is believed, besides loopback */
    struct http_networks inside;  /* who may ask HTTP_INSIDE, besides loopback */
    http_show_problem *show_problem; /* for browsers, outside /api/; may be NULL */
    void (*own_release)(void *own);  /* of what http_own keeps; NULL: nothing is kept */
    http_tell *tell;              /* may be NULL; called on the server's threads */
    void *tell_context;
};

/* The limits of a server that nobody configured. */
void http_settings_init(struct http_settings *settings);
/* Checks the routes, listens and starts to answer. E_USAGE for an address that is none, E_OUTSIDE
 * where it cannot listen, E_CHECK for wrong routes, E_MEMORY. */
NODISCARD err_t http_server_start(const struct http_settings *settings, struct http_server **out,
                                  struct err *err);
/* The port it listens on. */
int64_t http_server_port(const struct http_server *server);
/* Ends the server within limit_ms; answers false when requests had to be cut off. */
bool http_server_stop(struct http_server *server, int64_t limit_ms);

/* /healthz, /readyz, /metrics. */
extern const struct http_routes http_health_routes;

#endif
