/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/ky: bill runs, how far they are, and asking the workers for one. */
#include "base/clock.h"
#include "base/date.h"
#include "billing/billing_view.h"
#include "web/operations/billing_pages.h"
#include "web/operations/spikes.h"

enum { RUNS_A_PAGE = 20 };

static err_t refuse_number(struct visit *visit)
{
    err_set(visit->err, E_NOT_FOUND, "run", "Không có lần tính này", "There is no such run");
    return err_hint(visit->err, "Chọn trong danh sách các lần tính",
                    "Choose from the list of runs");
}

static err_t read_run_id(struct visit *visit, int64_t *out)
{
    return str_to_i64(visit->request->segment[0], out) ? OK : refuse_number(visit);
}

/* ---- the list ---------------------------------------------------------------------------- */

static err_t find_errand(struct visit *visit, int64_t unit_id, int64_t month,
                         const struct errand **out)
{
    struct errand *errand = ARENA_NEW(visit->arena, struct errand);
    bool found = false;
    *out = NULL;
    if (errand == NULL) return err_memory(visit->err);
    if (month == 0) return OK;
    err_t e = errand_last(visit->db, visit->arena, unit_id, month, &found, errand, visit->err);
    if (e == OK && found) *out = errand;
    return e;
}

static err_t read_behind(struct visit *visit, int64_t *out)
{
    struct str text = visit_field(visit, S("sau"));
    *out = 0;
    if (text.n == 0 || str_to_i64(text, out)) return OK;
    err_set(visit->err, E_INPUT, "sau", "Không có trang này của danh sách",
            "The list has no such page");
    return err_hint(visit->err, "Mở lại danh sách từ đầu", "Open the list from its beginning");
}

err_t operations_runs(struct visit *visit)
{
    struct operations at;
    struct run_seen *runs;
    struct show_runs page = {.month = -1};
    int64_t behind, month;
    size_t count = 0;
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = read_behind(visit, &behind);
    if (e == OK) e = billing_month(visit->db, at.unit_id, &month, visit->err);
    if (e == OK) e = find_errand(visit, at.unit_id, month, &page.errand);
    if (e == OK)
        e = run_list(visit->db, visit->arena, at.unit_id, behind, RUNS_A_PAGE + 1, &runs, &count,
                     visit->err);
    if (e != OK) return e;
    if (count > RUNS_A_PAGE) {
        count = RUNS_A_PAGE;
        page.after =
            arena_printf(visit->arena, "/van-hanh/ky?sau=%lld", (long long)runs[count - 1].run_id);
    }
    if (month != 0) page.month = month_from_number(month);
    page.may_run = at.rights.may[PERMISSION_BILL_RUN];
    page.runs = runs;
    page.run_count = count;
    return show_ops_runs(&visit->show, &at.frame, &page);
}

err_t operations_errand_live(struct visit *visit)
{
    struct operations at;
    const struct errand *errand = NULL;
    int64_t month;
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = billing_month(visit->db, at.unit_id, &month, visit->err);
    if (e == OK) e = find_errand(visit, at.unit_id, month, &errand);
    return e == OK ? show_ops_errand_live(&visit->show, errand) : e;
}

/* ---- one run ----------------------------------------------------------------------------- */

static err_t fill_run(struct visit *visit, const struct operations *at, struct show_run *page)
{
    struct run_seen *run = ARENA_NEW(visit->arena, struct run_seen);
    int64_t run_id;
    if (run == NULL) return err_memory(visit->err);
    err_t e = read_run_id(visit, &run_id);
    if (e == OK) e = run_see(visit->db, visit->arena, at->unit_id, run_id, run, visit->err);
    if (e != OK) return e;
    page->run = run;
    page->now_ms = clock_now_ms();
    e = find_errand(visit, at->unit_id, run->month, &page->errand);
    /* An errand of another run of the month says nothing of this one. */
    if (e == OK && page->errand != NULL && page->errand->run_id != run_id) page->errand = NULL;
    return e;
}

/* What waits to be verified in the month of the run, and its queue for those who may read it. */
static err_t fill_spikes(struct visit *visit, const struct operations *at, struct show_run *page)
{
    const struct spikes_cut waiting = {.choice = SPIKES_WAITING};
    int32_t month = month_from_number(page->run->month);
    int64_t to_sign;
    if (at->rights.may[PERMISSION_READING_READ])
        page->queue = spikes_queue_address(visit, month, &waiting);
    return spike_waiting(visit->db, at->unit_id, month, &page->spikes, &to_sign, visit->err);
}

err_t operations_run(struct visit *visit)
{
    struct operations at;
    struct show_run page = {0};
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = fill_run(visit, &at, &page);
    if (e != OK) return e;
    int64_t month = page.run->month;
    e = stopped_count(visit->db, at.unit_id, month, STOPPED_HELD, &page.held, visit->err);
    if (e == OK)
        e = stopped_count(visit->db, at.unit_id, month, STOPPED_EXCEPTION, &page.exceptions,
                          visit->err);
    if (e == OK) e = unbilled_count_read(visit->db, at.unit_id, month, &page.unbilled, visit->err);
    if (e == OK) e = fill_spikes(visit, &at, &page);
    if (e != OK) return e;
    page.may_issue = at.rights.may[PERMISSION_BILL_ISSUE];
    return show_ops_run(&visit->show, &at.frame, &page);
}

err_t operations_run_live(struct visit *visit)
{
    struct operations at;
    struct show_run page = {0};
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = fill_run(visit, &at, &page);
    return e == OK ? show_ops_run_live(&visit->show, &page) : e;
}

/* ---- asking ------------------------------------------------------------------------------ */

err_t operations_run_start(struct visit *visit)
{
    struct operations at;
    int32_t month = -1;
    err_t e = operations_open(visit, PERMISSION_BILL_RUN, &at);
    if (e == OK && !month_parse(visit_field(visit, S("thang")), &month)) {
        err_set(visit->err, E_INPUT, "thang", "Chưa nêu tháng cần tính", "No month is given");
        return err_hint(visit->err, "Mở lại trang các lần tính rồi bấm nút của tháng",
                        "Open the page of runs and choose the button of the month");
    }
    if (e == OK)
        e = errand_place(visit->db, &visit->actor, at.unit_id, month_to_number(month), 0,
                         clock_now_ms(), visit->err);
    return e == OK ? visit_go(visit, S("/van-hanh/ky")) : e;
}

err_t operations_run_issue(struct visit *visit)
{
    struct operations at;
    int64_t run_id;
    err_t e = operations_open(visit, PERMISSION_BILL_ISSUE, &at);
    if (e == OK) e = read_run_id(visit, &run_id);
    if (e == OK)
        e = errand_place(visit->db, &visit->actor, at.unit_id, 0, run_id, clock_now_ms(),
                         visit->err);
    if (e != OK) return e;
    return visit_go(visit, arena_printf(visit->arena, "/van-hanh/ky/%lld", (long long)run_id));
}
