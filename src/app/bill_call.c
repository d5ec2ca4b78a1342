/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bill_call.h"

#include "app/progress.h"
#include "app/store_crew.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json_write.h"
#include "network/unit_list.h"

enum { KWH_PLACES = 3 };

int64_t call_month_number(const struct call *call)
{
    int32_t month = call_month(call, "month");
    return month < 0 ? 0 : month_to_number(month);
}

/* ---- rights ------------------------------------------------------------------------------ */

err_t call_require_units(struct call *call, struct db *db, const struct actor *actor,
                         struct str unit_code, enum permission permission)
{
    struct unit_list units = {0};
    err_t e = unit_list_load(db, call->arena, unit_code, &units, call->err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        e = actor_require(db, actor, units.items[i].unit_id, permission, call->err);
    return e;
}

/* ---- workers ----------------------------------------------------------------------------- */

struct watching {
    struct call *call;
    const struct run_ticket *ticket;
    int64_t lease_ms;
    struct progress progress;
    int64_t done_before;
};

static err_t one_worker(struct db *db, void *context, crew_stop *stop, struct err *err)
{
    struct watching *w = context;
    return run_work(db, w->ticket, w->lease_ms, crew_goes_on, stop, err);
}

static void show_progress(void *context)
{
    struct watching *w = context;
    struct run_counts counts;
    struct err ignored;
    struct db *db;
    if (call_db(w->call, &db) != OK || run_count(db, w->ticket, &counts, &ignored) != OK) return;
    progress_at(&w->progress, counts.bills_done - w->done_before);
}

/* A worker that was killed does no harm when the others did its part. */
static err_t all_done(struct call *call, const struct run_ticket *ticket, err_t e)
{
    struct db *db;
    struct run_counts counts;
    struct err err;
    if (e != E_OUTSIDE || call_db(call, &db) != OK) return e;
    return run_count(db, ticket, &counts, &err) == OK && counts.chunks_left == 0 ? OK : e;
}

static err_t work_off(struct call *call, struct watching *w)
{
    err_t e = store_crew_run(call, DB_WRITE, one_worker, w, show_progress);
    e = all_done(call, w->ticket, e);
    if (e == OK) show_progress(w);
    return e;
}

static err_t refuse_left(struct call *call, const struct run_ticket *ticket, int64_t left)
{
    err_set(call->err, E_CHECK, "run", "%lld phần của lần tính %lld chưa làm được",
            "%lld parts of run %lld could not be done", (long long)left,
            (long long)ticket->run_id);
    err_detail(call->err, "Tiến trình làm các phần đó bị dừng quá nhiều lần",
               "The processes that did them ended too often");
    return err_hint(call->err, "Xem nhật ký của máy (bộ nhớ, đĩa) rồi chạy lại lệnh để làm nốt",
                    "See the logs of the machine (memory, disk), then run the command again for "
                    "the rest");
}

/* The stage ends even where a part of it could not be done, and the first error is what is told. */
static err_t end_stage(struct call *call, const struct run_ticket *ticket,
                       const struct actor *actor, err_t e)
{
    struct db *db;
    struct run_counts counts = {0};
    struct err first = *call->err;
    err_t ended = call_db(call, &db);
    if (ended == OK) ended = run_close(db, ticket, actor, clock_now_ms(), call->err);
    if (e != OK) {
        *call->err = first;
        return e;
    }
    if (ended == OK) ended = run_count(db, ticket, &counts, call->err);
    return ended == OK && counts.chunks_left > 0 ? refuse_left(call, ticket, counts.chunks_left)
                                                 : ended;
}

err_t call_work(struct call *call, const struct run_ticket *ticket, const struct actor *actor,
                const char *title_vi)
{
    struct watching w = {.call = call, .ticket = ticket};
    struct run_counts counts;
    struct db *db;
    err_t e = call_check_workers(call);
    if (e == OK) e = call_lease(call, &w.lease_ms);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = run_count(db, ticket, &counts, call->err);
    if (e != OK) return e;
    w.done_before = counts.bills_done;
    progress_start(&w.progress, ticket->issue ? "bill issue" : "bill run", title_vi, "hóa đơn",
                   ticket->bill_count);
    if (ticket->chunk_count > 0) e = work_off(call, &w);
    progress_end(&w.progress);
    return end_stage(call, ticket, actor, e);
}

/* ---- counts ------------------------------------------------------------------------------ */

static void print_json(struct call *call, const struct run_ticket *ticket,
                       const struct run_counts *counts)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("run"), ticket->run_id);
    json_text(&w, S("stage"), ticket->issue ? S("issue") : S("draft"));
    json_i64(&w, ticket->issue ? S("issued") : S("ready"), counts->ready);
    json_i64(&w, S("held"), counts->held);
    json_i64(&w, S("exceptions"), counts->exceptions);
    json_decimal(&w, S("kwh"), counts->energy_wh, KWH_PLACES);
    json_i64(&w, S("total"), counts->total_vnd);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

err_t call_print_counts(struct call *call, const struct run_ticket *ticket)
{
    struct db *db;
    struct run_counts counts;
    err_t e = call_db(call, &db);
    if (e == OK) e = run_count(db, ticket, &counts, call->err);
    if (e != OK) return e;
    if (call->json) {
        print_json(call, ticket, &counts);
        return OK;
    }
    buf_printf(call->out, "Lần tính %lld\n", (long long)ticket->run_id);
    buf_add(call->out, ticket->issue ? S("  đã phát hành  ") : S("  sẵn sàng      "));
    buf_add_grouped(call->out, counts.ready);
    buf_add(call->out, S(" hóa đơn, "));
    buf_add_grouped(call->out, counts.total_vnd);
    buf_add(call->out, S(" đ\n  bị giữ lại    "));
    buf_add_grouped(call->out, counts.held);
    buf_add(call->out, S("\n  không tính được "));
    buf_add_grouped(call->out, counts.exceptions);
    buf_add_char(call->out, '\n');
    return OK;
}
