/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/recompute.h"

#include "base/hash.h"

enum { REQUEST_BYTES = 64 * 1024 };

void recompute_init(struct recompute *recompute, struct db *db)
{
    *recompute = (struct recompute){.db = db};
}

void recompute_release(struct recompute *recompute)
{
    rater_free(recompute->rater[0]);
    rater_free(recompute->rater[1]);
    recompute->rater[0] = recompute->rater[1] = NULL;
}

static err_t with_book(struct recompute *r, struct str hash, struct err *err)
{
    if (r->rater[0] != NULL && str_equal(rater_hash(r->rater[0]), hash)) return OK;
    struct rater *other = r->rater[1];
    if (other == NULL || !str_equal(rater_hash(other), hash)) {
        struct rater *fresh;
        err_t e = rater_new(r->db, hash, &fresh, err);
        if (e != OK) return e;
        rater_free(other);
        other = fresh;
    }
    r->rater[1] = r->rater[0];
    r->rater[0] = other;
    return OK;
}

err_t recompute_book(struct recompute *r, struct str book_hash, const struct price_book **out,
                     struct err *err)
{
    err_t e = with_book(r, book_hash, err);
    if (e == OK) *out = rater_book(r->rater[0]);
    return e;
}

/* The texts of a line live with its price book and request; the bill outlives both. */
static struct rated_line kept_line(struct arena *arena, const struct rated_line *line)
{
    struct rated_line kept = *line;
    kept.category = arena_str(arena, line->category);
    kept.voltage = arena_str(arena, line->voltage);
    kept.decision = arena_str(arena, line->decision);
    kept.tou = arena_str(arena, line->tou);
    return kept;
}

static err_t rate_plain(struct recompute *r, struct arena *arena, struct str request,
                        struct str hash, struct rated_bill *out, struct err *err)
{
    struct rated_bill bill;
    err_t e = with_book(r, hash, err);
    if (e == OK) e = rater_rate(r->rater[0], request, &bill, err);
    if (e != OK) return e;
    struct rated_line *lines = ARENA_ARRAY(arena, struct rated_line, bill.line_count);
    if (lines == NULL) return err_memory(err);
    for (size_t i = 0; i < bill.line_count; i++) lines[i] = kept_line(arena, &bill.lines[i]);
    if (arena->failed) return err_memory(err);
    bill.lines = lines;
    *out = bill;
    return OK;
}

/* The hash behind "before_book", or otherwise when the request names none. */
static struct str book_before(struct str request, struct str otherwise)
{
    static const struct str name = S_INIT("\"before_book\":\"");
    if (request.n < name.n + HASH_TEXT_BYTES + 1) return otherwise;
    struct str tail = str_sub(request, request.n - (HASH_TEXT_BYTES - 1) - 2 - name.n, request.n);
    return str_starts(tail, name) ? str_sub(tail, name.n, HASH_TEXT_BYTES - 1) : otherwise;
}

err_t recompute_bill(struct recompute *r, struct arena *arena, struct str request,
                     struct str book_hash, struct rated_bill *out, struct err *err)
{
    if (!str_starts(request, S("{\"before\":")))
        return rate_plain(r, arena, request, book_hash, out, err);
    struct rated_bill before, after;
    err_t e = rate_plain(r, arena, bill_request_part(request, S("before")),
                         book_before(request, book_hash), &before, err);
    if (e == OK)
        e = rate_plain(r, arena, bill_request_part(request, S("after")), book_hash, &after, err);
    return e != OK ? e : rated_difference(arena, &before, &after, out, err);
}

static err_t explain_plain(struct recompute *r, struct str request, struct str hash,
                           struct buf *out, struct err *err)
{
    err_t e = with_book(r, hash, err);
    return e != OK ? e : rater_explain(r->rater[0], request, out, err);
}

err_t recompute_explain(struct recompute *r, struct str request, struct str book_hash,
                        struct buf *out, struct err *err)
{
    if (!str_starts(request, S("{\"before\":")))
        return explain_plain(r, request, book_hash, out, err);
    buf_add(out, S("{\"before\":"));
    err_t e = explain_plain(r, bill_request_part(request, S("before")),
                            book_before(request, book_hash), out, err);
    buf_add(out, S(",\"after\":"));
    if (e == OK)
        e = explain_plain(r, bill_request_part(request, S("after")), book_hash, out, err);
    buf_add_char(out, '}');
    return e;
}

err_t recompute_fit_readings(struct recompute *r, struct arena *arena, struct str request,
                             struct str book_hash, struct str *out, struct err *err)
{
    *out = request;
    if (bill_request_member(request, S("read_on_change")).n == 0) return OK;
    struct buf text;
    err_t e = with_book(r, book_hash, err);
    if (e != OK) return e;
    buf_init(&text, REQUEST_BYTES);
    rater_fit_readings(r->rater[0], request, &text);
    *out = arena_str(arena, buf_str(&text));
    bool failed = text.failed || arena->failed;
    buf_release(&text);
    return failed ? err_memory(err) : OK;
}
