/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "draw/chart_int.h"

#define NAME_PART   0.42 /* of the width, at most */
#define ROW_PADDING GRID
#define BAR_UP      1.2 /* height of a bar, in sizes of labels */
#define LEAST       1.5 /* width of the smallest step */

/* Names left, bars between, amounts right:
 *
 *   Tháng 6/2026     ▓▓▓▓▓▓▓▓▓▓▓         1.027.213 đ
 *   Thêm một ngày               ▏+         +41.250 đ
 *   …
 */
struct rows {
    struct picture *picture;
    const struct chart_steps *chart;
    double size;
    double name_width;
    double bar_left;
    double bar_right;
    double low; /* values at the ends of the bars */
    double high;
    double y;      /* top of the next row */
    double link_x; /* where the bar above ended, and its bottom */
    double link_y;
};

static double x_of(const struct rows *rows, double value)
{
    return rows->bar_left +
           (value - rows->low) / (rows->high - rows->low) * (rows->bar_right - rows->bar_left);
}

static void take_name(struct rows *rows, const struct chart_step *step, enum weight weight,
                      double *amount_width)
{
    const struct chart *common = &rows->chart->common;
    struct chart_lines lines;
    chart_break(common, step->name, rows->size, weight, common->width * NAME_PART, &lines);
    rows->name_width = fmax(rows->name_width, lines.width);
    *amount_width = fmax(*amount_width, chart_width(common, step->amount, rows->size, weight));
}

static void lay_out(struct rows *rows)
{
    const struct chart_steps *chart = rows->chart;
    double amount_width = 0, value = chart->start.value;
    take_name(rows, &chart->start, WEIGHT_STRONG, &amount_width);
    take_name(rows, &chart->end, WEIGHT_STRONG, &amount_width);
    rows->low = fmin(0, fmin(value, chart->end.value));
    rows->high = fmax(0, fmax(value, chart->end.value));
    for (size_t i = 0; i < chart->count; i++) {
        take_name(rows, &chart->steps[i], WEIGHT_REGULAR, &amount_width);
        value += chart->steps[i].value;
        rows->low = fmin(rows->low, value);
        rows->high = fmax(rows->high, value);
    }
    if (rows->high <= rows->low) rows->high = rows->low + 1;
    rows->bar_left = rows->name_width + 2 * GRID;
    rows->bar_right = chart->common.width - amount_width - 2 * GRID;
}

/* A bar from one value to another; the sign of a step is told by its words, too. */
static struct rect bar_of(const struct rows *rows, double from, double to, double row_height)
{
    double left = x_of(rows, fmin(from, to)), right = x_of(rows, fmax(from, to));
    double height = rows->size * BAR_UP;
    if (right - left < LEAST) {
        double spare = (LEAST - (right - left)) / 2;
        left = fmax(left - spare, rows->bar_left);
        right = left + LEAST;
    }
    return (struct rect){left, rows->y + (row_height - height) / 2, right - left, height};
}

static struct style look_of(const struct rows *rows, const struct chart_step *step)
{
    if (step == &rows->chart->start) return TINTED(ROLE_MUTED, BAR_TINT);
    if (step == &rows->chart->end) return FILLED(ROLE_LAMP);
    enum paint_role role = step->value < 0 ? ROLE_GOOD : ROLE_LAMP;
    return (struct style){.fill = role, .fill_tint = 0.3, .stroke = role, .stroke_width = HAIRLINE};
}

static void draw_words(const struct rows *rows, const struct chart_step *step,
                       const struct chart_lines *name, double row_height)
{
    const struct chart *common = &rows->chart->common;
    bool total = step == &rows->chart->start || step == &rows->chart->end;
    struct text_style style = {rows->size, total ? WEIGHT_STRONG : WEIGHT_REGULAR, ANCHOR_START,
                               ROLE_INK};
    double first = rows->y + row_height / 2 + rows->size * TYPEFACE_CAPITAL / 2 -
                   (double)(name->count - 1) * rows->size * LINE_UP / 2;
    for (size_t i = 0; i < name->count; i++)
        picture_text(rows->picture, (struct point){0, first + (double)i * rows->size * LINE_UP},
                     name->lines[i], style);
    style.anchor = ANCHOR_END;
    picture_text(
        rows->picture,
        (struct point){common->width, rows->y + row_height / 2 + rows->size * TYPEFACE_CAPITAL / 2},
        step->amount, style);
}

static void draw_row(struct rows *rows, const struct chart_step *step, double from, double to)
{
    bool total = step == &rows->chart->start || step == &rows->chart->end;
    struct chart_lines name;
    chart_break(&rows->chart->common, step->name, rows->size,
                total ? WEIGHT_STRONG : WEIGHT_REGULAR, rows->chart->common.width * NAME_PART,
                &name);
    if (name.count == 0) name.count = 1;
    double height = (double)name.count * rows->size * LINE_UP + ROW_PADDING;
    struct rect bar = bar_of(rows, from, to, height);
    picture_group(rows->picture, S(""));
    if (rows->link_y > 0)
        picture_line(rows->picture, (struct point){rows->link_x, rows->link_y},
                     (struct point){rows->link_x, bar.y}, STROKED(ROLE_MUTED, HAIRLINE));
    picture_rect(rows->picture, bar, 0, look_of(rows, step));
    draw_words(rows, step, &name, height);
    picture_group_end(rows->picture);
    rows->link_x = x_of(rows, to);
    rows->link_y = bar.y + bar.height;
    rows->y += height;
}

/* The line all totals begin at. */
static void draw_zero(const struct rows *rows)
{
    double x = x_of(rows, 0);
    picture_line(rows->picture, (struct point){x, 0}, (struct point){x, rows->y},
                 STROKED(ROLE_MUTED, 1));
}

void chart_steps(struct picture *picture, const struct chart_steps *chart)
{
    struct rows rows = {.picture = picture, .chart = chart, .size = chart->common.text_size};
    double value = chart->start.value;
    chart_start(picture, &chart->common, 0);
    lay_out(&rows);
    draw_row(&rows, &chart->start, 0, value);
    for (size_t i = 0; i < chart->count; i++) {
        draw_row(&rows, &chart->steps[i], value, value + chart->steps[i].value);
        value += chart->steps[i].value;
    }
    draw_row(&rows, &chart->end, 0, chart->end.value);
    draw_zero(&rows);
    picture->height = rows.y;
    chart_end(picture, &chart->common);
}
