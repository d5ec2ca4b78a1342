/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that handlers ask for by name: redirects, cookies, files of the program. */
#include "base/text.h"
#include "http/decode.h"
#include "http/http.h"

void http_add_header(struct http_response *response, const char *name, struct str value)
{
    ASSERT(http_is_token(str_of(name)) && response->extra_count < HTTP_EXTRA_MAX_COUNT);
    for (size_t i = 0; i < value.n; i++)
        if (text_control(value, i) > 0) return;
    if (http_same_word(str_of(name), S("Content-Security-Policy"))) response->own_policy = true;
    if (http_same_word(str_of(name), S("Cache-Control"))) response->own_caching = true;
    response->extra[response->extra_count++] = (struct http_field){str_of(name), value};
}

err_t http_redirect(struct http_request *request, struct http_response *response, struct str path,
                    struct err *err)
{
    bool here = path.n >= 1 && path.p[0] == '/' && !str_starts(path, S("//"));
    for (size_t i = 0; i < path.n && here; i++)
        here = path.p[i] > ' ' && path.p[i] <= '~' && path.p[i] != '\\';
    if (!here) {
        err_set(err, E_CHECK, "Location", "Chuyển hướng ra ngoài máy chủ này",
                "A redirect that leads away from this server");
        return err_hint(err, "Chỉ chuyển tới đường dẫn bắt đầu bằng một dấu “/”",
                        "Redirect to paths that begin with a single “/”");
    }
    struct str copy = arena_str(request->arena, path);
    if (copy.p == NULL) return err_memory(err);
    response->status = 303;
    http_add_header(response, "Location", copy);
    return OK;
}

void http_set_cookie(struct http_request *request, struct http_response *response, struct str name,
                     struct str value, int64_t max_age_s)
{
    ASSERT(http_is_token(name) && http_is_cookie_value(value));
    const char *secure = request->secure ? "; Secure" : "";
    struct str cookie =
        max_age_s < 0 ? arena_printf(request->arena, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax%s",
                                     STR_ARG(name), STR_ARG(value), secure)
                      : arena_printf(request->arena,
                                     "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                                     STR_ARG(name), STR_ARG(value), (long long)max_age_s, secure);
    if (cookie.p != NULL) http_add_header(response, "Set-Cookie", cookie);
}

/* ---- files of the program ----------------------------------------------------------------- */

/* Whether a list such as "gzip, br;q=0.5" takes a coding; "gzip;q=0" does not. */
static bool takes_coding(struct str list, struct str coding)
{
    struct str piece;
    while (str_split(&list, ',', &piece)) {
        struct str rest = piece, word;
        if (!str_split(&rest, ';', &word) || !http_same_word(str_trim(word), coding)) continue;
        rest = str_trim(rest);
        return !str_equal(rest, S("q=0")) && !str_starts(rest, S("q=0.0"));
    }
    return false;
}

static bool has_tag(struct str list, struct str tag)
{
    struct str piece;
    while (str_split(&list, ',', &piece)) {
        piece = str_trim(piece);
        if (str_starts(piece, S("W/"))) piece = str_sub(piece, 2, piece.n);
        if (str_equal(piece, tag) || str_equal(piece, S("*"))) return true;
    }
    return false;
}

/* The bytes of both codings differ, so their tags do. */
static struct str tag_of(const struct http_request *request, const struct http_asset *asset,
                         bool packed)
{
    struct str tag = str_of(asset->tag);
    if (!packed) return tag;
    return arena_printf(request->arena, "%.*s-gzip\"", STR_ARG(str_sub(tag, 0, tag.n - 1)));
}

void http_send_asset(const struct http_request *request, struct http_response *response,
                     const struct http_asset *asset)
{
    bool packed =
        asset->gzip.n > 0 && takes_coding(http_header(request, S("Accept-Encoding")), S("gzip"));
    struct str tag = tag_of(request, asset, packed);
    response->type = asset->type;
    if (tag.p != NULL) http_add_header(response, "ETag", tag);
    http_add_header(response, "Cache-Control",
                    asset->immutable ? S("public, max-age=31536000, immutable") : S("no-cache"));
    if (asset->gzip.n > 0) http_add_header(response, "Vary", S("Accept-Encoding"));
    if (has_tag(http_header(request, S("If-None-Match")), tag)) {
        response->status = 304;
        return;
    }
    if (packed) http_add_header(response, "Content-Encoding", S("gzip"));
    response->constant = packed ? asset->gzip : asset->plain;
}
