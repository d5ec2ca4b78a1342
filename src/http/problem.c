/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as problem details (RFC 9457), in both languages.
 *
 *   {"type":"about:blank","title":…,"status":422,"detail":…,"code":"E_INPUT","field":"usage.kwh",
 *    "hint":…,"detail_vi":…,"hint_vi":…,"detail_en":…,"hint_en":…,"request_id":…} */
#include "base/json_write.h"
#include "base/refusal.h"
#include "http/decode.h"
#include "http/server_int.h"

static struct str detail_of(struct arena *arena, const struct err_text *text)
{
    if (text->detail[0] == '\0') return str_of(text->message);
    return arena_printf(arena, "%s: %s", text->message, text->detail);
}

static void write_language(struct json_writer *w, struct arena *arena, const struct err_text *text,
                           struct str detail_key, struct str hint_key)
{
    json_text(w, detail_key, detail_of(arena, text));
    if (text->hint[0] != '\0') json_text(w, hint_key, str_of(text->hint));
}

/* The member of the answer that commands print for a refusal, inside the braces of refusal_add. */
static void write_exact(struct json_writer *w, const struct err *err)
{
    struct buf refusal;
    static const struct str opening = S_INIT("{\"error\":");
    buf_init(&refusal, 16384);
    refusal_add(&refusal, err);
    struct str text = buf_str(&refusal);
    if (!refusal.failed && str_starts(text, opening))
        json_raw(w, S("error"), str_sub(text, opening.n, text.n - opening.n - 1));
    buf_release(&refusal);
}

/* A browser that opens an address says that it takes HTML; a program that takes anything does not.
 * */
static bool wants_page(const struct http_request *request)
{
    struct str accepted = http_header(request, S("Accept")), piece;
    if (str_starts(request->path, S("/api/"))) return false;
    while (str_split(&accepted, ',', &piece)) {
        struct str type = str_trim(str_sub(piece, 0, str_find(piece, ';')));
        if (http_same_word(type, S("text/html"))) return true;
    }
    return false;
}

static void write_problem(struct http_request *request, struct http_response *response, int status,
                          const struct err *err)
{
    struct json_writer w;
    bool english = request->language == HTTP_ENGLISH;
    response->type = "application/problem+json";
    json_writer_init(&w, response->body);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("type"), S("about:blank"));
    json_text(&w, S("title"),
              str_of(english ? err_general_en(err->code) : err_general_vi(err->code)));
    json_i64(&w, S("status"), status);
    write_language(&w, request->arena, english ? &err->en : &err->vi, S("detail"), S("hint"));
    json_text(&w, S("code"), str_of(err_name(err->code)));
    if (err->field[0] != '\0') json_text(&w, S("field"), str_of(err->field));
    write_language(&w, request->arena, &err->vi, S("detail_vi"), S("hint_vi"));
    write_language(&w, request->arena, &err->en, S("detail_en"), S("hint_en"));
    json_text(&w, S("request_id"), request->id);
    if (request->route != NULL && (request->route->flags & HTTP_EXACT_ERROR) != 0)
        write_exact(&w, err);
    json_end(&w);
    buf_add_char(response->body, '\n');
}

void http_problem_status(struct http_request *request, struct http_response *response, int status,
                         const struct err *err)
{
    http_show_problem *show = request->thread->server->settings.show_problem;
    response->status = status;
    response->constant = (struct str){NULL, 0};
    if (err->wait_s > 0)
        http_add_header(response, "Retry-After",
                        arena_printf(request->arena, "%lld", (long long)err->wait_s));
    buf_reset(response->body);
    if (show != NULL && wants_page(request) && show(request, response, status, err)) return;
    buf_reset(response->body);
    write_problem(request, response, status, err);
}

/* What the database or the machine said of itself is for the log, not for whoever asks. */
static void tell_only_the_kind(const struct err *err, struct err *out)
{
    err_set(out, err->code, NULL, "Hệ thống chưa trả lời được yêu cầu này",
            "The system could not answer this request");
    err_hint(out, "Thử lại sau; nếu vẫn lỗi, báo mã request_id cho đơn vị quản lý",
             "Try again later; if it fails again, report the request_id to the operator");
}

void http_problem(struct http_request *request, struct http_response *response,
                  const struct err *err)
{
    struct err told = {0};
    int status = err_http_status(err->code);
    if (status >= 500) tell_only_the_kind(err, &told);
    http_problem_status(request, response, status, status >= 500 ? &told : err);
}
