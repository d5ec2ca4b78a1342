/* SPDX-License-Identifier: Apache-2.0 */
/* Flagged uses that people judged, what is held and why, and the run that follows: computed, and
 * not issued yet. */
#include "app/demo/demo_day.h"
#include "base/clock.h"
#include "base/date.h"
#include "billing/run.h"
#include "metering/spike_work.h"
#include "registry/hold.h"

enum { CASES_MAX = 40, LEASE_MS = 600 * 1000, HOLD_DAYS = 30, ESCALATE_DAYS = 20 };

/* ---- flagged uses ------------------------------------------------------------------------ */

static err_t judge(struct demo_day *day, const struct spike_case *spike, const char *who,
                   enum spike_action action, struct str reason, struct err *err)
{
    struct actor actor;
    const char *command = action == SPIKE_DO_ORDER ? "spike order" : "spike confirm";
    struct str evidence = S("ảnh công tơ hai kỳ (mẫu)");
    err_t e = demo_day_actor(day, who, &actor, err);
    if (e == OK) e = spike_do(day->db, spike, action, &actor, evidence, reason, err);
    if (e != OK) return e;
    return demo_day_note(day, &actor, S("metering"), command, spike->point_code, reason, err);
}

/* ---- holds ------------------------------------------------------------------------------- */

static err_t hold(struct demo_day *day, const char *who, struct hold *hold, struct err *err)
{
    struct actor actor;
    int64_t hold_id = 0;
    hold->last_day = day->today + HOLD_DAYS;
    hold->escalate_day = day->today + ESCALATE_DAYS;
    err_t e = demo_day_actor(day, who, &actor, err);
    hold->owner_id = actor.staff_id;
    if (e == OK) e = hold_place(day->db, day->unit_id, hold, clock_now_ms(), &hold_id, err);
    if (e != OK) return e;
    return demo_day_note(day, &actor, S("registry"), "hold place",
                         arena_printf(day->arena, "hold %lld", (long long)hold_id), hold->reason,
                         err);
}

/* A customer complains about the bill: nobody collects until it is answered. */
static err_t hold_account(struct demo_day *day, struct err *err)
{
    struct hold dispute = {.subject = HOLD_ACCOUNT,
                           .stops = HOLD_COLLECTION,
                           .matter = S("request:mau-1"),
                           .reason = S("khách hàng đang khiếu nại hóa đơn tháng trước (mẫu)")};
    err_t e = db_get_i64_or(
        day->db,
        "SELECT max(b.account_id) FROM bill b WHERE b.unit_id = $1 AND "
        "b.month = $2 AND b.point_id = $3",
        ARGS(v_i64(day->unit_id), v_i64(month_to_number(day->month)), v_i64(day->point_id[0])), 0,
        &dispute.subject_id, err);
    return e == OK && dispute.subject_id != 0 ? hold(day, "GIAODICH", &dispute, err) : e;
}

static err_t hold_points(struct demo_day *day, const struct spike_case *complained, struct err *err)
{
    struct hold ill = {.subject = HOLD_POINT,
                       .subject_id = day->point_id[day->point_count - 1],
                       .stops = HOLD_CUT,
                       .matter = S("request:mau-2"),
                       .reason = S("có người bệnh dùng máy thở tại nhà (mẫu)")};
    struct hold fast = {.subject = HOLD_POINT,
                        .stops = HOLD_DRAFT,
                        .matter = S("request:mau-3"),
                        .reason = S("khách hàng cho rằng công tơ chạy nhanh, chờ kiểm định (mẫu)")};
    err_t e = hold(day, "GIAODICH", &ill, err);
    if (e != OK || complained == NULL) return e;
    fast.subject_id = complained->point_id;
    return hold(day, "KIEMTRA", &fast, err);
}

/* ---- all of it --------------------------------------------------------------------------- */

/* From three times on a leader has to sign what was confirmed; of the others one is released, one
 * gets a check of the meter, one is held because its customer complains, the rest waits. */
static err_t judge_all(struct demo_day *day, const struct spike_case *spikes, size_t count,
                       const struct spike_case **out_complained, struct err *err)
{
    size_t high = 0, low = 0;
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) {
        if (spikes[i].leader_only && high++ == 0)
            e = judge(day, &spikes[i], "TOTRUONG", SPIKE_DO_CONFIRM,
                      S("chỉ số đúng, khách hàng mới lắp máy lạnh (mẫu)"), err);
        if (spikes[i].leader_only) continue;
        low++;
        if (low == 1) *out_complained = &spikes[i];
        if (low == 2)
            e = judge(day, &spikes[i], "TOTRUONG", SPIKE_DO_CONFIRM,
                      S("khách hàng xác nhận dùng nhiều hơn (mẫu)"), err);
        if (low == 3)
            e = judge(day, &spikes[i], "HOADON", SPIKE_DO_ORDER,
                      S("ảnh và chỉ số khớp nhưng mức dùng khác thường (mẫu)"), err);
    }
    return e;
}

err_t demo_day_flagged(struct demo_day *day, struct err *err)
{
    struct spike_case *spikes = NULL;
    const struct spike_case *complained = NULL;
    size_t count = 0;
    struct spike_filter filter = {
        .unit_id = day->unit_id, .month = day->month, .waiting = true, .limit = CASES_MAX};
    err_t e = spike_list(day->db, day->arena, &filter, &spikes, &count, err);
    if (e == OK) e = judge_all(day, spikes, count, &complained, err);
    if (e == OK) e = hold_account(day, err);
    return e == OK ? hold_points(day, complained, err) : e;
}

/* The run that takes up what the one before left behind; nothing where nothing is left. */
err_t demo_day_run(struct demo_day *day, struct err *err)
{
    struct actor clerk;
    struct run_ticket ticket;
    err_t e = demo_day_actor(day, "HOADON", &clerk, err);
    if (e != OK) return e;
    struct run_order order = {.month = month_to_number(day->month),
                              .unit_code = day->unit_code,
                              .business_day = -1,
                              .actor_id = clerk.staff_id,
                              .now_ms = clock_now_ms()};
    e = run_start(day->db, &order, &ticket, err);
    if (e == E_NOT_FOUND) return OK;
    if (e == OK) e = run_work(day->db, &ticket, LEASE_MS, NULL, NULL, err);
    return e == OK ? run_close(day->db, &ticket, &clerk, clock_now_ms(), err) : e;
}
