/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the server share; nothing outside the room includes it.
 *
 *   server ─► threads ─► exchanges (one per request under way, reused)
 *          └► connections: one slot each, with the time by which it must have gone on */
#ifndef SANGDEN_HTTP_SERVER_INT_H
#define SANGDEN_HTTP_SERVER_INT_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/route.h"
#include "http/server.h"

enum { HTTP_ADDRESS_BUCKETS = 16384, HTTP_SPARE_EXCHANGES = 8, HTTP_SWEEP_MS = 200 };

/* STATUS(code): every status that an answer may have; metrics count each by itself. */
#define HTTP_STATUSES(STATUS) \
    STATUS(200) \
    STATUS(201) \
    STATUS(202) \
    STATUS(204) \
    STATUS(303) \
    STATUS(304) STATUS(400) STATUS(401) STATUS(403) STATUS(404) STATUS(405) STATUS(408) \
        STATUS(409) STATUS(411) STATUS(412) STATUS(413) STATUS(414) STATUS(415) STATUS(417) \
            STATUS(422) STATUS(428) STATUS(429) STATUS(431) STATUS(500) STATUS(501) STATUS(502) \
                STATUS(503) STATUS(505)

/* Upper ends of the classes of elapsed time, in microseconds. */
#define HTTP_LATENCIES_US \
    { \
        250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 5000000 \
    }
enum { HTTP_LATENCY_COUNT = 13 };

enum http_status_index {
#define STATUS(code) HTTP_STATUS_##code,
    HTTP_STATUSES(STATUS)
#undef STATUS
        HTTP_STATUS_OTHER,
    HTTP_STATUS_COUNT
};

/* Written by one thread, read by any: relaxed atomics, no lock. */
typedef _Atomic uint64_t counter;

struct exchange;

struct http_thread {
    struct http_server *server;
    struct db *db;
    void *own; /* the program's, beside db */
    struct exchange *spare;
    size_t spare_count;
    counter *by_route; /* [route_count + 1][HTTP_STATUS_COUNT]; the last for no route */
    counter latency[HTTP_LATENCY_COUNT + 1];
    counter elapsed_us;
    counter store_errors;
};

/* A connection. state: 0 free, 1 open, 2 held by the sweeper. */
struct http_slot {
    _Atomic int state;
    int fd;
    _Atomic bool busy;         /* a request is being answered */
    _Atomic bool silent;       /* a 408 would be taken for another answer */
    bool cut;                  /* shut down for standing still; of whoever holds the slot */
    _Atomic int64_t until_ns;  /* when it is closed unless it went on */
    uint32_t bucket;           /* of its address; HTTP_ADDRESS_BUCKETS: not counted */
    struct exchange *exchange; /* of the request under way; of its thread alone */
};

struct http_server {
    struct http_settings settings;
    struct http_routes routes;
    struct http_route_index index;
    size_t route_bytes;
    struct MHD_Daemon *daemon;
    int socket; /* listening */
    bool own_socket;
    int64_t port;
    struct http_thread *threads;
    _Atomic size_t threads_used;
    struct http_slot *slots;
    size_t slot_count;
    _Atomic uint32_t slot_hint;
    _Atomic int64_t open_count;
    counter accepted, refused, expired;
    _Atomic int32_t *by_address; /* [HTTP_ADDRESS_BUCKETS] open connections */
    uint64_t address_key;
    uint64_t id_key;
    _Atomic uint64_t id_next;
    _Atomic bool stopping;
    pthread_t sweeper;
    _Atomic bool sweeper_ends;
    int64_t started_ms;
};

/* ---- connection.c ------------------------------------------------------------------------- */

/* Takes memory for slots and starts the sweeper. E_MEMORY, E_OUTSIDE. */
NODISCARD err_t connections_start(struct http_server *server, struct err *err);
void connections_end(struct http_server *server);
/* Callbacks of the library. */
enum MHD_Result connection_accept(void *server, const struct sockaddr *address, socklen_t bytes);
void connection_notify(void *server, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode code);
struct http_slot *connection_slot(struct MHD_Connection *connection);
/* A request has begun to be answered, or was answered. NULL is accepted. */
void connection_busy(const struct http_server *server, struct http_slot *slot, int64_t now_ns);
void connection_answering(const struct http_server *server, struct http_slot *slot);
void connection_idle(const struct http_server *server, struct http_slot *slot, int64_t now_ns);
/* How many requests are under way. */
size_t connections_busy(const struct http_server *server);

/* ---- exchange.c --------------------------------------------------------------------------- */

void *exchange_begin(void *server, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_go_on(void *server, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *body,
                               size_t *body_bytes, void **context);
/* Gives back the exchange of a request that the library dropped without a word (a head that did not
 * fit), when its connection goes on or is closed. */
void exchange_drop(struct http_slot *slot);
void exchange_end(void *server, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode code);
void exchanges_release(struct http_thread *thread);
/* Closes the connection of a thread to the store, and what is kept beside it. */
void thread_leave_store(struct http_thread *thread);

/* ---- metrics.c ---------------------------------------------------------------------------- */

void metrics_count(struct http_thread *thread, const struct http_route *route, int status,
                   int64_t elapsed_ns);
void metrics_write(const struct http_server *server, struct buf *out);

/* ---- listen.c ----------------------------------------------------------------------------- */

/* A listening socket on the address, which shares its port with a process that follows. */
NODISCARD err_t listen_on(struct str address, int64_t port, int *out_socket, struct err *err);
/* The port of a socket; 0 where it has none. */
int64_t listen_port(int socket);
/* Steers new connections to the index-th socket of the port, so that this one runs dry. */
void listen_steer(int socket, unsigned index);

#endif
