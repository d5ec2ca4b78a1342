/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/chart.h"

#include <math.h>

#include "draw/chart_int.h"
#include "draw/typeface_int.h"

enum { PLACES = 100, SPREAD_MAX = 64 };

void chart_start(struct picture *picture, const struct chart *chart, double height)
{
    picture_init(picture, chart->arena, chart->width, height);
    picture_describe(picture, chart->title, chart->description);
}

void chart_end(struct picture *picture, const struct chart *chart)
{
    picture->dropped |= typeface_failed(chart->typeface);
}

double chart_width(const struct chart *chart, struct str words, double size, enum weight weight)
{
    return typeface_width(chart->typeface, words, size, weight);
}

void chart_break(const struct chart *chart, struct str words, double size, enum weight weight,
                 double width, struct chart_lines *out)
{
    *out = (struct chart_lines){0};
    while (words.n > 0 && out->count < CHART_LINES_MAX) {
        struct str line = typeface_break(chart->typeface, words, size, weight, width, &words);
        double wide = chart_width(chart, line, size, weight);
        if (wide > out->width) out->width = wide;
        out->lines[out->count++] = line;
    }
}

/* ---- numbers ----------------------------------------------------------------------------- */

void chart_add_number(struct buf *buf, double number, bool english)
{
    int64_t parts = llround(number * PLACES), fraction = parts % PLACES;
    char memory[32];
    struct buf whole;
    buf_init_fixed(&whole, memory, sizeof memory);
    buf_add_grouped(&whole, parts / PLACES);
    for (size_t i = 0; i < whole.n; i++)
        buf_add_char(buf, english && memory[i] == '.' ? ',' : memory[i]);
    if (fraction == 0) return;
    buf_add_char(buf, english ? '.' : ',');
    buf_add_char(buf, (char)('0' + fraction / 10));
    if (fraction % 10 != 0) buf_add_char(buf, (char)('0' + fraction % 10));
}

double chart_grid_step(double top, int lines)
{
    static const double nice[] = {1, 2, 5, 10};
    if (top <= 0) return 0;
    double power = pow(10, floor(log10(top / (lines + 1))));
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(nice) && top / (nice[i] * power) >= lines + 1) i++;
    return nice[i] * power;
}

/* ---- side by side ------------------------------------------------------------------------ */

/* Without the widths and gaps before it, every item wants a place that must not fall behind the one
 * before: where it would, neighbours share their mean. */
struct pool {
    double mean;
    size_t count;
};

bool chart_spread(struct spread *items, size_t count, double low, double high, double gap)
{
    struct pool pools[SPREAD_MAX];
    size_t pool_count = 0;
    double before = 0;
    ASSERT(count <= SPREAD_MAX);
    for (size_t i = 0; i < count; i++) {
        struct pool pool = {items[i].want - items[i].width / 2 - before, 1};
        while (pool_count > 0 && pools[pool_count - 1].mean > pool.mean) {
            const struct pool *last = &pools[--pool_count];
            pool.mean = (last->mean * (double)last->count + pool.mean * (double)pool.count) /
                        (double)(last->count + pool.count);
            pool.count += last->count;
        }
        pools[pool_count++] = pool;
        before += items[i].width + gap;
    }
    double most = high - (before - gap);
    before = 0;
    for (size_t i = 0, p = 0, used = 0; i < count; i++) {
        if (used == pools[p].count) {
            p++;
            used = 0;
        }
        used++;
        double start = fmax(fmin(pools[p].mean, most), low);
        items[i].start = start + before;
        before += items[i].width + gap;
    }
    return count == 0 || most >= low;
}
