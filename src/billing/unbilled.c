/* SPDX-License-Identifier: Apache-2.0 */
/* Who has no bill of a month and why, and the month beside the one before. */
#include "base/date.h"
#include "billing/billing_view.h"
#include "billing/plan_int.h"
#include "metering/exception.h"
#include "registry/registry_view.h"

/* Whether a period of a month has its bill: its own periodic one; a final bill of the same
 * agreement, or one that reaches the reading day; a bill outside the cycle of what the closing of
 * the period had to leave out, which in a book of one period is any. */
#define COVERED(unit, point, month, period, agreement)                                          \
    "EXISTS (SELECT 1 FROM bill x WHERE x.unit_id = " unit " AND x.point_id = " point           \
    " AND x.month = " month " AND ((x.kind = 'periodic' AND x.period_no = " period ") OR "      \
    "(x.kind = 'final' AND (x.agreement_id = " agreement " OR x.to_on >= bp.read_on)) OR "      \
    "(x.kind = 'periodic' AND x.period_no = 0 AND (b.periods = 1 OR EXISTS (SELECT 1 FROM "     \
    "metering_exception g WHERE g.unit_id = x.unit_id AND g.book_id = x.book_id AND "           \
    "g.month = x.month AND g.period_no = " period " AND g.point_id = x.point_id AND "           \
    "g.settled_month = x.month AND g.settled_period_no = 0 AND "                                \
    "g.settled_closing_no = x.closing_no))))) "

/* Every supplied point without a bill of a period of its book, with what is known of it. */
static const char unbilled_sql[] =
    "SELECT s.point_id, s.value_i64, COALESCE(k.value_i64, 0), p.code, a.code, b.code, "
    "bp.state, d.state, d.problem, CASE WHEN EXISTS (SELECT 1 FROM usage u WHERE "
    "u.unit_id = s.unit_id AND u.book_id = k.value_i64 AND u.month = bp.month AND "
    "u.period_no = bp.period_no AND u.point_id = s.point_id AND u.closing_no = bp.closing_no) "
    "THEN 1 ELSE 0 END, CASE WHEN s.valid_from >= bp.read_on THEN 1 ELSE 0 END, "
    "(SELECT min(e.code) FROM metering_exception e WHERE e.unit_id = s.unit_id AND "
    "e.book_id = k.value_i64 AND e.month = bp.month AND e.period_no = bp.period_no AND "
    "e.point_id = s.point_id AND e.closing_no = bp.closing_no AND e.blocks = 1), "
    "CASE WHEN EXISTS (SELECT 1 FROM metering_exception e WHERE e.unit_id = s.unit_id AND "
    "e.book_id = k.value_i64 AND e.month = bp.month AND e.period_no = bp.period_no AND "
    "e.point_id = s.point_id AND e.closing_no = bp.closing_no AND e.blocks = 1 AND "
    "e.state = 'settled') THEN 1 ELSE 0 END, bp.read_on FROM point_asof s "
    "JOIN usage_point p ON p.unit_id = s.unit_id AND p.point_id = s.point_id "
    "LEFT JOIN agreement a ON a.unit_id = s.unit_id AND a.agreement_id = s.value_i64 "
    "LEFT JOIN (SELECT f.unit_id, f.point_id, f.value_i64 FROM point_asof f WHERE "
    "f.unit_id = $7 AND f.point_id > $13 AND f.point_id <= $15 AND f.kind = 'book' AND "
    "f.valid_from <= $1 AND f.valid_to > $2 AND f.known_from <= $3 AND f.known_to > $4 AND "
    "f.state = 'set') k ON k.unit_id = s.unit_id AND k.point_id = s.point_id "
    "LEFT JOIN book b ON b.unit_id = s.unit_id AND b.book_id = k.value_i64 "
    "JOIN (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) q ON q.n = 1 OR "
    "q.n <= b.periods "
    "LEFT JOIN book_period bp ON bp.unit_id = s.unit_id AND bp.book_id = k.value_i64 AND "
    "bp.month = $5 AND bp.period_no = q.n "
    "LEFT JOIN bill_draft d ON d.unit_id = s.unit_id AND d.month = $6 AND d.period_no = q.n AND "
    "d.book_id = k.value_i64 AND d.point_id = s.point_id AND d.agreement_id = s.value_i64 AND "
    "d.kind = 'periodic' "
    "WHERE s.unit_id = $7 AND s.kind = 'agreement' AND s.valid_from <= $8 AND s.valid_to > $9 "
    "AND s.known_from <= $10 AND s.known_to > $11 AND s.state = 'set' AND NOT "
    COVERED("s.unit_id", "s.point_id", "$12", "q.n", "s.value_i64")
    "AND s.point_id > $13 AND s.point_id <= $15 ORDER BY s.point_id, q.n LIMIT $14";

/* Points that may stand in that list: it has nobody with a periodic bill of period 1 whose book has
 * no other period. Quick where almost everybody has a bill; the plus signs lead to the index by
 * point, for the one by month would be read anew for every point. */
static const char candidates_sql[] =
    "SELECT p.point_id FROM usage_point p WHERE p.unit_id = $1 AND p.point_id > $2 AND (NOT EXISTS "
    "(SELECT 1 FROM bill y WHERE y.unit_id = p.unit_id AND y.point_id = p.point_id AND "
    "+y.month = $3 AND +y.period_no = 1 AND y.kind = 'periodic') OR EXISTS (SELECT 1 FROM book m "
    "WHERE m.unit_id = $1 AND m.periods > 1)) ORDER BY p.point_id LIMIT $4";

/* Every draft that the list above cannot show, with the same columns: of who is not supplied at the
 * end of the month any more, of another book, of a supplement. */
static const char other_drafts_sql[] =
    "SELECT d.point_id, d.agreement_id, d.book_id, p.code, a.code, b.code, bp.state, d.state, "
    "d.problem, CAST(1 AS BIGINT), CAST(0 AS BIGINT), NULL, "
    "CAST(0 AS BIGINT), bp.read_on FROM bill_draft d "
    "JOIN usage_point p ON p.unit_id = d.unit_id AND p.point_id = d.point_id "
    "LEFT JOIN agreement a ON a.unit_id = d.unit_id AND a.agreement_id = d.agreement_id "
    "LEFT JOIN book b ON b.unit_id = d.unit_id AND b.book_id = d.book_id "
    "LEFT JOIN book_period bp ON bp.unit_id = d.unit_id AND bp.book_id = d.book_id AND "
    "bp.month = d.month AND bp.period_no = d.period_no "
    "WHERE d.unit_id = $1 AND d.month = $2 AND d.kind IN ('periodic', 'final', 'supplement') "
    "AND NOT (d.kind = 'periodic' AND d.period_no BETWEEN 1 AND b.periods AND EXISTS (SELECT 1 "
    "FROM point_asof s "
    "WHERE s.unit_id = d.unit_id AND s.point_id = d.point_id AND s.kind = 'agreement' AND "
    "s.value_i64 = d.agreement_id AND s.valid_from <= $3 AND s.valid_to > $4 AND "
    "s.known_from <= $5 AND s.known_to > $6 AND s.state = 'set') AND EXISTS (SELECT 1 FROM "
    "point_asof k WHERE k.unit_id = d.unit_id AND k.point_id = d.point_id AND k.kind = 'book' "
    "AND k.value_i64 = d.book_id AND k.valid_from <= $7 AND k.valid_to > $8 AND "
    "k.known_from <= $9 AND k.known_to > $10 AND k.state = 'set') AND NOT "
    COVERED("d.unit_id", "d.point_id", "d.month", "d.period_no", "d.agreement_id")
    ") AND d.point_id > $11 ORDER BY d.point_id, d.period_no, d.kind, d.version LIMIT $12";

/* Who left the unit or ended supply before the end of the month, and whose last days the closing of
 * the book could not measure; with the same columns. */
static const char left_sql[] =
    "SELECT DISTINCT e.point_id, CAST(0 AS BIGINT), e.book_id, p.code, NULL, b.code, bp.state, "
    "NULL, NULL, CAST(0 AS BIGINT), CAST(0 AS BIGINT), e.code, "
    "CAST(0 AS BIGINT), bp.read_on FROM metering_exception e "
    "JOIN usage_point p ON p.unit_id = e.unit_id AND p.point_id = e.point_id "
    "JOIN book b ON b.unit_id = e.unit_id AND b.book_id = e.book_id "
    "JOIN book_period bp ON bp.unit_id = e.unit_id AND bp.book_id = e.book_id AND "
    "bp.month = e.month AND bp.period_no = e.period_no AND bp.closing_no = e.closing_no "
    "WHERE e.unit_id = $1 AND e.month = $2 AND e.period_no > 0 AND e.state = 'open' AND "
    "e.blocks = 1 AND bp.state <> 'open' AND NOT EXISTS (SELECT 1 FROM point_asof s WHERE "
    "s.unit_id = e.unit_id AND s.point_id = e.point_id AND s.kind = 'agreement' AND "
    "s.valid_from <= $3 AND s.valid_to > $4 AND s.known_from <= $5 AND s.known_to > $6 AND "
    "s.state = 'set') AND e.point_id > $7 ORDER BY e.point_id LIMIT $8";

static enum problem reason_of(const struct rows *rows, struct str *out_concerns)
{
    struct str draft = row_text_or_empty(rows, 7), book = row_text_or_empty(rows, 6);
    bool closed = str_equal(book, S("closed"));
    *out_concerns = S("");
    if (str_equal(draft, S("ready"))) return closed ? PROBLEM_NOT_SIGNED : PROBLEM_NOT_ISSUED;
    if (draft.n > 0) return problem_parse(row_text_or_empty(rows, 8), out_concerns);
    if (row_i64(rows, 2) == 0) return PROBLEM_NO_BOOK;
    if (book.n == 0 || str_equal(book, S("open"))) return PROBLEM_NOT_CLOSED;
    if (row_i64(rows, 9) == 1) return PROBLEM_NOT_RUN;
    if (row_i64(rows, 12) == 1) return PROBLEM_SETTLED_LATER;
    return row_i64(rows, 10) == 1 ? PROBLEM_NEXT_PERIOD : PROBLEM_NO_USAGE;
}

static err_t visit_each(struct db *db, const char *sql, struct args args,
                        const struct unit_ref *unit, unbilled_visit *visit, void *context,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, sql, args, &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct unbilled item = {
            .unit_id = unit->unit_id, .point_id = row_i64(rows, 0),
            .agreement_id = row_i64(rows, 1), .book_id = row_i64(rows, 2),
            .unit_code = unit->code, .point_code = row_text(rows, 3),
            .agreement_code = row_text_or_empty(rows, 4), .book_code = row_text_or_empty(rows, 5)};
        item.problem = reason_of(rows, &item.concerns);
        if (!day_parse(row_text_or_empty(rows, 13), &item.read_day)) item.read_day = -1;
        enum exception_code code;
        if (item.problem == PROBLEM_NO_USAGE &&
            exception_from_text(row_text_or_empty(rows, 11), &code))
            item.exception = exception_text(code);
        e = visit(context, &item, err);
    }
    return e;
}

/* Part 0, 1 or 2 of the list: who is supplied (up to a point), other drafts, who left. */
static err_t visit_part(struct db *db, const struct unit_ref *unit, int64_t month,
                        const struct unbilled_place *after, int64_t last_point, int64_t most,
                        unbilled_visit *visit, void *context, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    int32_t last_day = first_day_of_month(month_from_number(month) + 1) - 1;
    struct value day = v_text(day_text(last_day, text)), now = v_i64(KNOWN_NOW - 1);
    struct value number = v_i64(month), unit_id = v_i64(unit->unit_id);
    struct value behind = v_i64(after->point_id), limit = v_i64(most);
    if (after->part == 0)
        return visit_each(db, unbilled_sql,
                          ARGS(day, day, now, now, number, number, unit_id, day, day, now, now,
                               number, behind, limit, v_i64(last_point)),
                          unit, visit, context, err);
    if (after->part == 1)
        return visit_each(
            db, other_drafts_sql,
            ARGS(unit_id, number, day, day, now, now, day, day, now, now, behind, limit), unit,
            visit, context, err);
    return visit_each(db, left_sql, ARGS(unit_id, number, day, day, now, now, behind, limit), unit,
                      visit, context, err);
}

static err_t unbilled_of_unit(struct db *db, const struct unit_ref *unit, int64_t month,
                              unbilled_visit *visit, void *context, struct err *err)
{
    err_t e = OK;
    for (int part = 0; part < UNBILLED_PARTS && e == OK; part++)
        e = visit_part(db, unit, month, &(struct unbilled_place){part, INT64_MIN}, INT64_MAX,
                       INT64_MAX, visit, context, err);
    return e;
}

err_t unbilled_each(struct db *db, struct str unit_code, int64_t month, unbilled_visit *visit,
                    void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    struct unit_list units = {0};
    err_t e = unit_list_load(db, &arena, unit_code, &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        e = unbilled_of_unit(db, &units.items[i], month, visit, context, err);
    arena_release(&arena);
    return e;
}

/* ---- a page ------------------------------------------------------------------------------ */

enum { CANDIDATES = 200 };

struct paging {
    struct arena *arena;
    struct unbilled *items;
    size_t count, most;
    int part;
    bool full;
};

/* All entries of a point stand on one page. */
static err_t keep_one(void *context, const struct unbilled *item, struct err *err)
{
    struct paging *p = context;
    bool same = p->count > 0 && p->items[p->count - 1].point_id == item->point_id &&
                p->items[p->count - 1].part == p->part;
    if (p->full || (p->count >= p->most && !same)) {
        p->full = true;
        return OK;
    }
    struct unbilled *kept = &p->items[p->count++];
    *kept = *item;
    kept->part = p->part;
    kept->point_code = arena_str(p->arena, item->point_code);
    kept->agreement_code = arena_str(p->arena, item->agreement_code);
    kept->book_code = arena_str(p->arena, item->book_code);
    kept->concerns = arena_str(p->arena, item->concerns);
    return p->arena->failed ? err_memory(err) : OK;
}

static err_t find_candidates(struct db *db, int64_t unit_id, int64_t month, int64_t behind,
                             int64_t out[CANDIDATES], size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, candidates_sql,
                       ARGS(v_i64(unit_id), v_i64(behind), v_i64(month), v_i64(CANDIDATES)), &rows,
                       err);
    *out_count = 0;
    for (bool more = true; e == OK && *out_count < CANDIDATES;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        out[(*out_count)++] = row_i64(rows, 0);
    }
    return e;
}

/* Who is supplied, point by point of those that may have no bill, until the page is full. */
static err_t page_supplied(struct db *db, const struct unit_ref *unit, int64_t month,
                           int64_t behind, struct paging *p, struct err *err)
{
    int64_t point[CANDIDATES];
    size_t count = CANDIDATES;
    err_t e = OK;
    while (e == OK && !p->full && count == CANDIDATES) {
        e = find_candidates(db, unit->unit_id, month, behind, point, &count, err);
        for (size_t i = 0; i < count && e == OK && !p->full; i++) {
            struct unbilled_place place = {0, point[i] - 1};
            e = visit_part(db, unit, month, &place, point[i], UNBILLED_A_POINT, keep_one, p, err);
            behind = point[i];
        }
    }
    return e;
}

err_t unbilled_page(struct db *db, struct arena *arena, const struct unit_ref *unit, int64_t month,
                    const struct unbilled_place *after, size_t most, struct unbilled **out,
                    size_t *out_count, bool *out_more, struct err *err)
{
    struct paging p = {.arena = arena, .most = most, .part = after->part,
                       .items = ARENA_ARRAY(arena, struct unbilled, most + UNBILLED_A_POINT)};
    struct unbilled_place place = *after;
    err_t e = p.items == NULL ? err_memory(err) : OK;
    for (; p.part < UNBILLED_PARTS && e == OK && !p.full; p.part++) {
        int64_t left = (int64_t)(most - p.count) + UNBILLED_A_POINT;
        place.part = p.part;
        e = p.part == 0
                ? page_supplied(db, unit, month, place.point_id, &p, err)
                : visit_part(db, unit, month, &place, INT64_MAX, left, keep_one, &p, err);
        place.point_id = INT64_MIN;
    }
    if (e != OK) return e;
    *out = p.items;
    *out_count = p.count;
    *out_more = p.full;
    return OK;
}

/* ---- review ------------------------------------------------------------------------------ */

/* now: this month's bills and drafts by point; before: last month's bills by point. */
#define REVIEW_SETS                                                                             \
    "WITH now AS (SELECT point_id, CAST(sum(total_wh) AS BIGINT) AS wh, "                       \
    "CAST(sum(total_vnd) AS BIGINT) AS vnd FROM (SELECT point_id, total_wh, total_vnd "         \
    "FROM bill WHERE unit_id = $1 AND month = $2 AND kind IN ('periodic', 'final') "            \
    "UNION ALL SELECT point_id, total_wh, total_vnd FROM bill_draft WHERE unit_id = $3 AND "    \
    "month = $4 AND kind IN ('periodic', 'final') AND state <> 'exception') this "              \
    "GROUP BY point_id), before AS (SELECT point_id, CAST(sum(total_wh) AS BIGINT) AS wh, "     \
    "CAST(sum(total_vnd) AS BIGINT) AS vnd FROM bill WHERE unit_id = $5 AND month = $6 AND "    \
    "kind IN ('periodic', 'final') GROUP BY point_id) "

static const char review_sql[] =
    REVIEW_SETS
    "SELECT (SELECT count(*) FROM now), (SELECT count(*) FROM before), "
    "(SELECT CAST(COALESCE(sum(wh), 0) AS BIGINT) FROM now), "
    "(SELECT CAST(COALESCE(sum(wh), 0) AS BIGINT) FROM before), "
    "(SELECT CAST(COALESCE(sum(vnd), 0) AS BIGINT) FROM now), "
    "(SELECT CAST(COALESCE(sum(vnd), 0) AS BIGINT) FROM before), "
    "(SELECT count(*) FROM now WHERE wh = 0), (SELECT count(*) FROM before WHERE wh = 0), "
    "(SELECT count(*) FROM now n LEFT JOIN before b ON b.point_id = n.point_id "
    "WHERE b.point_id IS NULL), "
    "(SELECT count(*) FROM before b LEFT JOIN now n ON n.point_id = b.point_id "
    "WHERE n.point_id IS NULL), "
    "(SELECT count(*) FROM bill_draft WHERE unit_id = $7 AND month = $8 AND state = 'held'), "
    "(SELECT count(*) FROM bill_draft WHERE unit_id = $9 AND month = $10 AND "
    "state = 'exception')";

err_t bill_review(struct db *db, int64_t unit_id, int64_t month, struct review *out,
                  struct err *err)
{
    struct value unit = v_i64(unit_id), this = v_i64(month);
    struct value last = v_i64(month_to_number(month_from_number(month) - 1));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, review_sql,
                       ARGS(unit, this, unit, this, unit, last, unit, this, unit, this), &rows,
                       err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    ASSERT(found);
    *out = (struct review){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2), row_i64(rows, 3),
                           row_i64(rows, 4), row_i64(rows, 5), row_i64(rows, 6), row_i64(rows, 7),
                           row_i64(rows, 8), row_i64(rows, 9), row_i64(rows, 10),
                           row_i64(rows, 11)};
    return OK;
}
