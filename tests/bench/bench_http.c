/* SPDX-License-Identifier: Apache-2.0 */
/* The server beside the bare library: an empty answer, and a calculated bill beside an echo of the
 * same body. One server thread on one processor, wrk on another; best of ROUNDS. What 10,000 idle
 * connections cost in memory. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "api/call.h"
#include "http/site.h"
#include "bench.h"
#include "http/server.h"
#include "tariff/book.h"

enum {
    ROUNDS = 3,
    OUTPUT_BYTES = 8192,
    BODY_BYTES = 1024,
    IDLE = 10000,
    IDLE_LIMIT_KB = 100 * 1024,
    MS_PER_NAP = 1000,
    ARENA_BYTES = 64 * 1024 * 1024
};

/* ---- the bare library --------------------------------------------------------------------- */

struct echo {
    size_t n;
    char body[BODY_BYTES];
};

static enum MHD_Result answer_bare(void *cls, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *body,
                                   size_t *body_bytes, void **context)
{
    static __thread struct echo pool[1024];
    static __thread size_t used;
    struct echo *echo = *context;
    (void)cls, (void)url, (void)method, (void)version;
    if (echo == NULL) {
        *context = echo = &pool[used++ % ARRAY_COUNT(pool)];
        echo->n = 0;
        return MHD_YES;
    }
    if (*body_bytes > 0) {
        if (echo->n + *body_bytes > BODY_BYTES) return MHD_NO;
        memcpy(echo->body + echo->n, body, *body_bytes);
        echo->n += *body_bytes;
        *body_bytes = 0;
        return MHD_YES;
    }
    struct MHD_Response *answer =
        MHD_create_response_from_buffer(echo->n, echo->body, MHD_RESPMEM_MUST_COPY);
    enum MHD_Result queued = MHD_queue_response(connection, 200, answer);
    MHD_destroy_response(answer);
    return queued;
}

/* ---- wrk ---------------------------------------------------------------------------------- */

static void stay_on(size_t processor)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) return; /* one processor: both share it */
}

static void ask_with_wrk(int64_t port, const char *path, const char *script, struct buf *out)
{
    char address[128];
    char *words[] = {
        "wrk", "-t1", "-c64", "-d2s", "--latency", address, "-s", (char *)(uintptr_t)script, NULL};
    struct buf text;
    int ends[2];
    buf_init_fixed(&text, address, sizeof address);
    buf_printf(&text, "http://127.0.0.1:%lld%s", (long long)port, path);
    if (script == NULL) words[6] = NULL;
    if (pipe(ends) != 0) return;
    pid_t child = fork();
    if (child == 0) {
        stay_on(1);
        dup2(ends[1], STDOUT_FILENO);
        execvp(words[0], words);
        _exit(127);
    }
    close(ends[1]);
    char piece[1024];
    for (ssize_t got; (got = read(ends[0], piece, sizeof piece)) > 0;)
        buf_add(out, (struct str){piece, (size_t)got});
    close(ends[0]);
    waitpid(child, NULL, 0);
}

/* The whole number behind a word: "Requests/sec:  81234.56". */
static int64_t number_behind(struct str text, struct str word)
{
    size_t at = 0;
    int64_t value = 0;
    while (at < text.n && !str_starts(str_sub(text, at, text.n), word)) at++;
    at += word.n;
    while (at < text.n && text.p[at] == ' ') at++;
    for (; at < text.n && text.p[at] >= '0' && text.p[at] <= '9'; at++)
        value = value * 10 + (text.p[at] - '0');
    return value;
}

static int64_t best_of(int64_t port, const char *path, const char *script)
{
    int64_t best = 0;
    for (int i = 0; i < ROUNDS; i++) {
        char memory[OUTPUT_BYTES];
        struct buf out;
        buf_init_fixed(&out, memory, sizeof memory);
        ask_with_wrk(port, path, script, &out);
        bool wrong = number_behind(buf_str(&out), S("Non-2xx or 3xx responses:")) > 0;
        int64_t seen = wrong ? 0 : number_behind(buf_str(&out), S("Requests/sec:"));
        if (seen > best) best = seen;
    }
    return best;
}

/* ---- idle connections --------------------------------------------------------------------- */

static int64_t resident_kb(void)
{
    char text[128] = "";
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL) return 0;
    size_t got = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    struct str rest = {text, got}, piece;
    int64_t pages = 0;
    if (!str_split(&rest, ' ', &piece) || !str_split(&rest, ' ', &piece)) return 0;
    return str_to_i64(piece, &pages) ? pages * (sysconf(_SC_PAGESIZE) / 1024) : 0;
}

/* Opens connections, asks once on each, and keeps them until its input ends. */
static _Noreturn void hold_connections(int64_t port, int ready, int end)
{
    static const char request[] = "GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: __Host-sangden="
                                  "0123456789012345678901234567890123456789012\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char answer[4096];
    char good = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < IDLE && good; i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        good = s >= 0 && connect(s, (struct sockaddr *)&to, sizeof to) == 0 &&
               write(s, request, sizeof request - 1) == (ssize_t)sizeof request - 1 &&
               read(s, answer, sizeof answer) > 0;
    }
    if (write(ready, &good, 1) == 1 && read(end, answer, 1) >= 0) _exit(0);
    _exit(1);
}

static void measure_idle(int64_t port)
{
    int ready[2], end[2];
    char good = 0;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    int64_t before_kb = resident_kb();
    if (pipe(ready) != 0 || pipe(end) != 0) return;
    pid_t child = fork();
    if (child == 0) {
        close(end[1]);
        hold_connections(port, ready[1], end[0]);
    }
    close(end[0]);
    if (read(ready[0], &good, 1) == 1 && good)
        bench_print("10,000 idle connections", resident_kb() - before_kb, "kB", IDLE_LIMIT_KB,
                    "at most");
    close(end[1]);
    waitpid(child, NULL, 0);
}

/* ---- both --------------------------------------------------------------------------------- */

static err_t nothing(struct http_request *request, struct http_response *response, struct err *err)
{
    (void)request, (void)response, (void)err;
    return OK;
}

static const struct http_route empty[] = {{HTTP_GET, "/", nothing, 0, 0, NULL}};

static bool write_script(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) return false;
    fputs("wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\n"
          "wrk.body = '{\"month\":\"2026-07\",\"usage\":{\"kwh\":\"461\"},"
          "\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}]}'\n",
          file);
    return fclose(file) == 0;
}

static void measure(int64_t bare_port, int64_t our_port, const char *script)
{
    int64_t library = best_of(bare_port, "/", NULL);
    bench_print("http: empty answer with all headers, one thread", best_of(our_port, "/", NULL),
                "requests/s", library, "library, bare");
    library = best_of(bare_port, "/", script);
    bench_print("http: POST bill-calculations, one thread",
                best_of(our_port, "/api/v1/bill-calculations", script), "requests/s", library,
                "library echoing the body");
}

/* The bare library alone, for measurements that ask it themselves (pages.mjs), until a signal ends
 * it. */
static int serve_bare(void)
{
    struct MHD_Daemon *bare = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0,
                                               NULL, NULL, answer_bare, NULL, MHD_OPTION_END);
    if (bare == NULL) return 1;
    printf("{\"port\":%d}\n", MHD_get_daemon_info(bare, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    pause();
    return 0;
}

int main(int argument_count, char **arguments)
{
    if (argument_count > 1 && strcmp(arguments[1], "bare") == 0) return serve_bare();
    char script[] = "/tmp/sangden-wrk-XXXXXX";
    struct arena arena;
    struct err err = {0};
    struct site context = {.book = NULL};
    struct http_routes api;
    struct http_settings settings;
    struct http_server *server;
    int file = mkstemp(script);
    if (file < 0 || close(file) != 0 || !write_script(script)) return 1;
    arena_init(&arena, ARENA_BYTES);
    http_settings_init(&settings);
    settings.port = 0;
    settings.connections = IDLE + 1000;
    if (api_routes(&arena, &api, &err) != OK) return 1;
    settings.context = &context;
    settings.tables[settings.table_count++] = (struct http_routes){empty, 1};
    settings.tables[settings.table_count++] = http_health_routes;
    settings.tables[settings.table_count++] = api;
    stay_on(0);
    struct MHD_Daemon *bare = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0,
                                               NULL, NULL, answer_bare, NULL, MHD_OPTION_END);
    if (bare == NULL || book_load(&arena, book_builtin_text(), &context.book, &err) != OK ||
        http_server_start(&settings, &server, &err) != OK) {
        fprintf(stderr, "%s: %s\n", err.en.message, err.en.detail);
        return 1;
    }
    measure(MHD_get_daemon_info(bare, MHD_DAEMON_INFO_BIND_PORT)->port, http_server_port(server),
            script);
    measure_idle(http_server_port(server));
    http_server_stop(server, MS_PER_NAP);
    MHD_stop_daemon(bare);
    arena_release(&arena);
    unlink(script);
    return 0;
}
