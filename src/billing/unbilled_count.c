/* SPDX-License-Identifier: Apache-2.0 */
/* How many points have no bill of the month their unit is at: counted by workers, read by pages. */
#include "base/arena.h"
#include "base/clock.h"
#include "billing/billing_view.h"
#include "network/unit_list.h"
#include "store/event.h"

enum { COUNT_ARENA_BYTES = 8 * 1024 * 1024, PAUSE_FACTOR = 60, NS_PER_MS = 1000000 };

/* A count as it was kept. */
struct kept {
    struct unbilled_count count;
    int64_t position, took_ms;
};

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

static err_t read_count(struct db *db, int64_t unit_id, int64_t month, struct kept *out,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT points, counted_at, position, took_ms FROM unbilled_count WHERE "
                       "unit_id = $1 AND month = $2",
                       ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    *out = (struct kept){.position = -1};
    if (e == OK) e = rows_next(rows, &out->count.known, err);
    if (e != OK || !out->count.known) return e;
    out->count.entries = row_i64(rows, 0);
    out->count.counted_at_ms = row_i64(rows, 1);
    out->position = row_i64(rows, 2);
    out->took_ms = row_i64(rows, 3);
    return OK;
}

err_t unbilled_count_read(struct db *db, int64_t unit_id, int64_t month, struct unbilled_count *out,
                          struct err *err)
{
    struct kept kept;
    err_t e = read_count(db, unit_id, month, &kept, err);
    *out = kept.count;
    return e;
}

static err_t count_one(void *context, const struct unbilled *item, struct err *err)
{
    (void)item, (void)err;
    ++*(int64_t *)context;
    return OK;
}

/* Counting takes at most a sixtieth of the workers' time. */
static bool is_soon(const struct kept *last, int64_t now_ms)
{
    int64_t pause_ms = last->took_ms * PAUSE_FACTOR;
    if (pause_ms < UNBILLED_SOONEST_MS) pause_ms = UNBILLED_SOONEST_MS;
    if (pause_ms > UNBILLED_LATEST_MS) pause_ms = UNBILLED_LATEST_MS;
    int64_t since_ms = now_ms - last->count.counted_at_ms;
    return last->count.known && since_ms >= 0 && since_ms < pause_ms;
}

static err_t renew_unit(struct db *db, const struct unit_ref *unit, int64_t now_ms,
                        bool *out_counted, struct err *err)
{
    struct kept last;
    int64_t month, position, entries = 0, began_ns = clock_monotonic_ns();
    err_t e = billing_month(db, unit->unit_id, &month, err);
    if (e != OK || month == 0) return e;
    e = read_count(db, unit->unit_id, month, &last, err);
    if (e == OK) e = event_last_position(db, unit->unit_id, &position, err);
    if (e != OK || position == last.position || is_soon(&last, now_ms)) return e;
    e = unbilled_each(db, unit->code, month, count_one, &entries, err);
    if (e != OK) return e;
    *out_counted = true;
    return db_run(db,
                  "INSERT INTO unbilled_count (unit_id, month, points, position, counted_at, "
                  "took_ms) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (unit_id, month) DO "
                  "UPDATE SET points = excluded.points, position = excluded.position, "
                  "counted_at = excluded.counted_at, took_ms = excluded.took_ms",
                  ARGS(v_i64(unit->unit_id), v_i64(month), v_i64(entries), v_i64(position),
                       v_i64(now_ms), v_i64((clock_monotonic_ns() - began_ns) / NS_PER_MS)),
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
