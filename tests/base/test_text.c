/* SPDX-License-Identifier: Apache-2.0 */
/* Vietnamese text: one form inside, keys to search by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

static struct arena arena;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    err = (struct err){.code = OK};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void check_nfc(const char *text, const char *expected)
{
    struct str out = {NULL, 0};
    assert_int_equal(text_nfc(&arena, str_of(text), &out, &err), OK);
    assert_true(str_equal(out, str_of(expected)));
}

static void check_fold(const char *text, const char *expected)
{
    struct str out = {NULL, 0}, again = {NULL, 0};
    assert_int_equal(text_fold(&arena, str_of(text), &out, &err), OK);
    assert_true(str_equal(out, str_of(expected)));
    assert_int_equal(text_fold(&arena, out, &again, &err), OK);
    assert_true(str_equal(again, out));
}

static void composes(void **state)
{
    (void)state;
    check_nfc("Nguye\xCC\x82\xCC\x83n", "Nguy\xE1\xBB\x85n");
    /* The order of two marks on one letter does not matter. */
    check_nfc("o\xCC\xA3\xCC\x9B", "\xE1\xBB\xA3");
    check_nfc("o\xCC\x9B\xCC\xA3", "\xE1\xBB\xA3");
    /* Letters of other alphabets compose too: two Hangul jamo are one syllable. */
    check_nfc("\xE1\x84\x80\xE1\x85\xA1", "\xEA\xB0\x80");
    check_nfc("Đặng Thị Ngọc Ánh", "Đặng Thị Ngọc Ánh");
    check_nfc("", "");
}

static void normal_text_is_not_copied(void **state)
{
    (void)state;
    struct str in = S("Phường Bến Nghé"), out;
    assert_int_equal(text_nfc(&arena, in, &out, &err), OK);
    assert_ptr_equal(in.p, out.p);
}

static void folds_for_search(void **state)
{
    (void)state;
    check_fold("Nguyễn Thị Đào", "nguyen thi dao");
    check_fold("NGUYE\xCC\x82\xCC\x83N  THI\xCC\xA3\tÐA\xCC\x80O ", "nguyen thi dao");
    check_fold("  Ướt Ượt Ứng ỹ Ỵ  ", "uot uot ung y y");
    check_fold("Số 12, ngõ 3/4", "so 12, ngo 3/4");
    check_fold("12\xC2\xA0ngo", "12 ngo");
    check_fold("", "");
    check_fold("   ", "");
}

static void knows_what_acts(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        size_t bytes;
    } cases[] = {{S_INIT("\x1b[2J"), 1},
                 {S_INIT("\n"), 1},
                 {S_INIT("\x7f"), 1},
                 {S_INIT("\xC2\x9B"), 2},
                 {S_INIT("\xC2\xA0"), 0},
                 {S_INIT("\xC2"), 0},
                 {S_INIT("\xE2\x80\xAE"), 3},
                 {S_INIT("\xE2\x81\xA6"), 3},
                 {S_INIT("\xE2\x80"), 0},
                 {S_INIT("\xE2\x80\x94"), 0},
                 {S_INIT("ệ"), 0},
                 {S_INIT(" "), 0}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        assert_int_equal(text_control(cases[i].text, 0), cases[i].bytes);
    assert_int_equal(text_control(S("a\xE2\x80\xA8"), 1), 3);
}

static void refuses_other_encodings(void **state)
{
    (void)state;
    struct str out = S("kept");
    assert_int_equal(text_nfc(&arena, S("Nguy\xD4n"), &out, &err), E_INPUT);
    assert_string_equal(err.en.detail, "Byte 5");
    assert_int_equal(text_fold(&arena, S("\xF4ng"), &out, &err), E_INPUT);
    assert_true(str_equal(out, S("kept")));
}

static void limits_are_errors(void **state)
{
    (void)state;
    struct arena small;
    struct str out;
    arena_init(&small, 16);
    assert_int_equal(text_fold(&small, S("Nguyễn Thị Đào"), &out, &err), E_MEMORY);
    arena_release(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(composes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(normal_text_is_not_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folds_for_search, set_up, tear_down),
        cmocka_unit_test_setup_teardown(knows_what_acts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_other_encodings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_are_errors, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
