/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "draw/chart_int.h"

enum { GRID_LINES_MAX = 3, NUMBER_BYTES = 48, COMPARISONS = 3 };

#define BAR_PART       0.62 /* of the place of a month */
#define OUTLINE_PART   0.9
#define SLOT_MOST      5.5  /* in sizes of labels: few months do not become planks */
#define NUMBER_UP      1.25 /* size of the number that matters, in sizes of labels */
#define WORDS_PART     0.26 /* of the width, for the words behind the lines */
#define LEADER         6.0
#define LEAST_HEIGHT   0.75 /* of a bar of zero, so that it is told from a gap */
#define CAPITAL_MIDDLE (TYPEFACE_CAPITAL / 2)

/* What has words behind the area. */
struct comparison {
    double value;
    struct str words;
    enum paint_role role;
    struct style style; /* of the line across; not stroked: none */
    struct chart_lines lines;
};

/* Where the bars stand: corners of the area, and its scale. */
struct plot {
    struct picture *picture;
    const struct chart_months *chart;
    double left;
    double top;
    double right;
    double bottom;
    double highest;                             /* value at the top */
    double slot;                                /* width of a month */
    struct comparison comparisons[COMPARISONS]; /* from the highest */
    size_t comparison_count;
    struct rect label; /* of the number that matters; empty when there is none */
};

static double y_of(const struct plot *plot, double value)
{
    return plot->bottom - value / plot->highest * (plot->bottom - plot->top);
}

static double middle_of(const struct plot *plot, size_t month)
{
    return plot->left + ((double)month + 0.5) * plot->slot;
}

static double size_of(const struct plot *plot)
{
    return plot->chart->common.text_size;
}

/* ---- what the area has to hold ----------------------------------------------------------- */

static double highest_of(const struct chart_months *chart)
{
    double highest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const struct chart_month *month = &chart->months[i];
        if (!month->missing) highest = fmax(highest, month->value);
        if (!month->before_missing) highest = fmax(highest, month->before);
    }
    if (chart->mean.words.n > 0) highest = fmax(highest, chart->mean.value);
    if (chart->efficient.words.n > 0) highest = fmax(highest, chart->efficient.value);
    return highest > 0 ? highest : 1;
}

static struct str grid_words(const struct chart_months *chart, double value, char *memory)
{
    struct buf buf;
    buf_init_fixed(&buf, memory, NUMBER_BYTES);
    chart_add_number(&buf, value, chart->english);
    return buf_str(&buf);
}

static double gutter_of(const struct chart_months *chart, double highest)
{
    double size = chart->common.text_size, step = chart_grid_step(highest, GRID_LINES_MAX);
    double widest = chart_width(&chart->common, chart->unit, size, WEIGHT_REGULAR);
    for (int i = 0; i * step <= highest; i++) {
        char memory[NUMBER_BYTES];
        struct str words = grid_words(chart, i * step, memory);
        widest = fmax(widest, chart_width(&chart->common, words, size, WEIGHT_REGULAR));
    }
    return widest + 1.5 * GRID;
}

static bool tells_before(const struct chart_months *chart)
{
    return chart->count > 0 && !chart->months[chart->count - 1].before_missing;
}

static size_t comparisons_of(const struct chart_months *chart, struct comparison *out)
{
    struct comparison all[COMPARISONS] = {
        {.value = chart->mean.value,
         .words = chart->mean.words,
         .role = ROLE_INK,
         .style = STROKED(ROLE_INK, 0.75)},
        {.value = chart->efficient.value,
         .words = chart->efficient.words,
         .role = ROLE_GOOD,
         .style = {.stroke = ROLE_GOOD, .stroke_width = 1, .dash = 3}},
        {.role = ROLE_MUTED}};
    if (tells_before(chart)) {
        all[COMPARISONS - 1].value = chart->months[chart->count - 1].before;
        all[COMPARISONS - 1].words = chart->before_words;
    }
    size_t count = 0;
    for (size_t i = 0; i < COMPARISONS; i++) {
        if (all[i].words.n == 0) continue;
        chart_break(&chart->common, all[i].words, chart->common.text_size, WEIGHT_REGULAR,
                    chart->common.width * WORDS_PART, &all[i].lines);
        size_t at = count++;
        for (; at > 0 && out[at - 1].value < all[i].value; at--) out[at] = out[at - 1];
        out[at] = all[i];
    }
    return count;
}

static bool has_years(const struct chart_months *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        if (chart->months[i].year.n > 0) return true;
    return false;
}

static double widest_label(const struct chart_months *chart)
{
    double widest = 0;
    for (size_t i = 0; i < chart->count; i++)
        widest = fmax(widest, chart_width(&chart->common, chart->months[i].label,
                                          chart->common.text_size, WEIGHT_STRONG));
    return widest;
}

/* Where the area ends: in front of the words, or so that the last label stays inside. */
static double right_of(const struct plot *plot)
{
    const struct chart_months *chart = plot->chart;
    double words = 0, end = chart->common.width;
    for (size_t i = 0; i < plot->comparison_count; i++)
        words = fmax(words, plot->comparisons[i].lines.width);
    if (words > 0) return end - words - LEADER - GRID / 2;
    double slot = (end - plot->left) / (double)(chart->count + 1);
    return end - fmax(widest_label(chart) - slot, 0) / 2;
}

static void lay_out(struct plot *plot)
{
    const struct chart_months *chart = plot->chart;
    double size = size_of(plot);
    plot->comparison_count = comparisons_of(chart, plot->comparisons);
    plot->highest = highest_of(chart);
    plot->left = gutter_of(chart, plot->highest);
    plot->right = right_of(plot);
    plot->top = size * (NUMBER_UP + LINE_UP);
    plot->bottom = chart->height - size * LINE_UP * (has_years(chart) ? 2 : 1) - GRID / 2;
    plot->slot = (plot->right - plot->left) / (double)(chart->count > 0 ? chart->count : 1);
}

/* ---- the number that matters ------------------------------------------------------------- */

static double top_of_month(const struct plot *plot, size_t i)
{
    const struct chart_month *month = &plot->chart->months[i];
    double value = month->missing ? 0 : month->value;
    if (!month->before_missing) value = fmax(value, month->before);
    return y_of(plot, value);
}

/* Keeps the words off the lines that would cross them. */
static double above_lines(const struct plot *plot, double bottom, double height)
{
    for (size_t i = plot->comparison_count; i-- > 0;) {
        const struct comparison *comparison = &plot->comparisons[i];
        double y = y_of(plot, comparison->value);
        if (comparison->style.stroke_width > 0 && y > bottom - height - 2 && y < bottom + 2)
            bottom = y - 3;
    }
    return bottom;
}

/* Above every bar that it would cover, inside the area. */
static void place_label(struct plot *plot)
{
    const struct chart_months *chart = plot->chart;
    double size = size_of(plot) * NUMBER_UP, height = size * TYPEFACE_CAPITAL;
    if (chart->current >= chart->count || chart->current_words.n == 0) return;
    double width = chart_width(&chart->common, chart->current_words, size, WEIGHT_STRONG);
    double left = middle_of(plot, chart->current) - width / 2;
    left = fmax(fmin(left, plot->right - width), plot->left);
    double bottom = plot->bottom;
    for (size_t i = 0; i < chart->count; i++) {
        double from = middle_of(plot, i) - plot->slot / 2;
        if (from < left + width && from + plot->slot > left)
            bottom = fmin(bottom, top_of_month(plot, i) - GRID);
    }
    bottom = above_lines(plot, bottom, height);
    plot->label = (struct rect){left, bottom - height, width, height};
}

static void draw_label(const struct plot *plot)
{
    const struct chart_months *chart = plot->chart;
    const struct rect *box = &plot->label;
    if (box->width <= 0) return;
    double x = middle_of(plot, chart->current), bottom = box->y + box->height;
    const struct chart_month *month = &chart->months[chart->current];
    double top = month->missing ? plot->bottom : y_of(plot, month->value);
    if (top - bottom > 2 * GRID)
        picture_line(plot->picture, (struct point){x, bottom + 3}, (struct point){x, top - 2},
                     STROKED(ROLE_LAMP, HAIRLINE));
    picture_text(
        plot->picture, (struct point){box->x, bottom}, chart->current_words,
        (struct text_style){size_of(plot) * NUMBER_UP, WEIGHT_STRONG, ANCHOR_START, ROLE_LAMP});
}

/* ---- grid -------------------------------------------------------------------------------- */

/* A hairline across, left out where the number stands. */
static void draw_grid_line(const struct plot *plot, double y)
{
    const struct rect *box = &plot->label;
    struct style style = STROKED(ROLE_LINE, HAIRLINE);
    double left = plot->left, pause = box->x - 2, again = box->x + box->width + 2;
    bool crosses = box->width > 0 && y > box->y - 2 && y < box->y + box->height + 2;
    if (crosses && pause > left)
        picture_line(plot->picture, (struct point){left, y}, (struct point){pause, y}, style);
    if (crosses) left = again;
    if (left < plot->right)
        picture_line(plot->picture, (struct point){left, y}, (struct point){plot->right, y}, style);
}

static void draw_grid(const struct plot *plot)
{
    double step = chart_grid_step(plot->highest, GRID_LINES_MAX), size = size_of(plot);
    struct text_style style = {size, WEIGHT_REGULAR, ANCHOR_END, ROLE_MUTED};
    double edge = plot->left - 1.5 * GRID;
    for (int i = 0; i * step <= plot->highest; i++) {
        char memory[NUMBER_BYTES];
        double y = y_of(plot, i * step);
        if (i > 0) draw_grid_line(plot, y);
        picture_text(plot->picture, (struct point){edge, y + size * CAPITAL_MIDDLE},
                     grid_words(plot->chart, i * step, memory), style);
    }
    picture_text(plot->picture, (struct point){edge, size * TYPEFACE_CAPITAL}, plot->chart->unit,
                 style);
}

/* ---- bars -------------------------------------------------------------------------------- */

static void draw_bar(const struct plot *plot, size_t i)
{
    const struct chart_month *month = &plot->chart->months[i];
    double slot = fmin(plot->slot, size_of(plot) * SLOT_MOST);
    double middle = middle_of(plot, i), outline = slot * OUTLINE_PART, width = slot * BAR_PART;
    picture_group(plot->picture, month->title);
    if (!month->before_missing && month->before > 0) {
        double top = y_of(plot, month->before);
        struct point corners[] = {{middle - outline / 2, plot->bottom},
                                  {middle - outline / 2, top},
                                  {middle + outline / 2, top},
                                  {middle + outline / 2, plot->bottom}};
        picture_polyline(plot->picture, corners, ARRAY_COUNT(corners), false,
                         STROKED(ROLE_MUTED, HAIRLINE));
    }
    if (!month->missing) {
        double height = fmax(plot->bottom - y_of(plot, month->value), LEAST_HEIGHT);
        struct rect box = {middle - width / 2, plot->bottom - height, width, height};
        bool current = i == plot->chart->current;
        picture_rect(plot->picture, box, 0,
                     current ? FILLED(ROLE_LAMP) : TINTED(ROLE_MUTED, BAR_TINT));
    }
    picture_group_end(plot->picture);
}

/* Every month has its label, or as many as stand beside each other, counted from the current. */
static size_t label_every(const struct plot *plot)
{
    return (size_t)fmax(ceil((widest_label(plot->chart) + 2) / plot->slot), 1);
}

static void draw_month_labels(const struct plot *plot)
{
    const struct chart_months *chart = plot->chart;
    size_t every = label_every(plot), current = chart->current;
    size_t anchor = current < chart->count ? current : chart->count - 1;
    double size = size_of(plot), y = plot->bottom + size * (TYPEFACE_CAPITAL + 0.4);
    for (size_t i = 0; i < chart->count; i++) {
        bool matters = i == current;
        if (i % every != anchor % every) continue;
        picture_text(plot->picture, (struct point){middle_of(plot, i), y}, chart->months[i].label,
                     (struct text_style){size, matters ? WEIGHT_STRONG : WEIGHT_REGULAR,
                                         ANCHOR_MIDDLE, matters ? ROLE_LAMP : ROLE_MUTED});
    }
}

static void draw_years(const struct plot *plot)
{
    const struct chart_months *chart = plot->chart;
    double size = size_of(plot), free_from = 0;
    double y = plot->bottom + size * (TYPEFACE_CAPITAL + 0.4 + LINE_UP);
    for (size_t i = 0; i < chart->count; i++) {
        struct str year = chart->months[i].year;
        double x = plot->left + (double)i * plot->slot + 1;
        double width = chart_width(&chart->common, year, size, WEIGHT_REGULAR);
        if (year.n == 0 || x < free_from || x + width > plot->right) continue;
        picture_text(plot->picture, (struct point){x, y}, year,
                     (struct text_style){size, WEIGHT_REGULAR, ANCHOR_START, ROLE_MUTED});
        free_from = x + width + GRID;
    }
}

/* ---- comparisons ------------------------------------------------------------------------- */

static void draw_comparison(const struct plot *plot, const struct comparison *comparison,
                            double top)
{
    double y = y_of(plot, comparison->value), size = size_of(plot);
    double height = (double)comparison->lines.count * size * LINE_UP;
    double x = plot->right + LEADER;
    if (comparison->style.stroke_width > 0)
        picture_line(plot->picture, (struct point){plot->left, y}, (struct point){plot->right, y},
                     comparison->style);
    picture_line(plot->picture, (struct point){plot->right, y},
                 (struct point){x - 1, top + height / 2}, STROKED(comparison->role, HAIRLINE));
    for (size_t i = 0; i < comparison->lines.count; i++) {
        double down = size * (((double)i + 0.5) * LINE_UP + CAPITAL_MIDDLE);
        picture_text(plot->picture, (struct point){x + 1, top + down}, comparison->lines.lines[i],
                     (struct text_style){size, WEIGHT_REGULAR, ANCHOR_START, comparison->role});
    }
}

static void draw_comparisons(const struct plot *plot)
{
    struct spread places[COMPARISONS];
    for (size_t i = 0; i < plot->comparison_count; i++) {
        const struct comparison *comparison = &plot->comparisons[i];
        places[i] =
            (struct spread){.want = y_of(plot, comparison->value),
                            .width = (double)comparison->lines.count * size_of(plot) * LINE_UP};
    }
    chart_spread(places, plot->comparison_count, 0, plot->chart->height, 1);
    for (size_t i = 0; i < plot->comparison_count; i++)
        draw_comparison(plot, &plot->comparisons[i], places[i].start);
}

void chart_months(struct picture *picture, const struct chart_months *chart)
{
    struct plot plot = {.picture = picture, .chart = chart};
    chart_start(picture, &chart->common, chart->height);
    lay_out(&plot);
    place_label(&plot);
    draw_grid(&plot);
    for (size_t i = 0; i < chart->count; i++) draw_bar(&plot, i);
    picture_line(picture, (struct point){plot.left, plot.bottom},
                 (struct point){plot.right, plot.bottom}, STROKED(ROLE_MUTED, 1));
    draw_comparisons(&plot);
    draw_label(&plot);
    draw_month_labels(&plot);
    draw_years(&plot);
    chart_end(picture, &chart->common);
}
