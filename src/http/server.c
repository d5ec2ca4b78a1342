/* SPDX-License-Identifier: Apache-2.0 */
#include "http/server.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "http/server_int.h"
#include "store/store.h"

enum {
    PORT_DEFAULT = 8080,
    CONNECTIONS_DEFAULT = 12000,
    PER_ADDRESS_DEFAULT = 64,
    IDLE_DEFAULT_S = 75,
    REQUEST_DEFAULT_S = 30,
    /* What the library has for a connection: the head, a record for each of its lines (and two for
     * the cookie that hides the others), and the head of the answer. The library clears all of it
     * behind every request, so that an idle connection has it in memory. */
    RECORD_BYTES = 64,
    ANSWER_HEAD_BYTES = 1024,
    CONNECTION_BYTES =
        HTTP_HEAD_MAX_BYTES + (HTTP_HEADER_MAX_COUNT + 1) * RECORD_BYTES + ANSWER_HEAD_BYTES,
    STEER_MS = 250,
    GRACE_MS = 500,
    NAP_MS = 5,
    NS_PER_MS = 1000000
};

void http_settings_init(struct http_settings *settings)
{
    *settings = (struct http_settings){.address = S("127.0.0.1"),
                                       .port = PORT_DEFAULT,
                                       .socket = -1,
                                       .threads = 1,
                                       .connections = CONNECTIONS_DEFAULT,
                                       .connections_per_address = PER_ADDRESS_DEFAULT,
                                       .idle_s = IDLE_DEFAULT_S,
                                       .request_s = REQUEST_DEFAULT_S};
}

int64_t http_server_port(const struct http_server *server)
{
    return server->port;
}

/* ---- start -------------------------------------------------------------------------------- */

static err_t join_routes(struct http_server *server, struct err *err)
{
    const struct http_settings *settings = &server->settings;
    size_t count = 0, at = 0;
    for (size_t i = 0; i < settings->table_count; i++) count += settings->tables[i].count;
    server->route_bytes = (count + 1) * sizeof(struct http_route);
    struct http_route *routes = memory_take(server->route_bytes);
    if (routes == NULL) return err_memory(err);
    for (size_t i = 0; i < settings->table_count; i++)
        for (size_t k = 0; k < settings->tables[i].count; k++)
            routes[at++] = settings->tables[i].route[k];
    server->routes = (struct http_routes){routes, count};
    return http_route_index_make(&server->routes, &server->index, err);
}

static size_t counter_bytes(const struct http_server *server)
{
    return (server->routes.count + 1) * HTTP_STATUS_COUNT * sizeof(counter);
}

static err_t make_threads(struct http_server *server, struct err *err)
{
    size_t bytes = server->settings.threads * sizeof *server->threads;
    server->threads = memory_take(bytes);
    if (server->threads == NULL) return err_memory(err);
    memset(server->threads, 0, bytes);
    for (size_t i = 0; i < server->settings.threads; i++) {
        struct http_thread *thread = &server->threads[i];
        thread->server = server;
        thread->by_route = memory_take(counter_bytes(server));
        if (thread->by_route == NULL) return err_memory(err);
        memset((void *)thread->by_route, 0, counter_bytes(server));
    }
    return OK;
}

static err_t open_socket(struct http_server *server, struct err *err)
{
    const struct http_settings *settings = &server->settings;
    server->own_socket = settings->socket < 0;
    server->socket = settings->socket;
    err_t e = OK;
    if (server->own_socket) e = listen_on(settings->address, settings->port, &server->socket, err);
    if (e == OK) server->port = listen_port(server->socket);
    return e;
}

static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text); /* decode.c reads what they mean, from the address as it came */
}

static err_t start_daemon(struct http_server *server, struct err *err)
{
    const struct http_settings *settings = &server->settings;
    struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)settings->threads, NULL},
        {MHD_OPTION_END, 0, NULL}};
    if (settings->threads == 1) pool[0] = pool[1];
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_TURBO, 0, connection_accept, server,
        exchange_go_on, server, MHD_OPTION_LISTEN_SOCKET, server->socket,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, server, MHD_OPTION_NOTIFY_COMPLETED,
        exchange_end, server, MHD_OPTION_NOTIFY_CONNECTION, connection_notify, server,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)settings->connections, MHD_OPTION_ARRAY, pool, MHD_OPTION_END);
    if (server->daemon != NULL) return OK;
    err_set(err, E_OUTSIDE, NULL, "Máy chủ không khởi động được", "The server could not start");
    return err_hint(err, "Tăng giới hạn số tệp mở (ulimit -n) và số luồng",
                    "Raise the limits of open files (ulimit -n) and threads");
}

static void release(struct http_server *server)
{
    for (size_t i = 0; server->threads != NULL && i < server->settings.threads; i++) {
        struct http_thread *thread = &server->threads[i];
        exchanges_release(thread);
        thread_leave_store(thread);
        memory_give((void *)thread->by_route, counter_bytes(server));
    }
    memory_give(server->threads, server->settings.threads * sizeof *server->threads);
    connections_end(server);
    http_route_index_release(&server->index);
    memory_give((void *)(uintptr_t)server->routes.route, server->route_bytes);
    if (server->own_socket && server->socket >= 0) close(server->socket);
    memory_give(server, sizeof *server);
}

err_t http_server_start(const struct http_settings *settings, struct http_server **out,
                        struct err *err)
{
    ASSERT(settings->threads >= 1 && settings->threads <= HTTP_THREADS_MAX);
    struct http_server *server = memory_take(sizeof *server);
    if (server == NULL) return err_memory(err);
    memset(server, 0, sizeof *server);
    server->settings = *settings;
    server->socket = -1;
    server->started_ms = clock_now_ms();
    err_t e = join_routes(server, err);
    if (e == OK) e = make_threads(server, err);
    if (e == OK) e = open_socket(server, err);
    if (e == OK) e = connections_start(server, err);
    if (e == OK) e = start_daemon(server, err);
    if (e != OK) {
        release(server);
        return e;
    }
    *out = server;
    return OK;
}

/* ---- stop --------------------------------------------------------------------------------- */

static void nap(int64_t ms)
{
    const struct timespec pause = {0, (long)(ms * NS_PER_MS)};
    nanosleep(&pause, NULL);
}

/* New connections go to the process that follows. There are two sockets of the port at most; which
 * of them is the other one shows in what still arrives here. */
static void steer_away(struct http_server *server)
{
    for (unsigned index = 2; index-- > 0;) {
        listen_steer(server->socket, index);
        nap(STEER_MS / 5);
        uint64_t before = atomic_load(&server->accepted);
        nap(STEER_MS);
        if (atomic_load(&server->accepted) == before) return;
    }
}

/* What waits for being accepted on a socket that nobody else will accept from. */
static void accept_rest(struct http_server *server)
{
    for (;;) {
        struct sockaddr_storage address;
        socklen_t bytes = sizeof address;
        int s = accept4(server->socket, (struct sockaddr *)&address, &bytes,
                        SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (s < 0) return;
        enum MHD_Result added =
            MHD_add_connection(server->daemon, s, (struct sockaddr *)&address, bytes);
        (void)added; /* The library closes what it does not take. */
    }
}

/* Until nothing is under way, and whoever was about to ask has had time to. */
static bool finish_requests(const struct http_server *server, int64_t until_ns)
{
    int64_t quiet_ns = clock_monotonic_ns() + (int64_t)GRACE_MS * NS_PER_MS;
    for (;;) {
        int64_t now_ns = clock_monotonic_ns();
        if (atomic_load(&server->open_count) == 0) return true;
        bool busy = connections_busy(server) > 0;
        if (!busy && now_ns >= quiet_ns) return true;
        if (now_ns >= until_ns) return !busy;
        nap(NAP_MS);
    }
}

bool http_server_stop(struct http_server *server, int64_t limit_ms)
{
    int64_t until_ns = clock_monotonic_ns() + limit_ms * NS_PER_MS;
    atomic_store(&server->stopping, true);
    if (server->own_socket) steer_away(server);
    MHD_quiesce_daemon(server->daemon);
    if (server->own_socket) {
        accept_rest(server);
        /* Closed by release: until its threads have ended, one may still be accepting from it, and
         * its number must not belong to another file. */
        shutdown(server->socket, SHUT_RD);
    }
    bool whole = finish_requests(server, until_ns);
    MHD_stop_daemon(server->daemon);
    release(server);
    return whole;
}
