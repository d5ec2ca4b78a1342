/* SPDX-License-Identifier: Apache-2.0 */
/* Exact integers: checked arithmetic and divisions that name their rounding.
 *
 * Units used everywhere, always part of a name:
 *   _vnd   whole đồng            _mvnd  thousandths of a đồng (line amounts)
 *   _wh    watt-hours            _ppm   parts per million
 * watt-hours x (đồng per kWh) = thousandths of a đồng, exactly.
 *
 * Threads: pure. Errors: the checked functions return false on overflow and leave *out alone. */
#ifndef SANGDEN_BASE_INTEGER_H
#define SANGDEN_BASE_INTEGER_H

#include "base/compat.h"

__extension__ typedef __int128 int128;

/* *out = a + b, a - b, a * b. False when the result does not fit. */
static inline bool add_i64(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}
static inline bool sub_i64(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_sub_overflow(a, b, out);
}
static inline bool mul_i64(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* a / b rounded half away from zero ("half up" for the amounts of a bill). b > 0. */
int64_t div_half_up(int64_t numerator, int64_t denominator);

/* a / b rounded toward minus infinity. b > 0. */
int64_t div_floor(int64_t numerator, int64_t denominator);

/* *out = a * b / c rounded half away from zero, exact in 128 bits. c > 0. False on overflow. */
NODISCARD bool mul_div_half_up(int64_t a, int64_t b, int64_t c, int64_t *out);

/* *out = a * b / c rounded toward zero, exact in 128 bits. c > 0. False on overflow. */
NODISCARD bool mul_div_truncate(int64_t a, int64_t b, int64_t c, int64_t *out);

/* 10 to the power n, 0 <= n <= 18. */
int64_t pow10_i64(unsigned n);

/* The largest r with r * r <= n. */
uint64_t isqrt_u64(uint64_t n);

/* The smaller and the larger of two. */
static inline int64_t min_i64(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t max_i64(int64_t a, int64_t b) { return a > b ? a : b; }

#endif
