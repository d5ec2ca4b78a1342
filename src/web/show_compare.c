/* SPDX-License-Identifier: Apache-2.0 */
/* This year beside last year, the home beside its neighbours, and why bills differ. Figures are
 * those of the facts of the newest bill. */
#include "base/date.h"
#include "base/integer.h"
#include "document/figure.h"
#include "document/wording.h"
#include "web/show_int.h"
#include "web/show_portal.h"

enum { MILLI_PLACES = 3, YEAR = 12, PER_MILLE = 1000, TENTHS = 1, CHANGE_BYTES = 48 };

struct comparing {
    const struct show *show;
    const struct bill_facts *facts;
    struct page_compare page;
};

static struct str kwh_of(const struct show *show, int64_t wh)
{
    return wording_figure(show->arena, wh, MILLI_PLACES, "", show->english);
}

/* "+12,5 %"; empty where there is nothing to compare with. */
static struct str change_of(const struct show *show, int64_t now_wh, int64_t before_wh)
{
    char memory[CHANGE_BYTES];
    struct buf out;
    int64_t change, scaled;
    if (before_wh <= 0 || __builtin_sub_overflow(now_wh, before_wh, &change) ||
        __builtin_mul_overflow(change, PER_MILLE, &scaled))
        return S("");
    int64_t sign = scaled < 0 ? -1 : 1;
    buf_init_fixed(&out, memory, sizeof memory);
    figure_add_signed(&out, sign * div_half_up(sign * scaled, before_wh), TENTHS, show->english);
    buf_add(&out, S(" %"));
    return wording_bound(show->arena, buf_str(&out));
}

/* ---- months ------------------------------------------------------------------------------ */

struct sums {
    int64_t now_wh, before_wh, months;
};

static struct page_compare_rows row_of(const struct show *show, const struct facts_month *now,
                                       const struct facts_month *before, struct sums *sums)
{
    struct str none = web_text(TEXT_bill_none, show->english);
    struct page_compare_rows row = {.month = month_from_number(now->month),
                                    .use = now->known ? kwh_of(show, now->wh) : none,
                                    .before = before->known ? kwh_of(show, before->wh) : none};
    if (!now->known || !before->known) return row;
    row.change = change_of(show, now->wh, before->wh);
    sums->now_wh += now->wh;
    sums->before_wh += before->wh;
    sums->months++;
    return row;
}

static err_t fill_months(struct comparing *c)
{
    const struct show *show = c->show;
    const struct facts_month *month = c->facts->month;
    struct page_compare_rows *rows = ARENA_ARRAY(show->arena, struct page_compare_rows, YEAR);
    struct sums sums = {0};
    size_t count = 0;
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = YEAR; i < FACTS_MONTHS; i++)
        if (month[i].known || month[i - YEAR].known)
            rows[count++] = row_of(show, &month[i], &month[i - YEAR], &sums);
    c->page.rows = rows;
    c->page.rows_count = count;
    c->page.has_sum = sums.months > 1;
    c->page.sum_use = kwh_of(show, sums.now_wh);
    c->page.sum_before = kwh_of(show, sums.before_wh);
    c->page.sum_change = change_of(show, sums.now_wh, sums.before_wh);
    err_t e = months_draw(show, c->facts, &c->page.months.picture, &c->page.months.sentence);
    c->page.has_months = c->page.months.picture.markup.n > 0;
    return e;
}

/* ---- why --------------------------------------------------------------------------------- */

static err_t fill_split(const struct comparing *c, const struct facts_why *why,
                        struct component_split *out)
{
    const struct show *show = c->show;
    size_t count = why->split.step_count;
    struct component_split_steps *steps =
        ARENA_ARRAY(show->arena, struct component_split_steps, count);
    if (steps == NULL) return err_memory(show->err);
    for (size_t i = 0; i < count; i++)
        steps[i] = (struct component_split_steps){
            .words = wording_capital(show->arena, pick(show, why->words_vi[i], why->words_en[i])),
            .change = wording_change(show->arena, why->split.step[i].amount_vnd, show->english)};
    bool year = why == &c->facts->why_year;
    *out = (struct component_split){.caption =
                                        year ? TEXT_compare_year_caption : TEXT_bill_why_caption,
                                    .sentence = pick(show, why->sentence_vi, why->sentence_en),
                                    .use = pick(show, why->use_vi, why->use_en),
                                    .steps = steps,
                                    .steps_count = count};
    return why_draw(show, c->facts, why, &out->chart);
}

static err_t fill_why(struct comparing *c)
{
    const struct facts_why *year = &c->facts->why_year, *month = &c->facts->why_month;
    const struct facts_why *first = year->known ? year : month;
    c->page.has_year = year->known;
    c->page.has_month = month->known;
    c->page.lead = first->known ? pick(c->show, first->sentence_vi, first->sentence_en)
                                : web_text(TEXT_compare_none_yet, c->show->english);
    if (first->known) c->page.lead_use = pick(c->show, first->use_vi, first->use_en);
    err_t e = year->known ? fill_split(c, year, &c->page.year) : OK;
    if (e == OK && month->known) e = fill_split(c, month, &c->page.month);
    struct component_split *told = year->known ? &c->page.year : &c->page.month;
    told->sentence = told->use = S(""); /* it leads the page already */
    return e;
}

/* ---- neighbours -------------------------------------------------------------------------- */

static void fill_peers(struct comparing *c, const struct show_compare *compare)
{
    const struct facts_peers *peers = &c->facts->peers;
    c->page.has_peers = peers->shown;
    c->page.own = peers->own_wh;
    c->page.median = peers->median_wh;
    c->page.efficient = peers->efficient_wh;
    c->page.peers = pick(c->show, peers->words_vi, peers->words_en);
    c->page.peers_group = pick(c->show, peers->group_vi, peers->group_en);
    c->page.declined = compare->declined;
    c->page.may_decline = compare->may_decline;
    c->page.token = c->show->token;
    c->page.peers_none = pick(c->show, compare->no_peers_vi, compare->no_peers_en);
}

err_t show_compare(const struct show *show, const struct show_compare *compare)
{
    struct portal_links links;
    struct comparing c = {.show = show, .facts = compare->last};
    err_t e = OK;
    portal_links(&links, PORTAL_COMPARE);
    c.page.visit = visit_of(show);
    c.page.links = links.link;
    c.page.links_count = PORTAL_LINKS;
    c.page.hotline = show->hotline;
    c.page.agreement = compare->agreement;
    c.page.bill_url = compare->bill;
    if (compare->last != NULL) {
        c.page.has_bill = true;
        c.page.heading = heading_of(show, compare->last);
        fill_peers(&c, compare);
        e = fill_months(&c);
        if (e == OK) e = fill_why(&c);
    }
    if (e != OK) return e;
    page_compare(show->out, show->english, &c.page);
    return shown(show);
}
