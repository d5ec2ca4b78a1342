/* SPDX-License-Identifier: Apache-2.0 */
#include "document/difference.h"

#include "base/integer.h"
#include "tariff/calc.h"

/* A chain of bills from before to now; at: what the last of them came to. */
struct chain {
    const struct price_book *book;
    struct arena *arena;
    const struct calc_request *before, *now;
    int64_t part_vnd[DIFF_PART_COUNT];
    int64_t at_vnd;
    int32_t before_ppm, now_ppm; /* VAT */
    int before_decision, now_decision;
    bool tiers;
    struct err *err;
};

static int64_t energy_of(const struct calc_usage *usage)
{
    return usage->registers ? usage->wh[0] + usage->wh[1] + usage->wh[2] : usage->wh[0];
}

static int64_t days_of(const struct calc_request *request)
{
    return request->to_day - request->from_day;
}

static void go_to(struct chain *chain, enum difference_part part, int64_t total_vnd)
{
    chain->part_vnd[part] += total_vnd - chain->at_vnd;
    chain->at_vnd = total_vnd;
}

/* The next bill of the chain; one that the tariff does not know is passed over. */
static void step(struct chain *chain, enum difference_part part, const struct calc_request *request)
{
    struct calc_result result;
    struct err passed_over;
    if (calc_rate(chain->book, request, chain->arena, &result, &passed_over) == OK)
        go_to(chain, part, result.total_vnd);
}

/* ---- the two bills themselves ------------------------------------------------------------ */

static int64_t top_tier(const struct calc_result *result)
{
    int64_t top = 0;
    for (size_t i = 0; i < result->line_count; i++)
        top = max_i64(top, result->line[i].kind == LINE_ENERGY ? result->line[i].tier : 0);
    return top;
}

/* The decision in force at the end of the period. A bill of nothing has no line to tell it. */
static int last_decision(const struct chain *chain, const struct calc_request *request)
{
    return request->decision != DECISION_BY_DATE
               ? request->decision
               : book_decision_at(chain->book, request->to_day - 1);
}

static struct calc_request without_reactive(const struct calc_request *request, int32_t vat_ppm)
{
    struct calc_request plain = *request;
    plain.reactive = REACTIVE_NONE;
    plain.vat_ppm = vat_ppm;
    return plain;
}

/* On a day before all campaigns nothing is supported. */
static struct calc_request plain_of(const struct chain *chain, const struct calc_request *request,
                                    int32_t vat_ppm)
{
    struct calc_request plain = without_reactive(request, vat_ppm);
    plain.support_day = chain->book->campaign_from_day - 1;
    plain.fact_mask = 0;
    return plain;
}

/* All of the period by one decision, so that no other part hides how a change divided it. */
static struct calc_request at_decision(const struct calc_request *request, int decision)
{
    struct calc_request forced = *request;
    forced.decision = decision;
    forced.reading_count = 0;
    return forced;
}

static err_t rate_both(struct chain *chain, struct difference *out, int64_t *out_now_vnd)
{
    struct calc_result before, now;
    err_t e = calc_rate(chain->book, chain->before, chain->arena, &before, chain->err);
    if (e == OK) e = calc_rate(chain->book, chain->now, chain->arena, &now, chain->err);
    if (e != OK) return e;
    chain->before_ppm = before.vat_ppm;
    chain->now_ppm = now.vat_ppm;
    chain->before_decision = last_decision(chain, chain->before);
    chain->now_decision = last_decision(chain, chain->now);
    out->top_tier_before = top_tier(&before);
    out->top_tier_now = top_tier(&now);
    chain->tiers = out->top_tier_before > 0 || out->top_tier_now > 0;
    go_to(chain, DIFF_CORRECTION, before.total_vnd);
    *out_now_vnd = now.total_vnd;
    return OK;
}

/* ---- days, use, blocks, hours ------------------------------------------------------------ */

/* The bill of before with other days and another use: its prices, households and purposes. Agreed
 * energies of the uses keep their proportion. */
static struct calc_request with_use(const struct calc_request *request,
                                    const struct calc_request *now, const struct calc_usage *usage,
                                    struct calc_use scaled[USE_MAX])
{
    struct calc_request mixed = *request;
    int64_t whole_wh = energy_of(usage), was_wh = energy_of(&request->usage), left_wh = whole_wh;
    mixed.from_day = now->from_day;
    mixed.to_day = now->to_day;
    mixed.prorate = now->prorate;
    mixed.month_days = now->month_days;
    mixed.usage = *usage;
    if (!request->own_kwh || was_wh == 0) return mixed;
    for (size_t i = 0; i < request->use_count; i++) {
        scaled[i] = request->use[i];
        bool last = i + 1 == request->use_count;
        if (last || !mul_div_half_up(scaled[i].own_wh, whole_wh, was_wh, &scaled[i].own_wh))
            scaled[i].own_wh = left_wh;
        scaled[i].own_wh = min_i64(scaled[i].own_wh, left_wh);
        left_wh -= scaled[i].own_wh;
    }
    mixed.use = scaled;
    return mixed;
}

/* The energy of now in the proportion of hours of before. */
static struct calc_usage in_hours_of(const struct calc_usage *before, int64_t whole_wh)
{
    struct calc_usage usage = {.registers = before->registers};
    int64_t left_wh = whole_wh, was_wh = energy_of(before);
    if (!before->registers || was_wh == 0) {
        usage.wh[0] = whole_wh;
        return usage;
    }
    for (int i = 1; i < TOU_REGISTERS; i++) {
        int64_t part_wh = 0;
        if (!mul_div_half_up(before->wh[i], whole_wh, was_wh, &part_wh)) part_wh = 0;
        usage.wh[i] = min_i64(part_wh, left_wh);
        left_wh -= usage.wh[i];
    }
    usage.wh[0] = left_wh;
    return usage;
}

/* What days and use come to at the average price of before; without any use before there is no
 * average, and the use takes it all. */
static void by_average(struct chain *chain)
{
    int64_t before_vnd = chain->at_vnd, vnd;
    int64_t before_wh = energy_of(&chain->before->usage), now_wh = energy_of(&chain->now->usage);
    if (before_wh == 0) return;
    if (mul_div_half_up(before_vnd, days_of(chain->now), days_of(chain->before), &vnd))
        go_to(chain, DIFF_DAYS, vnd);
    if (chain->tiers && mul_div_half_up(before_vnd, now_wh, before_wh, &vnd))
        go_to(chain, DIFF_USE, vnd);
}

static void change_use(struct chain *chain, struct calc_request *at,
                       struct calc_use scaled[USE_MAX])
{
    const struct calc_usage *now = &chain->now->usage;
    int64_t now_wh = energy_of(now);
    bool blocks = chain->tiers && energy_of(&at->usage) != 0;
    struct calc_usage same_hours = in_hours_of(&at->usage, now_wh);
    by_average(chain);
    struct calc_request mixed = with_use(at, chain->now, &same_hours, scaled);
    step(chain, blocks ? DIFF_BLOCKS : DIFF_USE, &mixed);
    bool hours = at->usage.registers || now->registers;
    *at = with_use(at, chain->now, now, scaled);
    if (hours) step(chain, DIFF_HOURS, at);
}

/* ---- terms and prices -------------------------------------------------------------------- */

static void change_terms(struct chain *chain, struct calc_request *at)
{
    const struct calc_request *now = chain->now;
    at->household_quarters = now->household_quarters;
    at->lodgers_undeclared = now->lodgers_undeclared;
    at->papers_missing = now->papers_missing;
    at->change_split = now->change_split;
    step(chain, DIFF_HOUSEHOLDS, at);
    at->use = now->use;
    at->use_count = now->use_count;
    at->own_kwh = now->own_kwh;
    step(chain, DIFF_PURPOSE, at);
    at->decision = chain->now_decision;
    at->average_ppm = now->average_ppm;
    step(chain, DIFF_PRICE, at);
}

static void walk(struct chain *chain)
{
    struct calc_use scaled[USE_MAX];
    const struct calc_request *now = chain->now;
    struct calc_request at = without_reactive(chain->before, chain->before_ppm);
    step(chain, DIFF_REACTIVE, &at);
    at = plain_of(chain, chain->before, chain->before_ppm);
    step(chain, DIFF_SUPPORT, &at);
    at = at_decision(&at, chain->before_decision);
    step(chain, DIFF_PRICE, &at);
    change_use(chain, &at, scaled);
    change_terms(chain, &at);
    at = plain_of(chain, now, chain->before_ppm);
    step(chain, DIFF_PRICE, &at);
    at = plain_of(chain, now, chain->now_ppm);
    step(chain, DIFF_VAT, &at);
    at = without_reactive(now, chain->now_ppm);
    step(chain, DIFF_SUPPORT, &at);
}

/* ---- the answer -------------------------------------------------------------------------- */

static int64_t size_of(int64_t amount_vnd)
{
    return amount_vnd < 0 ? -amount_vnd : amount_vnd;
}

static void list_parts(const struct chain *chain, struct difference *out)
{
    for (int part = 0; part < DIFF_PART_COUNT; part++) {
        int64_t amount_vnd = chain->part_vnd[part];
        if (amount_vnd == 0) continue;
        size_t at = out->step_count++;
        for (; at > 0 && size_of(out->step[at - 1].amount_vnd) < size_of(amount_vnd); at--)
            out->step[at] = out->step[at - 1];
        out->step[at] = (struct difference_step){(enum difference_part)part, amount_vnd};
    }
}

err_t difference_split(const struct price_book *book, struct arena *arena,
                       const struct difference_side *before, const struct difference_side *now,
                       struct difference *out, struct err *err)
{
    struct chain chain = {.book = book,
                          .arena = arena,
                          .before = before->request,
                          .now = now->request,
                          .at_vnd = before->total_vnd,
                          .err = err};
    struct difference split = {.change_vnd = now->total_vnd - before->total_vnd,
                               .before_vnd = before->total_vnd,
                               .now_vnd = now->total_vnd,
                               .before_wh = energy_of(&before->request->usage),
                               .now_wh = energy_of(&now->request->usage),
                               .before_days = days_of(before->request),
                               .now_days = days_of(now->request)};
    int64_t rated_now_vnd;
    err_t e = rate_both(&chain, &split, &rated_now_vnd);
    if (e != OK) return e;
    if (chain.before_decision >= 0 && chain.now_decision >= 0) walk(&chain);
    go_to(&chain, DIFF_REACTIVE, rated_now_vnd);
    go_to(&chain, DIFF_CORRECTION, now->total_vnd);
    list_parts(&chain, &split);
    *out = split;
    return OK;
}
