/* SPDX-License-Identifier: Apache-2.0 */
/* Bounded buffers and their small printf. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"

static void grows_to_its_maximum_and_keeps_what_fitted(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1000);
    for (int i = 0; i < 300; i++) buf_add(&buf, S("0123456789"));
    assert_true(buf.failed);
    assert_int_equal(buf.n, 1000);
    assert_int_equal(strlen(buf.p), 1000);
    buf_reset(&buf);
    assert_false(buf.failed);
    assert_true(str_equal(buf_str(&buf), S("")));
    buf_release(&buf);
}

static void fixed_places_are_never_overrun(void **state)
{
    (void)state;
    char place[6] = "zzzzz";
    struct buf buf;
    buf_init_fixed(&buf, place, 4);
    buf_add(&buf, S("abcdef"));
    assert_string_equal(place, "abc");
    assert_true(buf.failed && place[4] == 'z');
}

static void check_printed(const char *expected, struct buf *buf)
{
    assert_string_equal(buf->p, expected);
    buf_reset(buf);
}

static void prints_numbers_and_texts(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 4096);
    buf_printf(&buf, "%s|%.*s|%c|%%", "Nhà", STR_ARG(S("abc")), 'x');
    check_printed("Nhà|abc|x|%", &buf);
    buf_printf(&buf, "%d %u %ld %lu %lld %llu %zu %zd", -1, 2u, -3L, 4ul, -5LL, 6ull, (size_t)7,
               (ptrdiff_t)-8);
    check_printed("-1 2 -3 4 -5 6 7 -8", &buf);
    buf_printf(&buf, "[%5d][%05d][%x][%02x]", -42, -42, 255u, 10u);
    check_printed("[  -42][-0042][ff][0a]", &buf);
    buf_printf(&buf, "%lld %lld", (long long)INT64_MIN, (long long)INT64_MAX);
    check_printed("-9223372036854775808 9223372036854775807", &buf);
    buf_printf(&buf, "%s%.0s", "a", "b");
    check_printed("a", &buf);
    buf_add_padded(&buf, 7, 3);
    buf_add_char(&buf, ' ');
    buf_add_padded(&buf, 1234, 3);
    check_printed("007 1234", &buf);
    buf_add_hex(&buf, "\x00\xff\x5a", 3);
    check_printed("00ff5a", &buf);
    buf_release(&buf);
}

static void words_are_kept_in_an_arena(void **state)
{
    (void)state;
    struct arena arena;
    char filler[ARENA_WORDS_MAX_BYTES + 1];
    memset(filler, 'x', sizeof filler);
    arena_init(&arena, 8192);
    struct str words = arena_printf(&arena, "%s %d/%.*s", "Nhà", 7, STR_ARG(S("abc")));
    assert_string_equal(words.p, "Nhà 7/abc");
    assert_int_equal(words.n, strlen(words.p));
    words = arena_printf(&arena, "%.*s", ARENA_WORDS_MAX_BYTES, filler);
    assert_int_equal(words.n, ARENA_WORDS_MAX_BYTES);
    assert_false(arena.failed);
    words = arena_printf(&arena, "%.*s", (int)sizeof filler, filler); /* one too many */
    assert_true(words.p == NULL && words.n == 0 && arena.failed);
    arena_release(&arena);
}

static void groups_money_the_vietnamese_way(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {999, "999"},
                 {1000, "1.000"},
                 {1388405, "1.388.405"},
                 {-12345, "-12.345"},
                 {INT64_MIN, "-9.223.372.036.854.775.808"}};
    struct buf buf;
    buf_init(&buf, 100);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        buf_add_grouped(&buf, cases[i].value);
        check_printed(cases[i].text, &buf);
    }
    buf_release(&buf);
}

static void no_memory_is_remembered(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 100000);
    buf_add(&buf, S("kept"));
    memory_fail_after(1);
    for (int i = 0; i < 100; i++) buf_add(&buf, S("0123456789"));
    memory_fail_after(0);
    assert_true(buf.failed);
    assert_true(str_starts(buf_str(&buf), S("kept")));
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_to_its_maximum_and_keeps_what_fitted),
        cmocka_unit_test(fixed_places_are_never_overrun),
        cmocka_unit_test(prints_numbers_and_texts),
        cmocka_unit_test(words_are_kept_in_an_arena),
        cmocka_unit_test(groups_money_the_vietnamese_way),
        cmocka_unit_test(no_memory_is_remembered),
    };
    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
