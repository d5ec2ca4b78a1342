/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"

#include "base/integer.h"

bool decimal_parse(struct str text, unsigned places, int64_t *out)
{
    size_t i = text.n > 0 && text.p[0] == '-' ? 1 : 0;
    bool negative = i == 1, point = false;
    unsigned digits_before = 0, digits_after = 0;
    int64_t value = 0;
    for (; i < text.n; i++) {
        char c = text.p[i];
        if (c == '.' && !point && digits_before > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return false;
        if (point) digits_after++;
        else digits_before++;
        if (!mul_i64(value, 10, &value) || !add_i64(value, c - '0', &value)) return false;
    }
    if (digits_before == 0 || (point && digits_after == 0) || digits_after > places) return false;
    if (!mul_i64(value, pow10_i64(places - digits_after), &value)) return false;
    *out = negative ? -value : value;
    return true;
}

/* Writes what stands behind the point, without trailing zeros, led by mark; nothing when zero. */
static void add_fraction(struct buf *buf, int64_t fraction, unsigned places, char mark)
{
    if (fraction == 0) return;
    for (; fraction % 10 == 0; fraction /= 10) places--;
    buf_add_char(buf, mark);
    buf_add_padded(buf, fraction, places);
}

void buf_add_decimal(struct buf *buf, int64_t scaled, unsigned places)
{
    int64_t one = pow10_i64(places);
    int64_t whole = scaled / one, fraction = scaled % one;
    if (scaled < 0 && whole == 0) buf_add_char(buf, '-');
    buf_add_i64(buf, whole);
    add_fraction(buf, fraction < 0 ? -fraction : fraction, places, '.');
}

void buf_add_decimal_vi(struct buf *buf, int64_t scaled, unsigned places)
{
    int64_t one = pow10_i64(places);
    int64_t whole = scaled / one, fraction = scaled % one;
    if (scaled < 0 && whole == 0) buf_add_char(buf, '-');
    buf_add_grouped(buf, whole);
    add_fraction(buf, fraction < 0 ? -fraction : fraction, places, ',');
}
