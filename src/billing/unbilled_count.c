/* SPDX-License-Identifier: Apache-2.0 */
/* How many points have no bill of the month their unit is at: counted by workers, read by pages. */
#include "base/clock.h"
#include "billing/billing_view.h"
#include "billing/counted_int.h"
#include "network/unit_list.h"
#include "store/event.h"

enum { NS_PER_MS = 1000000 };

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

static err_t read_count(struct db *db, int64_t unit_id, int64_t month, int64_t *out_entries,
                        struct counted *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT points, counted_at, position, took_ms FROM unbilled_count WHERE "
                       "unit_id = $1 AND month = $2",
                       ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    *out_entries = 0;
    *out = (struct counted){.position = -1};
    if (e == OK) e = rows_next(rows, &out->known, err);
    if (e != OK || !out->known) return e;
    *out_entries = row_i64(rows, 0);
    out->at_ms = row_i64(rows, 1);
    out->position = row_i64(rows, 2);
    out->took_ms = row_i64(rows, 3);
    return OK;
}

err_t unbilled_count_read(struct db *db, int64_t unit_id, int64_t month, struct unbilled_count *out,
                          struct err *err)
{
    struct counted counted;
    err_t e = read_count(db, unit_id, month, &out->entries, &counted, err);
    out->known = counted.known;
    out->counted_at_ms = counted.at_ms;
    return e;
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
    struct counted last;
    int64_t month, position, kept = 0, entries = 0, began_ns = clock_monotonic_ns();
    err_t e = billing_month(db, unit->unit_id, &month, err);
    if (e != OK || month == 0) return e;
    e = read_count(db, unit->unit_id, month, &kept, &last, err);
    if (e == OK) e = event_last_position(db, unit->unit_id, &position, err);
    if (e != OK || !counted_is_due(&last, position, now_ms)) return e;
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
    return count_every_unit(db, renew_unit, now_ms, out_done, err);
}
