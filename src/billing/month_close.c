/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/month_close_int.h"

#include "base/date.h"
#include "base/json_write.h"
#include "billing/month_figures_int.h"
#include "identity/audit.h"
#include "store/event.h"

enum { PAYLOAD_BYTES = 96 };

/* ---- may it be closed? ------------------------------------------------------------------- */

enum obstacle { CLOSED_ALREADY, RUN_UNFINISHED, EARLIER_OPEN, NOTHING_POSTED, OBSTACLE_COUNT };

/* Each counts what stands in the way; $1 unit, $2 month. */
static const char *const obstacle_sql[OBSTACLE_COUNT] = {
    [CLOSED_ALREADY] =
        "SELECT count(*) FROM month_closing WHERE unit_id = $1 AND month >= $2",
    [RUN_UNFINISHED] =
        "SELECT count(*) FROM bill_run WHERE unit_id = $1 AND month <= $2 AND "
        "state IN ('drafting', 'issuing')",
    /* Month by month: a unit has many bills and few months. */
    [EARLIER_OPEN] =
        "WITH RECURSIVE m(month) AS (SELECT min(month) FROM bill WHERE unit_id = $1 AND month < $2 "
        "UNION ALL SELECT (SELECT min(b.month) FROM bill b WHERE b.unit_id = $1 AND "
        "b.month > m.month AND b.month < $2) FROM m WHERE m.month IS NOT NULL) "
        "SELECT (SELECT count(*) FROM m WHERE NOT EXISTS (SELECT 1 FROM month_closing c WHERE "
        "c.unit_id = $1 AND c.month = m.month) AND EXISTS (SELECT 1 FROM bill b WHERE "
        "b.unit_id = $1 AND b.month = m.month AND b.posting_month = b.month AND "
        "b.origin = 'own')) + (SELECT count(*) FROM bill b WHERE b.unit_id = $1 AND "
        "b.posting_month < $2 AND b.posting_month <> b.month AND b.origin = 'own' AND NOT EXISTS "
        "(SELECT 1 FROM month_closing c WHERE c.unit_id = b.unit_id AND "
        "c.month = b.posting_month))",
    /* Often a month mistyped: closed, it would shut out every month before it. */
    [NOTHING_POSTED] =
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM bill WHERE unit_id = $1 AND month = $2 AND "
        "posting_month = month AND origin = 'own') OR EXISTS (SELECT 1 FROM bill WHERE "
        "unit_id = $1 AND posting_month = $2 AND posting_month <> month AND origin = 'own') "
        "THEN 0 ELSE 1 END",
};

/* 202610 as the two numbers of "2026-10". */
#define YEAR_AND_MONTH(month) (long long)((month) / 100), (long long)((month) % 100)

static err_t refuse(enum obstacle obstacle, int64_t month, struct err *err)
{
    switch (obstacle) {
    case CLOSED_ALREADY:
        err_set(err, E_STATE, "month", "Tháng %04lld-%02lld hoặc một tháng sau đã khóa",
                "Month %04lld-%02lld or a later one is closed",
                YEAR_AND_MONTH(month));
        return err_hint(err, "Xem số liệu bằng: sangden month figures --month …",
                        "See its figures with: sangden month figures --month …");
    case RUN_UNFINISHED:
        err_set(err, E_STATE, "month",
                "Chưa khóa được tháng %04lld-%02lld: có lần tính đang làm dở",
                "Month %04lld-%02lld cannot be closed: a run is unfinished",
                YEAR_AND_MONTH(month));
        return err_hint(err, "Làm nốt bằng sangden bill run hoặc bill issue rồi khóa",
                        "Finish it with sangden bill run or bill issue first");
    case NOTHING_POSTED:
        err_set(err, E_STATE, "month", "Tháng %04lld-%02lld không có hóa đơn nào để khóa",
                "Month %04lld-%02lld has no bill to be closed", YEAR_AND_MONTH(month));
        return err_hint(err, "Kiểm tra lại --month; phát hành hóa đơn của tháng rồi mới khóa",
                        "Check --month; issue the bills of the month before closing it");
    default:
        err_set(err, E_STATE, "month",
                "Chưa khóa được tháng %04lld-%02lld: tháng trước chưa khóa",
                "Month %04lld-%02lld cannot be closed: an earlier one with bills is open",
                YEAR_AND_MONTH(month));
        return err_hint(err, "Khóa các tháng theo thứ tự", "Close the months in their order");
    }
}

static err_t count_obstacle(struct db *db, int64_t unit_id, int64_t month, int obstacle,
                            int64_t *out, struct err *err)
{
    return db_get_i64(db, obstacle_sql[obstacle], ARGS(v_i64(unit_id), v_i64(month)), out, err);
}

err_t month_may_close(struct db *db, int64_t unit_id, int64_t month, struct err *err)
{
    for (int i = 0; i < OBSTACLE_COUNT; i++) {
        int64_t count = 0;
        err_t e = count_obstacle(db, unit_id, month, i, &count, err);
        if (e != OK) return e;
        if (count > 0) return refuse((enum obstacle)i, month, err);
    }
    return OK;
}

_Static_assert((int)OBSTACLE_COUNT == (int)MONTH_OBSTACLES_MAX, "one refusal for each");

err_t month_obstacles(struct db *db, int64_t unit_id, int64_t month,
                      struct err out[MONTH_OBSTACLES_MAX], size_t *out_count, struct err *err)
{
    *out_count = 0;
    for (int i = 0; i < OBSTACLE_COUNT; i++) {
        int64_t count = 0;
        err_t e = count_obstacle(db, unit_id, month, i, &count, err);
        if (e != OK) return e;
        if (count == 0) continue;
        struct err *refusal = &out[(*out_count)++];
        *refusal = (struct err){0};
        e = refuse((enum obstacle)i, month, refusal);
        ASSERT(e == E_STATE);
    }
    return OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static err_t tell(struct db *db, int64_t unit_id, int64_t month, struct err *err)
{
    char memory[PAYLOAD_BYTES];
    struct buf payload;
    struct json_writer w;
    buf_init_fixed(&payload, memory, sizeof memory);
    json_writer_init(&w, &payload);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("month"), month);
    json_end(&w);
    return event_append(db, unit_id, S("month.closed"), month, buf_str(&payload), err);
}

/* What of the month's sum before tax was fees, by its figures. */
static err_t sum_fees(struct db *db, int64_t unit_id, int64_t month, struct month_totals *totals,
                      struct err *err)
{
    return db_get_i64_or(db,
                         "SELECT CAST(sum(amount_mvnd) AS BIGINT) FROM month_figure WHERE "
                         "unit_id = $1 AND month = $2 AND dimension = 'class' AND "
                         "substr(item, 1, 4) = 'fee:'",
                         ARGS(v_i64(unit_id), v_i64(month)), 0, &totals->fee_mvnd, err);
}

static err_t audit(struct db *db, int64_t unit_id, int64_t month, const struct actor *actor,
                   struct err *err)
{
    char memory[16];
    struct buf subject;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_add_i64(&subject, month);
    struct audit_note note = {unit_id, S("billing"), S("month.close"), buf_str(&subject),
                              buf_str(&subject)};
    return audit_append(db, actor, &note, err);
}

err_t month_mark(struct db *db, int64_t unit_id, int64_t *out, struct err *err)
{
    return db_get_i64_or(db,
                         "SELECT max(seq) FROM audit_entry WHERE unit_id = $1 AND "
                         "stream = 'billing'",
                         ARGS(v_i64(unit_id)), 0, out, err);
}

/* Who plans an issue changes the run's row, and who releases a single bill appends to the same
 * chain of links: all of them wait for each other here, before anything is believed. */
static err_t lock_bills(struct db *db, int64_t unit_id, int64_t month, const struct actor *actor,
                        struct err *err)
{
    err_t e = db_run(db, "UPDATE bill_run SET attempt = attempt WHERE unit_id = $1",
                     ARGS(v_i64(unit_id)), NULL, err);
    return e == OK ? audit(db, unit_id, month, actor, err) : e;
}

/* Writes the closing from the parts that are counted. */
static err_t write_closing(struct db *db, int64_t unit_id, int64_t month, const struct actor *actor,
                           int64_t now_ms, struct month_totals *out, struct err *err)
{
    err_t e = month_parts_total(db, unit_id, month, out, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO month_closing (unit_id, month, bill_count, total_wh, "
                   "pre_vat_vnd, vat_vnd, closed_at, actor_id) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                   ARGS(v_i64(unit_id), v_i64(month), v_i64(out->bill_count), v_i64(out->total_wh),
                        v_i64(out->pre_vat_vnd), v_i64(out->vat_vnd), v_i64(now_ms),
                        v_i64(actor->staff_id)),
                   NULL, err);
    if (e == OK) e = month_parts_write(db, unit_id, month, err);
    if (e == OK) e = sum_fees(db, unit_id, month, out, err);
    return e != OK ? e : tell(db, unit_id, month, err);
}

err_t month_close_counted(struct db *db, int64_t unit_id, int64_t month, const struct actor *actor,
                          int64_t now_ms, int64_t mark, bool *out_stale, struct err *err)
{
    struct month_totals totals;
    int64_t here = 0;
    err_t e = lock_bills(db, unit_id, month, actor, err);
    if (e == OK) e = month_may_close(db, unit_id, month, err);
    if (e == OK) e = month_mark(db, unit_id, &here, err);
    if (e != OK) return e;
    *out_stale = here != mark + 1; /* beside the link of this closing */
    return *out_stale ? OK : write_closing(db, unit_id, month, actor, now_ms, &totals, err);
}

err_t month_close_inside(struct db *db, int64_t unit_id, int64_t month, const struct actor *actor,
                         int64_t now_ms, struct month_totals *out, struct err *err)
{
    int64_t part = MONTH_PART_NONE;
    bool more = true;
    err_t e = lock_bills(db, unit_id, month, actor, err);
    if (e == OK) e = month_may_close(db, unit_id, month, err);
    if (e == OK) e = month_parts_drop(db, unit_id, month, err);
    while (e == OK) {
        e = month_part_next(db, unit_id, part, &part, &more, err);
        if (e != OK || !more) break;
        e = month_part_count(db, unit_id, month, part, err);
    }
    return e == OK ? write_closing(db, unit_id, month, actor, now_ms, out, err) : e;
}

err_t month_close(struct db *db, int64_t unit_id, int64_t month, const struct actor *actor,
                  int64_t now_ms, struct month_totals *out, struct err *err)
{
    struct month_totals totals;
    err_t e = db_begin(db, err);
    if (e == OK) e = month_close_inside(db, unit_id, month, actor, now_ms, &totals, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    *out = totals;
    return OK;
}

/* ---- reading ----------------------------------------------------------------------------- */

err_t month_next(struct db *db, int64_t unit_id, int64_t *out_month, bool *out_found,
                 struct err *err)
{
    int64_t last = 0, first = 0;
    struct value unit = v_i64(unit_id);
    err_t e = db_get_i64_or(db, "SELECT max(month) FROM month_closing WHERE unit_id = $1",
                            ARGS(unit), 0, &last, err);
    if (e == OK && last == 0)
        e = db_get_i64_or(db,
                          "SELECT month FROM bill WHERE unit_id = $1 AND origin = 'own' ORDER BY "
                          "unit_id, month LIMIT 1",
                          ARGS(unit), 0, &first, err);
    if (e != OK) return e;
    *out_found = last != 0 || first != 0;
    if (last != 0) *out_month = month_to_number(month_from_number(last) + 1);
    else *out_month = first;
    return OK;
}

err_t month_list(struct db *db, struct arena *arena, int64_t unit_id, int64_t before_month,
                 size_t most, struct month_closed *out, size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value before = v_i64(before_month);
    err_t e = db_query(db,
                       "SELECT m.month, m.bill_count, m.total_wh, m.pre_vat_vnd, m.vat_vnd, "
                       "m.closed_at, s.code FROM month_closing m LEFT JOIN staff s ON "
                       "s.staff_id = m.actor_id WHERE m.unit_id = $1 AND "
                       "(CAST($2 AS BIGINT) = 0 OR m.month < $3) ORDER BY m.month DESC LIMIT $4",
                       ARGS(v_i64(unit_id), before, before, v_i64((int64_t)most)), &rows, err);
    size_t count = 0;
    for (bool more = true; e == OK && count < most;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        out[count++] = (struct month_closed){
            .month = row_i64(rows, 0),
            .totals = {row_i64(rows, 1), row_i64(rows, 2), row_i64(rows, 3), row_i64(rows, 4), 0},
            .closed_at_ms = row_i64(rows, 5),
            .actor_code = arena_str(arena, row_text_or_empty(rows, 6))};
    }
    if (e != OK) return e;
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}

err_t month_totals_of(struct db *db, int64_t unit_id, int64_t month, struct month_totals *out,
                      struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT bill_count, total_wh, pre_vat_vnd, vat_vnd FROM month_closing "
                       "WHERE unit_id = $1 AND month = $2",
                       ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "month", "Tháng %04lld-%02lld chưa khóa",
                "Month %04lld-%02lld is not closed", YEAR_AND_MONTH(month));
        return err_hint(err, "Khóa bằng: sangden month close --month …",
                        "Close it with: sangden month close --month …");
    }
    struct month_totals totals = {row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2),
                                  row_i64(rows, 3), 0};
    e = sum_fees(db, unit_id, month, &totals, err);
    if (e == OK) *out = totals;
    return e;
}

err_t month_figures_each(struct db *db, int64_t unit_id, int64_t month,
                         month_figure_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT dimension, item, row_count, energy_wh, amount_mvnd "
                       "FROM month_figure WHERE unit_id = $1 AND month = $2 "
                       "ORDER BY dimension, item",
                       ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct month_figure figure = {row_text(rows, 0), row_text(rows, 1), row_i64(rows, 2),
                                      row_i64(rows, 3), row_i64(rows, 4)};
        e = visit(context, &figure, err);
    }
    return e;
}
