/* SPDX-License-Identifier: Apache-2.0 */
/* Why the bill differs and the pattern of use: a chart, and the same figures as a table. */
#include "base/date.h"
#include "document/bill_html_int.h"
#include "document/bill_svg.h"

enum { YEAR = 12, DAYS_APART = 4 };

static struct str month_words(const struct html_page *page, int64_t month)
{
    return html_words(page, "%d/%d", (int)(month % 100), (int)(month / 100));
}

static struct bill_svg svg_of(const struct html_page *page, const char *vi, const char *en,
                              struct str description)
{
    return (struct bill_svg){.arena = page->arena,
                             .typeface = page->typeface,
                             .title = str_of(page->english ? en : vi),
                             .description = description,
                             .english = page->english};
}

/* ---- why it differs ---------------------------------------------------------------------- */

static const struct html_column why_columns[] = {{"Lý do", "Reason", false}, {"đồng", "VND", true}};

static struct str signed_money(const struct html_page *page, int64_t vnd)
{
    struct str size = html_money(page, vnd < 0 ? -vnd : vnd);
    return html_words(page, "%s%.*s", vnd > 0 ? "+" : vnd < 0 ? "−" : "", STR_ARG(size));
}

static err_t draw_why(const struct html_page *page, const struct facts_why *why)
{
    const struct difference *d = &why->split;
    struct svg_step steps[DIFF_PART_COUNT + 2];
    size_t count = 0;
    if (page->typeface == NULL || d->step_count == 0) return OK;
    steps[count++] = (struct svg_step){month_words(page, why->with.month),
                                       html_money(page, d->before_vnd), d->before_vnd};
    for (size_t i = 0; i < d->step_count; i++)
        steps[count++] =
            (struct svg_step){html_pick(page, why->words_vi[i], why->words_en[i]),
                              signed_money(page, d->step[i].amount_vnd), d->step[i].amount_vnd};
    steps[count++] = (struct svg_step){month_words(page, page->facts->row.key.month),
                                       html_money(page, d->now_vnd), d->now_vnd};
    struct bill_svg svg = svg_of(page, "Vì sao khác tháng trước", "Why it differs",
                                 html_pick(page, why->sentence_vi, why->sentence_en));
    err_t e = svg_steps(&svg, steps, count, page->out, page->err);
    if (e == OK) MARKUP(page->out, "\n");
    return e;
}

static void tell_why(const struct html_page *page, const struct facts_why *why)
{
    MARKUP(page->out, "<p>");
    html_text(page->out, html_pick(page, why->sentence_vi, why->sentence_en));
    MARKUP(page->out, " ");
    html_text(page->out, html_pick(page, why->use_vi, why->use_en));
    MARKUP(page->out, "</p>\n");
}

static err_t write_why(const struct html_page *page)
{
    const struct facts_why *why = &page->facts->why_month;
    if (why->known) {
        html_heading(page, "Vì sao khác tháng trước?", "Why does it differ from last month?");
        tell_why(page, why);
        err_t e = draw_why(page, why);
        if (e != OK) return e;
        html_table(page, "Các phần cộng lại đúng bằng chênh lệch",
                   "The parts sum to the difference exactly", why_columns,
                   ARRAY_COUNT(why_columns));
        for (size_t i = 0; i < why->split.step_count; i++) {
            struct str cells[] = {html_pick(page, why->words_vi[i], why->words_en[i]),
                                  signed_money(page, why->split.step[i].amount_vnd)};
            html_row(page, why_columns, cells, ARRAY_COUNT(cells));
        }
        html_table_end(page);
    }
    if (page->facts->why_year.known) tell_why(page, &page->facts->why_year);
    return OK;
}

/* ---- the pattern of use ------------------------------------------------------------------ */

/* Where periods differ in length, bars stand for a day of each. */
static bool by_day(const struct bill_facts *facts)
{
    int64_t least = INT64_MAX, most = 0;
    for (size_t i = 0; i < FACTS_MONTHS; i++) {
        const struct facts_month *month = &facts->month[i];
        if (!month->known || month->days <= 0) continue;
        if (month->days < least) least = month->days;
        if (month->days > most) most = month->days;
    }
    return most > 0 && most - least >= DAYS_APART;
}

static int64_t shown_wh(const struct facts_month *month, bool daily)
{
    return daily && month->days > 0 ? month->wh / month->days : month->wh;
}

static err_t draw_months(const struct html_page *page, bool daily)
{
    const struct facts_month *month = page->facts->month;
    const struct facts_month *now = &month[FACTS_MONTHS - 1], *before = &month[YEAR - 1];
    struct svg_month months[YEAR];
    if (page->typeface == NULL) return OK;
    for (size_t i = 0; i < YEAR; i++) {
        const struct facts_month *this = &month[YEAR + i], *last = &month[i];
        bool first = i == 0 || this->month % 100 == 1;
        months[i] = (struct svg_month){
            .label = html_words(page, "%d", (int)(this->month % 100)),
            .year = first ? html_words(page, "%d", (int)(this->month / 100)) : S(""),
            .known = this->known,
            .wh = shown_wh(this, daily),
            .before_known = last->known,
            .before_wh = shown_wh(last, daily)};
    }
    struct str unit = daily ? html_pick(page, S("kWh mỗi ngày"), S("kWh a day")) : S("kWh");
    struct str current = html_words(page, "%.*s %.*s",
                                    STR_ARG(html_milli(page, shown_wh(now, daily))), STR_ARG(unit));
    struct str outline =
        !before->known ? S("")
                       : html_words(page, "%.*s: %.*s", STR_ARG(month_words(page, before->month)),
                                    STR_ARG(html_milli(page, shown_wh(before, daily))));
    const struct facts_peers *peers = &page->facts->peers;
    struct bill_svg svg = svg_of(page, "Sản lượng từng tháng", "Use by month", current);
    err_t e = svg_months(
        &svg, months, YEAR, current, outline, peers->shown && !daily ? peers->median_wh : 0,
        peers->shown && !daily ? html_pick(page, S("Hộ tương tự"), S("Similar homes")) : S(""),
        page->out, page->err);
    if (e == OK) MARKUP(page->out, "\n");
    return e;
}

static const struct html_column month_columns[] = {{"Tháng", "Month", false},
                                                   {"kWh", "kWh", true},
                                                   {"Số ngày", "Days", true},
                                                   {"Năm trước, kWh", "Year before, kWh", true}};

static void tabulate_months(const struct html_page *page)
{
    const struct facts_month *month = page->facts->month;
    html_table(page, "Sản lượng từng tháng và cùng tháng năm trước",
               "Use by month, and in the same month the year before", month_columns,
               ARRAY_COUNT(month_columns));
    struct str none = html_pick(page, S("không có"), S("none"));
    for (size_t i = YEAR; i < FACTS_MONTHS; i++) {
        const struct facts_month *now = &month[i], *before = &month[i - YEAR];
        if (!now->known && !before->known) continue;
        struct str cells[] = {month_words(page, now->month),
                              now->known ? html_milli(page, now->wh) : none,
                              now->known ? html_milli(page, now->days * 1000) : S(""),
                              before->known ? html_milli(page, before->wh) : none};
        html_row(page, month_columns, cells, ARRAY_COUNT(cells));
    }
    html_table_end(page);
}

static void tell_peers(const struct html_page *page)
{
    const struct facts_peers *peers = &page->facts->peers;
    if (!peers->shown) return;
    MARKUP(page->out, "<p>");
    html_text(page->out, html_pick(page, peers->words_vi, peers->words_en));
    MARKUP(page->out, " ");
    html_text(page->out, html_pick(page, peers->group_vi, peers->group_en));
    MARKUP(page->out, "</p>\n");
}

static err_t write_pattern(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    size_t known = 0;
    for (size_t i = 0; i < FACTS_MONTHS; i++) known += facts->month[i].known;
    if (known < 2) return OK;
    html_heading(page, "Thói quen dùng điện", "The pattern of use");
    err_t e = draw_months(page, by_day(facts));
    if (e != OK) return e;
    tabulate_months(page);
    tell_peers(page);
    return OK;
}

err_t html_comparisons(const struct html_page *page)
{
    err_t e = write_why(page);
    return e == OK ? write_pattern(page) : e;
}
