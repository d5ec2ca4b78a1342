/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/number_int.h"

#include <math.h>

enum { HUNDREDTHS = 100, FINE = 100000 };

static void add_parts(struct buf *buf, double number, int64_t whole)
{
    int64_t parts = llround(number * (double)whole);
    if (parts < 0) buf_add_char(buf, '-');
    if (parts < 0) parts = -parts;
    int64_t fraction = parts % whole;
    if (parts >= whole || fraction == 0) buf_add_i64(buf, parts / whole);
    if (fraction > 0) buf_add_char(buf, '.');
    for (int64_t place = whole / 10; fraction > 0; place /= 10) {
        buf_add_char(buf, (char)('0' + fraction / place));
        fraction %= place;
    }
}

void draw_add_number(struct buf *buf, double number)
{
    add_parts(buf, number, HUNDREDTHS);
}

void draw_add_fine_number(struct buf *buf, double number)
{
    add_parts(buf, number, FINE);
}
