/* SPDX-License-Identifier: Apache-2.0 */
/* Memory given back at once, with limits and with blocks that are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

static bool is_zero(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0) return false;
    return true;
}

static void blocks_are_cleared_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    char *before = NULL;
    for (int round = 0; round < 2; round++) {
        for (size_t n = 0; n < 3000; n += 7) {
            char *block = arena_take(&arena, n);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % 16, 0);
            assert_true(is_zero(block, n));
            assert_true(before == NULL || block != before);
            memset(block, 0xAA, n);
            before = block;
            if (n > 1000 && round == 0) break;
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
}

static void the_limit_holds_until_reset(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 100000);
    assert_non_null(arena_take(&arena, 90000));
    assert_null(arena_take(&arena, 20000));
    assert_true(arena.failed);
    assert_null(arena_take(&arena, 1));
    arena_reset(&arena);
    assert_non_null(arena_take(&arena, 100));
    assert_true(arena.taken_bytes <= 100000);
    arena_release(&arena);
    assert_null(arena_take(&arena, 100001));
    arena_release(&arena);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    assert_null(arena_take_array(&arena, SIZE_MAX / 2, 4));
    arena_reset(&arena);
    assert_null(arena_take(&arena, SIZE_MAX - 3));
    arena_release(&arena);
}

static void texts_are_copied_with_an_end(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    char source[] = "Đèn";
    struct str copy = arena_str(&arena, str_of(source));
    source[0] = 'x';
    assert_string_equal(copy.p, "Đèn");
    assert_non_null(arena_str(&arena, S("")).p);
    arena_release(&arena);
}

static void no_memory_fails_once_and_is_survived(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    memory_fail_after(2);
    assert_non_null(arena_take(&arena, 10));
    assert_null(arena_take(&arena, 200000));
    assert_true(arena.failed);
    arena_reset(&arena);
    assert_non_null(arena_take(&arena, 200000));
    memory_fail_after(0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_cleared_aligned_and_apart),
        cmocka_unit_test(the_limit_holds_until_reset),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(texts_are_copied_with_an_end),
        cmocka_unit_test(no_memory_fails_once_and_is_survived),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
