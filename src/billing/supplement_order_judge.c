/* SPDX-License-Identifier: Apache-2.0 */
/* Judging an order: the terms of its days, what they were billed, and the price of the rest. */
#include "base/date.h"
#include "base/json_write.h"
#include "billing/price_books.h"
#include "billing/rater.h"
#include "billing/supplement.h"
#include "billing/supplement_order_int.h"
#include "registry/registry_view.h"
#include "registry/terms_view.h"

enum { REQUEST_BYTES = 64 * 1024, BOOK_ARENA_BYTES = 64 * 1024 * 1024 };

/* ---- refusals ---------------------------------------------------------------------------- */

static void set_place(const struct supplement_ordering *o, struct err *err)
{
    const struct supplement_order *order = &o->order;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct str from_on = day_text(order->from_day, from), to_on = day_text(order->to_day, to);
    err_set(err, E_INPUT, "from", "Không truy thu được điểm đo %.*s từ %.*s đến %.*s",
            "No supplement can be billed at point %.*s from %.*s to %.*s",
            STR_ARG(order->point_code), STR_ARG(from_on), STR_ARG(to_on));
}

static err_t refuse(const struct supplement_ordering *o, enum problem problem, struct err *err)
{
    const struct problem_text *text = problem_text(problem);
    set_place(o, err);
    err_detail(err, "%s%.0s", "%.0s%s", text->vi, text->en);
    return err_hint(err, "%s%.0s", "%.0s%s", text->remedy_vi, text->remedy_en);
}

static err_t refuse_unbilled(const struct supplement_ordering *o, struct err *err)
{
    set_place(o, err);
    err_detail(err, "không có hóa đơn nào của đúng những ngày này",
               "no bill is of exactly these days");
    return err_hint(err, "Lấy ngày đầu và ngày cuối của hóa đơn trong sangden bill show SỐ",
                    "Take the first and the last day of the bill from sangden bill show NUMBER");
}

static err_t refuse_days(const struct supplement_ordering *o, struct err *err)
{
    set_place(o, err);
    err_detail(err, "ngày cuối không sau ngày đầu", "the last day is not behind the first");
    return err_hint(err, "Nêu --from và --to theo kỳ của hóa đơn",
                    "Give --from and --to as the bill has them");
}

/* ---- the use to be ----------------------------------------------------------------------- */

static err_t write_detail(struct supplement_ordering *o, struct err *err)
{
    const struct supplement_order *order = &o->order;
    struct buf text;
    struct json_writer w;
    buf_init(&text, REQUEST_BYTES);
    json_writer_init(&w, &text);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("cause"), order->cause);
    if (order->settlement_day >= 0) json_day(&w, S("settlement"), order->settlement_day);
    json_text(&w, S("ground"), order->ground);
    if (o->code.n > 0) json_text(&w, S("order"), o->code);
    json_end(&w);
    o->detail = arena_str(o->arena, buf_str(&text));
    bool failed = text.failed || o->arena->failed;
    buf_release(&text);
    return failed ? err_memory(err) : OK;
}

static struct usage_row usage_of(const struct supplement_ordering *o)
{
    const struct supplement_order *order = &o->order;
    return (struct usage_row){
        .point_id = o->point_id, .agreement_id = o->slot.agreement_id, .closing_no = INT64_MAX,
        .kind = BILL_SUPPLEMENT, .from_day = order->from_day, .to_day = order->to_day,
        .total_wh = order->total_wh, .three_registers = order->three_registers,
        .normal_wh = order->normal_wh, .peak_wh = order->peak_wh,
        .offpeak_wh = order->offpeak_wh, .reactive_varh = order->reactive_varh,
        .prorate = S(""), .spike = S("none"), .detail = o->detail, .billed = S("")};
}

static enum problem judge_terms(const struct point_terms *terms)
{
    if (terms->agreement_id == 0) return PROBLEM_NO_SUPPLY;
    if (terms->account_id == 0) return PROBLEM_NO_ACCOUNT;
    return terms->book_id == 0 ? PROBLEM_NO_BOOK : PROBLEM_NONE;
}

static err_t write_request(struct supplement_ordering *o, const struct point_terms *terms,
                           struct err *err)
{
    struct usage_row usage = usage_of(o);
    enum problem problem = PROBLEM_NONE;
    struct buf text;
    err_t e = supplement_complete(o->db, o->arena, &o->slot, &usage, &problem, err);
    if (e != OK) return e;
    if (problem != PROBLEM_NONE) return refuse(o, problem, err);
    if (usage.billed.n == 0) return refuse_unbilled(o, err);
    buf_init(&text, REQUEST_BYTES);
    problem = bill_request_write(&text, &usage, terms);
    if (problem != PROBLEM_NONE) e = refuse(o, problem, err);
    if (e == OK) o->request = arena_str(o->arena, buf_str(&text));
    if (e == OK && (text.failed || o->arena->failed)) e = err_memory(err);
    buf_release(&text);
    return e;
}

static err_t request_of_order(struct supplement_ordering *o, struct err *err)
{
    const struct supplement_order *order = &o->order;
    struct terms_scan *scan;
    struct point_terms terms;
    err_t e = terms_scan_open(o->db, o->unit_id, o->point_id, o->point_id, KNOWN_NOW, &scan, err);
    if (e != OK) return e;
    e = terms_of(scan, o->point_id, order->from_day, order->to_day, &terms, err);
    enum problem problem = e == OK ? judge_terms(&terms) : PROBLEM_NONE;
    if (problem != PROBLEM_NONE) e = refuse(o, problem, err);
    if (e == OK) {
        o->slot = (struct bill_key){
            .unit_id = o->unit_id, .month = month_to_number(month_of_day(o->actor->day)),
            .book_id = terms.book_id, .point_id = o->point_id,
            .agreement_id = terms.agreement_id, .kind = BILL_SUPPLEMENT};
        e = write_request(o, &terms, err);
    }
    terms_scan_close(scan);
    return e;
}

/* ---- the price --------------------------------------------------------------------------- */

/* A rated bill that outlives its rater and its price book. */
static err_t keep_rated(struct supplement_ordering *o, const struct rated_bill *rated,
                        struct err *err)
{
    struct buf packed;
    buf_init(&packed, REQUEST_BYTES);
    rated_pack(&packed, rated);
    struct str copy = arena_str(o->arena, buf_str(&packed));
    bool failed = packed.failed || o->arena->failed;
    buf_release(&packed);
    return failed ? err_memory(err) : rated_unpack(o->arena, copy, &o->rated, err);
}

static err_t rate(struct supplement_ordering *o, struct err *err)
{
    struct arena book_arena;
    const struct price_book *book;
    struct rater *rater = NULL;
    struct rated_bill rated;
    arena_init(&book_arena, BOOK_ARENA_BYTES);
    err_t e = price_book_current(o->db, &book_arena, &book, err);
    if (e == OK) e = rater_with_book(book, &rater, err);
    if (e == OK) {
        e = rater_rate(rater, o->request, &rated, err);
        if (e == OK) e = keep_rated(o, &rated, err);
        rater_free(rater);
    }
    arena_release(&book_arena);
    return e;
}

err_t supplement_judge(struct supplement_ordering *o, struct err *err)
{
    if (o->order.from_day >= o->order.to_day) return refuse_days(o, err);
    err_t e = write_detail(o, err);
    if (e == OK) e = request_of_order(o, err);
    return e == OK ? rate(o, err) : e;
}
