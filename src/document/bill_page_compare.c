/* SPDX-License-Identifier: Apache-2.0 */
/* This bill beside others: why it differs from last month's, and the pattern of use. What is not
 * known is left out with its heading. */
#include "document/bill_chart.h"
#include "document/bill_page_int.h"

#define COLUMN_GAP 22.0
#define LEFT_PART  0.49
#define CHART_MORE 0.8 /* how much higher the bars may get, in heights */

/* ---- why it differs ---------------------------------------------------------------------- */

static struct bill_chart chart_of(const struct bill_page *page, double width, double text_size)
{
    return (struct bill_chart){.facts = page->facts,
                               .arena = page->arena,
                               .typeface = page->sheet.typeface,
                               .english = page->english,
                               .width = width,
                               .text_size = text_size};
}

static void add_steps(struct bill_page *page, struct stack *stack, const struct facts_why *why)
{
    struct picture *picture = ARENA_NEW(page->arena, struct picture);
    const struct bill_chart chart = chart_of(page, stack->width, page->type.small);
    if (picture == NULL || !bill_chart_why(&chart, why, picture)) {
        page->sheet.dropped = true;
        return;
    }
    stack_picture(stack, picture)->above = page->type.body * 0.4;
}

static void add_why(struct bill_page *page, struct stack *stack)
{
    const struct facts_why *month = &page->facts->why_month, *year = &page->facts->why_year;
    const struct facts_why *drawn = month->known ? month : year;
    struct item *heading = paper_add_heading(
        page, stack,
        month->known ? paper_say(page, "Vì sao khác tháng trước", "Why it differs from last month")
                     : paper_say(page, "Vì sao khác năm trước", "Why it differs from a year ago"));
    heading->outline = heading->text.words;
    paper_add_body(page, stack, paper_either(page, drawn->sentence_vi, drawn->sentence_en));
    if (drawn->split.step_count > 0) {
        stack->last->with_next = true;
        add_steps(page, stack, drawn);
    }
    if (month->known && year->known)
        paper_add_small(page, stack, paper_either(page, year->sentence_vi, year->sentence_en))
            ->above = page->type.small * 0.5;
}

/* ---- the pattern of use ------------------------------------------------------------------ */

static const struct picture *draw_months(struct sheet *sheet, const void *of, double width,
                                         double height)
{
    const struct bill_page *page = of;
    struct picture *picture = ARENA_NEW(sheet->arena, struct picture);
    const struct bill_chart chart = chart_of(page, width, page->type.small * 0.95);
    return picture != NULL && bill_chart_months(&chart, height, picture) ? picture : NULL;
}

static void add_change(struct bill_page *page, struct stack *stack,
                       const struct facts_comparison *comparison, const char *vi, const char *en)
{
    if (!comparison->known || !comparison->has_percent) return;
    bool per_day = comparison->with.days != page->facts->days;
    paper_add_small(
        page, stack,
        paper_text(page, "%s: %.*s%s", page->english ? en : vi,
                   STR_ARG(paper_permille(page, per_day ? comparison->change_per_day_permille
                                                        : comparison->change_permille)),
                   !per_day        ? " kWh"
                   : page->english ? " kWh a day"
                                   : " kWh mỗi ngày"));
}

static void add_peers(struct bill_page *page, struct stack *stack)
{
    const struct facts_peers *peers = &page->facts->peers;
    if (!peers->shown) return;
    paper_add_small(page, stack, paper_either(page, peers->words_vi, peers->words_en));
    paper_add_small(page, stack, paper_either(page, peers->group_vi, peers->group_en));
    paper_add_small(page, stack, paper_either(page, peers->decline_vi, peers->decline_en));
}

static void add_pattern(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    struct item *heading =
        paper_add_heading(page, stack, paper_say(page, "Nhịp dùng điện", "Your pattern of use"));
    heading->outline = heading->text.words;
    double height = page->type.chart;
    struct item *chart = stack_chart(stack, height, height * CHART_MORE, draw_months, page);
    chart->with_next = facts->month_before.known || facts->year_before.known;
    add_change(page, stack, &facts->month_before, "So với tháng trước", "Against last month");
    add_change(page, stack, &facts->year_before, "So với cùng tháng năm trước",
               "Against the same month a year ago");
    add_peers(page, stack);
}

/* ---- both -------------------------------------------------------------------------------- */

static size_t known_months(const struct bill_facts *facts)
{
    size_t count = 0;
    for (size_t i = 0; i < FACTS_MONTHS; i++) count += facts->month[i].known;
    return count;
}

void paper_compare(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct stack *body = &page->sheet.body, *columns[2];
    double left = (body->width - COLUMN_GAP) * LEFT_PART;
    const double widths[] = {left, body->width - COLUMN_GAP - left};
    bool why = facts->why_month.known || facts->why_year.known;
    bool pattern = !facts->is_fee && known_months(facts) > 1;
    if (!why || !pattern || page->large) {
        if (why) add_why(page, body);
        if (pattern) add_pattern(page, body);
        return;
    }
    struct item *item = stack_columns(body, widths, 2, COLUMN_GAP, columns);
    item->above = page->type.gap;
    item->above_stretch = page->type.gap * 0.5;
    item->stretch = page->type.chart * CHART_MORE;
    add_why(page, columns[0]);
    add_pattern(page, columns[1]);
}
