/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_chart.h"

#include "base/integer.h"
#include "document/wording.h"
#include "draw/chart.h"

enum { YEAR_MONTHS = 12, DAYS_APART = 4, WH_PER_KWH = 1000, TENTH_WH = 100, MILLI_PLACES = 3 };

static struct str say(const struct bill_chart *of, const char *vi, const char *en)
{
    return str_of(of->english ? en : vi);
}

static struct str either(const struct bill_chart *of, struct str vi, struct str en)
{
    return of->english ? en : vi;
}

static struct chart common_of(const struct bill_chart *of, struct str title, struct str description)
{
    return (struct chart){.arena = of->arena,
                          .typeface = of->typeface,
                          .width = of->width,
                          .text_size = of->text_size,
                          .title = title,
                          .description = description};
}

/* ---- tiers ------------------------------------------------------------------------------- */

enum { BLOCKS_MAX = 12 };

static bool is_tier(const struct rated_line *line)
{
    return line->kind == RATED_ENERGY && line->tier > 0 && line->has_quantity &&
           line->quantity_wh > 0 && line->has_price;
}

static struct chart_block block_of(const struct bill_chart *of, const struct rated_line *line)
{
    return (struct chart_block){
        .quantity = (double)line->quantity_wh,
        .name = arena_printf(of->arena, "%s %lld", of->english ? "Tier" : "Bậc",
                             (long long)line->tier),
        .used = wording_figure(of->arena, line->quantity_wh, MILLI_PLACES, " kWh", of->english),
        .price = wording_figure(of->arena, line->price_vnd, 0, " đ", of->english),
        .amount = wording_figure(of->arena, line->amount_mvnd, MILLI_PLACES, " đ", of->english)};
}

/* The lines of the one price; 0 where there are several, or other lines. */
static size_t take_tiers(const struct bill_chart *of, struct chart_block block[BLOCKS_MAX])
{
    const struct rated_line *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < of->facts->line_count; i++) {
        const struct rated_line *line = of->facts->line[i].line;
        if (line->kind != RATED_ENERGY) continue;
        if (!is_tier(line) || count == BLOCKS_MAX) return 0;
        if (first == NULL) first = line;
        if (line->from_day != first->from_day || !str_equal(line->category, first->category) ||
            line->tou.n > 0)
            return 0;
        block[count++] = block_of(of, line);
    }
    return count;
}

bool bill_chart_tiers(const struct bill_chart *of, struct picture *out, bool *out_shown)
{
    struct chart_block block[BLOCKS_MAX];
    size_t count = take_tiers(of, block);
    *out_shown = count > 1;
    if (count < 2) return true;
    struct chart_blocks chart = {
        .common = common_of(of, say(of, "Các bậc của kỳ này", "The tiers of this period"), S("")),
        .blocks = block,
        .count = count};
    chart_blocks(out, &chart);
    return picture_whole(out);
}

/* ---- why it differs ---------------------------------------------------------------------- */

/* The bill of a month, at an end of the steps. */
static struct chart_step end_of(const struct bill_chart *of, int64_t month, int64_t vnd)
{
    struct str words = wording_month(of->arena, month, of->english);
    return (struct chart_step){
        .name = of->english ? words : arena_printf(of->arena, "Tháng %.*s", STR_ARG(words)),
        .amount = wording_figure(of->arena, vnd, 0, " đ", of->english),
        .value = (double)vnd};
}

bool bill_chart_why(const struct bill_chart *of, const struct facts_why *why, struct picture *out)
{
    const struct difference *split = &why->split;
    struct chart_step *steps = ARENA_ARRAY(of->arena, struct chart_step, split->step_count);
    if (steps == NULL) return false;
    for (size_t i = 0; i < split->step_count; i++) {
        int64_t vnd = split->step[i].amount_vnd;
        steps[i] = (struct chart_step){
            .name = wording_capital(of->arena, either(of, why->words_vi[i], why->words_en[i])),
            .amount = wording_change(of->arena, vnd, of->english),
            .value = (double)vnd};
    }
    struct chart_steps chart = {
        .common = common_of(of,
                            why == &of->facts->why_year
                                ? say(of, "Vì sao khác năm trước", "Why it differs from a year ago")
                                : say(of, "Vì sao khác tháng trước", "Why it differs"),
                            either(of, why->sentence_vi, why->sentence_en)),
        .start = end_of(of, why->with.month, split->before_vnd),
        .steps = steps,
        .count = split->step_count,
        .end = end_of(of, of->facts->row.key.month, split->now_vnd)};
    chart_steps(out, &chart);
    return picture_whole(out);
}

/* ---- the pattern of use ------------------------------------------------------------------ */

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
    if (!month->known || kwh < 0) return 0;
    return daily && month->days > 0 ? kwh / (double)month->days : kwh;
}

/* What a bar stands for, with one place at most by the day. */
static struct str bar_words(const struct bill_chart *of, const struct facts_month *month,
                            bool daily)
{
    int64_t wh = month->wh;
    if (daily && month->days > 0) wh = div_half_up(month->wh, month->days * TENTH_WH) * TENTH_WH;
    return wording_figure(of->arena, wh, MILLI_PLACES, " kWh", of->english);
}

static void fill_months(const struct bill_chart *of, struct chart_month *out, bool daily)
{
    const struct facts_month *month = of->facts->month;
    for (size_t i = 0; i < YEAR_MONTHS; i++) {
        const struct facts_month *now = &month[i + YEAR_MONTHS], *before = &month[i];
        int number = (int)(now->month % 100);
        bool first = i == 0 || number == 1;
        out[i] = (struct chart_month){
            .label = arena_printf(of->arena, "%d", number),
            .year = first ? arena_printf(of->arena, "%d", (int)(now->month / 100)) : S(""),
            .value = height_of(now, daily),
            .missing = !now->known,
            .before = height_of(before, daily),
            .before_missing = !before->known};
    }
}

static struct chart_mean mean_of(const struct bill_chart *of, int64_t wh, const char *vi,
                                 const char *en, bool daily)
{
    const struct facts_month now = {.known = true, .wh = wh, .days = of->facts->days};
    struct str words = arena_printf(of->arena, "%s %.*s", of->english ? en : vi,
                                    STR_ARG(bar_words(of, &now, daily)));
    return (struct chart_mean){height_of(&now, daily), wording_bound(of->arena, words)};
}

/* What the chart says, for those who do not see it. */
static struct str sentence_of(const struct bill_chart *of, bool daily)
{
    const struct facts_month *now = &of->facts->month[FACTS_MONTHS - 1],
                             *before = now - YEAR_MONTHS;
    struct str unit = daily ? say(of, " mỗi ngày", " a day") : S("");
    struct str month = wording_month(of->arena, now->month, of->english);
    struct str words =
        arena_printf(of->arena, "%s%.*s: %.*s%.*s", of->english ? "" : "Tháng ", STR_ARG(month),
                     STR_ARG(bar_words(of, now, daily)), STR_ARG(unit));
    if (!before->known) return words;
    return arena_printf(of->arena, "%.*s; %s: %.*s%.*s", STR_ARG(words),
                        of->english ? "the year before" : "cùng tháng năm trước",
                        STR_ARG(bar_words(of, before, daily)), STR_ARG(unit));
}

bool bill_chart_months(const struct bill_chart *of, double height, struct picture *out)
{
    const struct bill_facts *facts = of->facts;
    const struct facts_month *now = &facts->month[FACTS_MONTHS - 1];
    struct chart_month *months = ARENA_ARRAY(of->arena, struct chart_month, YEAR_MONTHS);
    bool daily = by_day(facts);
    if (months == NULL) return false;
    fill_months(of, months, daily);
    struct str words = bar_words(of, now, daily);
    struct chart_months chart = {
        .common =
            common_of(of, say(of, "Nhịp dùng điện", "Pattern of use"), sentence_of(of, daily)),
        .height = height,
        .months = months,
        .count = YEAR_MONTHS,
        .current = now->known ? YEAR_MONTHS - 1 : YEAR_MONTHS,
        .current_words = words,
        .before_words = say(of, "năm trước", "year before"),
        .unit = daily ? say(of, "kWh/ngày", "kWh a day") : S("kWh"),
        .english = of->english};
    if (facts->peers.shown && !facts->peers.per_household) {
        chart.mean = mean_of(of, facts->peers.median_wh, "hộ tương tự", "similar", daily);
        chart.efficient = mean_of(of, facts->peers.efficient_wh, "tiết kiệm", "efficient", daily);
    }
    chart_months(out, &chart);
    return picture_whole(out);
}
