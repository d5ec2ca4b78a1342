/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/rate_number.h"

int128 rate_one(void)
{
    return 1000000000;
}

/* 10^36: amounts stay under 10^18 units at 18 places, which leaves room for their sums. */
static int128 amount_limit(void)
{
    return (int128)1000000000000000000 * 1000000000000000000;
}

bool rate_number_parse(struct str text, int128 *out_e9)
{
    bool point = false;
    unsigned before = 0, after = 0;
    int128 value = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '.' && !point && before > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return false;
        if (point) after++;
        else before++;
        if (before > RATE_WHOLE_DIGITS || after > RATE_PLACES) return false;
        value = value * 10 + (c - '0');
    }
    if (before == 0 || (point && after == 0)) return false;
    *out_e9 = value * pow10_i64(RATE_PLACES - after);
    return true;
}

bool rate_multiply(int128 a, int128 b, int128 *out)
{
    ASSERT(a >= 0 && b >= 0);
    if (a != 0 && b >= (amount_limit() + a - 1) / a) return false;
    *out = a * b;
    return true;
}

bool rate_add(int128 a, int128 b, int128 *out)
{
    int128 sum = a + b;
    if (sum >= amount_limit() || sum <= -amount_limit()) return false;
    *out = sum;
    return true;
}

static int128 greatest_common_divisor(int128 a, int128 b)
{
    while (b != 0) {
        int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool rate_pro_rata(int128 whole, int128 part, int128 total, int128 *out)
{
    ASSERT(whole >= 0 && part >= 0 && part <= total && total > 0);
    int128 common = greatest_common_divisor(total, part);
    part /= common;
    total /= common;
    common = greatest_common_divisor(total, whole);
    whole /= common;
    total /= common;
    int128 product;
    if (!rate_multiply(whole, part, &product)) return false;
    int128 quotient = product / total, rest = product % total;
    *out = quotient + (rest >= total - rest ? 1 : 0);
    return true;
}

int128 rate_started(int128 a, int128 b)
{
    ASSERT(a >= 0 && b > 0);
    return a / b + (a % b != 0 ? 1 : 0);
}

void rate_number_add(struct buf *out, int128 value, unsigned places)
{
    ASSERT(places <= 18);
    if (value < 0) buf_add_char(out, '-');
    if (value < 0) value = -value;
    int64_t one = pow10_i64(places);
    int128 whole = value / one;
    int64_t fraction = (int64_t)(value % one);
    ASSERT(whole <= INT64_MAX);
    buf_add_i64(out, (int64_t)whole);
    if (fraction == 0) return;
    for (; fraction % 10 == 0; fraction /= 10) places--;
    buf_add_char(out, '.');
    buf_add_padded(out, fraction, places);
}
