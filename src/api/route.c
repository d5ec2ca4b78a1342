/* SPDX-License-Identifier: Apache-2.0 */
/* From a request to the handler of its operation, and from the row it filled to the answer. */
#include <string.h>

#include "api/call.h"
#include "api/cursor.h"
#include "api/once.h"
#include "api/tag.h"
#include "base/refusal.h"
#include "http/route.h"

enum { BODY_BYTES = 64 * 1024 };

/* ---- refusals ----------------------------------------------------------------------------- */

static err_t refuse_nobody(struct api_call *call)
{
    call->status = 401;
    err_set(call->err, E_FORBIDDEN, NULL, "Chưa biết ai đang hỏi", "It is not known who asks");
    if (call->site->vault == NULL)
        return err_hint(call->err, "Máy chủ chưa có khóa; quản trị chạy: sangden identity key",
                        "The server has no key yet; an administrator runs: sangden identity key");
    return err_hint(call->err, "Đăng nhập, hoặc ký yêu cầu bằng khóa của đối tác (docs/api.md)",
                    "Sign in, or sign the request with a partner's key (docs/api.md)");
}

static err_t refuse_kind(struct api_call *call)
{
    err_set(call->err, E_FORBIDDEN, NULL, "Người hỏi không dùng được địa chỉ này",
            "Who asks cannot use this address");
    return err_hint(call->err, "Xem ai được dùng ở /api/v1/openapi.json",
                    "See who may in /api/v1/openapi.json");
}

static err_t refuse_unconditional(struct api_call *call)
{
    call->status = 428;
    err_set(call->err, E_USAGE, "If-Match", "Cần đầu đề If-Match với ETag đã đọc",
            "The header If-Match with the ETag that was read is needed");
    return err_hint(call->err, "Đọc mục bằng GET, gửi lại ETag của nó; * không được nhận",
                    "Read it by GET and send its ETag; * is not taken");
}

/* ---- before the handler ------------------------------------------------------------------- */

static err_t check_caller(struct api_call *call)
{
    const struct api_operation *operation = call->operation;
    enum caller_kind kind = call->caller.kind;
    if ((operation->flags & API_ANYBODY) != 0) return OK;
    if (kind == CALLER_NOBODY) return refuse_nobody(call);
    if (kind == CALLER_CUSTOMER && !operation->customers) return refuse_kind(call);
    if (kind == CALLER_PARTNER && (operation->flags & API_CHANGES) != 0) return refuse_kind(call);
    return OK;
}

static err_t find_caller(struct api_call *call)
{
    err_t e = http_db(call->request, &call->db, call->err);
    if (e != OK) return e;
    e = caller_find(call->request, call->db, call->site->vault, &call->caller, call->err);
    /* A wrong signature tells no place, so that nobody learns what was wrong with it. */
    if (e == E_FORBIDDEN && call->err->field[0] == '\0') call->status = 401;
    return e == OK ? check_caller(call) : e;
}

/* What makes a list what it is: the operation and its filters. */
static struct str list_of(const struct api_call *call)
{
    const struct http_fields *query = &call->request->query;
    struct str text = call->request->path;
    for (size_t i = 0; i < query->count; i++) {
        struct str name = query->field[i].name, value = query->field[i].value;
        if (str_equal(name, S("cursor")) || str_equal(name, S("limit")) ||
            str_equal(name, S("lang")))
            continue;
        text = arena_printf(call->arena, "%.*s\n%.*s=%.*s", STR_ARG(text), STR_ARG(name),
                            STR_ARG(value));
    }
    return text;
}

static err_t read_page(struct api_call *call)
{
    const struct http_fields *query = &call->request->query;
    struct str limit = http_field(query, S("limit")), cursor = http_field(query, S("cursor"));
    struct api_page *page = &call->page;
    page->limit = API_LIMIT_USUAL;
    if (limit.p != NULL &&
        (!str_to_i64(limit, &page->limit) || page->limit < 1 || page->limit > API_LIMIT_MOST)) {
        err_set(call->err, E_INPUT, "limit", "Phải là số nguyên từ 1 đến %d",
                "This must be a whole number from 1 to %d", API_LIMIT_MOST);
        return err_hint(call->err, "Ghi số mục mỗi trang, ví dụ 50",
                        "Give the items of a page, such as 50");
    }
    cursor_least(call->operation->keys, page->after);
    if (cursor.p == NULL) return OK;
    struct str list = list_of(call);
    if (call->arena->failed) return err_memory(call->err);
    return cursor_read(call->arena, list, cursor, call->operation->keys, page->after, call->err);
}

/* ---- after the handler -------------------------------------------------------------------- */

static void write_list(struct api_call *call)
{
    struct json_writer w;
    const struct api_page *page = &call->page;
    const struct api_schema *schema = call->operation->answer;
    json_writer_init(&w, call->response->body);
    json_object(&w, JSON_ITEM);
    json_array(&w, S("items"));
    for (size_t i = 0; i < page->count; i++)
        api_write(&w, JSON_ITEM, schema, page->rows + i * schema->bytes);
    json_end(&w);
    struct args last = {page->last, strlen(call->operation->keys)};
    if (page->more) json_text(&w, S("next"), cursor_write(call->arena, list_of(call), last));
    else json_null(&w, S("next"));
    json_end(&w);
}

static void write_answer(struct api_call *call, const void *answer)
{
    struct json_writer w;
    if (call->operation->answer == NULL || (call->operation->flags & API_EXACT) != 0) return;
    call->response->type = "application/json";
    if ((call->operation->flags & API_PAGED) != 0) {
        write_list(call);
    } else {
        json_writer_init(&w, call->response->body);
        api_write(&w, JSON_ITEM, call->operation->answer, answer);
    }
    buf_add_char(call->response->body, '\n');
}

static struct str add_tag(struct api_call *call)
{
    char *tag = arena_take(call->arena, TAG_BYTES);
    if (tag == NULL) return S("");
    tag_of(buf_str(call->response->body), tag);
    http_add_header(call->response, "ETag", str_of(tag));
    return str_of(tag);
}

/* 304 for who has the same bytes already. */
static void add_tag_of_read(struct api_call *call)
{
    struct str tag = add_tag(call), known = http_header(call->request, S("If-None-Match")), piece;
    while (str_split(&known, ',', &piece))
        if (str_equal(str_trim(piece), tag)) call->response->status = 304;
}

/* ---- reading and changing ----------------------------------------------------------------- */

static err_t run(struct api_call *call)
{
    const struct api_operation *operation = call->operation;
    void *asked = NULL, *answer = NULL;
    err_t e = OK;
    if (operation->asked != NULL) {
        asked = arena_take(call->arena, operation->asked->bytes);
        if (asked == NULL) return err_memory(call->err);
    }
    if (operation->answer != NULL) {
        answer = arena_take(call->arena, operation->answer->bytes);
        if (answer == NULL) return err_memory(call->err);
    }
    if ((operation->flags & API_EXACT) == 0)
        e = api_read(operation, call->request, asked, call->err);
    else e = api_check_query(operation, &call->request->query, call->err);
    if (e == OK && (operation->flags & API_PAGED) != 0) e = read_page(call);
    if (e == OK) e = operation->handle(call, asked, answer);
    if (e == OK && call->arena->failed) e = err_memory(call->err);
    if (e == OK) write_answer(call, answer);
    return e;
}

static struct once once_of(const struct api_call *call, char name[CALLER_NAME_BYTES])
{
    const struct http_request *request = call->request;
    return (struct once){.caller = caller_name(&call->caller, name),
                         .key = http_header(request, S("Idempotency-Key")),
                         .method = http_method_word(request->method),
                         .target = request->target,
                         .body = request->body};
}

static void answer_again(struct api_call *call, const struct once_answer *answer)
{
    call->response->status = (int)answer->status;
    call->response->type = "application/json";
    buf_add(call->response->body, answer->body);
    if (answer->tag.n > 0) http_add_header(call->response, "ETag", answer->tag);
}

static bool is_conditional(const struct api_call *call)
{
    struct str given = http_header(call->request, S("If-Match"));
    return given.n > 0 && !str_equal(given, S("*"));
}

static err_t change_once(struct api_call *call, const struct once *once)
{
    struct once_answer answer;
    bool known = false;
    err_t e = once_begin(call->db, call->arena, once, &known, &answer, call->err);
    if (e == OK && known) {
        answer_again(call, &answer);
        return OK;
    }
    if (e == OK && (call->operation->flags & API_MATCHES) != 0 && !is_conditional(call))
        e = refuse_unconditional(call);
    if (e == OK) e = run(call);
    if (e != OK) return e;
    answer = (struct once_answer){.status = call->response->status,
                                  .tag = add_tag(call),
                                  .body = buf_str(call->response->body)};
    return once_keep(call->db, once, &answer, call->err);
}

/* Who read what stands in the log before the answer goes out. */
static err_t write_notes(struct api_call *call)
{
    err_t e = OK;
    for (const struct api_note *note = call->notes; note != NULL && e == OK; note = note->next)
        e = access_note(call->db, &note->entry, call->err);
    return e == OK && access_late() ? access_flush(call->db, call->err) : e;
}

static err_t change(struct api_call *call)
{
    char name[CALLER_NAME_BYTES];
    struct once once = once_of(call, name);
    err_t e = db_begin(call->db, call->err);
    if (e == OK) e = change_once(call, &once);
    if (e == OK) e = db_commit(call->db, call->err);
    if (e != OK) db_rollback(call->db);
    return e == OK ? write_notes(call) : e;
}

/* An answer is one picture of the store. */
static err_t read(struct api_call *call)
{
    err_t e = call->db != NULL ? db_begin_read(call->db, call->err) : OK;
    if (e == OK) e = run(call);
    if (call->db != NULL) db_rollback(call->db);
    if (e == OK && call->db != NULL) e = write_notes(call);
    if (e == OK && (call->operation->flags & API_TAGGED) != 0) add_tag_of_read(call);
    return e;
}

/* A status that errors.def does not know of. */
static void say_status(struct api_call *call)
{
    struct http_response *response = call->response;
    response->extra_count = 0;
    http_problem_status(call->request, response, call->status, call->err);
    if (call->status == 401)
        http_add_header(response, "WWW-Authenticate", S("Sangden-HMAC realm=\"sangden\""));
}

static err_t dispatch(struct http_request *request, struct http_response *response, struct err *err)
{
    struct api_call call = {.request = request,
                            .response = response,
                            .arena = request->arena,
                            .site = site_of(request),
                            .operation = request->route->data,
                            .err = err};
    err_t e = OK;
    response->type = "application/json";
    if ((call.operation->flags & API_ANYBODY) == 0) e = find_caller(&call);
    if (e == OK) e = (call.operation->flags & API_CHANGES) != 0 ? change(&call) : read(&call);
    if (e == OK || call.status == 0) return e;
    say_status(&call);
    return OK;
}

/* ---- the table of routes ------------------------------------------------------------------ */

static bool asks_body(const struct api_operation *operation)
{
    for (size_t i = 0; operation->asked != NULL && i < operation->asked->count; i++) {
        enum api_place place = operation->asked->field[i].place;
        if (place == API_IN_BODY || place == API_IN_BODY_MAY) return true;
    }
    return false;
}

/* The fields of the path stand in the pattern, in the same order. */
static bool path_fits(const struct api_operation *operation)
{
    struct str rest = str_of(operation->pattern), piece;
    const struct api_schema *asked = operation->asked;
    size_t at = 0, count = asked == NULL ? 0 : asked->count;
    while (str_split(&rest, '/', &piece)) {
        if (piece.n < 2 || piece.p[0] != '{') continue;
        while (at < count && asked->field[at].place != API_IN_PATH) at++;
        if (at == count ||
            !str_equal(str_of(asked->field[at].name), str_sub(piece, 1, piece.n - 2)))
            return false;
        at++;
    }
    while (at < count && asked->field[at].place != API_IN_PATH) at++;
    return at == count;
}

static bool is_sound(const struct api_operation *operation)
{
    bool paged = (operation->flags & API_PAGED) != 0;
    bool keyed = operation->keys != NULL && strlen(operation->keys) <= API_KEYS_MOST;
    return path_fits(operation) && paged == keyed &&
           (operation->answer != NULL) == (operation->file == NULL);
}

static err_t refuse_table(const struct api_operation *operation, struct err *err)
{
    err_set(err, E_CHECK, operation->id, "Bảng của “%s” tự mâu thuẫn",
            "The table of “%s” contradicts itself", operation->id);
    return err_hint(err, "Sửa bảng trong src/api", "Mend the table in src/api");
}

static struct http_route route_of(const struct api_operation *operation)
{
    bool exact = (operation->flags & API_EXACT) != 0, body = asks_body(operation);
    return (struct http_route){.method = operation->method,
                               .pattern = operation->pattern,
                               .handle = dispatch,
                               .body_max_bytes = exact  ? REQUEST_MAX_BYTES
                                                 : body ? BODY_BYTES
                                                        : 0,
                               .flags =
                                   (exact || body ? HTTP_JSON : 0) | (exact ? HTTP_EXACT_ERROR : 0),
                               .data = operation};
}

static err_t send_document(struct http_request *request, struct http_response *response,
                           struct err *err)
{
    (void)request;
    (void)err;
    response->type = "application/json";
    api_openapi(response->body);
    return OK;
}

static const struct http_route document_route = {
    HTTP_GET, "/api/v1/openapi.json", send_document, 0, 0, NULL};

err_t api_routes(struct arena *arena, struct http_routes *out, struct err *err)
{
    size_t count = 1;
    for (size_t i = 0; i < api_resource_count; i++) count += api_resources[i]->count;
    struct http_route *routes = ARENA_ARRAY(arena, struct http_route, count);
    if (routes == NULL) return err_memory(err);
    *out = (struct http_routes){routes, count};
    *routes++ = document_route;
    for (size_t i = 0; i < api_resource_count; i++) {
        for (size_t k = 0; k < api_resources[i]->count; k++) {
            const struct api_operation *operation = &api_resources[i]->operation[k];
            if (!is_sound(operation)) return refuse_table(operation, err);
            *routes++ = route_of(operation);
        }
    }
    return OK;
}
