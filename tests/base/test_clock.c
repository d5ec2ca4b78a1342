/* SPDX-License-Identifier: Apache-2.0 */
/* Replaceable time and chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"

static void the_clock_stands_where_it_is_put(void **state)
{
    (void)state;
    assert_false(clock_is_frozen());
    int64_t before_ms = clock_now_ms();
    assert_true(before_ms > INT64_C(1700000000000));
    clock_freeze(1000);
    assert_true(clock_is_frozen() && clock_now_ms() == 1000 && clock_now_ms() == 1000);
    clock_freeze(0);
    assert_true(clock_is_frozen() && clock_now_ms() == 0);
    clock_freeze(-1);
    assert_true(!clock_is_frozen() && clock_now_ms() >= before_ms);
    int64_t first_ns = clock_monotonic_ns();
    assert_true(clock_monotonic_ns() >= first_ns);
}

static void a_seed_repeats_its_bytes(void **state)
{
    (void)state;
    char first[37], second[37];
    random_seed(42);
    random_bytes(first, sizeof first);
    random_seed(43);
    random_bytes(second, sizeof second);
    assert_memory_not_equal(first, second, sizeof first);
    random_seed(42);
    random_bytes(second, sizeof second);
    assert_memory_equal(first, second, sizeof first);
    random_seed(0);
    random_bytes(second, sizeof second);
    assert_memory_not_equal(first, second, sizeof first);
}

/* Each of seven outcomes of 70,000 draws comes 10,000 times, within six standard deviations. */
static void draws_are_even(void **state)
{
    (void)state;
    int count[7] = {0};
    struct random_state chance;
    random_state_init(&chance, 5);
    for (int i = 0; i < 70000; i++) count[random_next_below(&chance, 7)]++;
    for (int i = 0; i < 7; i++) assert_in_range(count[i], 9444, 10556);
    memset(count, 0, sizeof count);
    for (int i = 0; i < 7000; i++) count[random_below(7)]++;
    for (int i = 0; i < 7; i++) assert_in_range(count[i], 820, 1180);
    assert_int_equal(random_below(1), 0);
}

static void a_generator_repeats_its_sequence(void **state)
{
    (void)state;
    struct random_state a, b;
    random_state_init(&a, 9);
    random_state_init(&b, 9);
    for (int i = 0; i < 100; i++) assert_true(random_next(&a) == random_next(&b));
    random_state_init(&b, 10);
    assert_true(random_next(&a) != random_next(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_stands_where_it_is_put),
        cmocka_unit_test(a_seed_repeats_its_bytes),
        cmocka_unit_test(draws_are_even),
        cmocka_unit_test(a_generator_repeats_its_sequence),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
