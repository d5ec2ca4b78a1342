/* SPDX-License-Identifier: Apache-2.0 */
/* What closing the next month would write: counted by workers, read by pages. */
#include "base/clock.h"
#include "billing/counted_int.h"
#include "billing/month_figures_int.h"
#include "network/unit_list.h"
#include "store/event.h"

enum { NS_PER_MS = 1000000 };

static err_t read_kept(struct db *db, int64_t unit_id, int64_t month, struct month_totals *out,
                       struct counted *out_counted, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    *out_counted = (struct counted){.position = -1};
    err_t e = db_query(db,
                       "SELECT bill_count, total_wh, pre_vat_vnd, vat_vnd, counted_at, position, "
                       "took_ms FROM month_preview WHERE unit_id = $1 AND month = $2",
                       ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    if (e == OK) e = rows_next(rows, &out_counted->known, err);
    if (e != OK || !out_counted->known) return e;
    *out = (struct month_totals){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2),
                                 row_i64(rows, 3), 0};
    out_counted->at_ms = row_i64(rows, 4);
    out_counted->position = row_i64(rows, 5);
    out_counted->took_ms = row_i64(rows, 6);
    return OK;
}

err_t month_preview_read(struct db *db, int64_t unit_id, int64_t month, struct month_preview *out,
                         struct err *err)
{
    struct counted counted;
    *out = (struct month_preview){.known = false};
    err_t e = read_kept(db, unit_id, month, &out->totals, &counted, err);
    out->known = counted.known;
    out->counted_at_ms = counted.at_ms;
    return e;
}

static err_t keep(struct db *db, int64_t unit_id, int64_t month, const struct month_totals *totals,
                  const struct counted *counted, struct err *err)
{
    return db_run(db,
                  "INSERT INTO month_preview (unit_id, month, bill_count, total_wh, pre_vat_vnd, "
                  "vat_vnd, position, counted_at, took_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                  "$8, $9) ON CONFLICT (unit_id, month) DO UPDATE SET bill_count = "
                  "excluded.bill_count, total_wh = excluded.total_wh, pre_vat_vnd = "
                  "excluded.pre_vat_vnd, vat_vnd = excluded.vat_vnd, position = "
                  "excluded.position, counted_at = excluded.counted_at, took_ms = "
                  "excluded.took_ms",
                  ARGS(v_i64(unit_id), v_i64(month), v_i64(totals->bill_count),
                       v_i64(totals->total_wh), v_i64(totals->pre_vat_vnd), v_i64(totals->vat_vnd),
                       v_i64(counted->position), v_i64(counted->at_ms), v_i64(counted->took_ms)),
                  NULL, err);
}

static err_t renew_unit(struct db *db, const struct unit_ref *unit, int64_t now_ms,
                        bool *out_counted, struct err *err)
{
    struct month_totals totals;
    struct counted last, now = {.known = true, .at_ms = now_ms};
    int64_t month = 0, began_ns = clock_monotonic_ns();
    bool found = false;
    err_t e = month_next(db, unit->unit_id, &month, &found, err);
    if (e != OK || !found) return e;
    e = read_kept(db, unit->unit_id, month, &totals, &last, err);
    if (e == OK) e = event_last_position(db, unit->unit_id, &now.position, err);
    if (e != OK || !counted_is_due(&last, now.position, now_ms)) return e;
    e = month_sum(db, unit->unit_id, month, &totals, err);
    if (e != OK) return e;
    *out_counted = true;
    now.took_ms = (clock_monotonic_ns() - began_ns) / NS_PER_MS;
    return keep(db, unit->unit_id, month, &totals, &now, err);
}

err_t month_preview_renew(struct db *db, int64_t now_ms, int64_t *out_done, struct err *err)
{
    return count_every_unit(db, renew_unit, now_ms, out_done, err);
}
