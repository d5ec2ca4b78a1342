/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/book_view.h"

#include "base/date.h"
#include "metering/metering_int.h"
#include "store/store.h"

/* ---- lists --------------------------------------------------------------------------------- */

static const char page_sql[] =
    "SELECT b.book_id, b.code, b.name, b.periods, b.reading_day FROM book b WHERE b.unit_id = $1 "
    "AND b.code > $2 AND (CAST($3 AS BIGINT) = 1 OR EXISTS (SELECT 1 FROM book_period p WHERE "
    "p.unit_id = b.unit_id AND p.book_id = b.book_id AND p.month = $4 AND p.period_no > 0 AND "
    "p.state = $5) OR ($6 = 'open' AND (SELECT count(*) FROM book_period p WHERE "
    "p.unit_id = b.unit_id AND p.book_id = b.book_id AND p.month = $7 AND p.period_no > 0) < "
    "b.periods)) ORDER BY b.code LIMIT $8";

err_t book_page(struct db *db, struct arena *arena, const struct book_filter *filter,
                struct book **out, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct book);
    struct value month = v_i64(month_to_number(filter->month));
    struct value state = v_text(book_state_text(filter->state));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, page_sql,
                       ARGS(v_i64(filter->unit_id), v_text(filter->after), v_i64(filter->any_state),
                            month, state, state, month, v_i64(filter->limit)),
                       &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct book *book = list_add(&list);
        if (book == NULL) return err_memory(err);
        *book = (struct book){.unit_id = filter->unit_id,
                              .book_id = row_i64(rows, 0),
                              .code = arena_str(arena, row_text(rows, 1)),
                              .name = arena_str(arena, row_text(rows, 2)),
                              .periods = (int)row_i64(rows, 3),
                              .reading_day = (int)row_i64(rows, 4)};
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

err_t book_count(struct db *db, int64_t unit_id, int32_t month, int64_t out[BOOK_STATE_COUNT],
                 struct err *err)
{
    int64_t count[BOOK_STATE_COUNT] = {0}, periods = 0;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_get_i64(db,
                         "SELECT CAST(coalesce(sum(periods), 0) AS BIGINT) FROM book WHERE "
                         "unit_id = $1",
                         ARGS(v_i64(unit_id)), &periods, err);
    if (e == OK)
        e = db_query(
            db,
            "SELECT state, count(*) FROM book_period WHERE unit_id = $1 AND month = $2 AND "
            "period_no > 0 AND state <> 'open' GROUP BY state",
            ARGS(v_i64(unit_id), v_i64(month_to_number(month))), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        for (enum book_state s = BOOK_CLOSED; s <= BOOK_ISSUED; s++)
            if (str_equal(row_text(rows, 0), book_state_text(s))) count[s] = row_i64(rows, 1);
    }
    if (e != OK) return e;
    count[BOOK_OPEN] = periods - count[BOOK_CLOSED] - count[BOOK_SIGNED] - count[BOOK_ISSUED];
    for (size_t i = 0; i < BOOK_STATE_COUNT; i++) out[i] = count[i];
    return OK;
}

/* ---- steps --------------------------------------------------------------------------------- */

/* unit_id, book_id, month, period_no of a period. */
#define PERIOD_KEY(book, period) \
    v_i64((book)->unit_id), v_i64((book)->book_id), v_i64(month_to_number((period)->month)), \
        v_i64((period)->period_no)

err_t book_steps(struct db *db, struct arena *arena, const struct book *book,
                 const struct book_period *period, struct book_step **out, size_t *out_count,
                 struct err *err)
{
    struct list list = LIST_OF(arena, struct book_step);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT t.step, t.closing_no, t.reason, t.actor_id, t.at, s.code FROM "
                       "book_step t LEFT JOIN staff s ON s.staff_id = t.actor_id WHERE "
                       "t.unit_id = $1 AND t.book_id = $2 AND t.month = $3 AND t.period_no = $4 "
                       "ORDER BY t.step_no",
                       ARGS(PERIOD_KEY(book, period)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct book_step *step = list_add(&list);
        if (step == NULL) return err_memory(err);
        *step = (struct book_step){.step = arena_str(arena, row_text(rows, 0)),
                                   .closing_no = row_i64(rows, 1),
                                   .reason = arena_str(arena, row_text(rows, 2)),
                                   .actor_id = row_i64(rows, 3),
                                   .at = row_i64(rows, 4),
                                   .actor_code = arena_str(arena, row_text_or_empty(rows, 5))};
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

size_t book_next_signature(const struct book_period *period, const struct book_step *steps,
                           size_t count)
{
    size_t given = 0;
    if (period->state != BOOK_CLOSED) return SIGNATURE_COUNT;
    for (size_t i = 0; i < count; i++)
        given += steps[i].closing_no == period->closing_no && str_starts(steps[i].step, S("sign_"));
    return given;
}

/* ---- exceptions ---------------------------------------------------------------------------- */

static const char exceptions_sql[] =
    "SELECT p.code, x.code, x.month, x.period_no, x.blocks, x.in_a_row, x.detail "
    "FROM metering_exception x JOIN usage_point p ON p.unit_id = x.unit_id AND "
    "p.point_id = x.point_id WHERE x.unit_id = $1 AND x.book_id = $2 AND "
    "((x.blocks = 1 AND x.state = 'open' AND x.month <= $3) OR (x.month = $4 AND x.blocks = 0 AND "
    "EXISTS (SELECT 1 FROM book_period b WHERE b.unit_id = x.unit_id AND b.book_id = x.book_id AND "
    "b.month = x.month AND b.period_no = x.period_no AND b.closing_no = x.closing_no))) "
    "ORDER BY x.blocks DESC, x.month, p.code, x.code LIMIT $5";

err_t book_exceptions_each(struct db *db, const struct book *book, const struct book_period *period,
                           int64_t limit, book_exception_visit *visit, void *context,
                           struct err *err)
{
    struct value month = v_i64(month_to_number(period->month));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, exceptions_sql,
                       ARGS(v_i64(book->unit_id), v_i64(book->book_id), month, month, v_i64(limit)),
                       &rows, err);
    for (bool more = false; e == OK;) {
        struct book_exception item;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        item = (struct book_exception){.point_code = row_text(rows, 0),
                                       .month = month_from_number(row_i64(rows, 2)),
                                       .period_no = (int)row_i64(rows, 3),
                                       .blocks = row_i64(rows, 4) == 1,
                                       .in_a_row = row_i64(rows, 5),
                                       .detail = row_text(rows, 6)};
        if (exception_from_text(row_text(rows, 1), &item.code)) e = visit(context, &item, err);
    }
    return e;
}

/* ---- uses ---------------------------------------------------------------------------------- */

err_t book_uses(struct db *db, struct arena *arena, const struct book *book,
                const struct book_period *period, int64_t after_point_id, int64_t limit,
                struct book_use **out, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct book_use);
    AUTO(rows_done_at) struct rows *rows = NULL;
    *out = NULL;
    *out_count = 0;
    if (period->state == BOOK_OPEN) return OK;
    err_t e = db_query(db,
                       "SELECT u.point_id, p.code, u.from_on, u.to_on, u.total_wh, u.before_wh, "
                       "u.estimated, u.spike FROM usage u JOIN usage_point p ON "
                       "p.unit_id = u.unit_id AND p.point_id = u.point_id WHERE u.unit_id = $1 AND "
                       "u.book_id = $2 AND u.month = $3 AND u.period_no = $4 AND u.point_id > $5 "
                       "AND u.kind = 'periodic' AND u.closing_no = $6 ORDER BY u.point_id LIMIT $7",
                       ARGS(PERIOD_KEY(book, period), v_i64(after_point_id),
                            v_i64(period->closing_no), v_i64(limit)),
                       &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct book_use *use = list_add(&list);
        if (use == NULL) return err_memory(err);
        *use = (struct book_use){.point_id = row_i64(rows, 0),
                                 .point_code = arena_str(arena, row_text(rows, 1)),
                                 .from_day = stored_day(row_text(rows, 2)),
                                 .to_day = stored_day(row_text(rows, 3)),
                                 .wh = row_i64(rows, 4),
                                 .before_wh = row_i64_or(rows, 5, -1),
                                 .estimated = row_i64(rows, 6) == 1};
        bool known = spike_parse(row_text(rows, 7), &use->spike);
        ASSERT(known);
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

err_t book_points_read(struct db *db, const struct book *book, int32_t month, int64_t *out,
                       struct err *err)
{
    return db_get_i64(
        db,
        "SELECT count(DISTINCT f.point_id) FROM point_fact f JOIN reading r ON "
        "r.unit_id = f.unit_id AND r.month = $1 AND r.point_id = f.point_id AND "
        "r.kind = 'periodic' WHERE f.unit_id = $2 AND f.kind = 'book' AND "
        "f.kind IN ('book', 'station', 'agreement') AND f.value_i64 = $3",
        ARGS(v_i64(month_to_number(month)), v_i64(book->unit_id), v_i64(book->book_id)), out, err);
}
