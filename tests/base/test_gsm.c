/* SPDX-License-Identifier: Apache-2.0 */
/* What a message costs: alphabets, limits, pairs that are not divided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/gsm.h"

enum { TEXT_BYTES = 4096 };

static void sized(struct str text, bool gsm, size_t units, size_t parts)
{
    struct message_size size = message_size(text);
    assert_int_equal(size.gsm, gsm);
    assert_int_equal(size.units, units);
    assert_int_equal(size.parts, parts);
}

/* count times one letter. */
static struct str times(char memory[TEXT_BYTES], const char *letter, size_t count,
                        const char *end)
{
    struct buf buf;
    buf_init_fixed(&buf, memory, TEXT_BYTES);
    for (size_t i = 0; i < count; i++) buf_add(&buf, str_of(letter));
    buf_add(&buf, str_of(end));
    assert_false(buf.failed);
    return buf_str(&buf);
}

static void limits_of_the_two_alphabets(void **state)
{
    char memory[TEXT_BYTES];
    (void)state;
    sized(S(""), true, 0, 0);
    sized(times(memory, "a", 160, ""), true, 160, 1);
    sized(times(memory, "a", 161, ""), true, 161, 2);
    sized(times(memory, "a", 306, ""), true, 306, 2);
    sized(times(memory, "a", 307, ""), true, 307, 3);
    sized(times(memory, "ệ", 70, ""), false, 70, 1);
    sized(times(memory, "ệ", 71, ""), false, 71, 2);
    sized(times(memory, "ệ", 134, ""), false, 134, 2);
    sized(times(memory, "ệ", 135, ""), false, 135, 3);
    sized(times(memory, "a", 70, "ệ"), false, 71, 2);
}

static void letters_of_gsm(void **state)
{
    (void)state;
    sized(S("Tien dien thang 7/2026: 1.388.405 d"), true, 35, 1);
    sized(S("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"), true, 42, 1);
    sized(S("^{}[]~\\|€"), true, 18, 1);
    sized(S("`"), false, 1, 1);
    sized(S("đ"), false, 1, 1);
    sized(S("–"), false, 1, 1);
    sized(S("💡"), false, 2, 1);
}

/* 152 septets, then a letter of two: it begins the second part. */
static void pairs_stay_together(void **state)
{
    char memory[TEXT_BYTES];
    (void)state;
    struct str text = times(memory, "a", 152, "[");
    memset(memory + text.n, 'a', 152);
    sized((struct str){memory, text.n + 151}, true, 305, 2);
    sized((struct str){memory, text.n + 152}, true, 306, 3);
    text = times(memory, "ệ", 66, "💡");
    sized(text, false, 68, 1);
    memset(memory + text.n, 'a', 66);
    sized((struct str){memory, text.n + 65}, false, 133, 2);
    sized((struct str){memory, text.n + 66}, false, 134, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_the_two_alphabets),
        cmocka_unit_test(letters_of_gsm),
        cmocka_unit_test(pairs_stay_together),
    };
    return cmocka_run_group_tests_name("gsm", tests, NULL, NULL);
}
