/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/peers.h"

#include "identity/audit.h"
#include "insight/peer_int.h"
#include "store/fact.h"

#define ARENA_LIMIT_BYTES ((size_t)3 << 30)
enum { MONTH_TEXT_MAX = 16 };

/* 202607 as the two numbers of "2026-07". */
#define YEAR_AND_MONTH(month) (long long)((month) / 100), (long long)((month) % 100)

/* ---- may it be published? ---------------------------------------------------------------- */

static err_t require_bills(struct db *db, const struct peers_order *order, struct err *err)
{
    int64_t bills = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM (SELECT 1 FROM bill WHERE unit_id = $1 AND "
                         "month = $2 AND period_no = 1 AND origin = 'own' LIMIT 1) b",
                         ARGS(v_i64(order->unit_id), v_i64(order->month)), &bills, err);
    if (e != OK || bills > 0) return e;
    err_set(err, E_STATE, "month", "Tháng %04lld-%02lld chưa có hóa đơn nào để so sánh",
            "Month %04lld-%02lld has no bill to be compared", YEAR_AND_MONTH(order->month));
    return err_hint(err, "Kiểm tra --month; phát hành hóa đơn của tháng trước",
                    "Check --month; issue the bills of the month first");
}

/* Books of the month none of whose points has a bill. */
static err_t require_books(struct db *db, const struct peers_order *order, struct err *err)
{
    int64_t missing = 0;
    if (order->incomplete) return OK;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM book_period p WHERE p.unit_id = $1 AND "
                         "p.month = $2 AND p.period_no = 1 AND NOT EXISTS (SELECT 1 FROM bill b "
                         "WHERE b.unit_id = p.unit_id AND b.month = p.month AND "
                         "b.period_no = p.period_no AND b.book_id = p.book_id)",
                         ARGS(v_i64(order->unit_id), v_i64(order->month)), &missing, err);
    if (e != OK || missing == 0) return e;
    err_set(err, E_STATE, "month", "Tháng %04lld-%02lld còn %lld sổ chưa có hóa đơn nào",
            "In month %04lld-%02lld no bill is issued yet for %lld books",
            YEAR_AND_MONTH(order->month), (long long)missing);
    return err_hint(err,
                    "Số đã công bố không đổi nữa: phát hành xong rồi công bố, hoặc chọn "
                    "--incomplete",
                    "What is published never changes: issue them first, or choose --incomplete");
}

/* ---- what was published ------------------------------------------------------------------ */

static err_t count_published(struct db *db, const struct peers_order *order,
                             struct peers_result *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value unit = v_i64(order->unit_id), month = v_i64(order->month);
    bool found = false;
    err_t e =
        db_query(db,
                 "SELECT m.home_count, (SELECT count(*) FROM peer_home h WHERE "
                 "h.unit_id = $1 AND h.month = $2 AND h.state = 'counted'), "
                 "(SELECT count(*) FROM peer_home h WHERE h.unit_id = $3 AND h.month = $4 "
                 "AND h.group_no IS NOT NULL), (SELECT count(*) FROM peer_group g WHERE "
                 "g.unit_id = $5 AND g.month = $6), (SELECT count(*) FROM peer_group g "
                 "WHERE g.unit_id = $7 AND g.month = $8 AND g.state = 'published') "
                 "FROM peer_month m WHERE m.unit_id = $9 AND m.month = $10",
                 ARGS(unit, month, unit, month, unit, month, unit, month, unit, month), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    *out = (struct peers_result){.already = found};
    if (!found) return OK;
    out->homes = row_i64(rows, 0);
    out->counted = row_i64(rows, 1);
    out->shown = row_i64(rows, 2);
    out->groups = row_i64(rows, 3);
    out->published = row_i64(rows, 4);
    return OK;
}

static void count_work(const struct peer_work *work, struct peers_result *out)
{
    *out =
        (struct peers_result){.homes = (int64_t)work->count, .groups = (int64_t)work->group_count};
    for (size_t i = 0; i < work->count; i++) {
        out->counted += work->homes[i].state == PEER_COUNTED;
        out->shown += work->homes[i].group_no != PEER_NO_GROUP;
    }
    for (size_t i = 0; i < work->group_count; i++)
        out->published += work->groups[i].verdict == PEER_PUBLISHED;
}

/* ---- the publication --------------------------------------------------------------------- */

/* The link proves the figures: every group with what was published of it. */
static err_t audit(const struct peer_work *work, const struct actor *actor, struct err *err)
{
    char memory[MONTH_TEXT_MAX];
    struct buf subject, content;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_add_i64(&subject, work->month);
    buf_init(&content, ARENA_LIMIT_BYTES);
    for (size_t i = 0; i < work->group_count; i++) {
        const struct peer_group *group = &work->groups[i];
        struct str verdict = peer_verdict_text(group->verdict);
        buf_printf(&content, "%lld %lld %.*s %lld %lld\n", (long long)group->group_no,
                   (long long)group->members, STR_ARG(verdict), (long long)group->statistics.sum_wh,
                   (long long)group->statistics.low_sum_wh);
    }
    struct audit_note note = {work->unit_id, S("insight"), S("peers.publish"), buf_str(&subject),
                              buf_str(&content)};
    err_t e = content.failed ? err_memory(err) : audit_append(work->db, actor, &note, err);
    buf_release(&content);
    return e;
}

static err_t publish(struct peer_work *work, const struct peers_order *order,
                     const struct actor *actor, struct peers_result *out, struct err *err)
{
    int32_t last_day = first_day_of_month(month_from_number(order->month) + 1) - 1;
    err_t e = require_bills(work->db, order, err);
    if (e == OK) e = require_books(work->db, order, err);
    if (e == OK) e = peer_floor_on(work->db, order->unit_id, last_day, &work->floor, err);
    if (e == OK) e = peer_homes_read(work, err);
    if (e == OK)
        e = peers_judge(work->arena, work->homes, work->count, work->floor, &work->groups,
                        &work->group_count, err);
    if (e == OK) e = peer_month_write(work, actor->staff_id, err);
    if (e != OK) return e;
    count_work(work, out);
    return audit(work, actor, err);
}

err_t peers_publish(struct db *db, const struct peers_order *order, const struct actor *actor,
                    struct peers_result *out, struct err *err)
{
    struct arena arena;
    struct peer_work work = {
        .db = db, .arena = &arena, .unit_id = order->unit_id, .month = order->month};
    struct peers_result result;
    err_t e = actor_require(db, actor, order->unit_id, PERMISSION_PEERS_PUBLISH, err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    arena_init(&arena, ARENA_LIMIT_BYTES);
    /* Who publishes the same month waits here, and finds it published. */
    e = fact_moment(db, order->unit_id, &work.known_at, err);
    if (e == OK) e = count_published(db, order, &result, err);
    if (e == OK && !result.already) e = publish(&work, order, actor, &result, err);
    if (e == OK) e = db_commit(db, err);
    arena_release(&arena);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    *out = result;
    return OK;
}
