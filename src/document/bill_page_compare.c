/* SPDX-License-Identifier: Apache-2.0 */
/* This bill beside others: why it differs from last month's, and the pattern of use. What is not
 * known is left out with its heading. */
#include "document/bill_page_int.h"

#include "base/date.h"
#include "base/integer.h"
#include "draw/chart.h"

enum { YEAR_MONTHS = 12, DAYS_APART = 4, WH_PER_KWH = 1000, TENTH_WH = 100 };

#define COLUMN_GAP 22.0
#define LEFT_PART  0.49
#define CHART_MORE 0.8 /* how much higher the bars may get, in heights */

/* ---- why it differs ---------------------------------------------------------------------- */

static struct str signed_vnd(struct bill_page *page, int64_t vnd)
{
    struct str size = paper_vnd(page, vnd < 0 ? -vnd : vnd);
    return paper_text(page, "%s%.*s", vnd > 0 ? "+" : vnd < 0 ? "−" : "", STR_ARG(size));
}

static struct str month_words(struct bill_page *page, int64_t month)
{
    struct str words = paper_month(page, month);
    return page->english ? words : paper_text(page, "Tháng %.*s", STR_ARG(words));
}

static void add_steps(struct bill_page *page, struct stack *stack, const struct facts_why *why)
{
    const struct difference *split = &why->split;
    struct picture *picture = ARENA_NEW(page->arena, struct picture);
    struct chart_step *steps = ARENA_ARRAY(page->arena, struct chart_step, split->step_count);
    if (picture == NULL || steps == NULL) {
        page->sheet.dropped = true;
        return;
    }
    for (size_t i = 0; i < split->step_count; i++)
        steps[i] = (struct chart_step){
            .name = paper_capital(page, page->english ? why->words_en[i] : why->words_vi[i]),
            .amount = signed_vnd(page, split->step[i].amount_vnd),
            .value = (double)split->step[i].amount_vnd};
    struct chart_steps chart = {
        .common = {.arena = page->arena,
                   .typeface = page->sheet.typeface,
                   .width = stack->width,
                   .text_size = page->type.small,
                   .title = paper_say(page, "Vì sao khác tháng trước", "Why it differs"),
                   .description = paper_either(page, why->sentence_vi, why->sentence_en)},
        .start = {month_words(page, why->with.month), paper_vnd(page, split->before_vnd),
                  (double)split->before_vnd},
        .steps = steps,
        .count = split->step_count,
        .end = {month_words(page, page->facts->row.key.month), paper_vnd(page, split->now_vnd),
                (double)split->now_vnd}};
    chart_steps(picture, &chart);
    if (!picture_whole(picture)) page->sheet.dropped = true;
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

/* Periods of different lengths are compared by the day. */
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

static double height_of(const struct facts_month *month, bool daily)
{
    double kwh = (double)month->wh / WH_PER_KWH;
    if (kwh < 0) kwh = 0;
    return daily && month->days > 0 ? kwh / (double)month->days : kwh;
}

/* What a bar stands for, with one place at most by the day. */
static struct str bar_words(struct bill_page *page, const struct facts_month *month, bool daily)
{
    int64_t wh = month->wh;
    if (daily && month->days > 0) wh = div_half_up(month->wh, month->days * TENTH_WH) * TENTH_WH;
    return paper_text(page, "%.*s kWh", STR_ARG(paper_milli(page, wh)));
}

static void fill_months(struct bill_page *page, struct chart_month *out, bool daily)
{
    const struct facts_month *month = page->facts->month;
    for (size_t i = 0; i < YEAR_MONTHS; i++) {
        const struct facts_month *now = &month[i + YEAR_MONTHS], *before = &month[i];
        int number = (int)(now->month % 100);
        out[i] = (struct chart_month){
            .label = paper_text(page, "%d", number),
            .year = i == 0 || number == 1 ? paper_text(page, "%d", (int)(now->month / 100)) : S(""),
            .value = now->known ? height_of(now, daily) : 0,
            .missing = !now->known,
            .before = before->known ? height_of(before, daily) : 0,
            .before_missing = !before->known};
    }
}

static struct chart_mean mean_of(struct bill_page *page, int64_t wh, const char *vi, const char *en,
                                 bool daily)
{
    const struct facts_month now = {.wh = wh, .days = page->facts->days};
    struct str words =
        paper_text(page, "%s %.*s", page->english ? en : vi, STR_ARG(bar_words(page, &now, daily)));
    return (struct chart_mean){height_of(&now, daily), paper_bound(page, words)};
}

static const struct picture *draw_months(struct sheet *sheet, const void *of, double width,
                                         double height)
{
    struct bill_page *page = (struct bill_page *)(uintptr_t)of;
    const struct bill_facts *facts = page->facts;
    const struct facts_month *now = &facts->month[FACTS_MONTHS - 1];
    struct picture *picture = ARENA_NEW(sheet->arena, struct picture);
    struct chart_month months[YEAR_MONTHS];
    bool daily = by_day(facts);
    if (picture == NULL) return NULL;
    fill_months(page, months, daily);
    struct chart_months chart = {
        .common = {.arena = sheet->arena,
                   .typeface = sheet->typeface,
                   .width = width,
                   .text_size = page->type.small * 0.95,
                   .title = paper_say(page, "Nhịp dùng điện", "Pattern of use")},
        .height = height,
        .months = months,
        .count = YEAR_MONTHS,
        .current = now->known ? YEAR_MONTHS - 1 : YEAR_MONTHS,
        .current_words = bar_words(page, now, daily),
        .before_words = paper_say(page, "năm trước", "year before"),
        .unit = daily ? paper_say(page, "kWh/ngày", "kWh a day") : S("kWh"),
        .english = page->english};
    if (facts->peers.shown && !facts->peers.per_household) {
        chart.mean = mean_of(page, facts->peers.median_wh, "hộ tương tự", "similar", daily);
        chart.efficient = mean_of(page, facts->peers.efficient_wh, "tiết kiệm", "efficient", daily);
    }
    chart_months(picture, &chart);
    return picture;
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
    if (peers->per_household)
        paper_add_small(page, stack,
                        paper_text(page,
                                   page->english ? "These figures are for one household; here each "
                                                   "uses %.*s kWh."
                                                 : "Các số này tính cho một hộ; ở đây mỗi hộ dùng "
                                                   "%.*s kWh.",
                                   STR_ARG(paper_milli(page, peers->own_wh))));
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
