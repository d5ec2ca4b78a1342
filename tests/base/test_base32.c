/* SPDX-License-Identifier: Apache-2.0 */
/* Codes that people type, and secrets that applications scan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base32.h"

/* RFC 4648, section 10, without its padding. */
static void the_vectors_of_the_rfc(void **state)
{
    (void)state;
    static const char *const vectors[][2] = {{"", ""},
                                             {"f", "MY"},
                                             {"fo", "MZXQ"},
                                             {"foo", "MZXW6"},
                                             {"foob", "MZXW6YQ"},
                                             {"fooba", "MZXW6YTB"},
                                             {"foobar", "MZXW6YTBOI"}};
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
        char memory[32];
        struct buf buf;
        buf_init_fixed(&buf, memory, sizeof memory);
        buf_add_base32(&buf, vectors[i][0], str_of(vectors[i][0]).n);
        assert_true(str_equal(buf_str(&buf), str_of(vectors[i][1])));
    }
}

static void a_code_is_read_as_it_is_typed(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x00, 0x44, 0x32, 0x14, 0xc7,
                                          0x42, 0x54, 0xb6, 0x35, 0xcf};
    char code[CODE_TEXT_BYTES(16)], read[CODE_TEXT_BYTES(16)];
    assert_true(str_equal(code_write(bytes, 16, code), S("0123-4567-89AB-CDEF")));
    static const char *const typed[] = {"0123-4567-89AB-CDEF", "o l23 4567 89ab cdef",
                                        "OI23456789ABCDEF"};
    for (size_t i = 0; i < ARRAY_COUNT(typed); i++) {
        assert_true(code_read(str_of(typed[i]), 16, read));
        assert_string_equal(read, code);
    }
    static const char *const wrong[] = {"", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF0",
                                        "0123-4567-89AB-CDEU", "0123_4567_89AB_CDEF"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_false(code_read(str_of(wrong[i]), 16, read));
    assert_false(code_read((struct str){"0123456789ABCDE\0", 16}, 16, read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_vectors_of_the_rfc),
                                       cmocka_unit_test(a_code_is_read_as_it_is_typed)};
    return cmocka_run_group_tests_name("base base32", tests, NULL, NULL);
}
