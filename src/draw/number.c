/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/number_int.h"

#include <math.h>

enum { PARTS = 100 };

void draw_add_number(struct buf *buf, double number)
{
    int64_t parts = llround(number * PARTS);
    if (parts < 0) buf_add_char(buf, '-');
    if (parts < 0) parts = -parts;
    int64_t fraction = parts % PARTS;
    if (parts >= PARTS || fraction == 0) buf_add_i64(buf, parts / PARTS);
    if (fraction == 0) return;
    buf_add_char(buf, '.');
    buf_add_char(buf, (char)('0' + fraction / 10));
    if (fraction % 10 != 0) buf_add_char(buf, (char)('0' + fraction % 10));
}
