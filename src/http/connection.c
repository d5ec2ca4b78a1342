/* SPDX-License-Identifier: Apache-2.0 */
/* Connections: how many, from where, and for how long they may stand still.
 *
 *   accepted ──► idle ──► busy ──► answering ──► idle …      each state has its deadline
 *                  └────────┴─────────┴──► expired: 408 while a request comes in, then closed */
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "http/server_int.h"

static const int64_t ns_per_s = 1000000000;
enum { NS_PER_MS = 1000000 };
enum { SLOT_FREE, SLOT_OPEN, SLOT_HELD };

/* ---- by address --------------------------------------------------------------------------- */

/* Which counter an address shares: IPv6 by its /64, which one subscriber has whole. The key keeps
 * others from choosing addresses that share a counter with somebody. */
static uint32_t bucket_of(const struct http_server *server, const struct http_address *address)
{
    static const unsigned char ipv4_prefix[8] = {0};
    size_t bytes = memcmp(address->byte, ipv4_prefix, 8) == 0 ? 16 : 8;
    uint64_t hash = server->address_key;
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ address->byte[i]) * 0x9E3779B97F4A7C15U;
    return (uint32_t)(hash >> 32) % HTTP_ADDRESS_BUCKETS;
}

static bool is_counted(const struct http_server *server, const struct http_address *address)
{
    return !http_networks_have(&server->settings.trusted, address);
}

enum MHD_Result connection_accept(void *cls, const struct sockaddr *socket, socklen_t bytes)
{
    struct http_server *server = cls;
    struct http_address address = http_address_of(socket);
    (void)bytes;
    if (!is_counted(server, &address)) return MHD_YES;
    int32_t open = atomic_load_explicit(&server->by_address[bucket_of(server, &address)],
                                        memory_order_relaxed);
    if (open < server->settings.connections_per_address) return MHD_YES;
    atomic_fetch_add_explicit(&server->refused, 1, memory_order_relaxed);
    return MHD_NO;
}

/* ---- slots -------------------------------------------------------------------------------- */

static void set_deadline(struct http_slot *slot, int64_t now_ns, int64_t seconds)
{
    atomic_store_explicit(&slot->until_ns, now_ns + seconds * ns_per_s, memory_order_relaxed);
}

static struct http_slot *take_slot(struct http_server *server)
{
    for (size_t tries = 0; tries < server->slot_count; tries++) {
        uint32_t at = atomic_fetch_add_explicit(&server->slot_hint, 1, memory_order_relaxed);
        struct http_slot *slot = &server->slots[at % server->slot_count];
        if (atomic_load_explicit(&slot->state, memory_order_relaxed) != SLOT_FREE) continue;
        int free = SLOT_FREE;
        /* Held until it is filled, so that the sweeper passes over it. */
        if (atomic_compare_exchange_strong(&slot->state, &free, SLOT_HELD)) return slot;
    }
    return NULL;
}

static void open_slot(struct http_server *server, struct MHD_Connection *connection,
                      struct http_slot *slot)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct http_address address = http_address_of(peer->client_addr);
    slot->fd = fd->connect_fd;
    slot->cut = false;
    slot->bucket = HTTP_ADDRESS_BUCKETS;
    if (is_counted(server, &address)) {
        slot->bucket = bucket_of(server, &address);
        atomic_fetch_add_explicit(&server->by_address[slot->bucket], 1, memory_order_relaxed);
    }
    atomic_store_explicit(&slot->busy, false, memory_order_relaxed);
    atomic_store_explicit(&slot->silent, false, memory_order_relaxed);
    set_deadline(slot, clock_monotonic_ns(), server->settings.request_s);
    atomic_store(&slot->state, SLOT_OPEN);
}

static void close_slot(struct http_slot *slot)
{
    int open = SLOT_OPEN;
    /* The sweeper holds a slot for one system call; the descriptor must not be closed meanwhile. */
    while (!atomic_compare_exchange_weak(&slot->state, &open, SLOT_FREE)) open = SLOT_OPEN;
}

void connection_notify(void *cls, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        atomic_fetch_add_explicit(&server->accepted, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&server->open_count, 1, memory_order_relaxed);
        struct http_slot *slot = take_slot(server);
        if (slot != NULL) open_slot(server, connection, slot);
        *context = slot;
        return;
    }
    struct http_slot *slot = *context;
    atomic_fetch_sub_explicit(&server->open_count, 1, memory_order_relaxed);
    if (slot == NULL) return;
    exchange_drop(slot);
    if (slot->bucket < HTTP_ADDRESS_BUCKETS)
        atomic_fetch_sub_explicit(&server->by_address[slot->bucket], 1, memory_order_relaxed);
    close_slot(slot);
}

struct http_slot *connection_slot(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

void connection_busy(const struct http_server *server, struct http_slot *slot, int64_t now_ns)
{
    if (slot == NULL) return;
    atomic_store_explicit(&slot->busy, true, memory_order_relaxed);
    atomic_store_explicit(&slot->silent, false, memory_order_relaxed);
    set_deadline(slot, now_ns, server->settings.request_s);
}

void connection_answering(const struct http_server *server, struct http_slot *slot)
{
    if (slot == NULL) return;
    atomic_store_explicit(&slot->silent, true, memory_order_relaxed);
    set_deadline(slot, clock_monotonic_ns(), server->settings.request_s);
}

/* The next request may come within idle_s, and then has its request_s. Whoever just sends it must
 * not take a 408 for its answer. */
void connection_idle(const struct http_server *server, struct http_slot *slot, int64_t now_ns)
{
    if (slot == NULL) return;
    atomic_store_explicit(&slot->busy, false, memory_order_relaxed);
    atomic_store_explicit(&slot->silent, true, memory_order_relaxed);
    set_deadline(slot, now_ns, server->settings.idle_s + server->settings.request_s);
}

size_t connections_busy(const struct http_server *server)
{
    size_t busy = 0;
    for (size_t i = 0; i < server->slot_count; i++)
        busy += atomic_load(&server->slots[i].state) == SLOT_OPEN &&
                atomic_load(&server->slots[i].busy);
    return busy;
}

/* Who did not send a whole request has no language, address or number yet. */
#define LATE_BODY \
    "{\"type\":\"about:blank\",\"title\":\"Quá thời gian chờ\",\"status\":408," \
    "\"detail\":\"Yêu cầu không đến đủ trong thời gian cho phép\"," \
    "\"hint\":\"Kiểm tra đường truyền rồi gửi lại\",\"code\":\"E_WAIT\"," \
    "\"detail_vi\":\"Yêu cầu không đến đủ trong thời gian cho phép\"," \
    "\"hint_vi\":\"Kiểm tra đường truyền rồi gửi lại\"," \
    "\"detail_en\":\"The request did not arrive whole in the time allowed\"," \
    "\"hint_en\":\"Check the line and send it again\",\"request_id\":\"\"}\n"
#define LATE_BYTES        473
#define AS_TEXT(number)   #number
#define LENGTH_OF(number) AS_TEXT(number)
_Static_assert(sizeof LATE_BODY - 1 == LATE_BYTES, "the length that is sent");

/* ---- the sweeper -------------------------------------------------------------------------- */

/* Counted before the other side can know. Where the library's thread is late to close it, it is cut
 * again and counted no more. */
static void cut(struct http_server *server, struct http_slot *slot, int64_t now_ns)
{
    static const struct str late =
        S_INIT("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
               "Content-Type: application/problem+json\r\nCache-Control: no-store\r\n"
               "Content-Length: " LENGTH_OF(LATE_BYTES) "\r\n\r\n" LATE_BODY);
    if (!slot->cut) atomic_fetch_add_explicit(&server->expired, 1, memory_order_relaxed);
    ssize_t sent = 0;
    if (!slot->cut && !atomic_load(&slot->silent))
        sent = send(slot->fd, late.p, late.n, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)sent; /* Whoever does not take it is cut off all the same. */
    shutdown(slot->fd, SHUT_RDWR);
    slot->cut = true;
    set_deadline(slot, now_ns, server->settings.request_s);
}

static void expire(struct http_server *server, struct http_slot *slot, int64_t now_ns)
{
    int open = SLOT_OPEN;
    if (atomic_load_explicit(&slot->until_ns, memory_order_relaxed) > now_ns) return;
    if (!atomic_compare_exchange_strong(&slot->state, &open, SLOT_HELD)) return;
    if (atomic_load_explicit(&slot->until_ns, memory_order_relaxed) <= now_ns)
        cut(server, slot, now_ns);
    atomic_store(&slot->state, SLOT_OPEN);
}

static void *sweep(void *cls)
{
    struct http_server *server = cls;
    const struct timespec pause = {0, (long)HTTP_SWEEP_MS * NS_PER_MS};
    while (!atomic_load(&server->sweeper_ends)) {
        nanosleep(&pause, NULL);
        int64_t now_ns = clock_monotonic_ns();
        for (size_t i = 0; i < server->slot_count; i++)
            if (atomic_load_explicit(&server->slots[i].state, memory_order_relaxed) == SLOT_OPEN)
                expire(server, &server->slots[i], now_ns);
    }
    return NULL;
}

err_t connections_start(struct http_server *server, struct err *err)
{
    server->slot_count = (size_t)server->settings.connections + HTTP_THREADS_MAX;
    size_t slot_bytes = server->slot_count * sizeof *server->slots;
    size_t bucket_bytes = HTTP_ADDRESS_BUCKETS * sizeof *server->by_address;
    server->slots = memory_take(slot_bytes);
    server->by_address = memory_take(bucket_bytes);
    if (server->slots == NULL || server->by_address == NULL) return err_memory(err);
    memset(server->slots, 0, slot_bytes);
    memset(server->by_address, 0, bucket_bytes);
    random_bytes(&server->address_key, sizeof server->address_key);
    random_bytes(&server->id_key, sizeof server->id_key);
    if (pthread_create(&server->sweeper, NULL, sweep, server) == 0) return OK;
    atomic_store(&server->sweeper_ends, true);
    return err_thread(err);
}

void connections_end(struct http_server *server)
{
    if (server->slots != NULL && server->by_address != NULL &&
        !atomic_exchange(&server->sweeper_ends, true))
        pthread_join(server->sweeper, NULL);
    memory_give(server->slots, server->slot_count * sizeof *server->slots);
    memory_give(server->by_address, HTTP_ADDRESS_BUCKETS * sizeof *server->by_address);
    server->slots = NULL;
    server->by_address = NULL;
}
