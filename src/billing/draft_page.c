/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts that are no bill yet for a reason of their own, a page at a time. */
#include "base/date.h"
#include "billing/run_progress.h"

enum { DRAFTS_A_POINT = 16 };

/* state <> 'ready' lets the index of stopped drafts serve. */
static const char count_sql[] =
    "SELECT count(*) FROM bill_draft WHERE unit_id = $1 AND month = $2 AND state <> 'ready' AND "
    "state = $3";
static const char page_sql[] =
    "SELECT d.point_id, d.run_id, d.total_wh, d.total_vnd, p.code, a.code, b.code, d.problem, "
    "bp.read_on FROM bill_draft d "
    "JOIN usage_point p ON p.unit_id = d.unit_id AND p.point_id = d.point_id "
    "LEFT JOIN agreement a ON a.unit_id = d.unit_id AND a.agreement_id = d.agreement_id "
    "LEFT JOIN book b ON b.unit_id = d.unit_id AND b.book_id = d.book_id "
    "LEFT JOIN book_period bp ON bp.unit_id = d.unit_id AND bp.book_id = d.book_id AND "
    "bp.month = d.month AND bp.period_no = d.period_no "
    "WHERE d.unit_id = $1 AND d.month = $2 AND d.state <> 'ready' AND d.state = $3 AND "
    "d.point_id > $4 ORDER BY d.point_id, d.period_no, d.kind, d.version LIMIT $5";

static struct value state_value(enum stopped what)
{
    return v_text(what == STOPPED_HELD ? S("held") : S("exception"));
}

err_t stopped_count(struct db *db, int64_t unit_id, int64_t month, enum stopped what, int64_t *out,
                    struct err *err)
{
    return db_get_i64(db, count_sql, ARGS(v_i64(unit_id), v_i64(month), state_value(what)), out,
                      err);
}

static void read_draft(struct rows *rows, struct arena *arena, struct stopped_draft *out)
{
    struct str concerns;
    enum problem problem = problem_parse(row_text(rows, 7), &concerns);
    *out = (struct stopped_draft){.point_id = row_i64(rows, 0),
                                  .run_id = row_i64(rows, 1),
                                  .total_wh = row_i64(rows, 2),
                                  .total_vnd = row_i64(rows, 3),
                                  .point_code = arena_str(arena, row_text(rows, 4)),
                                  .agreement_code = arena_str(arena, row_text_or_empty(rows, 5)),
                                  .book_code = arena_str(arena, row_text_or_empty(rows, 6)),
                                  .problem = problem,
                                  .concerns = arena_str(arena, concerns)};
    if (!day_parse(row_text_or_empty(rows, 8), &out->read_day)) out->read_day = -1;
}

err_t stopped_page(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                   enum stopped what, int64_t behind, size_t most, struct stopped_draft **out,
                   size_t *out_count, bool *out_more, struct err *err)
{
    struct stopped_draft *drafts = ARENA_ARRAY(arena, struct stopped_draft, most + DRAFTS_A_POINT);
    size_t count = 0, limit = most + DRAFTS_A_POINT;
    bool more = true, full = false;
    if (drafts == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(
        db, page_sql,
        ARGS(v_i64(unit_id), v_i64(month), state_value(what), v_i64(behind), v_i64((int64_t)limit)),
        &rows, err);
    while (e == OK && count < limit) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        full = count >= most && drafts[count - 1].point_id != row_i64(rows, 0);
        if (full) break;
        read_draft(rows, arena, &drafts[count++]);
    }
    if (e != OK) return e;
    *out = drafts;
    *out_count = count;
    *out_more = full;
    return arena->failed ? err_memory(err) : OK;
}
