/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "draw/chart_int.h"

#define BAR_PART     0.7 /* of the place of a bar */
#define LEAST_HEIGHT 1.0 /* of a bar of zero, so that it is told from a gap */

static double highest_of(const struct chart_bars *chart)
{
    double highest = 0;
    for (size_t i = 0; i < chart->count; i++)
        if (!chart->bars[i].missing) highest = fmax(highest, chart->bars[i].value);
    return highest > 0 ? highest : 1;
}

void chart_bars(struct picture *picture, const struct chart_bars *chart)
{
    double width = chart->common.width, bottom = chart->height - HAIRLINE;
    double slot = width / (double)(chart->count > 0 ? chart->count : 1);
    double highest = highest_of(chart);
    chart_start(picture, &chart->common, chart->height);
    for (size_t i = 0; i < chart->count; i++) {
        const struct chart_bar *bar = &chart->bars[i];
        if (bar->missing) continue;
        double height = fmax(bar->value / highest * bottom, LEAST_HEIGHT);
        double left = ((double)i + (1 - BAR_PART) / 2) * slot;
        struct style style = i == chart->current  ? FILLED(ROLE_LAMP)
                             : i == chart->beside ? FILLED(ROLE_INK)
                                                  : TINTED(ROLE_MUTED, BAR_TINT);
        picture_rect(picture, (struct rect){left, bottom - height, slot * BAR_PART, height}, 0,
                     style);
    }
    picture_line(picture, (struct point){0, bottom}, (struct point){width, bottom},
                 STROKED(ROLE_LINE, HAIRLINE));
}
