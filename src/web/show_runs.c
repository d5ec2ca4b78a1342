/* SPDX-License-Identifier: Apache-2.0 */
/* Bill runs: the list, one of them, and how far it is. */
#include "base/date.h"
#include "billing/billing_view.h"
#include "web/remedy.h"
#include "web/show_billing.h"
#include "web/show_operations_int.h"

enum { MS_PER_S = 1000, S_PER_MINUTE = 60 };

static const enum web_text state_words[] = {[RUN_PLANNED] = TEXT_ops_state_planned,
                                            [RUN_DRAFTING] = TEXT_ops_state_drafting,
                                            [RUN_DRAFTED] = TEXT_ops_state_drafted,
                                            [RUN_ISSUING] = TEXT_ops_state_issuing,
                                            [RUN_ISSUED] = TEXT_ops_state_issued};

static bool works(const struct run_seen *run)
{
    return run->state == RUN_DRAFTING || run->state == RUN_ISSUING;
}

/* The stage that a run is in, or was in last. */
static const struct run_stage_counts *stage_of(const struct run_seen *run)
{
    return run->state >= RUN_ISSUING ? &run->issue : &run->draft;
}

/* ---- an errand --------------------------------------------------------------------------- */

static struct component_notice errand_notice(const struct show *show, const struct errand *errand)
{
    if (errand == NULL || errand->state == ERRAND_DONE) return (struct component_notice){0};
    if (errand->state == ERRAND_REFUSED)
        return (struct component_notice){
            .kind = S("danger"),
            .title = pick(show, errand->reason_vi, errand->reason_en),
            .next = remedy_shown(show, errand->remedy_vi, errand->remedy_en)};
    bool asked = errand->state == ERRAND_ASKED;
    return (struct component_notice){
        .kind = S("attention"),
        .title = web_text(asked ? TEXT_ops_errand_asked : TEXT_ops_errand_working, show->english),
        .safe = asked ? web_text(TEXT_ops_errand_asked_next, show->english) : S("")};
}

static bool errand_is_open(const struct errand *errand)
{
    return errand != NULL && (errand->state == ERRAND_ASKED || errand->state == ERRAND_WORKING);
}

static struct component_errand_live errand_live(const struct show *show,
                                                const struct errand *errand)
{
    return (struct component_errand_live){.address = S("/van-hanh/ky-dang-cho"),
                                          .working = errand_is_open(errand),
                                          .notice = errand_notice(show, errand)};
}

err_t show_ops_errand_live(const struct show *show, const struct errand *errand)
{
    page_ops_errand_live(show->out, show->english,
                         &(struct page_ops_errand_live){.live = errand_live(show, errand)});
    return shown(show);
}

/* ---- how far ----------------------------------------------------------------------------- */

/* "45 s", "3 min". */
static struct str time_left(const struct show *show, int64_t seconds)
{
    if (seconds < 2 * S_PER_MINUTE)
        return arena_printf(show->arena, show->english ? "%lld s" : "%lld giây",
                            (long long)seconds);
    return arena_printf(show->arena, show->english ? "%lld min" : "%lld phút",
                        (long long)((seconds + S_PER_MINUTE - 1) / S_PER_MINUTE));
}

static struct str plain(const struct show *show, int64_t number)
{
    return arena_printf(show->arena, "%lld", (long long)number);
}

static struct component_run_live live_of(const struct show *show, const struct show_run *page)
{
    const struct run_seen *run = page->run;
    const struct run_stage_counts *stage = stage_of(run);
    bool issue = stage == &run->issue;
    struct component_run_live live = {
        .address = arena_printf(show->arena, "/van-hanh/ky/%lld/tien-do", (long long)run->run_id),
        .working = works(run) || errand_is_open(page->errand),
        .state = state_words[run->state],
        .stage = issue ? TEXT_ops_stage_issue : TEXT_ops_stage_draft,
        .bills = stage->bills,
        .done = stage->bills_done,
        .total = plain(show, stage->bills),
        .reached = plain(show, stage->bills_done)};
    int64_t until_ms = works(run) ? page->now_ms : run->ended_at_ms;
    int64_t spent_ms = until_ms - run->began_at_ms;
    if (run->began_at_ms == 0 || spent_ms <= 0) return live;
    live.rate = stage->bills_done * MS_PER_S / spent_ms;
    if (works(run) && live.rate > 0)
        live.left = time_left(show, (stage->bills - stage->bills_done) / live.rate);
    return live;
}

err_t show_ops_run_live(const struct show *show, const struct show_run *run)
{
    page_ops_run_live(show->out, show->english,
                      &(struct page_ops_run_live){.live = live_of(show, run)});
    return shown(show);
}

/* ---- one run ----------------------------------------------------------------------------- */

static struct str list_address(const struct show *show, const struct run_seen *run,
                               const char *name)
{
    char text[MONTH_TEXT_BYTES];
    return arena_printf(show->arena, "/van-hanh/danh-sach/%s?thang=%.*s", name,
                        STR_ARG(month_text(month_from_number(run->month), text)));
}

static struct page_ops_run_sums sums_of(enum web_text words, const struct run_stage_counts *sums)
{
    return (struct page_ops_run_sums){
        .stage = words, .ready = sums->ready, .use = sums->energy_wh, .total = sums->total_vnd};
}

static struct str counted_words(const struct show *show, const struct unbilled_count *count)
{
    char memory[64];
    struct buf out;
    if (!count->known) return web_text(TEXT_ops_not_counted, show->english);
    buf_init_fixed(&out, memory, sizeof memory);
    write_instant(&out, show->english, count->counted_at_ms);
    struct str words = web_text(TEXT_ops_counted, show->english);
    return arena_printf(show->arena, "%.*s %.*s", STR_ARG(words), STR_ARG(buf_str(&out)));
}

/* What does the next step on the server. */
static struct str command_of(const struct show *show, const struct show_operations *frame,
                             const struct run_seen *run)
{
    char text[MONTH_TEXT_BYTES];
    struct str month = month_text(month_from_number(run->month), text);
    if (run->state == RUN_DRAFTED || run->state == RUN_ISSUING)
        return arena_printf(show->arena, "sangden bill issue --run %lld --unit %.*s",
                            (long long)run->run_id, STR_ARG(frame->unit_code));
    if (run->state == RUN_ISSUED)
        return arena_printf(show->arena, "sangden bill list --month %.*s --run %lld --unit %.*s",
                            STR_ARG(month), (long long)run->run_id, STR_ARG(frame->unit_code));
    return arena_printf(show->arena, "sangden bill run --month %.*s --unit %.*s", STR_ARG(month),
                        STR_ARG(frame->unit_code));
}

err_t show_ops_run(const struct show *show, const struct show_operations *frame,
                   const struct show_run *page)
{
    struct operations_links links;
    const struct run_seen *run = page->run;
    long long number = (long long)run->run_id;
    struct page_ops_run_sums sums[] = {sums_of(TEXT_ops_stage_draft, &run->draft),
                                       sums_of(TEXT_ops_stage_issue, &run->issue)};
    struct str words = web_text(TEXT_ops_run, show->english);
    operations_links(frame, OPERATIONS_runs, &links);
    page_ops_run(show->out, show->english,
                 &(struct page_ops_run){
                     OPERATIONS_FRAME(show, frame, links),
                     .token = show->token,
                     .title = arena_printf(show->arena, "%.*s %lld", STR_ARG(words), number),
                     .month = month_from_number(run->month),
                     .live = live_of(show, page),
                     .working = works(run) || errand_is_open(page->errand),
                     .errand = errand_notice(show, page->errand),
                     .held = page->held,
                     .exceptions = page->exceptions,
                     .unbilled = page->unbilled.entries,
                     .unbilled_known = page->unbilled.known,
                     .counted = counted_words(show, &page->unbilled),
                     .held_url = list_address(show, run, "giu-lai"),
                     .exceptions_url = list_address(show, run, "khong-tinh-duoc"),
                     .unbilled_url = list_address(show, run, "chua-co"),
                     .spikes = page->spikes,
                     .queue = page->queue,
                     .sums = sums,
                     .sums_count = ARRAY_COUNT(sums),
                     .began = run->began_at_ms != 0 ? run->began_at_ms : run->created_at_ms,
                     .by = run->started_by,
                     .book = str_sub(run->price_book, 0, 12),
                     .may_issue = page->may_issue && run->state == RUN_DRAFTED &&
                                  !errand_is_open(page->errand),
                     .issue = arena_printf(show->arena, "/van-hanh/ky/%lld/phat-hanh", number),
                     .command = command_of(show, frame, run)});
    return shown(show);
}

/* ---- the list ---------------------------------------------------------------------------- */

static struct page_ops_runs_runs row_of(const struct show *show, const struct run_seen *run)
{
    const struct run_stage_counts *stage = stage_of(run);
    return (struct page_ops_runs_runs){
        .words = plain(show, run->run_id),
        .address = arena_printf(show->arena, "/van-hanh/ky/%lld", (long long)run->run_id),
        .month = month_from_number(run->month),
        .state = state_words[run->state],
        .working = works(run),
        .ready = stage->ready,
        .total = stage->total_vnd};
}

err_t show_ops_runs(const struct show *show, const struct show_operations *frame,
                    const struct show_runs *runs)
{
    char month[MONTH_TEXT_BYTES] = "";
    struct operations_links links;
    struct page_ops_runs_runs *rows =
        ARENA_ARRAY(show->arena, struct page_ops_runs_runs, runs->run_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < runs->run_count; i++) rows[i] = row_of(show, &runs->runs[i]);
    operations_links(frame, OPERATIONS_runs, &links);
    page_ops_runs(show->out, show->english,
                  &(struct page_ops_runs){
                      OPERATIONS_FRAME(show, frame, links), .token = show->token,
                      .may_run = runs->may_run && runs->month >= 0 && !errand_is_open(runs->errand),
                      .month = runs->month >= 0 ? month_text(runs->month, month) : S(""),
                      .month_words = runs->month, .live = errand_live(show, runs->errand),
                      .working = errand_is_open(runs->errand), .runs = rows,
                      .runs_count = runs->run_count, .after = runs->after});
    return shown(show);
}
