/* SPDX-License-Identifier: Apache-2.0 */
/* One request from its first line to the end of its answer.
 *
 *   exchange_begin  first line         takes an exchange, keeps the address as it came
 *   exchange_go_on  head, body, end    framing ─► target ─► route ─► body ─► handler ─► answer
 *   exchange_end    answer was sent    counts, tells, gives the exchange back
 *
 * A request that is refused before its body was read closes its connection, so that nothing behind
 * it is taken for the next request. */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "http/decode.h"
#include "http/frame.h"
#include "http/server_int.h"
#include "store/store.h"

/* An answer that is given before the request was read to its end closes the connection. */
enum stage { STAGE_HEAD, STAGE_BODY, STAGE_REFUSED, STAGE_ANSWERED };
enum { BUFFER_KEPT_BYTES = 256 * 1024 };

struct exchange {
    struct exchange *next; /* of the spare ones */
    struct http_thread *thread;
    struct arena arena;
    struct buf answer, body;
    struct http_request request;
    struct http_response response;
    struct err err;
    struct http_slot *slot;
    const char *target_at;
    struct str target;
    enum stage stage;
    bool closes;
    int64_t started_ns;
    char id[HTTP_ID_BYTES + 1];
    char address[HTTP_ADDRESS_TEXT_BYTES];
};

/* ---- threads and exchanges ---------------------------------------------------------------- */

/* What belongs to this thread of the server. A thread serves one server all its life. */
static struct http_thread *my_thread(struct http_server *server)
{
    static __thread struct http_thread *mine;
    if (mine == NULL) {
        size_t at = atomic_fetch_add(&server->threads_used, 1);
        ASSERT(at < server->settings.threads);
        mine = &server->threads[at];
    }
    return mine;
}

static struct exchange *take_exchange(struct http_thread *thread)
{
    struct exchange *exchange = thread->spare;
    if (exchange != NULL) {
        thread->spare = exchange->next;
        thread->spare_count--;
        return exchange;
    }
    exchange = memory_take(sizeof *exchange);
    if (exchange == NULL) return NULL;
    memset(exchange, 0, sizeof *exchange);
    exchange->thread = thread;
    arena_init(&exchange->arena, HTTP_ARENA_MAX_BYTES);
    buf_init(&exchange->answer, HTTP_ANSWER_MAX_BYTES);
    buf_init(&exchange->body, HTTP_BODY_MAX_BYTES);
    return exchange;
}

static void drop_exchange(struct exchange *exchange)
{
    arena_release(&exchange->arena);
    buf_release(&exchange->answer);
    buf_release(&exchange->body);
    memory_give(exchange, sizeof *exchange);
}

static void clear_buf(struct buf *buf, size_t max_bytes)
{
    if (buf->capacity > BUFFER_KEPT_BYTES) {
        buf_release(buf);
        buf_init(buf, max_bytes);
    }
    buf_reset(buf);
}

static void give_exchange(struct exchange *exchange)
{
    struct http_thread *thread = exchange->thread;
    if (thread->spare_count == HTTP_SPARE_EXCHANGES) {
        drop_exchange(exchange);
        return;
    }
    arena_reset(&exchange->arena);
    clear_buf(&exchange->answer, HTTP_ANSWER_MAX_BYTES);
    clear_buf(&exchange->body, HTTP_BODY_MAX_BYTES);
    exchange->next = thread->spare;
    thread->spare = exchange;
    thread->spare_count++;
}

void exchanges_release(struct http_thread *thread)
{
    while (thread->spare != NULL) {
        struct exchange *exchange = thread->spare;
        thread->spare = exchange->next;
        drop_exchange(exchange);
    }
}

void exchange_drop(struct http_slot *slot)
{
    struct exchange *exchange = slot->exchange;
    slot->exchange = NULL;
    if (exchange != NULL) give_exchange(exchange);
}

static void number(struct http_server *server, char id[HTTP_ID_BYTES + 1])
{
    uint64_t value = atomic_fetch_add_explicit(&server->id_next, 1, memory_order_relaxed);
    struct buf text;
    /* An odd factor gives every number another, and hides how many there were. */
    value = server->id_key + value * 0x9E3779B97F4A7C15U;
    buf_init_fixed(&text, id, HTTP_ID_BYTES + 1);
    buf_add_hex(&text, &value, sizeof value);
}

static const char no_cookie[] = "-";

/* Of every cookie and of every field of a query the library makes a record, from the memory that
 * the head of the answer needs, too; where it does not do, the connection ends without an answer.
 * decode.c reads them from the bytes as they came, so the library is shown none: a Cookie before
 * the one that was sent, and a query that ends where it begins (in its own buffer, once copied). */
static void hide_fields(struct MHD_Connection *connection, const char *target)
{
    char *mark = strchr((char *)(uintptr_t)target, '?');
    if (mark != NULL && mark[1] != '\0') mark[1] = '\0';
    enum MHD_Result hidden =
        MHD_set_connection_value(connection, MHD_HEADER_KIND, "Cookie", no_cookie);
    (void)hidden; /* without memory for it the head does not fit either */
}

void *exchange_begin(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct http_server *server = cls;
    struct exchange *exchange = take_exchange(my_thread(server));
    if (exchange == NULL) return NULL;
    exchange->stage = STAGE_HEAD;
    exchange->closes = false;
    exchange->err = (struct err){.code = OK};
    exchange->request = (struct http_request){
        .arena = &exchange->arena, .context = server->settings.context, .thread = exchange->thread};
    exchange->response = (struct http_response){
        .status = 200, .body = &exchange->answer, .type = "text/html; charset=utf-8"};
    exchange->started_ns = clock_monotonic_ns();
    number(server, exchange->id);
    exchange->request.id = str_of(exchange->id);
    exchange->target_at = target;
    exchange->target = arena_str(&exchange->arena, str_of(target));
    hide_fields(connection, target);
    exchange->request.target = exchange->target;
    exchange->slot = connection_slot(connection);
    if (exchange->slot != NULL) {
        exchange_drop(exchange->slot);
        exchange->slot->exchange = exchange;
    }
    connection_busy(server, exchange->slot, exchange->started_ns);
    return exchange;
}

/* ---- the head ----------------------------------------------------------------------------- */

struct header_list {
    struct http_field *field;
    size_t count;
};

static enum MHD_Result take_header(void *cls, enum MHD_ValueKind kind, const char *key,
                                   size_t key_bytes, const char *value, size_t value_bytes)
{
    struct header_list *list = cls;
    (void)kind;
    if (value == no_cookie) return MHD_YES;
    if (list->count == HTTP_HEADER_MAX_COUNT) return MHD_NO;
    struct str text =
        value == NULL ? (struct str){key + key_bytes + 1, 0} : (struct str){value, value_bytes};
    list->field[list->count++] = (struct http_field){{key, key_bytes}, text};
    return MHD_YES;
}

/* Answers 0, or the status to refuse with. */
static int read_frame(struct exchange *exchange, struct MHD_Connection *connection,
                      const char *method, const char *version, int64_t *out_body_bytes)
{
    struct header_list list = {
        ARENA_ARRAY(&exchange->arena, struct http_field, HTTP_HEADER_MAX_COUNT), 0};
    if (list.field == NULL || exchange->target.p == NULL) {
        err_memory(&exchange->err);
        return err_http_status(E_MEMORY);
    }
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take_header, &list);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct http_head head = {.method = str_of(method),
                             .target = {exchange->target_at, exchange->target.n},
                             .version = str_of(version),
                             .headers = {list.field, list.count},
                             .bytes = info->header_size};
    exchange->request.headers = head.headers;
    return http_check_frame(&head, out_body_bytes, &exchange->err);
}

/* Values are trimmed only once the frame was judged by where they lie. */
static void trim_headers(struct http_request *request)
{
    struct http_field *field = (struct http_field *)request->headers.field;
    for (size_t i = 0; i < request->headers.count; i++) field[i].value = str_trim(field[i].value);
}

static void read_client(struct exchange *exchange, struct MHD_Connection *connection)
{
    const struct http_server *server = exchange->thread->server;
    struct http_request *request = &exchange->request;
    struct http_address peer = http_address_of(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    struct http_address client =
        http_client_address(&server->settings.trusted, &peer, &request->headers);
    request->address = http_address_text(&client, exchange->address);
    bool trusted = http_networks_have(&server->settings.trusted, &peer);
    request->secure =
        trusted && str_equal(http_header(request, S("X-Forwarded-Proto")), S("https"));
    request->certificate = trusted ? http_header(request, S("X-Client-Certificate")) : S("");
}

static void choose_language(struct http_request *request)
{
    struct str word = http_field(&request->query, S("lang"));
    if (word.n == 0) word = http_field(&request->cookies, S("lang"));
    if (str_equal(word, S("en"))) request->language = HTTP_ENGLISH;
}

static err_t read_cookies(struct http_request *request, struct err *err)
{
    return http_decode_cookies(request->arena, http_header(request, S("Cookie")), &request->cookies,
                               err);
}

static int refuse_route(struct exchange *exchange, const struct http_match *match)
{
    struct http_request *request = &exchange->request;
    if (match->allowed == 0) {
        err_set(&exchange->err, E_NOT_FOUND, "path", "Không có địa chỉ này",
                "There is no such address");
        err_hint(&exchange->err, "Kiểm tra địa chỉ, hoặc bắt đầu từ trang đầu",
                 "Check the address, or start from the first page");
        return 404;
    }
    struct buf allow;
    char *memory = arena_take(request->arena, 64);
    err_set(&exchange->err, E_INPUT, "method", "Địa chỉ này không nhận phương thức đó",
            "This address does not take that method");
    err_hint(&exchange->err, "Xem các phương thức được nhận ở đầu đề Allow",
             "See the methods it takes in the header Allow");
    if (memory == NULL) return 405;
    buf_init_fixed(&allow, memory, 64);
    http_allowed(match->allowed, &allow);
    http_add_header(&exchange->response, "Allow", buf_str(&allow));
    return 405;
}

static int find_route(struct exchange *exchange)
{
    struct http_request *request = &exchange->request;
    struct http_server *server = exchange->thread->server;
    struct http_match match;
    http_route_find(&server->index, request->method, request->path, &match);
    if (match.route != NULL && (match.route->flags & HTTP_INSIDE) != 0) {
        struct http_address client;
        /* Who may not ask is told what a stranger would be told. */
        if (!http_address_parse(request->address, &client) ||
            !http_networks_have(&server->settings.inside, &client))
            match = (struct http_match){0};
    }
    if (match.route == NULL) return refuse_route(exchange, &match);
    request->route = match.route;
    request->segment_count = match.segment_count;
    memcpy(request->segment, match.segment, match.segment_count * sizeof match.segment[0]);
    return 0;
}

/* The type without its parameters: "application/json; charset=utf-8". */
static bool has_type(const struct http_request *request, struct str type)
{
    struct str value = http_header(request, S("Content-Type"));
    return http_same_word(str_trim(str_sub(value, 0, str_find(value, ';'))), type);
}

static int check_body(struct exchange *exchange, int64_t body_bytes)
{
    struct http_request *request = &exchange->request;
    const struct http_route *route = request->route;
    if (body_bytes > (int64_t)route->body_max_bytes) {
        err_set(&exchange->err, E_LIMIT, "body", "Thân của yêu cầu dài hơn %zu byte",
                "The body of the request is longer than %zu bytes", route->body_max_bytes);
        err_hint(&exchange->err, "Gửi ít dữ liệu hơn mỗi lần", "Send less at once");
        return 413;
    }
    bool good = (route->flags & HTTP_JSON) == 0 || has_type(request, S("application/json"));
    if ((route->flags & HTTP_FORM) != 0)
        good = has_type(request, S("application/x-www-form-urlencoded"));
    if (good) return 0;
    const char *wanted =
        (route->flags & HTTP_JSON) != 0 ? "application/json" : "application/x-www-form-urlencoded";
    err_set(&exchange->err, E_INPUT, "Content-Type", "Địa chỉ này nhận %s", "This address takes %s",
            wanted);
    err_hint(&exchange->err, "Gửi đầu đề Content-Type: %s", "Send the header Content-Type: %s",
             wanted);
    return 415;
}

static int refusal_of(err_t e, int too_large)
{
    if (e == E_MEMORY) return err_http_status(e);
    return e == E_LIMIT ? too_large : 400;
}

/* Answers 0 when the handler may be asked once the body is there, or the status to refuse with. */
static int read_head(struct exchange *exchange, struct MHD_Connection *connection,
                     const char *method, const char *version, int64_t *out_body_bytes)
{
    struct http_request *request = &exchange->request;
    int status = read_frame(exchange, connection, method, version, out_body_bytes);
    if (status != 0) return status;
    trim_headers(request);
    read_client(exchange, connection);
    err_t e = http_decode_target(request->arena, exchange->target, &request->path, &request->query,
                                 &exchange->err);
    if (e != OK) return refusal_of(e, 414);
    e = read_cookies(request, &exchange->err);
    if (e != OK) return refusal_of(e, 431);
    choose_language(request);
    request->method = http_method_of(str_of(method));
    status = find_route(exchange);
    return status != 0 ? status : check_body(exchange, *out_body_bytes);
}

/* ---- the handler -------------------------------------------------------------------------- */

static err_t read_form(struct http_request *request, struct err *err)
{
    if ((request->route->flags & HTTP_FORM) == 0) return OK;
    return http_decode_form(request->arena, request->body, "body", &request->form, err);
}

void thread_leave_store(struct http_thread *thread)
{
    if (thread->own != NULL) thread->server->settings.own_release(thread->own);
    thread->own = NULL;
    if (thread->db != NULL) db_close(thread->db);
    thread->db = NULL;
}

/* A handler leaves no transaction behind, and a connection that failed is opened anew. */
static void leave_store(struct http_thread *thread, err_t e)
{
    if (thread->db == NULL) return;
    db_rollback(thread->db);
    if (e == E_STORE) thread_leave_store(thread);
    if (e == E_STORE || e == E_BUSY)
        atomic_fetch_add_explicit(&thread->store_errors, 1, memory_order_relaxed);
}

static err_t fail_too_large(struct err *err)
{
    err_set(err, E_CHECK, NULL, "Câu trả lời quá lớn", "The answer is too large");
    return err_hint(err, "Hỏi ít hơn mỗi lần", "Ask for less at once");
}

static void ask_handler(struct exchange *exchange)
{
    struct http_request *request = &exchange->request;
    struct http_response *response = &exchange->response;
    request->body = buf_str(&exchange->body);
    err_t e = read_form(request, &exchange->err);
    if (e != OK) {
        http_problem_status(request, response, e == E_LIMIT ? 413 : 400, &exchange->err);
        return;
    }
    e = request->route->handle(request, response, &exchange->err);
    leave_store(exchange->thread, e);
    if (e == OK && (response->body->failed || exchange->arena.failed))
        e = fail_too_large(&exchange->err);
    if (e == OK) return;
    response->extra_count = 0;
    response->own_policy = response->own_caching = false;
    http_problem(request, response, &exchange->err);
}

/* ---- the answer --------------------------------------------------------------------------- */

static const struct http_field always[] = {
    {S_INIT("X-Content-Type-Options"), S_INIT("nosniff")},
    {S_INIT("Referrer-Policy"), S_INIT("same-origin")},
    {S_INIT("Cross-Origin-Opener-Policy"), S_INIT("same-origin")},
    {S_INIT("Cross-Origin-Resource-Policy"), S_INIT("same-origin")},
};
static const char policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* Values of the arena and of literals end in NUL; other views are copied. */
static void add(struct exchange *exchange, struct MHD_Response *answer, const char *name,
                struct str value)
{
    struct str copy = arena_str(&exchange->arena, value);
    enum MHD_Result added = MHD_NO;
    if (copy.p != NULL) added = MHD_add_response_header(answer, name, copy.p);
    (void)added; /* Without memory an answer goes out with fewer headers, and says too little. */
}

static void add_headers(struct exchange *exchange, struct MHD_Response *answer)
{
    const struct http_response *response = &exchange->response;
    const struct http_request *request = &exchange->request;
    for (size_t i = 0; i < response->extra_count; i++)
        add(exchange, answer, response->extra[i].name.p, response->extra[i].value);
    if (response->status != 304 && response->status != 204)
        MHD_add_response_header(answer, "Content-Type", response->type);
    for (size_t i = 0; i < ARRAY_COUNT(always); i++)
        MHD_add_response_header(answer, always[i].name.p, always[i].value.p);
    if (!response->own_policy) MHD_add_response_header(answer, "Content-Security-Policy", policy);
    if (!response->own_caching) MHD_add_response_header(answer, "Cache-Control", "no-store");
    if (request->secure)
        MHD_add_response_header(answer, "Strict-Transport-Security", "max-age=31536000");
    MHD_add_response_header(answer, "X-Request-Id", exchange->id);
    if (exchange->closes ||
        atomic_load_explicit(&exchange->thread->server->stopping, memory_order_relaxed))
        MHD_add_response_header(answer, "Connection", "close");
}

static enum MHD_Result send_answer(struct exchange *exchange, struct MHD_Connection *connection)
{
    const struct http_response *response = &exchange->response;
    struct str body = response->constant.n > 0 ? response->constant : buf_str(response->body);
    if (response->status == 304 || response->status == 204) body = S("");
    struct MHD_Response *answer =
        MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);
    if (answer == NULL) return MHD_NO;
    add_headers(exchange, answer);
    exchange->stage = STAGE_ANSWERED;
    connection_answering(exchange->thread->server, exchange->slot);
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)response->status, answer);
    MHD_destroy_response(answer);
    return queued;
}

static enum MHD_Result refuse(struct exchange *exchange, struct MHD_Connection *connection,
                              int status)
{
    exchange->closes = true;
    if (status >= 500 && exchange->err.code == E_MEMORY)
        http_problem(&exchange->request, &exchange->response, &exchange->err);
    else http_problem_status(&exchange->request, &exchange->response, status, &exchange->err);
    return send_answer(exchange, connection);
}

static enum MHD_Result take_head(struct exchange *exchange, struct MHD_Connection *connection,
                                 const char *method, const char *version)
{
    int64_t body_bytes = 0;
    int status = read_head(exchange, connection, method, version, &body_bytes);
    /* Nothing lies between this head and the next one, so the connection may go on. */
    if ((status == 404 || status == 405) && body_bytes == 0) {
        http_problem_status(&exchange->request, &exchange->response, status, &exchange->err);
        exchange->stage = STAGE_REFUSED;
        return MHD_YES;
    }
    if (status != 0) return refuse(exchange, connection, status);
    exchange->stage = STAGE_BODY;
    exchange->body.max_bytes = body_bytes > 0 ? (size_t)body_bytes : 1;
    return MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, struct MHD_Connection *connection,
                                 const char *body, size_t *body_bytes)
{
    if (*body_bytes == 0) {
        ask_handler(exchange);
        return send_answer(exchange, connection);
    }
    buf_add(&exchange->body, (struct str){body, *body_bytes});
    *body_bytes = 0;
    if (!exchange->body.failed) return MHD_YES;
    err_memory(&exchange->err);
    return refuse(exchange, connection, err_http_status(E_MEMORY));
}

enum MHD_Result exchange_go_on(void *cls, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *body,
                               size_t *body_bytes, void **context)
{
    struct exchange *exchange = *context;
    (void)cls;
    (void)url;
    if (exchange == NULL) return MHD_NO; /* out of memory: the connection is closed */
    switch (exchange->stage) {
    case STAGE_HEAD: return take_head(exchange, connection, method, version);
    case STAGE_BODY: return take_body(exchange, connection, body, body_bytes);
    case STAGE_REFUSED: return send_answer(exchange, connection);
    case STAGE_ANSWERED:
    default: *body_bytes = 0; return MHD_YES;
    }
}

static void tell(const struct exchange *exchange, int64_t elapsed_ns)
{
    const struct http_settings *settings = &exchange->thread->server->settings;
    const struct http_request *request = &exchange->request;
    const struct http_response *response = &exchange->response;
    if (settings->tell == NULL) return;
    struct http_told told = {
        .id = request->id,
        .method = http_method_word(request->method),
        .status = response->status,
        .elapsed_ns = elapsed_ns,
        .answer_bytes =
            (int64_t)(response->constant.n > 0 ? response->constant.n : response->body->n),
        .err = &exchange->err};
    if (request->route != NULL) {
        told.route = str_of(request->route->pattern);
        told.quiet = (request->route->flags & HTTP_QUIET) != 0;
    }
    settings->tell(settings->tell_context, &told);
}

void exchange_end(void *cls, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode code)
{
    struct exchange *exchange = *context;
    (void)connection;
    (void)code;
    if (exchange == NULL) return;
    *context = NULL;
    int64_t now_ns = clock_monotonic_ns();
    if (exchange->stage == STAGE_ANSWERED) {
        int64_t elapsed_ns = now_ns - exchange->started_ns;
        metrics_count(exchange->thread, exchange->request.route, exchange->response.status,
                      elapsed_ns);
        tell(exchange, elapsed_ns);
    }
    connection_idle(cls, exchange->slot, now_ns);
    if (exchange->slot != NULL) exchange->slot->exchange = NULL;
    give_exchange(exchange);
}

/* ---- for handlers ------------------------------------------------------------------------- */

err_t http_db(struct http_request *request, struct db **out, struct err *err)
{
    struct http_thread *thread = request->thread;
    struct str target = thread->server->settings.store;
    err_t e = OK;
    if (target.n == 0) {
        err_set(err, E_STATE, NULL, "Máy chủ chạy không có kho dữ liệu",
                "The server runs without a store");
        return err_hint(err, "Đặt SANGDEN_STORE rồi khởi động lại",
                        "Set SANGDEN_STORE and start again");
    }
    if (thread->db == NULL) {
        e = db_open(target, DB_WRITE, &thread->db, err);
        if (e == OK) e = db_cache_little(thread->db, err);
    }
    if (e != OK) {
        atomic_fetch_add_explicit(&thread->store_errors, 1, memory_order_relaxed);
        return e;
    }
    *out = thread->db;
    return OK;
}

void **http_own(struct http_request *request)
{
    ASSERT(request->thread->server->settings.own_release != NULL);
    return &request->thread->own;
}
