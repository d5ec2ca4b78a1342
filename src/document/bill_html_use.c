/* SPDX-License-Identifier: Apache-2.0 */
/* What stands below the readings: meters that were exchanged, what is added or taken, how wide the
 * tiers are, for how many households. */
#include "base/decimal.h"
#include "document/bill_html_int.h"

enum { MILLI_PLACES = 3 };

static void sentence(const struct html_page *page, struct str vi, struct str en)
{
    if (vi.n == 0) return;
    MARKUP(page->out, "<p>");
    html_text(page->out, html_pick(page, vi, en));
    MARKUP(page->out, "</p>\n");
}

static void write_households(const struct html_page *page)
{
    struct str households = page->facts->households;
    int64_t milli;
    if (page->facts->use_count == 0 || !decimal_parse(households, MILLI_PLACES, &milli) ||
        str_equal(households, S("1")))
        return;
    sentence(page,
             arena_printf(page->arena, "Số hộ dùng chung: %.*s", STR_ARG(html_milli(page, milli))),
             arena_printf(page->arena, "Households on the meter: %.*s",
                          STR_ARG(html_milli(page, milli))));
}

static void write_addition(const struct html_page *page, const struct facts_addition *addition)
{
    struct str kwh = arena_printf(page->arena, "%s%.*s kWh", addition->wh > 0 ? "+" : "",
                                  STR_ARG(html_milli(page, addition->wh)));
    sentence(page,
             arena_printf(page->arena, "%.*s: %.*s", STR_ARG(addition->words_vi), STR_ARG(kwh)),
             arena_printf(page->arena, "%.*s: %.*s", STR_ARG(addition->words_en), STR_ARG(kwh)));
}

void html_use_notes(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    for (size_t i = 0; i < facts->meter_count; i++) {
        sentence(page, facts->meter[i].removed_vi, facts->meter[i].removed_en);
        sentence(page, facts->meter[i].hung_vi, facts->meter[i].hung_en);
    }
    for (size_t i = 0; i < facts->addition_count; i++) write_addition(page, &facts->addition[i]);
    if (facts->billed_before_wh >= 0) {
        struct str kwh = html_milli(page, facts->billed_before_wh);
        sentence(page,
                 arena_printf(page->arena,
                              "Kỳ này đã lập hóa đơn %.*s kWh; các bậc tính tiếp từ đó.",
                              STR_ARG(kwh)),
                 arena_printf(page->arena,
                              "%.*s kWh of the period were billed already; the tiers go on from "
                              "there.",
                              STR_ARG(kwh)));
    }
    write_households(page);
    sentence(page, facts->widths_vi, facts->widths_en);
}
