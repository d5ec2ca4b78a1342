/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/compare.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/integer.h"
#include "billing/import_history_int.h"
#include "billing/plan_int.h"
#include "billing/price_books.h"
#include "billing/rater.h"
#include "identity/audit.h"
#include "store/store.h"

#define IMPORT_DEF "billing/import_history.def"
#include "registry/import_columns.h"

enum { HOUSEHOLDS_TRIED = 12, REQUEST_BYTES = 64 * 1024, SEEN_MAX = 4000000,
       COMPARE_ARENA_BYTES = 128 * 1024 * 1024 };

static const struct verdict_text texts[VERDICT_COUNT] = {
#define VERDICT(name, code, explained, vi, en) {code, explained, vi, en},
#include "billing/verdicts.def"
#undef VERDICT
};

const struct verdict_text *verdict_text(enum verdict verdict)
{
    ASSERT(verdict >= 0 && verdict < VERDICT_COUNT);
    return &texts[verdict];
}

struct comparing {
    struct db *db;
    const struct compare_order *order;
    compared_visit *visit;
    compare_rejected *rejected;
    void *context;
    struct rater *rater;
    struct arena arena; /* of one row */
    struct buf request;
    struct arena seen_arena;
    int64_t *seen; /* points of rows, to find what the file lacks */
    size_t seen_count, seen_capacity;
    struct compare_counts counts;
    char detail[ERR_MESSAGE_BYTES];
};

/* Our bill or draft of a point and month. */
struct ours {
    bool found;
    struct rated_bill rated; /* totals only */
    struct str request, problem, book_code;
};

/* ---- ours -------------------------------------------------------------------------------- */

static const char bill_sql[] =
    "SELECT b.from_on, b.to_on, b.total_wh, b.pre_vat_vnd, b.vat_vnd, b.total_vnd, b.request, "
    "k.code FROM bill b LEFT JOIN book k ON k.unit_id = b.unit_id AND k.book_id = b.book_id "
    "WHERE b.unit_id = $1 AND b.point_id = $2 AND b.month = $3 AND b.period_no = $4 AND "
    "b.origin = 'own' AND b.kind IN ('periodic', 'final') ORDER BY b.version LIMIT 1";
static const char draft_sql[] =
    "SELECT d.answer, d.request, d.problem, k.code FROM bill_draft d LEFT JOIN book k ON "
    "k.unit_id = d.unit_id AND k.book_id = d.book_id WHERE d.unit_id = $1 AND d.month = $2 AND "
    "d.period_no = $3 AND d.point_id = $4 AND d.kind IN ('periodic', 'final')";

static int32_t day_of(struct str text)
{
    int32_t day = 0;
    bool read = day_parse(text, &day);
    ASSERT(read);
    return day;
}

static err_t load_bill(struct comparing *c, const struct past_bill *past, struct ours *out,
                       struct err *err)
{
    const struct bill_key *key = &past->record.key;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(c->db, bill_sql,
                       ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(key->month),
                            v_i64(key->period_no)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &out->found, err);
    if (e != OK || !out->found) return e;
    out->rated = (struct rated_bill){
        .from_day = day_of(row_text(rows, 0)), .to_day = day_of(row_text(rows, 1)),
        .total_wh = row_i64(rows, 2), .pre_vat_vnd = row_i64(rows, 3),
        .vat_vnd = row_i64(rows, 4), .total_vnd = row_i64(rows, 5)};
    out->request = arena_str(&c->arena, row_text(rows, 6));
    out->book_code = arena_str(&c->arena, row_text_or_empty(rows, 7));
    return OK;
}

static err_t load_draft(struct comparing *c, const struct past_bill *past, struct ours *out,
                        struct err *err)
{
    const struct bill_key *key = &past->record.key;
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(c->db, draft_sql,
                       ARGS(v_i64(key->unit_id), v_i64(key->month), v_i64(key->period_no),
                            v_i64(key->point_id)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK || !row) return e;
    out->book_code = arena_str(&c->arena, row_text_or_empty(rows, 3));
    out->problem = arena_str(&c->arena, row_text_or_empty(rows, 2));
    if (row_is_null(rows, 0)) return OK;
    out->found = true;
    out->request = arena_str(&c->arena, row_text(rows, 1));
    struct str packed = arena_str(&c->arena, row_blob(rows, 0));
    if (c->arena.failed) return err_memory(err);
    return rated_unpack(&c->arena, packed, &out->rated, err);
}

/* ---- why they differ --------------------------------------------------------------------- */

static bool near(int64_t a, int64_t b)
{
    return a - b <= 1 && b - a <= 1;
}

/* Whether what stands in c->request gives the earlier amount before tax. A request that the engine
 * refuses does not. */
static err_t gives(struct comparing *c, int64_t pre_vat, bool *out, struct err *err)
{
    struct rated_bill bill;
    struct err why;
    if (c->request.failed) return err_memory(err);
    err_t e = rater_rate(c->rater, buf_str(&c->request), &bill, &why);
    if (e == E_MEMORY) return err_memory(err);
    *out = e == OK && near(bill.pre_vat_vnd, pre_vat);
    return OK;
}

/* Our request with one more member. */
static void write_with(struct comparing *c, struct str request, const char *member)
{
    buf_reset(&c->request);
    buf_add(&c->request, str_sub(request, 0, request.n - 1));
    buf_add_char(&c->request, ',');
    buf_add(&c->request, str_of(member));
    buf_add_char(&c->request, '}');
}

/* Our request with another household count: the member stands in every request we write. */
static void write_with_households(struct comparing *c, struct str request, int households)
{
    static const struct str name = S_INIT("\"households\":\"");
    size_t at = 0;
    while (at < request.n && !str_starts(str_sub(request, at, request.n), name)) at++;
    struct str behind = str_sub(request, at + name.n, request.n);
    buf_reset(&c->request);
    buf_add(&c->request, str_sub(request, 0, at + name.n));
    buf_add_i64(&c->request, households);
    buf_add(&c->request, str_sub(behind, str_find(behind, '"'), behind.n));
}

/* Other permitted methods of computing the same facts. */
static const struct method {
    const char *member;
    enum verdict verdict;
} methods[] = {
    {"\"month_days\":\"own_month\"", VERDICT_OWN_MONTH},
    {"\"month_days\":\"30\"", VERDICT_DAYS_30},
    {"\"change_split\":\"truncate_old\"", VERDICT_TRUNCATE},
};

/* What another method or another fact would have to be for the earlier amount. */
static err_t judge_request(struct comparing *c, struct str request, int64_t pre_vat,
                           enum verdict *out, struct err *err)
{
    bool found = false;
    err_t e = OK;
    *out = VERDICT_UNKNOWN;
    for (size_t i = 0; i < ARRAY_COUNT(methods) && e == OK && !found; i++) {
        write_with(c, request, methods[i].member);
        e = gives(c, pre_vat, &found, err);
        if (found) *out = methods[i].verdict;
    }
    for (int households = 1; households <= HOUSEHOLDS_TRIED && e == OK && !found; households++) {
        write_with_households(c, request, households);
        e = gives(c, pre_vat, &found, err);
        if (!found) continue;
        struct buf text;
        buf_init_fixed(&text, c->detail, sizeof c->detail);
        buf_printf(&text, "households %d", households);
        *out = VERDICT_HOUSEHOLDS;
    }
    if (e != OK || found) return e;
    write_with(c, request, "\"lodgers_undeclared\":true");
    e = gives(c, pre_vat, &found, err);
    if (found) *out = VERDICT_ONE_USE;
    return e;
}

static err_t judge_money(struct comparing *c, const struct ours *ours,
                         const struct rated_bill *earlier, enum verdict *out, struct err *err)
{
    int64_t pre_vat = earlier->pre_vat_vnd, tax = earlier->vat_vnd;
    bool exact = ours->rated.pre_vat_vnd == pre_vat;
    if (!exact && !near(ours->rated.pre_vat_vnd, pre_vat))
        return judge_request(c, ours->request, pre_vat, out, err);
    if (!exact) *out = VERDICT_ROUNDING;
    else if (ours->rated.vat_vnd == tax) *out = VERDICT_SAME;
    else *out = near(ours->rated.vat_vnd, tax) ? VERDICT_VAT_ROUNDING : VERDICT_VAT;
    return OK;
}

static err_t judge(struct comparing *c, const struct ours *ours,
                   const struct rated_bill *earlier, enum verdict *out, struct err *err)
{
    c->detail[0] = '\0';
    if (!ours->found) {
        struct str concerns;
        struct buf text;
        buf_init_fixed(&text, c->detail, sizeof c->detail);
        if (ours->problem.n > 0)
            buf_add(&text, str_of(problem_text(problem_parse(ours->problem, &concerns))->vi));
        *out = VERDICT_NOT_HERE;
    } else if (ours->rated.from_day != earlier->from_day ||
               ours->rated.to_day != earlier->to_day) {
        *out = VERDICT_PERIOD;
    } else if (ours->rated.total_wh != earlier->total_wh) {
        *out = VERDICT_USAGE;
    } else {
        return judge_money(c, ours, earlier, out, err);
    }
    return OK;
}

static err_t tell(struct comparing *c, const struct compared *compared, struct err *err)
{
    if (compared->verdict == VERDICT_SAME) c->counts.same++;
    else if (verdict_text(compared->verdict)->explained) c->counts.explained++;
    else c->counts.unexplained++;
    if (compared->verdict == VERDICT_NOT_THERE) c->counts.not_there++;
    return c->visit(c->context, compared, err);
}

/* ---- the file ---------------------------------------------------------------------------- */

static err_t see(struct comparing *c, int64_t point_id, struct err *err)
{
    if (c->seen_count == c->seen_capacity) {
        size_t larger = c->seen_capacity == 0 ? 4096 : c->seen_capacity * 2;
        int64_t *copy =
            larger <= SEEN_MAX ? ARENA_ARRAY(&c->seen_arena, int64_t, larger) : NULL;
        if (copy == NULL) return err_memory(err);
        for (size_t i = 0; i < c->seen_count; i++) copy[i] = c->seen[i];
        c->seen = copy;
        c->seen_capacity = larger;
    }
    c->seen[c->seen_count++] = point_id;
    return OK;
}

static err_t compare_row(struct comparing *c, struct import *import, struct import_row *row,
                         const struct import_target *point, struct err *err)
{
    struct past_bill past = {.unit_id = point->unit_id};
    struct ours ours = {.problem = S("")};
    if (!past_bill_read(import, row, &past)) return OK;
    past.record.key = (struct bill_key){.unit_id = point->unit_id,
                                        .month = month_to_number(past.month), .period_no = 1,
                                        .point_id = point->id};
    if (row->cells[COL_period].given) past.record.key.period_no = row->cells[COL_period].i64;
    if (past.record.key.month != c->order->month) return OK;
    arena_reset(&c->arena);
    err_t e = load_bill(c, &past, &ours, err);
    if (e == OK && !ours.found) e = load_draft(c, &past, &ours, err);
    if (e != OK) return e;
    bool other_book = c->order->book_code.n > 0 && ours.book_code.n > 0 &&
                      !str_equal(ours.book_code, c->order->book_code);
    if (other_book) return OK;
    if (c->arena.failed) return err_memory(err);
    enum verdict verdict = VERDICT_UNKNOWN;
    c->counts.rows++;
    e = see(c, point->id, err);
    if (e == OK) e = judge(c, &ours, &past.record.rated, &verdict, err);
    if (e != OK) return e;
    struct compared compared = {
        .point_code = row->cells[COL_point].text, .point_id = point->id,
        .earlier_wh = past.record.rated.total_wh, .earlier_vnd = past.record.rated.total_vnd,
        .our_wh = ours.rated.total_wh, .our_vnd = ours.rated.total_vnd,
        .verdict = verdict};
    compared.detail = str_of(c->detail);
    return tell(c, &compared, err);
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct comparing *c = import->request->context;
    struct import_target *points = ARENA_ARRAY(&import->batch, struct import_target, count);
    if (points == NULL) return err_memory(err);
    err_t e = import_refer(import, rows, count, COL_point, &import_points, NULL, points, err);
    for (size_t i = 0; i < count && e == OK; i++)
        if (!rows[i].rejected) e = compare_row(c, import, &rows[i], &points[i], err);
    return e;
}

static const struct import_kind kind_compare = {
    .name = "compare",
    .vi = "Hóa đơn của hệ thống trước",
    .en = "Bills of an earlier system",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_point, COL_month, COL_period},
    .key_column_count = 3,
    .take = take,
};

static void found(void *context, const struct import_finding *finding)
{
    struct comparing *c = context;
    if (c->rejected != NULL)
        c->rejected(c->context, finding->row_no, finding->column, finding->err);
}

/* ---- what the file lacks ----------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool was_seen(const struct comparing *c, int64_t point_id)
{
    return c->seen_count > 0 && bsearch(&point_id, c->seen, c->seen_count, sizeof *c->seen,
                                        by_number) != NULL;
}

static err_t tell_missing(struct comparing *c, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct str unit = c->order->unit_code.n > 0 ? c->order->unit_code : S("");
    struct str book = c->order->book_code.n > 0 ? c->order->book_code : S("");
    err_t e = db_query(c->db,
                       "SELECT p.point_id, p.code, o.total_wh, o.total_vnd FROM (SELECT unit_id, "
                       "book_id, point_id, total_wh, total_vnd FROM bill WHERE month = $1 AND "
                       "origin = 'own' AND kind IN ('periodic', 'final') UNION ALL SELECT "
                       "unit_id, book_id, point_id, total_wh, total_vnd FROM bill_draft WHERE "
                       "month = $2 AND kind IN ('periodic', 'final')) o JOIN usage_point p ON "
                       "p.unit_id = o.unit_id AND p.point_id = o.point_id JOIN unit u ON "
                       "u.unit_id = o.unit_id LEFT JOIN book k ON k.unit_id = o.unit_id AND "
                       "k.book_id = o.book_id WHERE ($3 = '' OR u.code = $4) AND ($5 = '' OR "
                       "k.code = $6) ORDER BY p.code",
                       ARGS(v_i64(c->order->month), v_i64(c->order->month), v_text(unit),
                            v_text(unit), v_text(book), v_text(book)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (was_seen(c, row_i64(rows, 0))) continue;
        struct compared compared = {.point_code = row_text(rows, 1), .point_id = row_i64(rows, 0),
                                    .our_wh = row_i64(rows, 2), .our_vnd = row_i64(rows, 3),
                                    .verdict = VERDICT_NOT_THERE, .detail = S("")};
        e = tell(c, &compared, err);
    }
    return e;
}

/* ---- the whole --------------------------------------------------------------------------- */

static err_t compare_file(struct comparing *c, struct err *err)
{
    struct import_counts counts;
    struct import_request request = {
        .kind = &kind_compare, .path = c->order->path, .text = c->order->text,
        .unit_code = c->order->unit_code, .source = S("compare"),
        .actor_id = c->order->actor_id, .now_ms = c->order->now_ms,
        .dry_run = true, .context = c, .found = found};
    err_t e = import_run(c->db, &request, &counts, err);
    if (e != OK) return e;
    if (c->seen_count > 0) qsort(c->seen, c->seen_count, sizeof *c->seen, by_number);
    return tell_missing(c, err);
}

err_t bill_compare(struct db *db, const struct compare_order *order, compared_visit *visit,
                   compare_rejected *rejected, void *context, struct compare_counts *out,
                   struct err *err)
{
    struct comparing c = {.db = db, .order = order, .visit = visit, .rejected = rejected,
                          .context = context};
    struct arena book_arena;
    const struct price_book *book;
    arena_init(&book_arena, COMPARE_ARENA_BYTES);
    arena_init(&c.arena, PLAN_ARENA_BYTES);
    arena_init(&c.seen_arena, COMPARE_ARENA_BYTES);
    buf_init(&c.request, REQUEST_BYTES);
    err_t e = price_book_current(db, &book_arena, &book, err);
    if (e == OK) e = rater_with_book(book, &c.rater, err);
    if (e == OK) e = compare_file(&c, err);
    rater_free(c.rater);
    buf_release(&c.request);
    arena_release(&c.seen_arena);
    arena_release(&c.arena);
    arena_release(&book_arena);
    if (e == OK) *out = c.counts;
    return e;
}

/* ---- going live -------------------------------------------------------------------------- */

static err_t refuse_open(const struct compare_counts *counts, struct err *err)
{
    err_set(err, E_STATE, "book", "Sổ còn %lld chênh lệch chưa giải thích được",
            "The book has %lld unexplained differences", (long long)counts->unexplained);
    return err_hint(err, "Xử lý từng chênh lệch trong danh sách rồi so sánh lại",
                    "Settle each difference of the list, then compare again");
}

/* Who signed joins the audit chain of the book's unit. */
static err_t audit_sign(struct db *db, const struct compare_order *order,
                        const struct actor *actor, struct err *err)
{
    int64_t unit_id;
    err_t e = unit_require(db, order->unit_code, &unit_id, err);
    if (e != OK) return e;
    struct audit_note note = {unit_id, S("billing"), S("book.live"), order->book_code,
                              order->book_code};
    return audit_append(db, actor, &note, err);
}

err_t cut_over_sign(struct db *db, const struct compare_order *order,
                    const struct compare_counts *counts, const struct actor *actor,
                    struct err *err)
{
    if (counts->unexplained > 0 || counts->rows == 0) return refuse_open(counts, err);
    int64_t added = 0;
    err_t e = db_begin(db, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO book_cut_over (unit_id, book_id, month, bill_count, explained, "
                   "signed_at, actor_id) SELECT k.unit_id, k.book_id, $1, $2, $3, $4, $5 FROM "
                   "book k JOIN unit u ON u.unit_id = k.unit_id WHERE k.code = $6 AND "
                   "u.code = $7",
                   ARGS(v_i64(order->month), v_i64(counts->rows), v_i64(counts->explained),
                        v_i64(order->now_ms), v_i64(order->actor_id), v_text(order->book_code),
                        v_text(order->unit_code)),
                   &added, err);
    if (e == OK && added == 0) {
        err_set(err, E_NOT_FOUND, "book", "Không có sổ %.*s ở đơn vị %.*s",
                "There is no book %.*s in unit %.*s", STR_ARG(order->book_code),
                STR_ARG(order->unit_code));
        e = err_hint(err, "Xem các sổ: sangden book list", "See the books: sangden book list");
    }
    if (e == OK) e = audit_sign(db, order, actor, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}
