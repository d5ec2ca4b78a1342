/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks: the session of the cookie, its owner, and what pages are told of both. */
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "web/visit_int.h"

enum { YEAR_S = 365 * 24 * 3600, ADDRESS_BYTES = 4096 };

/* A cookie named __Host- is sent over TLS alone and cannot be set by a sister address. */
static struct str session_cookie(const struct http_request *request)
{
    return request->secure ? S("__Host-sangden") : S("sangden");
}

static struct str cookie_of(const struct http_request *request, struct str name)
{
    return http_field(&request->cookies, name);
}

bool visit_has_cookie(const struct http_request *request)
{
    return cookie_of(request, session_cookie(request)).n > 0;
}

/* ---- language ---------------------------------------------------------------------------- */

static struct str address_of(struct arena *arena, const struct http_request *request,
                             const char *language)
{
    char *memory = arena_take(arena, ADDRESS_BYTES);
    struct buf out;
    bool again = request->method == HTTP_GET || request->method == HTTP_HEAD;
    const char *between = "?";
    if (memory == NULL) return S("/");
    buf_init_fixed(&out, memory, ADDRESS_BYTES);
    struct str path = request->path;
    /* The answer to a form has no address of its own: the page that all of its kind begin with. */
    if (!again && path.n > 1)
        path = str_first(path, 1 + str_find(str_sub(path, 1, path.n - 1), '/'));
    if (path.n == 0) buf_add(&out, S("/"));
    else write_url(&out, false, path);
    if (language != NULL) {
        buf_printf(&out, "?lang=%s", language);
        between = "&";
    }
    for (size_t i = 0; again && i < request->query.count; i++) {
        const struct http_field *field = &request->query.field[i];
        if (str_equal(field->name, S("lang"))) continue;
        buf_add(&out, str_of(between));
        between = "&";
        write_url_text(&out, field->name);
        buf_add_char(&out, '=');
        write_url_text(&out, field->value);
    }
    return out.failed ? S("/") : buf_str(&out);
}

struct str visit_in_language(struct arena *arena, const struct http_request *request, bool english)
{
    return address_of(arena, request, english ? "en" : "vi");
}

struct str visit_here(struct arena *arena, const struct http_request *request)
{
    return address_of(arena, request, NULL);
}

static void keep_language(struct visit *visit)
{
    struct str word = http_field(&visit->request->query, S("lang"));
    bool english = visit->request->language == HTTP_ENGLISH;
    if (!str_equal(word, S("en")) && !str_equal(word, S("vi"))) return;
    http_set_cookie(visit->request, visit->response, S("lang"), english ? S("en") : S("vi"),
                    YEAR_S);
}

/* ---- the session ------------------------------------------------------------------------- */

static err_t find_owner(struct visit *visit)
{
    const struct session *session = &visit->session;
    if (session->kind == SESSION_CUSTOMER) {
        visit->login_id = session->subject_id;
        visit->signed_in = true;
        return OK;
    }
    err_t e =
        session_actor(visit->db, visit->arena, session, visit->today, &visit->actor, visit->err);
    if (e != OK) return e;
    visit->signed_in = session->level == SESSION_FULL;
    visit->actor.memory = &visit->rights;
    return OK;
}

static err_t find_session(struct visit *visit, bool *out_found)
{
    struct str token = cookie_of(visit->request, session_cookie(visit->request));
    if (token.n == 0) return OK;
    err_t e = session_find(visit->db, token, &visit->session, out_found, visit->err);
    if (e != OK || !*out_found) return e;
    session_seen(&visit->session);
    return find_owner(visit);
}

/* The browser gets a token of its own, to which the forms of signing in are bound. */
static void find_stranger(struct visit *visit)
{
    char token[TOKEN_BYTES];
    if (session_stranger(cookie_of(visit->request, S("bieu-mau")), &visit->session)) return;
    session_stranger_begin(token);
    bool made = session_stranger(str_of(token), &visit->session);
    ASSERT(made);
    visit_put_cookie(visit, S("bieu-mau"), str_of(token), -1);
}

static void fill_show(struct visit *visit)
{
    char *csrf = arena_take(visit->arena, HASH_TEXT_BYTES);
    bool english = visit->request->language == HTTP_ENGLISH;
    visit->show =
        (struct show){.arena = visit->arena,
                      .english = english,
                      .signed_in = visit->signed_in,
                      .staff = visit->actor.staff_id != 0,
                      .other_language = visit_in_language(visit->arena, visit->request, !english),
                      .out = visit->response->body,
                      .err = visit->err};
    if (csrf != NULL && visit->site->vault != NULL)
        visit->show.token = session_csrf(visit->site->vault, &visit->session, csrf);
}

err_t visit_open(struct visit *visit)
{
    bool found = false;
    err_t e = OK;
    visit->site = site_of(visit->request);
    visit->today = vietnam_day(clock_now_ms());
    if (visit->site->vault != NULL) e = find_session(visit, &found);
    if (e == OK && !found) find_stranger(visit);
    return e;
}

void visit_prepare(struct visit *visit)
{
    keep_language(visit);
    fill_show(visit);
}

/* ---- for signing in ---------------------------------------------------------------------- */

struct visitor visit_visitor(const struct visit *visit)
{
    return (struct visitor){.address = visit->request->address,
                            .agent = http_header(visit->request, S("User-Agent")),
                            .device = cookie_of(visit->request, S("thiet-bi"))};
}

void visit_begin(struct visit *visit, struct str token, struct str device, int64_t session_s)
{
    http_set_cookie(visit->request, visit->response, session_cookie(visit->request), token,
                    session_s);
    visit_put_cookie(visit, S("bieu-mau"), S(""), 0);
    if (device.n > 0) visit_put_cookie(visit, S("thiet-bi"), device, YEAR_S);
}

void visit_forget(struct visit *visit)
{
    http_set_cookie(visit->request, visit->response, session_cookie(visit->request), S(""), 0);
}

void visit_put_cookie(struct visit *visit, struct str name, struct str value, int64_t seconds)
{
    http_set_cookie(visit->request, visit->response, name, value, seconds);
}

void visit_keep_code(struct visit *visit, struct str name, struct str code)
{
    if (http_is_cookie_value(code)) visit_put_cookie(visit, name, code, YEAR_S);
}

struct str visit_cookie(const struct visit *visit, struct str name)
{
    return cookie_of(visit->request, name);
}

struct str visit_onward(const struct visit *visit, struct str otherwise)
{
    struct str path = visit_field(visit, S("tiep"));
    bool here = path.n > 1 && path.p[0] == '/' && path.p[1] != '/' && path.p[1] != '\\';
    for (size_t i = 0; i < path.n && here; i++)
        here = path.p[i] > ' ' && path.p[i] <= '~' && path.p[i] != '\\';
    return here ? path : otherwise;
}
