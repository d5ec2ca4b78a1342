/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include <string.h>

#include "base/memory.h"

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

static unsigned methods_of(const struct http_route *route)
{
    return 1U << route->method | (route->method == HTTP_GET ? 1U << HTTP_HEAD : 0U);
}

static err_t refuse(const char *pattern, struct err *err)
{
    err_set(err, E_CHECK, pattern, "Tuyến “%s” sai hoặc có hai lần",
            "The route “%s” is malformed or stands twice", pattern);
    return err_hint(err, "Sửa bảng tuyến trong mã nguồn", "Mend the table of routes in the source");
}

/* ---- the index ---------------------------------------------------------------------------- */

/* The pieces between the slashes; more of them than fit are counted and not kept. */
static size_t split(struct str text, struct str piece[HTTP_PIECE_MAX_COUNT])
{
    size_t count = 0;
    struct str next;
    for (; str_split(&text, '/', &next); count++)
        if (count < HTTP_PIECE_MAX_COUNT) piece[count] = next;
    return count;
}

/* False for a pattern of more pieces or captures than are kept. */
static bool read_pattern(const struct http_route *route, struct http_pattern *out)
{
    *out = (struct http_pattern){.route = route};
    size_t count = split(str_of(route->pattern), out->piece), captured = 0;
    if (count > HTTP_PIECE_MAX_COUNT) return false;
    for (size_t i = 0; i < count; i++) {
        bool capture = is_capture(out->piece[i]);
        if (capture) out->captures |= UINT32_C(1) << i;
        captured += capture;
        out->literals += !capture;
    }
    return captured <= HTTP_SEGMENT_MAX_COUNT;
}

static size_t piece_count(const struct http_pattern *pattern)
{
    return (size_t)pattern->literals + (size_t)__builtin_popcount(pattern->captures);
}

static bool is_sound(const struct http_routes *routes, size_t at)
{
    struct http_pattern pattern;
    const struct http_route *route = &routes->route[at];
    bool good = route->pattern[0] == '/' && read_pattern(route, &pattern) &&
                route->handle != NULL && route->method < HTTP_METHOD_COUNT &&
                route->method != HTTP_HEAD && route->body_max_bytes <= HTTP_BODY_MAX_BYTES;
    for (size_t k = 0; k < at && good; k++)
        good = routes->route[k].method != route->method ||
               !str_equal(str_of(routes->route[k].pattern), str_of(route->pattern));
    return good;
}

err_t http_route_index_make(const struct http_routes *routes, struct http_route_index *out,
                            struct err *err)
{
    struct http_route_index index = {.count = routes->count};
    for (size_t i = 0; i < routes->count; i++)
        if (!is_sound(routes, i)) return refuse(routes->route[i].pattern, err);
    if (routes->count > 0) index.pattern = memory_take(routes->count * sizeof *index.pattern);
    if (routes->count > 0 && index.pattern == NULL) return err_memory(err);
    size_t at = 0;
    for (size_t pieces = 0; pieces <= HTTP_PIECE_MAX_COUNT; pieces++) {
        for (size_t i = 0; i < routes->count; i++) {
            struct http_pattern pattern;
            if (!read_pattern(&routes->route[i], &pattern) || piece_count(&pattern) != pieces)
                continue;
            index.pattern[at++] = pattern;
        }
        index.end[pieces] = at;
    }
    *out = index;
    return OK;
}

void http_route_index_release(struct http_route_index *index)
{
    memory_give(index->pattern, index->count * sizeof *index->pattern);
    *index = (struct http_route_index){0};
}

/* ---- the search --------------------------------------------------------------------------- */

/* The end of a path tells routes apart sooner than its beginning. */
static bool fits(const struct http_pattern *pattern, const struct str *have, size_t count)
{
    for (size_t i = count; i > 0; i--) {
        const struct str *want = &pattern->piece[i - 1];
        if ((pattern->captures >> (i - 1) & 1) != 0) {
            if (have[i - 1].n == 0) return false;
        } else if (want->n != have[i - 1].n || memcmp(want->p, have[i - 1].p, want->n) != 0) {
            return false;
        }
    }
    return true;
}

void http_route_find(const struct http_route_index *index, enum http_method method, struct str path,
                     struct http_match *out)
{
    struct str have[HTTP_PIECE_MAX_COUNT];
    const struct http_pattern *best = NULL;
    size_t count = split(path, have);
    out->route = NULL;
    out->allowed = 0;
    out->segment_count = 0;
    if (count == 0 || count > HTTP_PIECE_MAX_COUNT) return;
    for (size_t i = index->end[count - 1]; i < index->end[count]; i++) {
        const struct http_pattern *pattern = &index->pattern[i];
        if (!fits(pattern, have, count)) continue;
        unsigned methods = methods_of(pattern->route);
        out->allowed |= methods;
        bool closer = best == NULL || pattern->literals > best->literals;
        if (closer && (methods & 1U << method) != 0) best = pattern;
    }
    if (best == NULL) return;
    out->route = best->route;
    for (size_t i = 0; i < count; i++)
        if ((best->captures >> i & 1) != 0) out->segment[out->segment_count++] = have[i];
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
