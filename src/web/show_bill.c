/* SPDX-License-Identifier: Apache-2.0 */
/* A bill, line by line. The amounts are those of the facts: nothing is computed here. */
#include "web/show_int.h"

#include "base/date.h"
#include "document/wording.h"

enum { MILLI_PLACES = 3, PPM_PLACES = 4, MILLI = 1000, YEAR = 12, NOTES_MAX = 80 };

struct making {
    const struct show *show;
    const struct bill_facts *facts;
    struct page_bill page;
};

static struct str milli(const struct show *show, int64_t scaled)
{
    return wording_figure(show->arena, scaled, MILLI_PLACES, "", show->english);
}

/* ---- how it came about ------------------------------------------------------------------- */

static struct page_bill_lines line_of(const struct show *show, const struct facts_line *shown)
{
    const struct rated_line *line = shown->line;
    struct page_bill_lines out = {.words = pick(show, shown->words_vi, shown->words_en),
                                  .amount = milli(show, line->amount_mvnd)};
    if (line->has_quantity) out.quantity = milli(show, line->quantity_wh);
    else if (shown->fee_quantity_milli > 0) out.quantity = milli(show, shown->fee_quantity_milli);
    int64_t price = line->has_price ? line->price_vnd : shown->fee_price_vnd;
    if (line->has_price || price > 0) out.price = milli(show, price * MILLI);
    return out;
}

/* The sum of several lines of support stands below the last of them. */
static err_t fill_lines(struct making *m)
{
    const struct show *show = m->show;
    const struct bill_facts *facts = m->facts;
    struct page_bill_lines *lines =
        ARENA_ARRAY(show->arena, struct page_bill_lines, facts->line_count + 1);
    struct str before = S("");
    size_t count = 0;
    if (lines == NULL) return err_memory(show->err);
    for (size_t i = 0; i < facts->line_count; i++) {
        struct str law = facts_law(show->arena, &facts->line[i], show->english);
        lines[count] = line_of(show, &facts->line[i]);
        if (i == 0 || !str_equal(law, before)) lines[count].law = law;
        before = law;
        count++;
        if (&facts->line[i] == facts->support_last)
            lines[count++] =
                (struct page_bill_lines){.words = web_text(TEXT_bill_support, show->english),
                                         .amount = milli(show, facts->support_mvnd)};
    }
    m->page.lines = lines;
    m->page.lines_count = count;
    return OK;
}

static err_t fill_readings(struct making *m)
{
    const struct show *show = m->show;
    const struct bill_facts *facts = m->facts;
    struct page_bill_readings *rows =
        ARENA_ARRAY(show->arena, struct page_bill_readings, facts->register_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < facts->register_count; i++) {
        const struct facts_register *reg = &facts->reg[i];
        rows[i] = (struct page_bill_readings){
            .meter =
                arena_printf(show->arena, "%.*s, %.*s", STR_ARG(facts->meter[reg->meter].serial),
                             STR_ARG(facts_register_words(reg->reg, show->english))),
            .first = wording_index(show->arena, reg->from_index_wh, show->english),
            .last = wording_index(show->arena, reg->to_index_wh, show->english),
            .factor = milli(show, reg->multiplier * MILLI),
            .use = milli(show, reg->wh)};
        m->page.factors = m->page.factors || reg->multiplier != 1;
    }
    m->page.readings = rows;
    m->page.readings_count = facts->register_count;
    return OK;
}

struct notes {
    const struct show *show;
    struct page_bill_notes *note;
    size_t count;
};

static void add_note(struct notes *notes, struct str vi, struct str en)
{
    struct str words = pick(notes->show, vi, en);
    if (words.n > 0 && notes->count < NOTES_MAX) notes->note[notes->count++].words = words;
}

static err_t fill_notes(struct making *m)
{
    const struct bill_facts *facts = m->facts;
    struct notes notes = {.show = m->show,
                          .note = ARENA_ARRAY(m->show->arena, struct page_bill_notes, NOTES_MAX)};
    if (notes.note == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < facts->split_count; i++)
        add_note(&notes, facts->split[i].words_vi, facts->split[i].words_en);
    for (size_t i = 0; i < facts->meter_count; i++) {
        add_note(&notes, facts->meter[i].removed_vi, facts->meter[i].removed_en);
        add_note(&notes, facts->meter[i].hung_vi, facts->meter[i].hung_en);
    }
    for (size_t i = 0; i < facts->addition_count; i++) {
        const struct facts_addition *addition = &facts->addition[i];
        struct str words = pick(m->show, addition->words_vi, addition->words_en);
        words = arena_printf(m->show->arena, "%.*s: %s%.*s kWh", STR_ARG(words),
                             addition->wh > 0 ? "+" : "", STR_ARG(milli(m->show, addition->wh)));
        add_note(&notes, words, words);
    }
    add_note(&notes, facts->widths_vi, facts->widths_en);
    m->page.notes = notes.note;
    m->page.notes_count = notes.count;
    return OK;
}

struct str tax_words_of(const struct show *show, const struct bill_facts *facts)
{
    struct arena *arena = show->arena;
    struct str rate = wording_figure(arena, facts->rated.vat_ppm, PPM_PLACES, " %", show->english);
    struct str tax = web_text(TEXT_bill_tax, show->english);
    return wording_bound(arena, arena_printf(arena, "%.*s %.*s", STR_ARG(tax), STR_ARG(rate)));
}

static void fill_sums(struct making *m)
{
    const struct rated_bill *rated = &m->facts->rated;
    m->page.total = rated->total_vnd;
    m->page.before_tax = rated->pre_vat_vnd;
    m->page.tax = rated->vat_vnd;
    m->page.tax_words = tax_words_of(m->show, m->facts);
    m->page.words = m->show->english ? S("") : m->facts->total_words;
}

/* ---- why it differs, and the pattern ----------------------------------------------------- */

static err_t fill_why(struct making *m)
{
    const struct show *show = m->show;
    const struct facts_why *why = &m->facts->why_month, *year = &m->facts->why_year;
    const struct difference *split = &why->split;
    m->page.why = why->known || year->known;
    if (year->known) {
        m->page.year_sentence = pick(show, year->sentence_vi, year->sentence_en);
        m->page.year_use = pick(show, year->use_vi, year->use_en);
    }
    if (!why->known) return OK;
    m->page.why_sentence = pick(show, why->sentence_vi, why->sentence_en);
    m->page.why_use = pick(show, why->use_vi, why->use_en);
    struct page_bill_why_steps *steps =
        ARENA_ARRAY(show->arena, struct page_bill_why_steps, split->step_count);
    if (steps == NULL) return err_memory(show->err);
    for (size_t i = 0; i < split->step_count; i++)
        steps[i] = (struct page_bill_why_steps){
            .words = wording_capital(show->arena, pick(show, why->words_vi[i], why->words_en[i])),
            .change = wording_change(show->arena, split->step[i].amount_vnd, show->english)};
    m->page.why_steps = steps;
    m->page.why_steps_count = split->step_count;
    return OK;
}

static err_t fill_months(struct making *m)
{
    const struct show *show = m->show;
    const struct facts_month *month = m->facts->month;
    struct page_bill_rows *rows = ARENA_ARRAY(show->arena, struct page_bill_rows, YEAR);
    struct str none = web_text(TEXT_bill_none, show->english);
    size_t count = 0;
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = YEAR; i < FACTS_MONTHS; i++) {
        const struct facts_month *now = &month[i], *before = &month[i - YEAR];
        if (!now->known && !before->known) continue;
        rows[count++] =
            (struct page_bill_rows){.month = month_from_number(now->month),
                                    .use = now->known ? milli(show, now->wh) : none,
                                    .days = now->known ? milli(show, now->days * MILLI) : S(""),
                                    .before = before->known ? milli(show, before->wh) : none};
    }
    m->page.rows = rows;
    m->page.rows_count = count;
    if (m->facts->peers.shown) {
        const struct facts_peers *peers = &m->facts->peers;
        m->page.peers = pick(show, peers->words_vi, peers->words_en);
        m->page.peers_group = pick(show, peers->group_vi, peers->group_en);
    }
    return OK;
}

/* ---- paying, and who --------------------------------------------------------------------- */

static void fill_payment(struct making *m, const struct show_bill *bill)
{
    const struct bill_facts *facts = m->facts;
    m->page.knows_due = facts->balance.known;
    m->page.due = due_of(facts, bill->today);
    m->page.left = facts->balance.left_vnd;
    m->page.to_pay = facts->balance.known && facts->balance.left_vnd > 0;
    m->page.bank = facts->seller.bank_name;
    m->page.account = facts->seller.bank_account;
    if (m->page.to_pay && facts->payment_qr.n > 0) m->page.code_to_pay = bill->code;
}

static void fill_who(struct making *m)
{
    const struct show *show = m->show;
    const struct bill_facts *facts = m->facts;
    struct page_bill *page = &m->page;
    page->heading = heading_of(show, facts);
    page->demonstration = facts->demonstration;
    page->is_fee = facts->is_fee;
    page->use = facts->row.total_wh;
    page->days = facts->days;
    page->from = facts->from_day;
    page->to = facts->to_day;
    page->customer = facts->customer.name;
    page->address = facts->customer.address;
    page->agreement = facts->row.agreement_code;
    page->corrects = facts->corrects;
    page->cause = pick(show, facts->cause_vi, facts->cause_en);
    page->number = facts->number;
    page->code = facts->code;
    page->calculator = facts->calculator_link;
    if (facts->estimate.shown)
        page->estimate = pick(show, facts->estimate.kind_vi, facts->estimate.kind_en);
    if (facts->spike.shown)
        page->spike = pick(show, facts->spike.result_vi, facts->spike.result_en);
}

static void fill_charts(struct making *m, const struct bill_charts *charts)
{
    m->page.has_tiers = charts->tiers.markup.n > 0;
    m->page.tiers.picture = charts->tiers;
    m->page.why_chart = charts->why;
    m->page.has_months = charts->months.markup.n > 0;
    m->page.months = (struct component_chart){charts->months, charts->months_sentence};
}

static void fill_addresses(struct making *m, const struct show_bill *bill,
                           const struct portal_links *links)
{
    m->page.visit = visit_of(m->show);
    m->page.links = links->link;
    m->page.links_count = PORTAL_LINKS;
    m->page.hotline = m->show->hotline;
    m->page.bills_url = bill->bills;
    m->page.pdf = bill->pdf;
    m->page.xml = bill->xml;
    m->page.wrong = bill->wrong;
}

err_t show_bill(const struct show *show, const struct show_bill *bill)
{
    struct portal_links links;
    struct bill_charts drawn = {0};
    struct making m = {.show = show, .facts = bill->facts};
    portal_links(&links, PORTAL_BILLS);
    fill_addresses(&m, bill, &links);
    fill_who(&m);
    fill_sums(&m);
    fill_payment(&m, bill);
    err_t e = fill_lines(&m);
    if (e == OK) e = fill_readings(&m);
    if (e == OK) e = fill_notes(&m);
    if (e == OK) e = fill_why(&m);
    if (e == OK) e = fill_months(&m);
    if (e == OK && bill->charts == NULL) e = bill_charts_draw(show, bill->facts, &drawn);
    if (e != OK) return e;
    fill_charts(&m, bill->charts != NULL ? bill->charts : &drawn);
    page_bill(show->out, show->english, &m.page);
    return shown(show);
}
