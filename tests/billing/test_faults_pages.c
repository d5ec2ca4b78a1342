/* SPDX-License-Identifier: Apache-2.0 */
/* What pages ask of billing and what they leave to the workers, while the database or the memory
 * fails: a page says so, a worker goes on where it was. */
#include "billing/faults.h"

#include <time.h>

#include "base/date.h"
#include "billing/billing_view.h"
#include "billing/closing_errand.h"
#include "billing/compare_keep.h"
#include "billing/errand.h"
#include "billing/month_close.h"
#include "billing/price_books.h"
#include "billing/run_progress.h"
#include "billing/run_view.h"
#include "network/unit_list.h"

enum { MONTH = 202610, LONG_MS = 60000, MOST = 2, LATEST_MS = 1 << 30 };

static const struct closing_subject october = {.unit_id = 1, .month = MONTH};

/* ---- lists and sums ---------------------------------------------------------------------- */

static struct str earlier; /* file of the scene */

static struct compare_order compare_order(struct scene *scene)
{
    return (struct compare_order){.text = earlier,
                                  .month = MONTH,
                                  .unit_code = S("PD0100"),
                                  .book_code = S("S00000000001"),
                                  .actor_id = scene->first.staff_id,
                                  .now_ms = LATEST_MS};
}

static void scene_compared(struct scene *scene)
{
    scene_issued(scene);
    earlier = scene_earlier_file(scene, S("S00000000001"), 1);
}

/* An issued month with all that pages show of it, and errands that wait. */
static void scene_pages(struct scene *scene)
{
    struct err err;
    struct compare_counts counts;
    int64_t done;
    scene_compared(scene);
    struct compare_order order = compare_order(scene);
    MUST(compare_keep(scene->db, &order, &counts, &err));
    MUST(unbilled_count_renew(scene->db, LATEST_MS, &done, &err));
    MUST(month_preview_renew(scene->db, LATEST_MS, &done, &err));
    MUST(closing_place(scene->db, &scene->second, &october, SCENE_LATER_MS, &err));
    MUST(errand_place(scene->db, &scene->second, 1, MONTH, 0, SCENE_LATER_MS, &err));
}

static err_t skip_run(void *context, const struct run_summary *run, struct err *err)
{
    (void)context, (void)run, (void)err;
    return OK;
}

static err_t skip_bill(void *context, const struct bill_row *row, struct err *err)
{
    (void)context, (void)row, (void)err;
    return OK;
}

static err_t see_runs(struct scene *s, struct err *err)
{
    struct run_seen *runs, run;
    struct stopped_draft *drafts;
    struct books_open books;
    int64_t month, bills, days, stopped;
    size_t count;
    bool more;
    err_t e = run_list(s->db, &s->arena, 1, 0, MOST, &runs, &count, err);
    if (e == OK) e = run_see(s->db, &s->arena, 1, runs[0].run_id, &run, err);
    if (e == OK) e = run_last_issued(s->db, 1, &month, &bills, err);
    if (e == OK) e = stopped_count(s->db, 1, MONTH, STOPPED_HELD, &stopped, err);
    if (e == OK)
        e = stopped_page(s->db, &s->arena, 1, MONTH, STOPPED_EXCEPTION, 0, MOST, &drafts, &count,
                         &more, err);
    if (e == OK) e = invoice_days(s->db, s->first.day, &days, err);
    if (e == OK) e = run_page(s->db, 1, MONTH, INT64_MIN, MOST, skip_run, NULL, err);
    return e == OK ? books_open(s->db, 1, MONTH, &books, err) : e;
}

static err_t see_months(struct scene *s, struct err *err)
{
    struct unbilled_count unbilled;
    struct month_preview preview;
    struct month_closed closed[MOST];
    struct unit_ref unit = {.unit_id = 1, .code = S("PD0100")};
    struct unbilled_place first = {.part = 0, .point_id = INT64_MIN};
    struct unbilled *items;
    struct err obstacles[MONTH_OBSTACLES_MAX];
    int64_t month;
    size_t count;
    bool found, more;
    err_t e = billing_month(s->db, 1, &month, err);
    if (e == OK) e = unbilled_count_read(s->db, 1, MONTH, &unbilled, err);
    if (e == OK)
        e = unbilled_page(s->db, &s->arena, &unit, MONTH, &first, MOST, &items, &count, &more, err);
    if (e == OK) e = month_next(s->db, 1, &month, &found, err);
    if (e == OK) e = month_preview_read(s->db, 1, MONTH, &preview, err);
    if (e == OK) e = month_obstacles(s->db, 1, MONTH, obstacles, &count, err);
    return e == OK ? month_list(s->db, &s->arena, 1, 0, MOST, closed, &count, err) : e;
}

static err_t see_account(struct scene *s, struct err *err)
{
    struct account_month *months;
    struct account_point *points;
    struct bill_row *bills;
    struct bill_place beginning = {0};
    const struct bill_list_filter filter = {
        .unit_id = 1, .first_month = MONTH, .last_month = MONTH, .limit = MOST};
    int64_t *agreements;
    size_t count;
    err_t e = bill_list(s->db, &filter, skip_bill, NULL, err);
    if (e == OK) e = account_months(s->db, &s->arena, 1, 1, MONTH, MONTH, &months, &count, err);
    if (e == OK)
        e = account_points(s->db, &s->arena, 1, 1, MONTH, S(""), MOST, &points, &count, err);
    if (e == OK)
        e = account_agreements(s->db, &s->arena, 1, 1, MONTH, MONTH, MOST, &agreements, &count,
                               err);
    if (e == OK)
        e = bill_page(s->db, &s->arena, 1, 1, &beginning, false, MOST, &bills, &count, err);
    return e == OK ? bill_page(s->db, &s->arena, 1, 1, &beginning, true, MOST, &bills, &count, err)
                   : e;
}

static err_t see_compared(struct scene *s, struct err *err)
{
    struct compared_book *books, book;
    struct compared_difference *items;
    size_t count;
    err_t e = compared_books(s->db, &s->arena, 1, S(""), MOST, &books, &count, err);
    if (e == OK) e = compared_book_find(s->db, &s->arena, 1, S("S00000000001"), &book, err);
    return e == OK ? compared_differences(s->db, &s->arena, &book, 0, MOST, &items, &count, err)
                   : e;
}

static err_t see_waiting(struct scene *s, struct err *err)
{
    struct errand errand;
    struct closing_errand closing;
    struct price_book_row *books;
    const int32_t *days;
    size_t count;
    bool found;
    err_t e = errand_last(s->db, &s->arena, 1, MONTH, &found, &errand, err);
    if (e == OK) e = closing_last(s->db, &s->arena, &october, &found, &closing, err);
    if (e == OK) e = price_book_list(s->db, &s->arena, &books, &count, err);
    return e == OK ? price_change_days(s->db, &s->arena, &days, &count, err) : e;
}

static err_t see_lists(struct scene *s, struct err *err)
{
    err_t e = see_runs(s, err);
    if (e == OK) e = see_account(s, err);
    return e == OK ? see_compared(s, err) : e;
}

static err_t see_all(struct scene *s, struct err *err)
{
    err_t e = see_lists(s, err);
    if (e == OK) e = see_months(s, err);
    return e == OK ? see_waiting(s, err) : e;
}

static const struct trial seeing = {.prepare = scene_pages, .work = see_all, .reads = true};
static const struct trial listing = {.prepare = scene_pages, .work = see_lists, .reads = true};

static void a_page_says_what_failed(void **state)
{
    survive_lost_calls(state, &seeing);
}

static void a_page_needs_its_room(void **state)
{
    survive_little_room(state, &listing);
}

static void a_page_needs_its_memory(void **state)
{
    survive_short_memory(state, &seeing);
}

/* ---- what is kept for pages -------------------------------------------------------------- */

static err_t count_anew(struct scene *s, struct err *err)
{
    int64_t done;
    err_t e = unbilled_count_renew(s->db, LATEST_MS, &done, err);
    return e == OK ? month_preview_renew(s->db, LATEST_MS, &done, err) : e;
}

static err_t compare_anew(struct scene *s, struct err *err)
{
    struct compare_counts counts;
    struct compare_order order = compare_order(s);
    return compare_keep(s->db, &order, &counts, err);
}

static const struct trial counting = {
    .prepare = scene_issued, .work = count_anew, .in_steps = true};
static const struct trial comparing = {.prepare = scene_compared, .work = compare_anew};

static void counts_are_made_whatever_call_fails(void **state)
{
    survive_lost_calls(state, &counting);
}

static void a_comparison_is_kept_whole_or_not(void **state)
{
    survive_lost_calls(state, &comparing);
}

/* ---- errands ----------------------------------------------------------------------------- */

static void scene_asked(struct scene *scene)
{
    struct err err;
    scene_closed(scene);
    MUST(errand_place(scene->db, &scene->second, 1, MONTH, 0, SCENE_NOW_MS, &err));
}

static void scene_asked_to_close(struct scene *scene)
{
    struct err err;
    scene_issued(scene);
    MUST(closing_place(scene->db, &scene->second, &october, SCENE_LATER_MS, &err));
}

/* Who failed holds what it worked at for as long as the lease. */
static void outwait_lease(void)
{
    const struct timespec lease = {0, SCENE_LEASE_MS * 1000000L};
    nanosleep(&lease, NULL);
}

static bool is_open(enum errand_state state)
{
    return state == ERRAND_ASKED || state == ERRAND_WORKING;
}

static err_t run_errands(struct scene *s, struct err *err)
{
    struct errand errand = {.state = ERRAND_ASKED};
    bool found = false;
    err_t e = OK;
    while (e == OK && is_open(errand.state)) {
        int64_t done = 0;
        outwait_lease();
        e = errand_work(s->db, SCENE_LEASE_MS, LONG_MS, NULL, NULL, &done, err);
        if (e == OK) e = errand_last(s->db, &s->arena, 1, MONTH, &found, &errand, err);
    }
    return e;
}

static err_t run_closings(struct scene *s, struct err *err)
{
    struct closing_errand errand = {.state = ERRAND_ASKED};
    bool found = false;
    err_t e = OK;
    while (e == OK && is_open(errand.state)) {
        int64_t done = 0;
        outwait_lease();
        e = closing_work(s->db, SCENE_LEASE_MS, LONG_MS, NULL, NULL, &done, err);
        if (e == OK) e = closing_last(s->db, &s->arena, &october, &found, &errand, err);
    }
    return e;
}

static const struct trial running = {.prepare = scene_asked, .work = run_errands, .in_steps = true};
static const struct trial closing = {
    .prepare = scene_asked_to_close, .work = run_closings, .in_steps = true};

static void drafts_asked_for_are_made_whatever_call_fails(void **state)
{
    survive_lost_calls(state, &running);
}

static void a_month_asked_for_is_closed_whatever_call_fails(void **state)
{
    survive_lost_calls(state, &closing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_page_says_what_failed),
        ON_SQLITE(a_page_needs_its_memory),
        ON_SQLITE(a_page_needs_its_room),
        ON_BOTH_STORES(counts_are_made_whatever_call_fails),
        ON_BOTH_STORES(a_comparison_is_kept_whole_or_not),
        ON_BOTH_STORES(drafts_asked_for_are_made_whatever_call_fails),
        ON_BOTH_STORES(a_month_asked_for_is_closed_whatever_call_fails),
    };
    return run_store_tests("billing faults of pages", tests);
}
