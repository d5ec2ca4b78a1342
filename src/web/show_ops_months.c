/* SPDX-License-Identifier: Apache-2.0 */
/* Closing a month. */
#include "web/show_ops_months.h"

#include "base/date.h"
#include "billing/billing.h"
#include "document/wording.h"
#include "tariff/book_codes.h"
#include "web/remedy.h"
#include "web/show_operations_int.h"
#include "web/show_ops_closing_int.h"

enum { PERCENT_PLACES = 4 };

struct months_page {
    const struct show *show;
    const struct show_months *from;
    struct page_ops_months page;
    struct page_ops_months_books book[BOOK_STATE_COUNT];
};

static int64_t total_of(const struct month_totals *totals)
{
    return totals->pre_vat_vnd + totals->vat_vnd;
}

/* ---- an open month ------------------------------------------------------------------------- */

static err_t fill_obstacles(struct months_page *m)
{
    size_t count = m->from->obstacle_count;
    struct component_notice *notices = ARENA_ARRAY(m->show->arena, struct component_notice, count);
    if (notices == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < count; i++) {
        const struct err *refusal = &m->from->obstacles[i];
        const struct err_text *words = m->show->english ? &refusal->en : &refusal->vi;
        notices[i] = (struct component_notice){.kind = S("attention"),
                                               .title = str_of(words->message),
                                               .safe = remedy_of(m->show, refusal)};
    }
    m->page.obstacles = notices;
    m->page.obstacles_count = count;
    m->page.free = count == 0;
    return OK;
}

static err_t fill_open(struct months_page *m)
{
    const struct show_months *from = m->from;
    struct page_ops_months *page = &m->page;
    static const enum web_text states[BOOK_STATE_COUNT] = {[BOOK_OPEN] = TEXT_book_state_open,
                                                           [BOOK_CLOSED] = TEXT_book_state_closed,
                                                           [BOOK_SIGNED] = TEXT_book_state_signed,
                                                           [BOOK_ISSUED] = TEXT_book_state_issued};
    for (size_t i = 0; i < BOOK_STATE_COUNT; i++)
        m->book[i] =
            (struct page_ops_months_books){states[i], from->books_address[i], from->books[i]};
    page->books = m->book;
    page->books_count = BOOK_STATE_COUNT;
    page->spikes_url = from->spikes_address;
    page->spikes = from->spikes;
    page->unbilled_url = from->unbilled_address;
    page->unbilled = from->unbilled.entries;
    page->unbilled_known = from->unbilled.known;
    page->counted_at = from->unbilled.counted_at_ms;
    return fill_obstacles(m);
}

/* ---- a closed month ------------------------------------------------------------------------ */

static enum web_text dimension_word(struct str dimension)
{
    static const struct {
        struct str dimension;
        enum web_text word;
    } words[] = {
        {S_INIT("class"), TEXT_months_by_class},     {S_INIT("block"), TEXT_months_by_block},
        {S_INIT("voltage"), TEXT_months_by_voltage}, {S_INIT("tou"), TEXT_months_by_tou},
        {S_INIT("vat"), TEXT_months_by_vat},         {S_INIT("kind"), TEXT_months_by_kind},
        {S_INIT("cause"), TEXT_months_by_cause}};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_equal(dimension, words[i].dimension)) return words[i].word;
    ASSERT(false);
    return TEXT_months_by_class;
}

/* "SH/1" as "SH, bậc 1". */
static struct str block_words(const struct show *show, struct str item)
{
    struct str tier = item, class;
    if (!str_split(&tier, '/', &class) || tier.n == 0) return item;
    bool none = str_equal(tier, S("-"));
    if (show->english)
        return none ? arena_printf(show->arena, "%.*s, without tiers", STR_ARG(class))
                    : arena_printf(show->arena, "%.*s, tier %.*s", STR_ARG(class), STR_ARG(tier));
    return none ? arena_printf(show->arena, "%.*s, không chia bậc", STR_ARG(class))
                : arena_printf(show->arena, "%.*s, bậc %.*s", STR_ARG(class), STR_ARG(tier));
}

/* As people say it; classes, tiers and voltages are codes of the price book. */
static struct str item_words(const struct show *show, const struct show_month_figure *figure)
{
    enum bill_kind kind;
    enum tou tou;
    int64_t vat_ppm;
    if (str_equal(figure->dimension, S("vat")) && str_to_i64(figure->item, &vat_ppm))
        return wording_figure(show->arena, vat_ppm, PERCENT_PLACES, " %", show->english);
    if (str_equal(figure->dimension, S("kind")) && bill_kind_parse(figure->item, &kind))
        return pick(show, bill_kind_vi(kind), bill_kind_en(kind));
    if (str_equal(figure->dimension, S("block"))) return block_words(show, figure->item);
    if (str_equal(figure->item, S("-")))
        return web_text(str_equal(figure->dimension, S("tou")) ? TEXT_months_no_tou
                                                               : TEXT_months_no_voltage,
                        show->english);
    if (str_equal(figure->dimension, S("tou")) && tou_parse(figure->item, &tou))
        return pick(show, tou_vi(tou), tou_en(tou));
    return figure->item;
}

static err_t fill_figures(struct months_page *m)
{
    size_t count = m->from->figure_count;
    struct page_ops_months_figures *rows =
        ARENA_ARRAY(m->show->arena, struct page_ops_months_figures, count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < count; i++) {
        const struct show_month_figure *figure = &m->from->figures[i];
        rows[i] = (struct page_ops_months_figures){.dimension = dimension_word(figure->dimension),
                                                   .item = item_words(m->show, figure),
                                                   .rows = figure->row_count,
                                                   .use = figure->energy_wh,
                                                   .amount = figure->amount_mvnd};
    }
    m->page.figures = rows;
    m->page.figures_count = count;
    return OK;
}

/* ---- the page ------------------------------------------------------------------------------ */

static err_t fill_list(struct months_page *m)
{
    size_t count = m->from->list_count;
    struct page_ops_months_months *rows =
        ARENA_ARRAY(m->show->arena, struct page_ops_months_months, count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < count; i++) {
        const struct month_closed *closed = &m->from->list[i];
        rows[i] = (struct page_ops_months_months){.month = month_from_number(closed->month),
                                                  .address = m->from->addresses[i],
                                                  .bills = closed->totals.bill_count,
                                                  .use = closed->totals.total_wh,
                                                  .total = total_of(&closed->totals),
                                                  .who = closed->actor_code,
                                                  .at = closed->closed_at_ms};
    }
    m->page.months = rows;
    m->page.months_count = count;
    return OK;
}

err_t show_ops_months(const struct show *show, const struct show_operations *frame,
                      const struct show_months *months)
{
    const struct month_totals *totals = &months->sums.totals;
    char text[MONTH_TEXT_BYTES];
    struct operations_links links;
    operations_links(frame, OPERATIONS_months, &links);
    struct months_page m = {
        .show = show,
        .from = months,
        .page = {OPERATIONS_FRAME(show, frame, links), .token = show->token, .month = months->month,
                 .value = month_text(months->month, text), .before_month = months->before_month,
                 .after_month = months->after_month, .closed = months->closed,
                 .live = closing_live(show, &months->closing),
                 .working = closing_is_open(months->closing.errand), .known = months->sums.known,
                 .sums_at = months->sums.counted_at_ms, .counted = !months->closed,
                 .only_next = !months->is_next,
                 .bills = totals->bill_count, .use = totals->total_wh,
                 .pre_vat = totals->pre_vat_vnd, .vat = totals->vat_vnd, .total = total_of(totals),
                 .older = months->older, .address = months->address}};
    place_refusal(show, months->refused, NULL, 0, &m.page.refusal);
    m.page.refused = m.page.refusal.title.n > 0;
    err_t e = months->closed ? fill_figures(&m) : fill_open(&m);
    if (e == OK) e = fill_list(&m);
    if (e != OK) return e;
    page_ops_months(show->out, show->english, &m.page);
    return shown(show);
}
