/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals: what is read, what is refused, how it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal.h"

static void check_read(const char *text, unsigned places, int64_t expected)
{
    int64_t value = -1;
    assert_true(decimal_parse(str_of(text), places, &value));
    assert_int_equal(value, expected);
}

static void check_refused(const char *text, unsigned places)
{
    int64_t value = -7;
    assert_false(decimal_parse(str_of(text), places, &value));
    assert_int_equal(value, -7);
}

static void reads_plain_decimals(void **state)
{
    (void)state;
    check_read("0", 3, 0);
    check_read("461", 3, 461000);
    check_read("461.25", 3, 461250);
    check_read("-0.5", 1, -5);
    check_read("9223372036854775807", 0, INT64_MAX);
}

static void refuses_everything_else(void **state)
{
    (void)state;
    check_refused("", 3);
    check_refused("-", 3);
    check_refused(".5", 3);
    check_refused("5.", 3);
    check_refused("+5", 3);
    check_refused(" 5", 3);
    check_refused("1e3", 3);
    check_refused("1,5", 3);
    check_refused("1.2345", 3);
    check_refused("9223372036854775808", 0);
}

static void writes_without_trailing_zeros(void **state)
{
    (void)state;
    char memory[64];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_decimal(&buf, 461250, 3);
    assert_true(str_equal(buf_str(&buf), S("461.25")));
    buf_reset(&buf);
    buf_add_decimal(&buf, -5, 1);
    assert_true(str_equal(buf_str(&buf), S("-0.5")));
}

static void writes_the_vietnamese_way(void **state)
{
    (void)state;
    char memory[64];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_decimal_vi(&buf, 13885, 1);
    assert_true(str_equal(buf_str(&buf), S("1.388,5")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_plain_decimals),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(writes_without_trailing_zeros),
        cmocka_unit_test(writes_the_vietnamese_way),
    };
    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
