/* SPDX-License-Identifier: Apache-2.0 */
/* One customer in three columns: who and where, everything by time, the bill in hand. */
#include "document/wording.h"
#include "web/show_desk_int.h"

/* Fills a list of the page from the list that was handed in, member by member. */
#define LIST(page, list, type, from, count, ...) \
    do { \
        struct type *rows_ = ARENA_ARRAY(show->arena, struct type, (count) + 1); \
        if (rows_ == NULL) return err_memory(show->err); \
        for (size_t i = 0; i < (count); i++) rows_[i] = (struct type)__VA_ARGS__; \
        (page)->list = rows_; \
        (page)->list##_count = (count); \
    } while (0)

enum { KEYED = 9 }; /* agreements that a digit leads to */

static err_t fill_check(const struct show *show, const struct show_desk_customer *c,
                        struct page_desk_customer *page)
{
    page->proved = c->proved;
    page->failed = c->failed;
    page->why = c->why;
    page->note = c->note;
    page->check_address = c->check;
    page->over_address = c->over;
    LIST(page, questions, page_desk_customer_questions, c->questions, c->question_count,
         {.name = c->questions[i].name,
          .words = c->questions[i].words,
          .answer = c->questions[i].answer});
    LIST(page, reasons, page_desk_customer_reasons, c->reasons, c->reason_count,
         {.name = c->reasons[i].value, .words = c->reasons[i].words});
    return OK;
}

static err_t fill_who(const struct show *show, const struct show_desk_customer *c,
                      struct page_desk_customer *page)
{
    page->address = c->address;
    page->phone = c->phone;
    page->email = c->email;
    page->user = c->user;
    page->payer = c->payer;
    page->account = c->account;
    page->owed = c->owed;
    LIST(page, others, page_desk_customer_others, c->others, c->other_count,
         {.code = c->others[i].code,
          .address = c->others[i].address,
          .account = c->others[i].account,
          .ended = c->others[i].ended,
          .key = i < KEYED ? str_sub(S("123456789"), i, 1) : S("")});
    LIST(page, points, page_desk_customer_points, c->points, c->point_count,
         {.code = c->points[i].code,
          .address = c->points[i].address,
          .uses = c->points[i].uses,
          .meters = c->points[i].meters,
          .book = c->points[i].book});
    return OK;
}

static err_t fill_logins(const struct show *show, const struct show_desk_customer *c,
                         struct page_desk_customer *page)
{
    page->knows_logins = c->knows_logins;
    page->may_register = c->may_register;
    page->register_address = c->login_register;
    page->login_from = c->login_from;
    page->login_contact = c->login_contact;
    page->consent = c->consent;
    page->call_asked = c->call_asked;
    page->call_asked_at = c->call_asked_ms;
    page->calling = c->calling;
    page->call_taken = c->call_taken;
    page->call_phone = c->call_phone;
    page->call_take = c->call_take;
    page->call_close = c->call_close;
    LIST(page, logins, page_desk_customer_logins, c->logins, c->login_count,
         {.role = c->logins[i].role,
          .contact = c->logins[i].contact,
          .since = c->logins[i].since,
          .until = c->logins[i].until,
          .ends = c->logins[i].until != 0,
          .take_back = c->may_take_back ? c->logins[i].take_back : S(""),
          .change = c->may_change ? c->logins[i].change : S(""),
          .version = c->consent,
          .no = (int64_t)i});
    LIST(page, roles, page_desk_customer_roles, c->roles, c->role_count,
         {.value = c->roles[i].value, .words = c->roles[i].words});
    LIST(page, results, page_desk_customer_results, c->results, c->result_count,
         {.value = c->results[i].value, .words = c->results[i].words});
    return OK;
}

static err_t fill_holds(const struct show *show, const struct show_desk_customer *c,
                        struct page_desk_customer *page)
{
    page->may_lift = c->may_lift;
    page->may_hold = c->may_hold;
    page->hold_address = c->hold;
    page->last_day = c->last_day;
    LIST(page, holds, page_desk_customer_holds, c->holds, c->hold_count,
         {.words = c->holds[i].words,
          .reason = c->holds[i].reason,
          .until = c->holds[i].until,
          .late = c->holds[i].late,
          .lift = c->holds[i].lift,
          .no = (int64_t)i});
    LIST(page, subjects, page_desk_customer_subjects, c->subjects, c->subject_count,
         {.value = c->subjects[i].value, .words = c->subjects[i].words});
    LIST(page, stops, page_desk_customer_stops, c->stops, c->stop_count,
         {.value = c->stops[i].value, .words = c->stops[i].words});
    return OK;
}

static err_t fill_events(const struct show *show, const struct show_desk_customer *c,
                         struct page_desk_customer *page)
{
    page->older = c->older;
    page->newer = c->newer;
    LIST(page, events, page_desk_customer_events, c->events, c->event_count,
         {.day = c->events[i].day,
          .kind = c->events[i].kind,
          .title = c->events[i].title,
          .detail = c->events[i].detail,
          .address = c->events[i].address,
          .current = c->events[i].current});
    return OK;
}

/* ---- in hand ----------------------------------------------------------------------------- */

static err_t fill_why(const struct show *show, const struct bill_facts *facts,
                      struct page_desk_customer *page)
{
    const struct facts_why *why = &facts->why_month;
    const struct difference *split = &why->split;
    if (facts->why_year.known)
        page->year_sentence = pick(show, facts->why_year.sentence_vi, facts->why_year.sentence_en);
    if (!why->known) return OK;
    page->why_sentence = pick(show, why->sentence_vi, why->sentence_en);
    page->why_use = pick(show, why->use_vi, why->use_en);
    LIST(page, steps, page_desk_customer_steps, split->step, split->step_count,
         {.words = wording_capital(show->arena, pick(show, why->words_vi[i], why->words_en[i])),
          .change = wording_change(show->arena, split->step[i].amount_vnd, show->english)});
    return OK;
}

static err_t fill_hand(const struct show *show, const struct show_desk_customer *c,
                       struct page_desk_customer *page)
{
    const struct bill_facts *facts = c->chosen;
    if (facts == NULL) return OK;
    page->has_hand = true;
    page->heading = heading_of(show, facts);
    page->total = facts->rated.total_vnd;
    page->knows_due = facts->balance.known;
    page->due = due_of(facts, c->today);
    page->use = facts->row.total_wh;
    page->days = facts->days;
    page->from = facts->from_day;
    page->to = facts->to_day;
    page->is_fee = facts->is_fee;
    page->number = facts->number;
    page->pdf = c->pdf;
    if (facts->spike.shown)
        page->spike = pick(show, facts->spike.result_vi, facts->spike.result_en);
    if (facts->estimate.shown)
        page->estimate = pick(show, facts->estimate.kind_vi, facts->estimate.kind_en);
    LIST(page, lines, page_desk_customer_lines, facts->line, facts->line_count,
         {.words = pick(show, facts->line[i].words_vi, facts->line[i].words_en),
          .amount = facts->line[i].line->amount_mvnd});
    return fill_why(show, facts, page);
}

err_t show_desk_customer(const struct show *show, const struct show_desk_customer *customer)
{
    struct desk_links links;
    struct page_desk_customer page = {.visit = visit_of(show),
                                      .links = links.link,
                                      .token = show->token,
                                      .name = customer->name,
                                      .code = customer->code,
                                      .unit = customer->unit,
                                      .ended = customer->ended,
                                      .has_problem = customer->refused != NULL};
    desk_links(&links, DESK_LINKS, &customer->sections);
    page.links_count = links.count;
    place_refusal(show, customer->refused, NULL, 0, &page.problem);
    err_t e = fill_check(show, customer, &page);
    if (e == OK) e = fill_who(show, customer, &page);
    if (e == OK) e = fill_logins(show, customer, &page);
    if (e == OK) e = fill_holds(show, customer, &page);
    if (e == OK) e = fill_events(show, customer, &page);
    if (e == OK) e = fill_hand(show, customer, &page);
    if (e != OK) return e;
    page_desk_customer(show->out, show->english, &page);
    return shown(show);
}
