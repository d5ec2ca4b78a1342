/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of the server in the text format of Prometheus. */
#include "base/clock.h"
#include "http/server_int.h"

enum { US_PER_S = 1000000, US_DIGITS = 6, NS_PER_US = 1000 };

static const int statuses[] = {
#define STATUS(code) code,
    HTTP_STATUSES(STATUS)
#undef STATUS
};
static const int64_t latencies_us[HTTP_LATENCY_COUNT] = HTTP_LATENCIES_US;

static void add(counter *to, uint64_t amount)
{
    atomic_store_explicit(to, atomic_load_explicit(to, memory_order_relaxed) + amount,
                          memory_order_relaxed);
}

static uint64_t of(const counter *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

void metrics_count(struct http_thread *thread, const struct http_route *route, int status,
                   int64_t elapsed_ns)
{
    const struct http_routes *routes = &thread->server->routes;
    size_t row = route == NULL ? routes->count : (size_t)(route - routes->route), column = 0;
    while (column < ARRAY_COUNT(statuses) && statuses[column] != status) column++;
    add(&thread->by_route[row * HTTP_STATUS_COUNT + column], 1);
    int64_t elapsed_us = elapsed_ns / NS_PER_US;
    size_t class = 0;
    while (class < HTTP_LATENCY_COUNT && elapsed_us > latencies_us[class]) class ++;
    add(&thread->latency[class], 1);
    add(&thread->elapsed_us, (uint64_t)elapsed_us);
}

static void write_one(struct buf *out, const char *name, const char *type, const char *help,
                      int64_t value)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, type, name,
               (long long)value);
}

static void write_seconds(struct buf *out, uint64_t us)
{
    buf_add_i64(out, (int64_t)(us / US_PER_S));
    buf_add_char(out, '.');
    buf_add_padded(out, (int64_t)(us % US_PER_S), US_DIGITS);
}

static uint64_t sum_route(const struct http_server *server, size_t cell)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < server->settings.threads; i++)
        sum += of(&server->threads[i].by_route[cell]);
    return sum;
}

static void write_routes(const struct http_server *server, struct buf *out)
{
    buf_add(out, S("# HELP sangden_http_requests_total Requests answered.\n"
                   "# TYPE sangden_http_requests_total counter\n"));
    for (size_t row = 0; row <= server->routes.count; row++) {
        bool known = row < server->routes.count;
        const struct http_route *route = &server->routes.route[known ? row : 0];
        for (size_t column = 0; column < HTTP_STATUS_COUNT; column++) {
            uint64_t sum = sum_route(server, row * HTTP_STATUS_COUNT + column);
            if (sum == 0) continue;
            buf_printf(
                out, "sangden_http_requests_total{method=\"%.*s\",route=\"%s\",status=\"%d\"} ",
                STR_ARG(known ? http_method_word(route->method) : S("")),
                known ? route->pattern : "", column < ARRAY_COUNT(statuses) ? statuses[column] : 0);
            buf_printf(out, "%llu\n", (unsigned long long)sum);
        }
    }
}

static void write_latency(const struct http_server *server, struct buf *out)
{
    uint64_t below = 0, elapsed_us = 0;
    buf_add(out,
            S("# HELP sangden_http_request_seconds Time from the head of a request to its answer.\n"
              "# TYPE sangden_http_request_seconds histogram\n"));
    for (size_t class = 0; class <= HTTP_LATENCY_COUNT; class ++) {
        for (size_t i = 0; i < server->settings.threads; i++)
            below += of(&server->threads[i].latency[class]);
        buf_add(out, S("sangden_http_request_seconds_bucket{le=\""));
        if (class < HTTP_LATENCY_COUNT) write_seconds(out, (uint64_t)latencies_us[class]);
        else buf_add(out, S("+Inf"));
        buf_printf(out, "\"} %llu\n", (unsigned long long)below);
    }
    for (size_t i = 0; i < server->settings.threads; i++)
        elapsed_us += of(&server->threads[i].elapsed_us);
    buf_add(out, S("sangden_http_request_seconds_sum "));
    write_seconds(out, elapsed_us);
    buf_printf(out, "\nsangden_http_request_seconds_count %llu\n", (unsigned long long)below);
}

void metrics_write(const struct http_server *server, struct buf *out)
{
    uint64_t store_errors = 0;
    for (size_t i = 0; i < server->settings.threads; i++)
        store_errors += of(&server->threads[i].store_errors);
    write_routes(server, out);
    write_latency(server, out);
    write_one(out, "sangden_http_connections", "gauge", "Open connections.",
              atomic_load(&server->open_count));
    write_one(out, "sangden_http_connections_accepted_total", "counter", "Connections accepted.",
              (int64_t)of(&server->accepted));
    write_one(out, "sangden_http_connections_refused_total", "counter",
              "Connections refused because their address had too many.",
              (int64_t)of(&server->refused));
    write_one(out, "sangden_http_connections_expired_total", "counter",
              "Connections closed because they stood still.", (int64_t)of(&server->expired));
    write_one(out, "sangden_store_errors_total", "counter", "Requests that the store failed.",
              (int64_t)store_errors);
    write_one(out, "sangden_start_time_seconds", "gauge", "When the server started, unix time.",
              server->started_ms / 1000);
}
