/* SPDX-License-Identifier: Apache-2.0 */
/* Why the bill differs and the pattern of use: a chart, and the same figures as a table. */
#include "document/bill_chart.h"
#include "document/bill_html_int.h"
#include "document/wording.h"
#include "draw/svg.h"

enum { YEAR = 12 };

/* What the narrowest phones have room for; on a desk they stay as large. */
#define WIDTH     328.0
#define HEIGHT    180.0
#define TEXT_SIZE 12.0

static struct str month_words(const struct html_page *page, int64_t month)
{
    return arena_printf(page->arena, "%d/%d", (int)(month % 100), (int)(month / 100));
}

static struct bill_chart chart_of(const struct html_page *page)
{
    return (struct bill_chart){.facts = page->facts,
                               .arena = page->arena,
                               .typeface = page->typeface,
                               .english = page->english,
                               .width = WIDTH,
                               .text_size = TEXT_SIZE};
}

/* Plain colours: readers of e-mail know no variables. */
static err_t add_picture(const struct html_page *page, bool whole, const struct picture *picture)
{
    if (!whole) return err_memory(page->err);
    svg_write(picture, SVG_PLAIN, page->out);
    MARKUP(page->out, "\n");
    return OK;
}

/* ---- why it differs ---------------------------------------------------------------------- */

static const struct html_column why_columns[] = {{"Lý do", "Reason", false}, {"đồng", "VND", true}};

static err_t draw_why(const struct html_page *page, const struct facts_why *why)
{
    struct picture picture;
    const struct bill_chart chart = chart_of(page);
    if (page->typeface == NULL || why->split.step_count == 0) return OK;
    return add_picture(page, bill_chart_why(&chart, why, &picture), &picture);
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
            struct str cells[] = {
                html_pick(page, why->words_vi[i], why->words_en[i]),
                wording_change(page->arena, why->split.step[i].amount_vnd, page->english)};
            html_row(page, why_columns, cells, ARRAY_COUNT(cells));
        }
        html_table_end(page);
    }
    if (!page->facts->why_year.known) return OK;
    if (!why->known)
        html_heading(page, "Vì sao khác cùng tháng năm trước?",
                     "Why does it differ from a year ago?");
    tell_why(page, &page->facts->why_year);
    return OK;
}

/* ---- the pattern of use ------------------------------------------------------------------ */

static err_t draw_months(const struct html_page *page)
{
    struct picture picture;
    const struct bill_chart chart = chart_of(page);
    if (page->typeface == NULL) return OK;
    return add_picture(page, bill_chart_months(&chart, HEIGHT, &picture), &picture);
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
    MARKUP(page->out, " ");
    html_text(page->out, html_pick(page, peers->decline_vi, peers->decline_en));
    MARKUP(page->out, "</p>\n");
}

static err_t write_pattern(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    size_t known = 0;
    for (size_t i = 0; i < FACTS_MONTHS; i++) known += facts->month[i].known;
    if (known < 2) return OK;
    html_heading(page, "Nhịp dùng điện", "Your pattern of use");
    err_t e = draw_months(page);
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
