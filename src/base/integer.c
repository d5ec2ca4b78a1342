/* SPDX-License-Identifier: Apache-2.0 */
#include "base/integer.h"

int64_t div_half_up(int64_t numerator, int64_t denominator)
{
    ASSERT(denominator > 0);
    int64_t quotient = numerator / denominator;
    int64_t rest = numerator % denominator;
    uint64_t rest_size = rest < 0 ? (uint64_t)-rest : (uint64_t)rest;
    if (rest_size >= (uint64_t)denominator - rest_size) quotient += numerator < 0 ? -1 : 1;
    return quotient;
}

int64_t div_floor(int64_t numerator, int64_t denominator)
{
    ASSERT(denominator > 0);
    int64_t quotient = numerator / denominator;
    return numerator % denominator < 0 ? quotient - 1 : quotient;
}

static bool narrow(int128 wide, int64_t *out)
{
    if (wide > INT64_MAX || wide < INT64_MIN) return false;
    *out = (int64_t)wide;
    return true;
}

bool mul_div_half_up(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    ASSERT(c > 0);
    int128 product = (int128)a * b;
    int128 twice = 2 * (product < 0 ? -product : product) + c;
    int128 size = twice / (2 * (int128)c);
    return narrow(product < 0 ? -size : size, out);
}

bool mul_div_truncate(int64_t a, int64_t b, int64_t c, int64_t *out)
{
    ASSERT(c > 0);
    return narrow((int128)a * b / c, out);
}

int64_t pow10_i64(unsigned n)
{
    ASSERT(n <= 18);
    int64_t power = 1;
    while (n-- > 0) power *= 10;
    return power;
}

uint64_t isqrt_u64(uint64_t n)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 31; bit != 0; bit >>= 1) {
        uint64_t trial = root | bit;
        if (trial * trial <= n) root = trial;
    }
    return root;
}
