/* SPDX-License-Identifier: Apache-2.0 */
/* serve: answers HTTP, with workers beside it, until the process is asked to end. */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "api/call.h"
#include "app/check_list.h"
#include "app/environment.h"
#include "app/sending.h"
#include "app/serve_notes.h"
#include "app/serve_workers.h"
#include "app/store_call.h"
#include "app/supervisor.h"
#include "app/vault_call.h"
#include "base/file.h"
#include "base/log.h"
#include "http/server.h"
#include "http/site.h"
#include "tariff/book.h"
#include "web/calculator_routes.h"
#include "web/open/open.h"
#include "web/desk/desk.h"
#include "web/operations/operations.h"
#include "web/portal/portal.h"
#include "web/sign_in/sign_in.h"

enum {
    SYSTEMD_FIRST_SOCKET = 3,
    STOP_LIMIT_MS = 25000,
    WATCH_NS = 200000000,
    FILES_BESIDE_CONNECTIONS = 256,
    CONNECTIONS_MAX = 1000000,
    NS_PER_US = 1000
};

/* ---- configuration ------------------------------------------------------------------------ */

static err_t read_number(struct call *call, const char *name, int64_t *number)
{
    const char *text = getenv(name);
    int64_t value;
    if (text == NULL || text[0] == '\0') return OK;
    if (str_to_i64(str_of(text), &value) && value >= 1 && value <= CONNECTIONS_MAX) {
        *number = value;
        return OK;
    }
    err_set(call->err, E_USAGE, name, "Không phải là số từ 1 đến %d: “%s”",
            "This is no number from 1 to %d: “%s”", CONNECTIONS_MAX, text);
    return err_hint(call->err, "Ghi một số nguyên, ví dụ 12000",
                    "Write a whole number such as "
                    "12000");
}

static err_t read_networks(struct call *call, const char *name, struct http_networks *out)
{
    return http_networks_parse(str_of(getenv(name)), name, out, call->err);
}

/* The socket that systemd opened and keeps (sd_listen_fds(3)). */
static err_t take_socket(struct call *call, int *out)
{
    const char *process = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int64_t value;
    *out = -1;
    if (process == NULL || !str_to_i64(str_of(process), &value) || value != getpid()) return OK;
    if (count != NULL && str_equal(str_of(count), S("1"))) {
        *out = SYSTEMD_FIRST_SOCKET;
        return OK;
    }
    err_set(call->err, E_USAGE, "LISTEN_FDS", "Cần đúng một cổng nghe từ systemd",
            "Exactly one socket from systemd is needed");
    return err_hint(call->err, "Để một dòng ListenStream trong sangden.socket",
                    "Keep one ListenStream in sangden.socket");
}

static int64_t processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > HTTP_THREADS_MAX ? HTTP_THREADS_MAX : count;
}

static err_t check_range(struct call *call, const char *option, int64_t value, int64_t least,
                         int64_t most)
{
    if (value >= least && value <= most) return OK;
    err_set(call->err, E_USAGE, option, "Số nằm ngoài giới hạn", "The number is out of range");
    return err_hint(call->err, "--%s từ %lld đến %lld", "--%s from %lld to %lld", option,
                    (long long)least, (long long)most);
}

static err_t read_settings(struct call *call, struct http_settings *settings)
{
    http_settings_init(settings);
    if (call_given(call, "address")) settings->address = call_text(call, "address");
    settings->port = call_i64(call, "port", settings->port);
    settings->threads = (size_t)call_i64(call, "threads", processors());
    settings->store = store_target();
    err_t e = check_range(call, "port", settings->port, 0, UINT16_MAX);
    if (e == OK) e = check_range(call, "threads", (int64_t)settings->threads, 1, HTTP_THREADS_MAX);
    if (e == OK) e = check_range(call, "workers", call_i64(call, "workers", 1), 0, CREW_MAX);
    if (e == OK) e = read_number(call, "SANGDEN_CONNECTIONS", &settings->connections);
    if (e == OK)
        e = read_number(call, "SANGDEN_CONNECTIONS_PER_ADDRESS",
                        &settings->connections_per_address);
    if (e == OK) e = read_number(call, "SANGDEN_IDLE_SECONDS", &settings->idle_s);
    if (e == OK) e = read_number(call, "SANGDEN_REQUEST_SECONDS", &settings->request_s);
    if (e == OK) e = read_networks(call, "SANGDEN_PROXIES", &settings->trusted);
    if (e == OK) e = read_networks(call, "SANGDEN_METRICS_FROM", &settings->inside);
    return e == OK ? take_socket(call, &settings->socket) : e;
}

/* ---- the log ------------------------------------------------------------------------------ */

static void tell(void *context, const struct http_told *told)
{
    enum log_level level = told->status >= 500 ? LOG_ERROR : LOG_DEBUG;
    (void)context;
    if (told->quiet && level == LOG_DEBUG) return;
    log_event(level, "http.request",
              LOG_FIELDS(log_text("id", PRIVACY_OPEN, told->id),
                         log_text("method", PRIVACY_OPEN, told->method),
                         log_text("route", PRIVACY_OPEN, told->route),
                         log_i64("status", told->status),
                         log_i64("elapsed_us", told->elapsed_ns / NS_PER_US),
                         log_i64("bytes", told->answer_bytes),
                         log_text("error", PRIVACY_OPEN,
                                  str_of(told->err->code == OK ? "" : err_name(told->err->code))),
                         log_text("reason", PRIVACY_INTERNAL,
                                  level == LOG_ERROR ? str_of(told->err->en.message) : S("")),
                         log_text("detail", PRIVACY_INTERNAL,
                                  level == LOG_ERROR ? str_of(told->err->en.detail) : S(""))));
}

/* ---- serving ------------------------------------------------------------------------------ */

/* As many files as connections need; where that is not allowed, as many as are. */
static void raise_file_limit(int64_t connections)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)connections + FILES_BESIDE_CONNECTIONS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_event(LOG_WARNING, "serve.files", LOG_FIELDS(log_i64("wanted", (int64_t)wanted)));
}

static void say_addresses(struct call *call, const struct http_settings *settings,
                          const struct http_server *server)
{
    long long port = http_server_port(server);
    bool six = str_find(settings->address, ':') < settings->address.n;
    if (call->json) {
        buf_printf(call->out, "{\"port\":%lld}\n", port);
    } else {
        buf_printf(call->out, "Đang phục vụ | Serving: http://%s%.*s%s:%lld/\n", six ? "[" : "",
                   STR_ARG(settings->address), six ? "]" : "", port);
    }
    call_flush(call);
}

/* Answers until a signal asks to end. The signals were blocked before any thread began. */
static void wait_for_end(const sigset_t *signals, struct serve_workers *workers,
                         const struct serve_notes *notes)
{
    const struct timespec step = {0, WATCH_NS};
    do {
        serve_workers_keep(workers);
        if (serve_notes_go_on(notes)) supervisor_alive();
    } while (sigtimedwait(signals, NULL, &step) < 0);
}

static void block_signals(sigset_t *out)
{
    sigemptyset(out);
    sigaddset(out, SIGTERM);
    sigaddset(out, SIGINT);
    sigprocmask(SIG_BLOCK, out, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* The key of the store; where it has none yet the server starts all the same, and nobody can sign
 * in until it has. A key that is not that of the store is refused. */
static err_t take_key(struct call *call, struct site *site)
{
    static struct vault vault;
    if (!file_exists(vault_path())) {
        log_event(LOG_WARNING, "serve.no_key",
                  LOG_FIELDS(log_text("path", PRIVACY_INTERNAL, str_of(vault_path()))));
        return OK;
    }
    err_t e = call_vault(call, &vault);
    if (e == OK) site->vault = &vault;
    return e;
}

/* Opens the store once, so that a wrong one is refused before anybody is answered; the workers'
 * right and configuration likewise. */
static err_t check_start(struct call *call, int64_t workers, struct site *site)
{
    struct db *db;
    struct sending sending = {.once = false};
    err_t e = call_db(call, &db);
    site->demonstration = call->demonstration;
    if (e == OK) e = take_key(call, site);
    if (e == OK && workers > 0 && sending_is_configured()) e = sending_prepare(call, &sending);
    if (e == OK) call_db_close(call);
    return e;
}

static err_t serve(struct call *call, struct http_settings *settings, struct site *site)
{
    struct serve_workers workers = {.count = call_i64(call, "workers", 1), .as = call->as};
    struct serve_notes notes;
    struct http_server *server;
    sigset_t signals;
    supervisor_begin();
    err_t e = check_start(call, workers.count, site);
    if (e != OK) return e;
    block_signals(&signals);
    raise_file_limit(settings->connections);
    e = serve_notes_start(&notes, settings->store, call->err);
    if (e != OK) return e;
    e = http_server_start(settings, &server, call->err);
    if (e != OK) {
        serve_notes_stop(&notes);
        return e;
    }
    say_addresses(call, settings, server);
    supervisor_ready();
    wait_for_end(&signals, &workers, &notes);
    supervisor_stopping();
    bool whole = http_server_stop(server, STOP_LIMIT_MS);
    serve_notes_stop(&notes);
    serve_workers_stop(&workers, STOP_LIMIT_MS);
    if (!whole) log_event(LOG_WARNING, "serve.cut", LOG_FIELDS(log_i64("limit_ms", STOP_LIMIT_MS)));
    return OK;
}

static err_t run(struct call *call)
{
    struct http_settings settings;
    struct http_routes api;
    const struct price_book *book;
    /* A ZIP file keeps local times: those of Vietnam, wherever the machine stands. */
    setenv("TZ", "ICT-7", 1);
    tzset();
    err_t e = read_settings(call, &settings);
    if (e == OK) e = book_load(call->arena, book_builtin_text(), &book, call->err);
    if (e == OK) e = api_routes(call->arena, &api, call->err);
    if (e != OK) return e;
    struct site site = {
        .checks = &check_list,
        .book = book, .photo_folder = S("var/photos"), .portal = environment_portal()};
    settings.context = &site;
    settings.show_problem = visit_problem;
    settings.own_release = visit_own_release;
    settings.tell = tell;
    settings.tables[settings.table_count++] = http_health_routes;
    settings.tables[settings.table_count++] = web_calculator_routes;
    settings.tables[settings.table_count++] = api;
    settings.tables[settings.table_count++] = web_open_routes;
    settings.tables[settings.table_count++] = web_operations_routes;
    settings.tables[settings.table_count++] = web_sign_in_routes;
    settings.tables[settings.table_count++] = web_portal_routes;
    settings.tables[settings.table_count++] = web_desk_routes;
    return serve(call, &settings, &site);
}

static const struct option_spec options[] = {
    {"address", OPTION_TEXT, false, "IP", "địa chỉ nghe (mặc định 127.0.0.1)",
     "address to listen on (default 127.0.0.1)"},
    {"port", OPTION_I64, false, "N", "cổng nghe (mặc định 8080; 0: cổng trống bất kỳ)",
     "port to listen on (default 8080; 0: any free one)"},
    {"threads", OPTION_I64, false, "N", "số luồng trả lời (mặc định: số bộ xử lý)",
     "threads that answer (default: the number of processors)"},
    {"workers", OPTION_I64, false, "N", "số tiến trình làm việc nền (mặc định 1; 0: không có)",
     "processes for background work (default 1; 0: none)"},
};

const struct command command_serve = {
    .name = "serve",
    .store = STORE_WRITES,
    .help_vi = "Phục vụ qua HTTP: trang web, giao diện lập trình, số liệu vận hành",
    .help_en = "Serve over HTTP: pages, the programming interface, figures of operation",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
