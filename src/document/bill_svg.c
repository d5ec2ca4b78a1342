/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_svg.h"

#include "draw/chart.h"
#include "draw/svg.h"

enum { WH_PER_KWH = 1000 };

/* What the narrowest phones have room for; on a desk they stay as large. */
#define WIDTH     328.0
#define HEIGHT    180.0
#define TEXT_SIZE 12.0

static struct chart common_of(const struct bill_svg *svg)
{
    return (struct chart){.arena = svg->arena,
                          .typeface = svg->typeface,
                          .width = WIDTH,
                          .text_size = TEXT_SIZE,
                          .title = svg->title,
                          .description = svg->description};
}

static err_t finish(const struct picture *picture, struct buf *out, struct err *err)
{
    if (!picture_whole(picture)) return err_memory(err);
    svg_write(picture, SVG_PLAIN, out);
    return out->failed ? err_memory(err) : OK;
}

static double kwh_of(int64_t wh)
{
    return wh > 0 ? (double)wh / WH_PER_KWH : 0;
}

err_t svg_months(const struct bill_svg *svg, const struct svg_month *months, size_t count,
                 struct str current_words, struct str before_words, int64_t mean_wh,
                 struct str mean_words, struct buf *out, struct err *err)
{
    struct picture picture;
    struct chart_month *bars = ARENA_ARRAY(svg->arena, struct chart_month, count);
    if (bars == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++)
        bars[i] = (struct chart_month){.label = months[i].label,
                                       .year = months[i].year,
                                       .title = S(""),
                                       .value = kwh_of(months[i].wh),
                                       .missing = !months[i].known,
                                       .before = kwh_of(months[i].before_wh),
                                       .before_missing = !months[i].before_known};
    struct chart_months chart = {.common = common_of(svg),
                                 .height = HEIGHT,
                                 .months = bars,
                                 .count = count,
                                 .current = count - 1,
                                 .current_words = current_words,
                                 .unit = S("kWh"),
                                 .english = svg->english,
                                 .mean = {kwh_of(mean_wh), mean_words},
                                 .efficient = {0, S("")},
                                 .before_words = before_words};
    chart_months(&picture, &chart);
    return finish(&picture, out, err);
}

static struct chart_step step_of(const struct svg_step *step)
{
    return (struct chart_step){step->name, step->amount, (double)step->vnd};
}

err_t svg_steps(const struct bill_svg *svg, const struct svg_step *steps, size_t count,
                struct buf *out, struct err *err)
{
    struct picture picture;
    ASSERT(count >= 2);
    struct chart_step *rows = ARENA_ARRAY(svg->arena, struct chart_step, count);
    if (rows == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++) rows[i] = step_of(&steps[i]);
    struct chart_steps chart = {.common = common_of(svg),
                                .start = rows[0],
                                .steps = rows + 1,
                                .count = count - 2,
                                .end = rows[count - 1]};
    chart_steps(&picture, &chart);
    return finish(&picture, out, err);
}
