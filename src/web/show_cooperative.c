/* SPDX-License-Identifier: Apache-2.0 */
/* What a co-operative buys at its master meter, for how many households, and what is lost of it. */
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
        rows[i] =
            (struct page_cooperative_purchases){.month = month_from_number(purchase->month),
                                                .address = purchase->address,
                                                .use = purchase->wh,
                                                .total = purchase->total_vnd,
                                                .average = average(m, purchase),
                                                .same = purchase->computed && purchase->same,
                                                .differs = purchase->computed && !purchase->same};
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
    return OK;
}

/* ---- households -------------------------------------------------------------------------- */

static err_t fill_households(struct making *m)
{
    const struct show_cooperative *coop = m->coop;
    struct page_cooperative_households *rows =
        ARENA_ARRAY(m->show->arena, struct page_cooperative_households, coop->household_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < coop->household_count; i++) {
        const struct households *count = &coop->households[i];
        rows[i] = (struct page_cooperative_households){
            .count = figure(m, count->quarters * QUARTER_HUNDREDTHS, QUARTER_PLACES, ""),
            .from = count->from_day,
            .to = count->to_day == INT32_MAX ? count->from_day : count->to_day - 1,
            .ended = count->to_day <= coop->today,
            .proof = count->proof,
            .until = count->proof_until_day,
            .runs = count->proof_until_day != 0,
            .over = count->proof_until_day != 0 && count->proof_until_day < coop->today};
    }
    m->page.households = rows;
    m->page.households_count = coop->household_count;
    m->page.papers_missing = coop->papers_missing;
    return OK;
}

/* ---- lost -------------------------------------------------------------------------------- */

static void fill_loss(struct making *m)
{
    const struct show_cooperative *coop = m->coop;
    int64_t bought = coop->last->row.total_wh, loss = bought - coop->sold_wh, scaled;
    int64_t others = coop->last->corrections.other_points_wh;
    m->page.bought = bought;
    if (others != 0) m->page.sub_points = figure(m, -others, MILLI_PLACES, " kWh");
    m->page.value = (struct component_field){.name = S("sold"),
                                             .label = TEXT_coop_sold_value,
                                             .hint = TEXT_coop_sold_hint,
                                             .value = coop->typed,
                                             .mode = S("numeric")};
    if (!coop->has_sold) return;
    m->page.has_sold = true;
    m->page.sold = coop->sold_wh;
    m->page.loss = loss;
    m->page.gain = loss < 0;
    if (bought > 0 && loss >= 0 && !__builtin_mul_overflow(loss, PER_MILLE, &scaled))
        m->page.loss_share = figure(m, div_half_up(scaled, bought), TENTHS, " %");
}

err_t show_cooperative(const struct show *show, const struct show_cooperative *coop)
{
    struct portal_links links;
    struct component_notice problem = {0};
    struct making m = {.show = show, .coop = coop};
    portal_links(&links, PORTAL_HOME);
    m.page.visit = visit_of(show);
    m.page.links = links.link;
    m.page.links_count = PORTAL_LINKS;
    m.page.hotline = show->hotline;
    m.page.agreement = coop->agreement;
    fill_loss(&m);
    struct component_field *const fields[] = {&m.page.value};
    place_refusal(show, coop->refused, fields, 1, &problem);
    err_t e = fill_purchases(&m);
    if (e == OK) e = fill_lines(&m);
    if (e == OK) e = fill_households(&m);
    if (e != OK) return e;
    page_cooperative(show->out, show->english, &m.page);
    return shown(show);
}
