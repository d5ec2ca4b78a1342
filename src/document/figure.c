/* SPDX-License-Identifier: Apache-2.0 */
#include "document/figure.h"

#include "base/decimal.h"

enum { INDEX_PLACES = 3 };

void figure_add(struct buf *out, int64_t scaled, unsigned places, bool english)
{
    if (scaled < 0) buf_add(out, S("−"));
    size_t start = out->n;
    buf_add_decimal_vi(out, scaled < 0 ? -scaled : scaled, places);
    for (size_t i = start; english && i < out->n; i++) {
        if (out->p[i] == '.') out->p[i] = ',';
        else if (out->p[i] == ',') out->p[i] = '.';
    }
}

void figure_add_signed(struct buf *out, int64_t scaled, unsigned places, bool english)
{
    if (scaled > 0) buf_add_char(out, '+');
    figure_add(out, scaled, places, english);
}

void figure_add_index(struct buf *out, int64_t milli, bool english)
{
    size_t start = out->n;
    buf_add_decimal(out, milli, INDEX_PLACES);
    for (size_t i = start; !english && i < out->n; i++)
        if (out->p[i] == '.') out->p[i] = ',';
}
