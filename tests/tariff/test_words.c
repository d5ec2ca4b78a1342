/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts in words: every rule of the reading, both readings, both ends of the range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tariff/words.h"

static void check(int64_t amount_vnd, enum words_reading reading, const char *expected)
{
    char text[WORDS_BYTES_MAX];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    words_add_vnd(&buf, amount_vnd, reading);
    assert_false(buf.failed);
    assert_string_equal(text, expected);
}

static void check_north(int64_t amount_vnd, const char *expected)
{
    check(amount_vnd, WORDS_NORTH, expected);
}

static void units_bend_behind_tens(void **state)
{
    (void)state;
    check_north(1, "Một đồng");
    check_north(11, "Mười một đồng");
    check_north(14, "Mười bốn đồng");
    check_north(15, "Mười lăm đồng");
    check_north(21, "Hai mươi mốt đồng");
    check_north(24, "Hai mươi tư đồng");
    check_north(55, "Năm mươi lăm đồng");
    check_north(90, "Chín mươi đồng");
}

static void zero_tens_are_named(void **state)
{
    (void)state;
    check_north(101, "Một trăm linh một đồng");
    check_north(104, "Một trăm linh bốn đồng");
    check(105, WORDS_SOUTH, "Một trăm lẻ năm đồng");
    check(205005, WORDS_SOUTH, "Hai trăm lẻ năm nghìn không trăm lẻ năm đồng");
}

static void later_groups_read_their_hundreds(void **state)
{
    (void)state;
    check_north(1001, "Một nghìn không trăm linh một đồng");
    check_north(10021, "Mười nghìn không trăm hai mươi mốt đồng");
    check_north(2000001000, "Hai tỷ không trăm linh một nghìn đồng");
    check_north(305230, "Ba trăm linh năm nghìn hai trăm ba mươi đồng");
}

static void groups_of_zeros_are_silent(void **state)
{
    (void)state;
    check_north(1000000, "Một triệu đồng");
    check_north(1000000005, "Một tỷ không trăm linh năm đồng");
}

static void above_a_thousand_million_the_upper_part_is_a_number(void **state)
{
    (void)state;
    check_north(1000000000000, "Một nghìn tỷ đồng");
    check_north(1000000000001, "Một nghìn tỷ không trăm linh một đồng");
    check_north(1001000000000, "Một nghìn không trăm linh một tỷ đồng");
    check_north(1000000000000000000, "Một tỷ tỷ đồng");
}

static void zero_and_negative(void **state)
{
    (void)state;
    check_north(0, "Không đồng");
    check_north(-55, "Âm năm mươi lăm đồng");
}

static void both_ends_of_the_range_have_a_reading(void **state)
{
    (void)state;
    check_north(INT64_MAX,
                "Chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn không trăm ba mươi "
                "sáu tỷ tám trăm năm mươi tư triệu bảy trăm bảy mươi lăm nghìn tám trăm linh bảy "
                "đồng");
    check_north(INT64_MIN,
                "Âm chín tỷ hai trăm hai mươi ba triệu ba trăm bảy mươi hai nghìn không trăm ba "
                "mươi sáu tỷ tám trăm năm mươi tư triệu bảy trăm bảy mươi lăm nghìn tám trăm linh "
                "tám đồng");
    check_north(999999999999999999,
                "Chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín mươi "
                "chín tỷ chín trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm "
                "chín mươi chín đồng");
}

static void answers(const char *request, err_t wanted, const char *expected)
{
    struct arena arena;
    struct err err = {0};
    char text[WORDS_BYTES_MAX + 64] = "";
    struct buf out;
    arena_init(&arena, 1 << 20);
    buf_init_fixed(&out, text, sizeof text);
    assert_int_equal(words_answer(&arena, str_of(request), &out, &err), wanted);
    assert_string_equal(wanted == OK ? text : err.field, expected);
    arena_release(&arena);
}

static void requests_are_answered_or_refused(void **state)
{
    (void)state;
    answers("{\"amount\":1001}", OK,
            "{\"amount\":1001,\"words\":\"Một nghìn không trăm linh một đồng\"}");
    answers("{\"south\":true,\"amount\":1001}", OK,
            "{\"amount\":1001,\"words\":\"Một nghìn không trăm lẻ một đồng\"}");
    answers("{}", E_INPUT, "amount");
    answers("{\"amount\":\"24\"}", E_INPUT, "amount");
    answers("{\"amount\":24.5}", E_INPUT, "amount");
    answers("{\"amount\":24,\"south\":1}", E_INPUT, "south");
    answers("{\"amount\":24,\"north\":true}", E_INPUT, "north");
    answers("{", E_INPUT, "");
}

static void a_number_inside_a_sentence(void **state)
{
    char memory[WORDS_BYTES_MAX];
    struct buf out;
    (void)state;
    buf_init_fixed(&out, memory, sizeof memory);
    words_add_number(&out, 2026, WORDS_NORTH);
    assert_string_equal(memory, "hai nghìn không trăm hai mươi sáu");
    buf_init_fixed(&out, memory, sizeof memory);
    words_add_number(&out, -105, WORDS_SOUTH);
    assert_string_equal(memory, "âm một trăm lẻ năm");
    buf_init_fixed(&out, memory, sizeof memory);
    words_add_number(&out, 0, WORDS_NORTH);
    assert_string_equal(memory, "không");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_bend_behind_tens),
        cmocka_unit_test(zero_tens_are_named),
        cmocka_unit_test(later_groups_read_their_hundreds),
        cmocka_unit_test(groups_of_zeros_are_silent),
        cmocka_unit_test(above_a_thousand_million_the_upper_part_is_a_number),
        cmocka_unit_test(zero_and_negative),
        cmocka_unit_test(both_ends_of_the_range_have_a_reading),
        cmocka_unit_test(requests_are_answered_or_refused),
        cmocka_unit_test(a_number_inside_a_sentence),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
