/* SPDX-License-Identifier: Apache-2.0 */
/* Checked arithmetic and divisions that name their rounding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/integer.h"

static void overflow_is_seen_and_leaves_the_result(void **state)
{
    (void)state;
    int64_t out = 7;
    assert_false(add_i64(INT64_MAX, 1, &out) && out == 7);
    assert_false(sub_i64(INT64_MIN, 1, &out));
    assert_false(mul_i64(INT64_MAX / 2 + 1, 2, &out));
    assert_true(add_i64(INT64_MAX - 1, 1, &out) && out == INT64_MAX);
    assert_true(mul_i64(-3, 4, &out) && out == -12);
    out = 7;
    assert_false(mul_div_half_up(INT64_MAX, INT64_MAX, 1, &out));
    assert_int_equal(out, 7);
}

static void halves_go_away_from_zero(void **state)
{
    (void)state;
    static const int64_t cases[][3] = {{5, 2, 3}, {-5, 2, -3}, {4, 3, 1}, {-4, 3, -1}, {0, 9, 0},
                                       {149, 100, 1}, {150, 100, 2}, {-150, 100, -2},
                                       {INT64_MAX, 1, INT64_MAX}, {INT64_MIN, 1, INT64_MIN}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        assert_int_equal(div_half_up(cases[i][0], cases[i][1]), cases[i][2]);
}

static void floors_go_down(void **state)
{
    (void)state;
    assert_int_equal(div_floor(7, 2), 3);
    assert_int_equal(div_floor(-7, 2), -4);
    assert_int_equal(div_floor(-8, 2), -4);
    assert_int_equal(div_floor(0, 5), 0);
    assert_int_equal(div_floor(INT64_MIN, INT64_MAX), -2);
}

/* Against 128-bit arithmetic written differently. */
static void products_are_exact_in_between(void **state)
{
    (void)state;
    struct random_state chance;
    random_state_init(&chance, 11);
    for (int i = 0; i < 200000; i++) {
        int64_t a = (int64_t)random_next(&chance) >> random_next_below(&chance, 60);
        int64_t b = (int64_t)random_next(&chance) >> random_next_below(&chance, 60);
        int64_t c = (int64_t)(random_next(&chance) >> (1 + random_next_below(&chance, 60))) + 1;
        if (c <= 0) continue;
        int128 product = (int128)a * b, quotient = product / c, rest = product % c;
        int128 up = quotient;
        if (2 * (rest < 0 ? -rest : rest) >= c) up += product < 0 ? -1 : 1;
        int64_t got = 0;
        bool fits = up >= INT64_MIN && up <= INT64_MAX;
        assert_int_equal(mul_div_half_up(a, b, c, &got), fits);
        if (fits) assert_true(got == (int64_t)up);
        bool cut = quotient >= INT64_MIN && quotient <= INT64_MAX;
        assert_int_equal(mul_div_truncate(a, b, c, &got), cut);
        if (cut) assert_true(got == (int64_t)quotient);
    }
}

static void powers_and_roots(void **state)
{
    (void)state;
    int64_t power = 1;
    for (unsigned n = 0; n <= 18; n++) {
        assert_true(pow10_i64(n) == power);
        if (n < 18) power *= 10;
    }
    static const uint64_t numbers[] = {0, 1, 2, 3, 4, 24, 25, 26, UINT32_MAX,
                                       (uint64_t)UINT32_MAX * UINT32_MAX, UINT64_MAX};
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        uint64_t root = isqrt_u64(numbers[i]);
        assert_true((__uint128_t)root * root <= numbers[i]);
        assert_true((__uint128_t)(root + 1) * (root + 1) > numbers[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overflow_is_seen_and_leaves_the_result),
        cmocka_unit_test(halves_go_away_from_zero),
        cmocka_unit_test(floors_go_down),
        cmocka_unit_test(products_are_exact_in_between),
        cmocka_unit_test(powers_and_roots),
    };
    return cmocka_run_group_tests_name("integer", tests, NULL, NULL);
}
