/* SPDX-License-Identifier: Apache-2.0 */
/* Runs, closed months and questions while the database or the memory fails. */
#include "billing/faults.h"

#include "billing/bill_export.h"
#include "billing/bill_verify.h"
#include "billing/month_close.h"
#include "billing/run.h"
#include "ledger/checks.h"

/* ---- drafting and issuing ---------------------------------------------------------------- */

static const struct trial drafting = {.prepare = scene_closed, .work = scene_draft,
                                      .in_steps = true};
static const struct trial issuing = {.prepare = scene_drafted, .work = scene_issue,
                                     .in_steps = true};

static void a_month_is_drafted_whatever_call_fails(void **state)
{
    survive_lost_calls(state, &drafting);
}

static void a_month_is_issued_whatever_call_fails(void **state)
{
    survive_lost_calls(state, &issuing);
}

static void a_month_is_drafted_with_short_memory(void **state)
{
    survive_short_memory(state, &drafting);
}

static void a_month_is_issued_with_short_memory(void **state)
{
    survive_short_memory(state, &issuing);
}

#define ADD_USAGE                                                                               \
    "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, closing_no, "       \
    "agreement_id, from_on, to_on, total_wh, metered_wh, estimated, spike, carry, detail) VALUES "

/* Behind the issue: a supplement to billed days and one to others, a final use with a reading of a
 * day within it, and a hold. */
static void scene_more(struct scene *scene)
{
    scene_issued(scene);
    scene_run(scene, ADD_USAGE
              "(1, 1, 202610, 0, 1, 'supplement', 1, 1, '2026-09-30', '2026-10-31', 5000, 5000, "
              "0, 'none', '{}', '{\"cause\":\"not_measured\",\"settlement\":\"2026-11-15\"}'), "
              "(1, 1, 202610, 0, 2, 'supplement', 1, 2, '2026-06-30', '2026-07-31', 5000, 5000, "
              "0, 'none', '{}', '{}'), "
              "(1, 2, 202610, 0, 3, 'final', 1, 3, '2026-10-31', '2026-11-10', 5000, 5000, 0, "
              "'none', '{}', '{\"read_on_change\":[{\"date\":\"2026-11-05\",\"usage\":{"
              "\"kwh\":\"2\"}}]}')");
    scene_run(scene, "INSERT INTO hold (unit_id, hold_id, subject_kind, subject_id, stops, "
                     "matter, reason, owner_id, placed_at, escalate_on, last_on) VALUES (1, 1, "
                     "'account', 2, 'draft', 'khiếu nại', 'r', 1, 1, '2026-11-05', "
                     "'2026-11-06')");
}

static void scene_more_drafted(struct scene *scene)
{
    struct err err;
    scene_more(scene);
    MUST(scene_draft(scene, &err));
}

static const struct trial drafting_more = {.prepare = scene_more, .work = scene_draft,
                                           .in_steps = true};
static const struct trial issuing_more = {.prepare = scene_more_drafted, .work = scene_issue,
                                          .in_steps = true};

static void supplements_are_drafted_whatever_call_fails(void **state)
{
    survive_lost_calls(state, &drafting_more);
}

static void supplements_are_drafted_with_short_memory(void **state)
{
    survive_short_memory(state, &drafting_more);
}

static void supplements_are_issued_whatever_call_fails(void **state)
{
    survive_lost_calls(state, &issuing_more);
}

static void supplements_are_issued_with_short_memory(void **state)
{
    survive_short_memory(state, &issuing_more);
}

/* ---- looking without changing ------------------------------------------------------------ */

static err_t skip_preview(void *context, const struct preview *preview, struct err *err)
{
    (void)context, (void)preview, (void)err;
    return OK;
}

static err_t preview(struct scene *scene, struct err *err)
{
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = SCENE_NOW_MS};
    err_t e = run_preview(scene->db, &order, 0, skip_preview, NULL, err);
    return e != OK ? e : run_preview(scene->db, &order, 3, skip_preview, NULL, err);
}

static const struct trial previewing = {.prepare = scene_closed, .work = preview, .reads = true};

static void a_preview_says_what_failed(void **state)
{
    survive_lost_calls(state, &previewing);
}

static void a_preview_needs_its_memory(void **state)
{
    survive_short_memory(state, &previewing);
}

static err_t keep(void *context, struct buf *out, struct err *err)
{
    (void)context, (void)out, (void)err;
    return OK;
}

static err_t export(struct scene *scene, struct err *err)
{
    struct buf out;
    buf_init(&out, 1024 * 1024);
    err_t e = bill_export(scene->db, scene->run_id, S(""), &out, keep, NULL, err);
    buf_release(&out);
    return e;
}

static const struct trial exporting = {.prepare = scene_issued, .work = export, .reads = true};

static void an_export_says_what_failed(void **state)
{
    survive_lost_calls(state, &exporting);
}

static void an_export_needs_its_memory(void **state)
{
    survive_short_memory(state, &exporting);
}

static void no_difference(void *context, const struct bill_row *row,
                          const struct rated_bill *computed, const struct err *why)
{
    (void)context, (void)row, (void)computed;
    fail_msg("a bill is wrong: %s", why == NULL ? "" : why->en.message);
}

static err_t verify(struct scene *scene, struct err *err)
{
    struct verify_counts counts;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    err_t e = bill_verify(scene->db, &filter, no_difference, NULL, &counts, err);
    if (e == OK) assert_int_equal(counts.same, 4);
    return e;
}

static const struct trial verifying = {.prepare = scene_issued, .work = verify, .reads = true};

static void a_failure_is_no_wrong_bill(void **state)
{
    survive_lost_calls(state, &verifying);
}

static void short_memory_is_no_wrong_bill(void **state)
{
    survive_short_memory(state, &verifying);
}

static err_t skip_unbilled(void *context, const struct unbilled *item, struct err *err)
{
    (void)context, (void)item, (void)err;
    return OK;
}

static err_t ask(struct scene *scene, struct err *err)
{
    struct bill_row row;
    struct rated_bill bill;
    struct review review;
    struct str detail;
    err_t e = unbilled_each(scene->db, S(""), 202611, skip_unbilled, NULL, err);
    if (e == OK) e = bill_review(scene->db, 1, 202610, &review, err);
    if (e == OK) e = bill_find(scene->db, &scene->arena, S("PD0100-26101-1-1-K1"), &row, err);
    if (e == OK) e = bill_rated(scene->db, &scene->arena, &row, &bill, err);
    return e != OK ? e : bill_usage_detail(scene->db, &scene->arena, &row, &detail, err);
}

static const struct trial asking = {.prepare = scene_issued, .work = ask, .reads = true};

static void a_question_says_what_failed(void **state)
{
    survive_lost_calls(state, &asking);
}

static void a_question_needs_its_memory(void **state)
{
    survive_short_memory(state, &asking);
}

static void a_question_needs_its_room(void **state)
{
    survive_little_room(state, &asking);
}

static err_t check(struct scene *scene, struct err *err)
{
    struct check_findings findings = {.arena = &scene->arena};
    err_t e = check_run(scene->db, &check_ledger_items, &findings, err);
    if (e == OK) assert_int_equal(findings.count, 0);
    return e;
}

static const struct trial checking = {.prepare = scene_issued, .work = check, .reads = true};

static void a_check_that_fails_proves_nothing(void **state)
{
    survive_lost_calls(state, &checking);
}

/* ---- closing the month ------------------------------------------------------------------- */

static err_t skip_figure(void *context, const struct month_figure *figure, struct err *err)
{
    (void)context, (void)figure, (void)err;
    return OK;
}

static err_t close_month(struct scene *scene, struct err *err)
{
    struct month_totals totals;
    return month_close(scene->db, 1, 202610, &scene->first, SCENE_LATER_MS, &totals, err);
}

static const struct trial closing = {.prepare = scene_issued, .work = close_month};

static void a_month_is_closed_whole_or_not(void **state)
{
    survive_lost_calls(state, &closing);
}

static void scene_closed_month(struct scene *scene)
{
    struct err err;
    scene_issued(scene);
    MUST(close_month(scene, &err));
}

static err_t read_month(struct scene *scene, struct err *err)
{
    struct month_totals totals;
    err_t e = month_totals_of(scene->db, 1, 202610, &totals, err);
    return e != OK ? e : month_figures_each(scene->db, 1, 202610, skip_figure, NULL, err);
}

static const struct trial reading_month = {.prepare = scene_closed_month, .work = read_month,
                                           .reads = true};

static void figures_say_what_failed(void **state)
{
    survive_lost_calls(state, &reading_month);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_month_is_drafted_whatever_call_fails),
        ON_BOTH_STORES(a_month_is_issued_whatever_call_fails),
        ON_SQLITE(a_month_is_drafted_with_short_memory),
        ON_SQLITE(a_month_is_issued_with_short_memory),
        ON_SQLITE(supplements_are_drafted_whatever_call_fails),
        ON_SQLITE(supplements_are_drafted_with_short_memory),
        ON_SQLITE(supplements_are_issued_whatever_call_fails),
        ON_SQLITE(supplements_are_issued_with_short_memory),
        ON_BOTH_STORES(a_preview_says_what_failed),
        ON_SQLITE(a_preview_needs_its_memory),
        ON_BOTH_STORES(an_export_says_what_failed),
        ON_SQLITE(an_export_needs_its_memory),
        ON_BOTH_STORES(a_failure_is_no_wrong_bill),
        ON_SQLITE(short_memory_is_no_wrong_bill),
        ON_BOTH_STORES(a_question_says_what_failed),
        ON_SQLITE(a_question_needs_its_memory),
        ON_BOTH_STORES(a_check_that_fails_proves_nothing),
        ON_BOTH_STORES(a_month_is_closed_whole_or_not),
        ON_BOTH_STORES(figures_say_what_failed),
        ON_SQLITE(a_question_needs_its_room),
    };
    return run_store_tests("billing faults of runs", tests);
}
