/* SPDX-License-Identifier: Apache-2.0 */
/* Errors in three parts and two languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/error.h"

static void parts_stand_in_both_languages(void **state)
{
    (void)state;
    struct err err;
    assert_int_equal(err_set(&err, E_INPUT, "kwh", "Số %d sai", "Number %d is wrong", 7), E_INPUT);
    assert_int_equal(err_detail(&err, "Là “%s”", "It is “%s”", "x"), E_INPUT);
    assert_int_equal(err_hint(&err, "Sửa lại", "Correct it"), E_INPUT);
    assert_int_equal(err_prefix(&err, "lines[3]."), E_INPUT);
    assert_string_equal(err.field, "lines[3].kwh");
    assert_string_equal(err.vi.message, "Số 7 sai");
    assert_string_equal(err.en.message, "Number 7 is wrong");
    assert_string_equal(err.vi.detail, "Là “x”");
    assert_string_equal(err.en.hint, "Correct it");
    err_set(&err, E_STATE, NULL, "Khác", "Other");
    assert_true(err.field[0] == '\0' && err.en.detail[0] == '\0' && err.vi.hint[0] == '\0');
}

static void long_texts_are_cut_at_a_character(void **state)
{
    (void)state;
    struct err err;
    char text[3 * ERR_MESSAGE_BYTES + 1] = "";
    for (size_t i = 0; i + 3 < sizeof text; i += 3) memcpy(text + i, "\xE1\xBB\x87", 4);
    for (size_t shift = 0; shift < 3; shift++) {
        err_set(&err, E_INPUT, NULL, "%.*s%s", "%.*s%s", (int)shift, "abc", text);
        size_t bad, n = strlen(err.vi.message);
        assert_true(n < ERR_MESSAGE_BYTES && n >= ERR_MESSAGE_BYTES - 4);
        assert_true(str_is_utf8(str_of(err.vi.message), &bad));
    }
}

static void every_kind_has_its_statuses(void **state)
{
    (void)state;
    assert_int_equal(err_exit_status(OK), 0);
    for (int code = E_FIRST_ + 1; code < E_LAST_; code++) {
        int exit_status = err_exit_status((err_t)code), http = err_http_status((err_t)code);
        assert_true(exit_status >= 1 && exit_status <= 3 && http >= 400 && http <= 599);
        assert_true(err_general_vi((err_t)code)[0] != '\0');
        assert_true(err_general_en((err_t)code)[0] != '\0');
        assert_memory_equal(err_name((err_t)code), "E_", 2);
    }
    assert_int_equal(err_exit_status(E_USAGE), 2);
    assert_int_equal(err_exit_status(E_INPUT), 1);
    assert_int_equal(err_exit_status(E_STORE), 3);
    assert_true(err_of_machine(E_BUSY) && err_of_machine(E_IO) && err_of_machine(E_MEMORY));
    assert_false(err_of_machine(OK) || err_of_machine(E_INPUT) || err_of_machine(E_LOST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_stand_in_both_languages),
        cmocka_unit_test(long_texts_are_cut_at_a_character),
        cmocka_unit_test(every_kind_has_its_statuses),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
