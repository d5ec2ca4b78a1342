/* SPDX-License-Identifier: Apache-2.0 */
/* String views. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

static void compares_by_bytes(void **state)
{
    (void)state;
    assert_true(str_equal(S(""), (struct str){NULL, 0}));
    assert_true(str_equal(S("Nhà"), str_of("Nhà")));
    assert_false(str_equal(S("a"), S("ab")));
    assert_true(str_compare(S("a"), S("b")) < 0 && str_compare(S("b"), S("a")) > 0);
    assert_true(str_compare(S("a"), S("ab")) < 0 && str_compare(S("a"), S("a")) == 0);
    assert_true(str_compare(S("\x7f"), S("\xc3\xa0")) < 0);
    assert_true(str_starts(S("PD0100"), S("PD")) && !str_starts(S("P"), S("PD")));
    assert_true(str_ends(S("a.csv"), S(".csv")) && !str_ends(S("csv"), S(".csv")));
}

static void parts_are_clipped(void **state)
{
    (void)state;
    assert_true(str_equal(str_sub(S("abc"), 1, 1), S("b")));
    assert_true(str_equal(str_sub(S("abc"), 1, 99), S("bc")));
    assert_true(str_equal(str_sub(S("abc"), 9, 1), S("")));
    assert_true(str_equal(str_sub((struct str){NULL, 0}, 1, 1), S("")));
    assert_int_equal(str_find(S("a,b"), ','), 1);
    assert_int_equal(str_find(S("ab"), ','), 2);
    assert_true(str_equal(str_trim(S(" \t a b \r\n")), S("a b")));
    assert_true(str_equal(str_trim(S("  ")), S("")));
}

static void splits_to_the_last_piece(void **state)
{
    (void)state;
    struct str rest = S("a,,"), piece;
    assert_true(str_split(&rest, ',', &piece) && str_equal(piece, S("a")));
    assert_true(str_split(&rest, ',', &piece) && piece.n == 0);
    assert_true(str_split(&rest, ',', &piece) && piece.n == 0);
    assert_false(str_split(&rest, ',', &piece));
}

static void check_number(const char *text, bool good, int64_t expected)
{
    int64_t value = 77;
    assert_int_equal(str_to_i64(str_of(text), &value), good);
    assert_true(value == (good ? expected : 77));
}

static void reads_whole_numbers_only(void **state)
{
    (void)state;
    check_number("0", true, 0);
    check_number("-12", true, -12);
    check_number("007", true, 7);
    check_number("9223372036854775807", true, INT64_MAX);
    check_number("-9223372036854775808", true, INT64_MIN);
    check_number("9223372036854775808", false, 0);
    check_number("-9223372036854775809", false, 0);
    check_number("", false, 0);
    check_number("-", false, 0);
    check_number("+1", false, 0);
    check_number(" 1", false, 0);
    check_number("1.0", false, 0);
}

static void knows_utf8(void **state)
{
    (void)state;
    size_t bad;
    assert_true(str_is_utf8(S("Điện lực \xF0\x9F\x92\xA1"), &bad));
    static const struct {
        struct str text;
        size_t bad;
    } cases[] = {
        {S_INIT("a\xC0\x80"), 1},         /* overlong */
        {S_INIT("\xE0\x80\x80"), 0},      /* overlong */
        {S_INIT("ab\xED\xA0\x80"), 2},    /* surrogate */
        {S_INIT("\xF4\x90\x80\x80"), 0},  /* beyond U+10FFFF */
        {S_INIT("abc\xC3"), 3},           /* cut */
        {S_INIT("a\0b"), 1},              /* NUL */
        {S_INIT("\x80"), 0},              /* continuation without a start */
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_false(str_is_utf8(cases[i].text, &bad));
        assert_int_equal(bad, cases[i].bad);
    }
    assert_int_equal(str_length(S("Đèn")), 3);
}

static void the_beginning_is_whole_characters(void **state UNUSED)
{
    assert_true(str_equal(str_first(S("Điện"), 100), S("Điện")));
    assert_true(str_equal(str_first(S("Điện"), 7), S("Điện")));
    assert_true(str_equal(str_first(S("Điện"), 6), S("Điệ")));
    assert_true(str_equal(str_first(S("Điện"), 5), S("Đi")));
    assert_true(str_equal(str_first(S("Điện"), 1), S("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_by_bytes),
        cmocka_unit_test(parts_are_clipped),
        cmocka_unit_test(splits_to_the_last_piece),
        cmocka_unit_test(reads_whole_numbers_only),
        cmocka_unit_test(knows_utf8),
        cmocka_unit_test(the_beginning_is_whole_characters),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
