/* SPDX-License-Identifier: Apache-2.0 */
/* What a co-operative buys at its master meters, what it sold on and lost, and for whom. */
#include "base/date.h"
#include "base/integer.h"
#include "document/wording.h"
#include "web/show_int.h"
#include "web/show_portal.h"

enum {
    MILLI_PLACES = 3,
    QUARTER_PLACES = 2,
    QUARTER_HUNDREDTHS = 25,
    WH_PER_KWH = 1000,
    PER_MILLE = 1000,
    TENTHS = 1,
    HUNDREDTHS = 100
};

struct making {
    const struct show *show;
    const struct show_cooperative *coop;
    struct page_cooperative page;
};

static struct str figure(const struct making *m, int64_t scaled, unsigned places, const char *unit)
{
    return wording_figure(m->show->arena, scaled, places, unit, m->show->english);
}

/* ---- bought ------------------------------------------------------------------------------ */

/* Đồng per kWh before tax, in hundredths; empty where it cannot be said. */
static struct str average(const struct making *m, const struct show_purchase *purchase)
{
    int64_t scaled;
    if (purchase->wh <= 0 || purchase->pre_vat_vnd < 0 ||
        __builtin_mul_overflow(purchase->pre_vat_vnd, HUNDREDTHS * WH_PER_KWH, &scaled))
        return S("");
    return figure(m, div_half_up(scaled, purchase->wh), QUARTER_PLACES, "");
}

static err_t fill_purchases(struct making *m)
{
    size_t count = m->coop->purchase_count;
    struct page_cooperative_purchases *rows =
        ARENA_ARRAY(m->show->arena, struct page_cooperative_purchases, count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < count; i++) {
        const struct show_purchase *purchase = &m->coop->purchases[i];
        rows[i] = (struct page_cooperative_purchases){
            .month = month_from_number(purchase->month),
            .address = purchase->address,
            .use = purchase->wh,
            .total = purchase->total_vnd,
            .average = average(m, purchase),
            .same = purchase->recomputed == RECOMPUTED_SAME,
            .differs = purchase->recomputed == RECOMPUTED_DIFFERS,
            .earlier = purchase->recomputed == RECOMPUTED_EARLIER,
            .no_book = purchase->recomputed == RECOMPUTED_NO_BOOK};
    }
    m->page.purchases = rows;
    m->page.purchases_count = count;
    return OK;
}

static err_t fill_lines(struct making *m)
{
    const struct bill_facts *facts = m->coop->last;
    struct page_cooperative_lines *rows =
        ARENA_ARRAY(m->show->arena, struct page_cooperative_lines, facts->line_count);
    struct str before = S("");
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < facts->line_count; i++) {
        const struct facts_line *shown = &facts->line[i];
        const struct rated_line *line = shown->line;
        struct str law = facts_law(m->show->arena, shown, m->show->english);
        rows[i] = (struct page_cooperative_lines){
            .words = pick(m->show, shown->words_vi, shown->words_en),
            .amount = figure(m, line->amount_mvnd, MILLI_PLACES, "")};
        if (i == 0 || !str_equal(law, before)) rows[i].law = law;
        if (line->has_quantity) rows[i].quantity = figure(m, line->quantity_wh, MILLI_PLACES, "");
        if (line->has_price) rows[i].price = figure(m, line->price_vnd, 0, "");
        before = law;
    }
    m->page.lines = rows;
    m->page.lines_count = facts->line_count;
    m->page.heading = heading_of(m->show, facts);
    m->page.before_tax = facts->rated.pre_vat_vnd;
    m->page.tax_words = tax_words_of(m->show, facts);
    m->page.tax = facts->rated.vat_vnd;
    m->page.total = facts->rated.total_vnd;
    int64_t others = facts->corrections.other_points_wh;
    if (others != 0) m->page.sub_points = figure(m, -others, MILLI_PLACES, " kWh");
    return OK;
}

/* ---- households -------------------------------------------------------------------------- */

static struct str households_text(const struct making *m, int64_t quarters)
{
    return figure(m, quarters * QUARTER_HUNDREDTHS, QUARTER_PLACES, "");
}

static void fill_count(const struct making *m, const struct households *count,
                       struct page_cooperative_households *row)
{
    enum paper_state paper = paper_state_on(count, m->coop->today);
    row->count = households_text(m, count->quarters);
    row->from = count->from_day;
    row->to = count->to_day == INT32_MAX ? count->from_day : count->to_day - 1;
    row->ended = count->to_day <= m->coop->today;
    row->proof = count->proof;
    if (count->paper_counted) row->paper = households_text(m, count->paper_quarters);
    row->until = count->proof_until_day;
    row->runs = count->proof_until_day != 0 && paper != PAPER_OVER;
    row->missing = paper == PAPER_NONE;
    row->over = paper == PAPER_OVER;
    row->uncounted = paper == PAPER_UNCOUNTED;
    row->agrees = paper == PAPER_AGREES;
    row->differs = paper == PAPER_DIFFERS;
}

/* Rows of one point stand together, the first with its code; one alone where none was declared. */
static err_t fill_households(struct making *m)
{
    const struct show_cooperative *coop = m->coop;
    size_t most = 0, count = 0;
    for (size_t i = 0; i < coop->master_count; i++) most += coop->masters[i].household_count + 1;
    struct page_cooperative_households *rows =
        ARENA_ARRAY(m->show->arena, struct page_cooperative_households, most);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < coop->master_count; i++) {
        const struct show_master *master = &coop->masters[i];
        size_t first = count;
        for (size_t k = 0; k < master->household_count; k++) {
            rows[count] = (struct page_cooperative_households){0};
            fill_count(m, &master->households[k], &rows[count++]);
        }
        if (count == first) rows[count++] = (struct page_cooperative_households){.none = true};
        rows[first].point = master->code;
        m->page.papers_missing = m->page.papers_missing || master->papers_missing;
    }
    m->page.households = rows;
    m->page.households_count = count;
    return OK;
}

/* ---- sold and lost ----------------------------------------------------------------------- */

static void fill_sale(const struct making *m, const struct show_trade *month,
                      struct page_cooperative_months *row)
{
    const struct resale *sale = month->sale;
    int64_t lost = month->wh - sale->sold_wh, scaled;
    row->sold = figure(m, sale->sold_wh, MILLI_PLACES, "");
    row->lost = figure(m, lost, MILLI_PLACES, "");
    row->gain = lost < 0;
    if (month->wh > 0 && !__builtin_mul_overflow(lost, PER_MILLE, &scaled))
        row->share =
            figure(m, lost < 0 ? -div_half_up(-scaled, month->wh) : div_half_up(scaled, month->wh),
                   TENTHS, " %");
    row->told = vietnam_day(sale->recorded_at_ms);
    row->again = sale->entry_no > 1;
    if (sale->sold_vnd == RESALE_NO_MONEY) return;
    row->money = true;
    row->sold_money = sale->sold_vnd;
    row->bought_money = month->pre_vat_vnd;
    row->margin = sale->sold_vnd - month->pre_vat_vnd;
}

static err_t fill_months(struct making *m)
{
    const struct show_cooperative *coop = m->coop;
    struct page_cooperative_months *rows =
        ARENA_ARRAY(m->show->arena, struct page_cooperative_months, coop->month_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < coop->month_count; i++) {
        const struct show_trade *month = &coop->months[i];
        rows[i] = (struct page_cooperative_months){.month = month_from_number(month->month),
                                                   .bought = figure(m, month->wh, MILLI_PLACES, ""),
                                                   .differing = month->differing,
                                                   .unchecked = month->unchecked,
                                                   .declared = month->sale != NULL};
        if (month->sale != NULL) fill_sale(m, month, &rows[i]);
    }
    m->page.months = rows;
    m->page.months_count = coop->month_count;
    return OK;
}

/* The newest month without a word is offered first, otherwise the newest. */
static size_t month_offered(const struct show_cooperative *coop)
{
    for (size_t i = 0; i < coop->month_count; i++)
        if (coop->months[i].sale == NULL) return i;
    return 0;
}

static err_t fill_forms(struct making *m)
{
    const struct show_cooperative *coop = m->coop;
    struct arena *arena = m->show->arena;
    size_t taken = 0, offered = month_offered(coop);
    struct page_cooperative_choices *choices =
        ARENA_ARRAY(arena, struct page_cooperative_choices, coop->month_count);
    struct page_cooperative_declared *declared =
        ARENA_ARRAY(arena, struct page_cooperative_declared, coop->month_count);
    if (choices == NULL || declared == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < coop->month_count; i++) {
        char memory[MONTH_TEXT_BYTES];
        int32_t month = month_from_number(coop->months[i].month);
        struct str value = arena_str(arena, month_text(month, memory));
        bool chosen = coop->refused != NULL ? str_equal(value, coop->typed_month) : i == offered;
        choices[i] = (struct page_cooperative_choices){value, month, chosen};
        if (coop->months[i].sale != NULL)
            declared[taken++] = (struct page_cooperative_declared){value, month};
    }
    m->page.choices = choices;
    m->page.choices_count = coop->may_declare ? coop->month_count : 0;
    m->page.declared = declared;
    m->page.declared_count = coop->may_declare ? taken : 0;
    m->page.energy = (struct component_field){.name = S("sold"),
                                              .label = TEXT_coop_sold_value,
                                              .hint = TEXT_coop_sold_hint,
                                              .value = coop->typed_sold,
                                              .mode = S("numeric")};
    m->page.money = (struct component_field){.name = S("money"),
                                             .label = TEXT_coop_money_value,
                                             .hint = TEXT_coop_money_hint,
                                             .value = coop->typed_money,
                                             .mode = S("numeric"),
                                             .free = true};
    return OK;
}

err_t show_cooperative(const struct show *show, const struct show_cooperative *coop)
{
    struct portal_links links;
    struct making m = {.show = show, .coop = coop};
    portal_links(&links, PORTAL_HOME);
    m.page.visit = visit_of(show);
    m.page.links = links.link;
    m.page.links_count = PORTAL_LINKS;
    m.page.hotline = show->hotline;
    m.page.token = show->token;
    m.page.agreement = coop->agreement;
    err_t e = fill_purchases(&m);
    if (e == OK) e = fill_lines(&m);
    if (e == OK) e = fill_months(&m);
    if (e == OK) e = fill_forms(&m);
    if (e == OK) e = fill_households(&m);
    if (e != OK) return e;
    struct component_field *const fields[] = {&m.page.energy, &m.page.money};
    place_refusal(show, coop->refused, fields, ARRAY_COUNT(fields), &m.page.problem);
    page_cooperative(show->out, show->english, &m.page);
    return shown(show);
}
