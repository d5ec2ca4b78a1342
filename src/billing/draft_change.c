/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/draft_change.h"

#define TOTALS_ARENA_BYTES ((size_t)256 * 1024 * 1024)

static const char drafts_sql[] =
    "SELECT d.unit_id, d.month, d.period_no, d.book_id, d.point_id, d.agreement_id, d.kind, "
    "d.version, d.state, d.total_vnd, u.code FROM bill_draft d JOIN unit u ON "
    "u.unit_id = d.unit_id WHERE d.month = $1 AND d.kind IN ('periodic', 'final', 'supplement') "
    "ORDER BY d.unit_id, d.month, d.period_no, d.book_id, d.point_id, d.agreement_id, d.kind, "
    "d.version";

void draft_totals_init(struct draft_totals *totals)
{
    *totals = (struct draft_totals){0};
    arena_init(&totals->arena, TOTALS_ARENA_BYTES);
}

void draft_totals_release(struct draft_totals *totals)
{
    arena_release(&totals->arena);
}

static struct draft_total read_total(const struct rows *rows)
{
    struct draft_total total = {
        .key = {row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2), row_i64(rows, 3),
                row_i64(rows, 4), row_i64(rows, 5), BILL_PERIODIC, row_i64(rows, 7)},
        .total_vnd = DRAFT_NOT_COMPUTED};
    bool known = bill_kind_parse(row_text(rows, 6), &total.key.kind);
    ASSERT(known);
    if (!str_equal(row_text(rows, 8), S("exception"))) total.total_vnd = row_i64(rows, 9);
    return total;
}

/* Negative, 0 or positive as the database sorts them. */
static int compare_keys(const struct bill_key *a, const struct bill_key *b)
{
    const int64_t x[] = {a->unit_id, a->period_no, a->book_id, a->point_id, a->agreement_id};
    const int64_t y[] = {b->unit_id, b->period_no, b->book_id, b->point_id, b->agreement_id};
    for (size_t i = 0; i < ARRAY_COUNT(x); i++)
        if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
    int order = str_compare(bill_kind_code(a->kind), bill_kind_code(b->kind));
    if (order != 0 || a->version == b->version) return order;
    return a->version < b->version ? -1 : 1;
}

err_t draft_totals_take(struct db *db, int64_t month, struct draft_totals *out, struct err *err)
{
    int64_t most = 0;
    err_t e = db_get_i64(db, "SELECT count(*) FROM bill_draft WHERE month = $1",
                         ARGS(v_i64(month)), &most, err);
    if (e != OK) return e;
    out->month = month;
    out->count = 0;
    out->item = ARENA_ARRAY(&out->arena, struct draft_total, (size_t)most);
    if (out->item == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, drafts_sql, ARGS(v_i64(month)), &rows, err);
    for (bool more = true; e == OK && out->count < (size_t)most;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        out->item[out->count++] = read_total(rows);
    }
    return e;
}

err_t draft_totals_compare(struct db *db, const struct draft_totals *before,
                           draft_changed *visit, void *context, struct err *err)
{
    size_t at = 0;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, drafts_sql, ARGS(v_i64(before->month)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct draft_total now = read_total(rows);
        while (at < before->count && compare_keys(&before->item[at].key, &now.key) < 0) at++;
        if (at == before->count || compare_keys(&before->item[at].key, &now.key) != 0) continue;
        if (before->item[at].total_vnd == now.total_vnd) continue;
        char number[BILL_NUMBER_BYTES];
        visit(context, bill_number(row_text(rows, 10), &now.key, number),
              before->item[at].total_vnd, now.total_vnd);
    }
    return e;
}
