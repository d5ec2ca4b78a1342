/* SPDX-License-Identifier: Apache-2.0 */
/* How many points have no bill of the month their unit is at: counted by workers, read by pages. */
#include "base/arena.h"
#include "billing/billing_view.h"
#include "network/unit_list.h"
#include "store/event.h"

enum { COUNT_ARENA_BYTES = 8 * 1024 * 1024 };

err_t billing_month(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    int64_t run_month = 0;
    err_t e = db_get_i64_or(db,
                            "SELECT max(p.month) FROM book b JOIN book_period p ON "
                            "p.unit_id = b.unit_id AND p.book_id = b.book_id WHERE "
                            "b.unit_id = $1 AND p.state <> 'open'",
                            ARGS(v_i64(unit_id)), 0, out, err);
    if (e == OK)
        e = db_get_i64_or(db,
                          "SELECT month FROM bill_run WHERE unit_id = $1 ORDER BY run_id DESC "
                          "LIMIT 1",
                          ARGS(v_i64(unit_id)), 0, &run_month, err);
    if (e == OK && run_month > *out) *out = run_month;
    return e;
}

static err_t read_count(struct db *db, int64_t unit_id, int64_t month, struct unbilled_count *out,
                        int64_t *out_position, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT points, counted_at, position FROM unbilled_count WHERE "
                       "unit_id = $1 AND month = $2",
                       ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    *out = (struct unbilled_count){0};
    *out_position = -1;
    if (e == OK) e = rows_next(rows, &out->known, err);
    if (e != OK || !out->known) return e;
    out->entries = row_i64(rows, 0);
    out->counted_at_ms = row_i64(rows, 1);
    *out_position = row_i64(rows, 2);
    return OK;
}

err_t unbilled_count_read(struct db *db, int64_t unit_id, int64_t month, struct unbilled_count *out,
                          struct err *err)
{
    int64_t position;
    return read_count(db, unit_id, month, out, &position, err);
}

static err_t count_one(void *context, const struct unbilled *item, struct err *err)
{
    (void)item, (void)err;
    ++*(int64_t *)context;
    return OK;
}

static err_t renew_unit(struct db *db, const struct unit_ref *unit, int64_t now_ms,
                        bool *out_counted, struct err *err)
{
    struct unbilled_count last;
    int64_t month, position, known, entries = 0;
    err_t e = billing_month(db, unit->unit_id, &month, err);
    if (e != OK || month == 0) return e;
    e = read_count(db, unit->unit_id, month, &last, &known, err);
    if (e == OK) e = event_last_position(db, unit->unit_id, &position, err);
    if (e != OK || position == known) return e;
    if (last.known && now_ms < last.counted_at_ms + UNBILLED_COUNT_MS &&
        now_ms >= last.counted_at_ms)
        return OK;
    e = unbilled_each(db, unit->code, month, count_one, &entries, err);
    if (e != OK) return e;
    *out_counted = true;
    return db_run(
        db,
        "INSERT INTO unbilled_count (unit_id, month, points, position, counted_at) "
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unit_id, month) DO UPDATE SET "
        "points = excluded.points, position = excluded.position, "
        "counted_at = excluded.counted_at",
        ARGS(v_i64(unit->unit_id), v_i64(month), v_i64(entries), v_i64(position), v_i64(now_ms)),
        NULL, err);
}

err_t unbilled_count_renew(struct db *db, int64_t now_ms, int64_t *out_done, struct err *err)
{
    struct arena arena;
    struct unit_list units = {0};
    arena_init(&arena, COUNT_ARENA_BYTES);
    err_t e = unit_list_load(db, &arena, S(""), &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++) {
        bool counted = false;
        e = renew_unit(db, &units.items[i], now_ms, &counted, err);
        *out_done += counted;
    }
    arena_release(&arena);
    return e;
}
