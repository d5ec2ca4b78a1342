/* SPDX-License-Identifier: Apache-2.0 */
/* work: the workers of the house, until the process is asked to end.
 *
 * What they do is shared through the database: any number of them, on any number of machines, work
 * as one. */
#include "api/once.h"
#include "app/bill_call.h"
#include "app/check_list.h"
#include "app/notice_call.h"
#include "app/sending.h"
#include "app/store_crew.h"
#include "app/supervisor.h"
#include "base/clock.h"
#include "base/log.h"
#include "billing/billing_view.h"
#include "billing/closing_errand.h"
#include "billing/errand.h"
#include "billing/month_close.h"
#include "identity/one_time.h"
#include "identity/partner.h"
#include "identity/throttle.h"
#include "store/event.h"

enum {
    SEQUENCE_MAX = 1000,
    NOTICES_AT_ONCE = 100,
    NOTICE_ARENA_BYTES = 16 * 1024 * 1024,
    SESSION_KEEP_DAYS = 90,
    ERRAND_LEASE_MS = 60 * 1000,
    ERRAND_SLICE_MS = 2000,
    CLOSING_LEASE_MS = 5 * 60 * 1000, /* the longest that a book takes */
    CHECK_LEASE_MS = 60 * 60 * 1000,
    COUNT_PAUSE_MS = 1000
};
static const int64_t DAY_MS = 86400000;

struct work {
    struct sending sending;
    bool sends;
    struct notice_channels notices;
};

/* ---- jobs --------------------------------------------------------------------------------- */

/* Does what is due. *out_done counts it; *out_wait_until_ms is when the job may go on (0: now). */
typedef err_t work_job(struct db *db, const struct work *work, crew_stop *stop, int64_t *out_done,
                       int64_t *out_wait_until_ms, struct err *err);

/* Events of all units get their positions, so that whoever reads them need not wait. */
static err_t sequence_events(struct db *db, const struct work *work, crew_stop *stop,
                             int64_t *out_done, int64_t *out_wait_until_ms, struct err *err)
{
    int64_t unit_id = INT64_MIN;
    bool found = true;
    err_t e = OK;
    (void)work;
    *out_wait_until_ms = 0;
    while (e == OK && crew_goes_on(stop, 0)) {
        int64_t count = 0;
        e = event_waiting_unit(db, unit_id, &found, &unit_id, err);
        if (e != OK || !found) break;
        e = event_sequence(db, unit_id, SEQUENCE_MAX, &count, err);
        *out_done += count;
    }
    return e;
}

static err_t send_invoices(struct db *db, const struct work *work, crew_stop *stop,
                           int64_t *out_done, int64_t *out_wait_until_ms, struct err *err)
{
    struct send_counts counts = {0};
    int64_t added = 0;
    if (!work->sends) return OK;
    err_t e = sending_pass(db, &work->sending, stop, &counts, &added, err);
    if (e != OK) return e;
    if (counts.troubles > 0) sending_log_trouble(&counts);
    if (counts.line == PROVIDER_LINE_GOOD) *out_done += added + counts.done;
    else *out_wait_until_ms = counts.wait_until_ms;
    return OK;
}

static err_t deliver_notices(struct db *db, const struct work *work, crew_stop *stop,
                             int64_t *out_done, int64_t *out_wait_until_ms, struct err *err)
{
    struct delivery_counts counts = {0};
    struct arena arena;
    (void)stop;
    *out_wait_until_ms = 0;
    if (work->notices.count == 0) return OK;
    arena_init(&arena, NOTICE_ARENA_BYTES);
    err_t e = notify_deliver(db, &arena, work->notices.list, work->notices.count, NOTICES_AT_ONCE,
                             &counts, err);
    arena_release(&arena);
    if (e != OK) return e;
    *out_done += counts.delivered;
    if (counts.later + counts.failed > 0)
        log_event(LOG_WARNING, "notice.trouble",
                  LOG_FIELDS(log_i64("later", counts.later), log_i64("failed", counts.failed)));
    return OK;
}

/* What proves nothing any more is forgotten once a day: codes, nonces, sessions with their network
 * addresses, answers of changes, and who tried. */
static err_t forget_old(struct db *db, const struct work *work, crew_stop *stop, int64_t *out_done,
                        int64_t *out_wait_until_ms, struct err *err)
{
    int64_t count = 0, now_ms = clock_now_ms();
    (void)work;
    (void)stop;
    (void)out_done;
    *out_wait_until_ms = now_ms + DAY_MS;
    err_t e = code_forget(db, now_ms - DAY_MS, err);
    if (e == OK) e = partner_forget(db, &count, err);
    if (e == OK) e = session_forget(db, now_ms - SESSION_KEEP_DAYS * DAY_MS, &count, err);
    if (e == OK) e = once_forget(db, &count, err);
    return e == OK ? throttle_sweep(db, &count, err) : e;
}

/* Runs that people ask for, a slice of time each, so that the other jobs go on. */
static err_t run_errands(struct db *db, const struct work *work, crew_stop *stop,
                         int64_t *out_done, int64_t *out_wait_until_ms, struct err *err)
{
    (void)work, (void)out_wait_until_ms;
    return errand_work(db, ERRAND_LEASE_MS, ERRAND_SLICE_MS, crew_goes_on, stop, out_done, err);
}

/* Books and months that people ask to be closed. */
static err_t run_closings(struct db *db, const struct work *work, crew_stop *stop,
                          int64_t *out_done, int64_t *out_wait_until_ms, struct err *err)
{
    (void)work, (void)out_wait_until_ms;
    return closing_work(db, CLOSING_LEASE_MS, ERRAND_SLICE_MS, crew_goes_on, stop, out_done, err);
}

static err_t count_for_pages(struct db *db, const struct work *work, crew_stop *stop,
                             int64_t *out_done, int64_t *out_wait_until_ms, struct err *err)
{
    (void)work, (void)stop;
    err_t e = unbilled_count_renew(db, clock_now_ms(), out_done, err);
    if (e == OK) e = month_preview_renew(db, clock_now_ms(), out_done, err);
    *out_wait_until_ms = clock_now_ms() + COUNT_PAUSE_MS;
    return e;
}

/* One invariant at a time: asked for by a person, or once a day. */
static err_t ask_checks(struct db *db, const struct work *work, crew_stop *stop, int64_t *out_done,
                        int64_t *out_wait_until_ms, struct err *err)
{
    (void)work, (void)stop, (void)out_wait_until_ms;
    err_t e = check_ask_daily(db, &check_list, clock_now_ms(), err);
    return e == OK ? check_work(db, &check_list, CHECK_LEASE_MS, out_done, err) : e;
}

static const struct {
    const char *name;
    work_job *run;
} jobs[] = {{"event.sequence", sequence_events}, {"invoice.send", send_invoices},
            {"notice.deliver", deliver_notices}, {"identity.forget", forget_old},
            {"bill.errand", run_errands},        {"bill.closing", run_closings},
            {"bill.count", count_for_pages},     {"check", ask_checks}};

/* ---- a worker ----------------------------------------------------------------------------- */

static err_t worker(struct db *db, void *context, crew_stop *stop, struct err *err)
{
    int64_t wait_until_ms[ARRAY_COUNT(jobs)] = {0};
    err_t e = OK;
    while (e == OK && crew_goes_on(stop, 0)) {
        int64_t done = 0;
        for (size_t i = 0; i < ARRAY_COUNT(jobs) && e == OK; i++) {
            if (wait_until_ms[i] > clock_now_ms()) continue;
            e = jobs[i].run(db, context, stop, &done, &wait_until_ms[i], err);
            if (e != OK)
                log_event(LOG_ERROR, "work.failed",
                          LOG_FIELDS(log_text("job", PRIVACY_OPEN, str_of(jobs[i].name)),
                                     log_text("error", PRIVACY_OPEN, str_of(err_name(e)))));
        }
        if (e == OK && done == 0) sending_rest(0, stop);
    }
    return e;
}

/* Of the process that watches over the workers. */
static void tell_supervisor(void *context)
{
    (void)context;
    if (crew_was_stopped()) {
        supervisor_stopping();
        return;
    }
    supervisor_ready();
    supervisor_alive();
}

static err_t run(struct call *call)
{
    struct work work = {.sends = sending_is_configured()};
    struct db *db;
    supervisor_begin();
    err_t e = call_check_workers(call);
    if (e == OK) e = call_notice_channels(call, S(""), &work.notices);
    if (e == OK) e = call_db(call, &db);
    if (e == OK && work.sends) e = sending_prepare(call, &work.sending);
    if (e == OK) e = store_crew_run(call, DB_WRITE, worker, &work, tell_supervisor);
    supervisor_stopping();
    /* A signal is how the command ends. */
    if (e == E_STATE && crew_was_stopped()) e = call->err->code = OK;
    return e;
}

static const struct option_spec options[] = {BILL_WORKERS_OPTION};

const struct command command_work = {
    .name = "work",
    .store = STORE_WRITES,
    .help_vi = "Chạy các việc nền (tính hóa đơn theo yêu cầu, kiểm tra, gửi hóa đơn và thông báo)",
    .help_en = "Run the background work (runs asked for, checks, invoices and notices, forgetting)",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
