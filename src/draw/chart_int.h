/* SPDX-License-Identifier: Apache-2.0 */
/* What charts share. */
#ifndef SANGDEN_DRAW_CHART_INT_H
#define SANGDEN_DRAW_CHART_INT_H

#include "base/buffer.h"
#include "draw/chart.h"

/* Distances of the grid of four points. */
#define GRID     4.0
#define HAIRLINE 0.5
#define CORNER   2.0
#define LINE_UP  1.35 /* from baseline to baseline, in sizes */
#define BAR_TINT 0.65 /* of what does not matter most; still 3:1 against the ground */

/* Starts the picture with its words. */
void chart_start(struct picture *picture, const struct chart *chart, double height);

/* Tells the picture when words could not be measured. */
void chart_end(struct picture *picture, const struct chart *chart);

double chart_width(const struct chart *chart, struct str words, double size, enum weight weight);

/* Things in a row that want to be somewhere and may not overlap. */
struct spread {
    double want; /* its middle */
    double width;
    double start; /* where it came to stand */
};

/* Places the items in their order between low and high, gap apart, as near to where they want to be
 * as that allows; false when they do not fit. */
bool chart_spread(struct spread *items, size_t count, double low, double high, double gap);

/* Words broken into lines of at most a width. */
enum { CHART_LINES_MAX = 6 };
struct chart_lines {
    struct str lines[CHART_LINES_MAX];
    size_t count;
    double width; /* of the widest */
};
void chart_break(const struct chart *chart, struct str words, double size, enum weight weight,
                 double width, struct chart_lines *out);

/* A number with at most two places, grouped: 1.234,5 or 1,234.5. */
void chart_add_number(struct buf *buf, double number, bool english);

/* The distance of grid lines: 1, 2 or 5 of a power of ten, so that at most lines of them are not
 * above top; 0 for no lines. */
double chart_grid_step(double top, int lines);

#endif
