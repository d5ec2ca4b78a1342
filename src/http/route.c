/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

static const struct str words[] = {
#define METHOD(name, word) [name] = S_INIT(word),
    HTTP_METHODS(METHOD)
#undef METHOD
};

enum http_method http_method_of(struct str word)
{
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_equal(words[i], word)) return (enum http_method)i;
    return HTTP_METHOD_COUNT;
}

struct str http_method_word(enum http_method method)
{
    return method < HTTP_METHOD_COUNT ? words[method] : S("OTHER");
}

static bool is_capture(struct str piece)
{
    return piece.n > 2 && piece.p[0] == '{' && piece.p[piece.n - 1] == '}';
}

/* How exactly a pattern fits: -1 not at all, otherwise the number of its literal segments. */
static int fit(struct str pattern, struct str path, struct http_match *out)
{
    struct str want, have;
    int literal = 0;
    out->segment_count = 0;
    while (str_split(&pattern, '/', &want)) {
        if (!str_split(&path, '/', &have)) return -1;
        if (!is_capture(want)) {
            if (!str_equal(want, have)) return -1;
            literal++;
            continue;
        }
        if (have.n == 0 || out->segment_count == HTTP_SEGMENT_MAX_COUNT) return -1;
        out->segment[out->segment_count++] = have;
    }
    return str_split(&path, '/', &have) ? -1 : literal;
}

static unsigned methods_of(const struct http_route *route)
{
    return 1U << route->method | (route->method == HTTP_GET ? 1U << HTTP_HEAD : 0U);
}

void http_route_find(const struct http_routes *routes, enum http_method method, struct str path,
                     struct http_match *out)
{
    int best = -1;
    *out = (struct http_match){0};
    for (size_t i = 0; i < routes->count; i++) {
        const struct http_route *route = &routes->route[i];
        struct http_match trial;
        int literal = fit(str_of(route->pattern), path, &trial);
        if (literal < 0) continue;
        out->allowed |= methods_of(route);
        if (literal <= best || (methods_of(route) & 1U << method) == 0) continue;
        best = literal;
        out->route = route;
        out->segment_count = trial.segment_count;
        for (size_t k = 0; k < trial.segment_count; k++) out->segment[k] = trial.segment[k];
    }
}

static err_t refuse(const char *pattern, struct err *err)
{
    err_set(err, E_CHECK, pattern, "Tuyến “%s” sai hoặc có hai lần",
            "The route “%s” is malformed or stands twice", pattern);
    return err_hint(err, "Sửa bảng tuyến trong mã nguồn", "Mend the table of routes in the source");
}

err_t http_routes_check(const struct http_routes *routes, struct err *err)
{
    for (size_t i = 0; i < routes->count; i++) {
        const struct http_route *route = &routes->route[i];
        bool good = route->pattern[0] == '/' && route->handle != NULL &&
                    route->method < HTTP_METHOD_COUNT && route->method != HTTP_HEAD &&
                    route->body_max_bytes <= HTTP_BODY_MAX_BYTES;
        for (size_t k = 0; k < i && good; k++)
            good = routes->route[k].method != route->method ||
                   !str_equal(str_of(routes->route[k].pattern), str_of(route->pattern));
        if (!good) return refuse(route->pattern, err);
    }
    return OK;
}

void http_allowed(unsigned allowed, struct buf *out)
{
    size_t start = out->n;
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if ((allowed & 1U << i) == 0) continue;
        if (out->n > start) buf_add(out, S(", "));
        buf_add(out, words[i]);
    }
}
