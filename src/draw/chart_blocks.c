/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "draw/chart_int.h"

enum { BLOCKS_MAX = CHART_BLOCKS_MAX, BLOCK_LINES = 4 };

#define BAR_UP      2.6 /* height of the bar, in sizes of labels */
#define LIGHTEST    0.3 /* tint of the first block; the last has the full colour */
#define SEPARATION  1.5
#define LABEL_GAP   (2 * GRID)
#define LEADER_ROOM 3.0 /* what a leader keeps free between labels */
#define LEADER_DOWN (2 * GRID)

/* Labels stand in rows: part i in row i % rows. A leader to a lower row passes between the labels
 * of the rows above it.
 *
 *   ▓▓▓▓▓▒▒▒▒▒░░░
 *   Bậc 1 │   Bậc 3
 *         │
 *         Bậc 2
 */
struct blocks {
    struct picture *picture;
    const struct chart_blocks *chart;
    double size;
    size_t rows;
    double bar_left[BLOCKS_MAX];
    double bar_width[BLOCKS_MAX];
    double label_width[BLOCKS_MAX];
    double leader[BLOCKS_MAX][BLOCKS_MAX]; /* x of a part's leader or label in each row */
};

static struct str line_of(const struct chart_block *block, int line)
{
    const struct str lines[BLOCK_LINES] = {block->name, block->used, block->price, block->amount};
    return lines[line];
}

static enum weight weight_of(int line)
{
    return line == 0 ? WEIGHT_STRONG : WEIGHT_REGULAR;
}

static void measure(struct blocks *blocks)
{
    const struct chart_blocks *chart = blocks->chart;
    double sum = 0, at = 0;
    for (size_t i = 0; i < chart->count; i++) sum += chart->blocks[i].quantity;
    for (size_t i = 0; i < chart->count; i++) {
        double width = sum > 0 ? chart->blocks[i].quantity / sum * chart->common.width : 0;
        blocks->bar_left[i] = at;
        blocks->bar_width[i] = width;
        at += width;
        blocks->label_width[i] = 0;
        for (int line = 0; line < BLOCK_LINES; line++)
            blocks->label_width[i] =
                fmax(blocks->label_width[i],
                     chart_width(&chart->common, line_of(&chart->blocks[i], line), blocks->size,
                                 weight_of(line)));
    }
}

/* Places labels and leaders of one row; from is where each leader comes from. Labels begin below
 * their leader. */
static bool place_row(struct blocks *blocks, size_t row, const double *from)
{
    struct spread items[BLOCKS_MAX];
    size_t parts[BLOCKS_MAX], count = 0;
    for (size_t i = 0; i < blocks->chart->count; i++) {
        size_t own = i % blocks->rows;
        if (own < row) continue;
        double width = own == row ? blocks->label_width[i] : LEADER_ROOM;
        parts[count] = i;
        items[count++] = (struct spread){.want = from[i] + width / 2, .width = width};
    }
    bool fits = chart_spread(items, count, 0, blocks->chart->common.width, LABEL_GAP);
    for (size_t k = 0; k < count; k++) blocks->leader[row][parts[k]] = items[k].start;
    return fits;
}

static bool place_rows(struct blocks *blocks)
{
    double from[BLOCKS_MAX];
    bool fits = true;
    for (size_t i = 0; i < blocks->chart->count; i++) from[i] = blocks->bar_left[i];
    for (size_t row = 0; row < blocks->rows; row++) {
        fits = place_row(blocks, row, from) && fits;
        for (size_t i = 0; i < blocks->chart->count; i++) from[i] = blocks->leader[row][i];
    }
    return fits;
}

/* ---- drawing ----------------------------------------------------------------------------- */

static double tint_of(const struct blocks *blocks, size_t i)
{
    size_t last = blocks->chart->count - 1;
    return last == 0 ? 1 : LIGHTEST + (1 - LIGHTEST) * (double)i / (double)last;
}

static double row_height(const struct blocks *blocks)
{
    return LEADER_DOWN + blocks->size * LINE_UP * BLOCK_LINES;
}

static void draw_bar(const struct blocks *blocks, size_t i)
{
    double left = blocks->bar_left[i], width = blocks->bar_width[i];
    double gap = i + 1 < blocks->chart->count ? fmin(SEPARATION, width / 4) : 0;
    double tint = tint_of(blocks, i), height = blocks->size * BAR_UP;
    struct rect box = {left + HAIRLINE / 2, HAIRLINE / 2, width - gap - HAIRLINE,
                       height - HAIRLINE};
    struct style style = {.fill = ROLE_LAMP,
                          .fill_tint = tint < 1 ? tint : 0,
                          .stroke = ROLE_LAMP,
                          .stroke_width = HAIRLINE};
    if (box.width < HAIRLINE) box.width = HAIRLINE;
    picture_rect(blocks->picture, box, 0, style);
}

static double label_left(const struct blocks *blocks, size_t i)
{
    return blocks->leader[i % blocks->rows][i];
}

/* From the part down between the labels to its own; none where the label begins right below. */
static void draw_leader(const struct blocks *blocks, size_t i)
{
    size_t own = i % blocks->rows;
    double bar = blocks->size * BAR_UP;
    double inset = fmin(LEADER_ROOM / 2, blocks->bar_width[i] / 2);
    double x = blocks->bar_left[i] + inset;
    struct point points[2 + 2 * BLOCKS_MAX] = {{x, bar}};
    size_t count = 1;
    if (own == 0 && fabs(label_left(blocks, i) - blocks->bar_left[i]) < 1) return;
    for (size_t row = 0; row <= own; row++) {
        double top = bar + (double)row * row_height(blocks);
        x = blocks->leader[row][i] + inset;
        points[count++] = (struct point){x, top + LEADER_DOWN - 1};
        if (row < own) points[count++] = (struct point){x, top + row_height(blocks)};
    }
    picture_polyline(blocks->picture, points, count, false, STROKED(ROLE_MUTED, HAIRLINE));
}

static void draw_label(const struct blocks *blocks, size_t i)
{
    const struct chart_block *block = &blocks->chart->blocks[i];
    double size = blocks->size;
    double top = size * BAR_UP + (double)(i % blocks->rows) * row_height(blocks) + LEADER_DOWN;
    for (int line = 0; line < BLOCK_LINES; line++) {
        double y = top + size * (LINE_UP * line + (LINE_UP + TYPEFACE_CAPITAL) / 2);
        bool quiet = line == 1 || line == 2;
        picture_text(blocks->picture, (struct point){label_left(blocks, i), y},
                     line_of(block, line),
                     (struct text_style){size, weight_of(line), ANCHOR_START,
                                         quiet ? ROLE_MUTED : ROLE_INK});
    }
}

void chart_blocks(struct picture *picture, const struct chart_blocks *chart)
{
    struct blocks *blocks = ARENA_NEW(chart->common.arena, struct blocks);
    chart_start(picture, &chart->common, 0);
    if (blocks == NULL) {
        picture->dropped = true;
        return;
    }
    ASSERT(chart->count <= BLOCKS_MAX);
    *blocks = (struct blocks){.picture = picture, .chart = chart, .size = chart->common.text_size};
    measure(blocks);
    for (blocks->rows = 1; !place_rows(blocks) && blocks->rows < chart->count;) blocks->rows++;
    picture->height = blocks->size * BAR_UP + (double)blocks->rows * row_height(blocks);
    for (size_t i = 0; i < chart->count; i++) {
        picture_group(picture, chart->blocks[i].title);
        draw_bar(blocks, i);
        draw_leader(blocks, i);
        draw_label(blocks, i);
        picture_group_end(picture);
    }
    chart_end(picture, &chart->common);
}
