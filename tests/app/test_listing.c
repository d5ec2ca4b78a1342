/* SPDX-License-Identifier: Apache-2.0 */
/* What a command lists, for people and for programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/listing.h"

static struct arena arena;
static struct buf out;
static struct err err;
static struct call call;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    buf_init(&out, 1 << 16);
    call = (struct call){.arena = &arena, .err = &err, .out = &out};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    buf_release(&out);
    return 0;
}

/* A list of the books 1 … count, broken off with e behind them. */
static err_t list_books(enum listing_form form, int64_t count, err_t e)
{
    static const struct table_column columns[] = {{"Sổ", ALIGN_LEFT}, {"Số", ALIGN_RIGHT}};
    struct listing l;
    listing_begin(&l, &call, form, columns, ARRAY_COUNT(columns));
    for (int64_t i = 1; i <= count; i++) {
        if (!call.json) {
            table_text(&l.table, S("A"));
            table_i64(&l.table, i);
            continue;
        }
        listing_item(&l);
        json_text(&l.w, S("book"), S("A"));
        json_i64(&l.w, S("no"), i);
        listing_item_end(&l);
    }
    return listing_end(&l, e);
}

static void shows(enum listing_form form, int64_t count, const char *expected)
{
    buf_reset(&out);
    assert_int_equal(list_books(form, count, OK), OK);
    assert_int_equal(out.n, strlen(expected));
    assert_memory_equal(out.p, expected, out.n);
}

static void people_get_a_table(void **state)
{
    (void)state;
    shows(LISTING_WHOLE, 2, "Sổ  Số\nA    1\nA    2\n");
    shows(LISTING_LINES, 2, "Sổ  Số\nA    1\nA    2\n");
}

static void programs_get_an_array(void **state)
{
    (void)state;
    call.json = true;
    shows(LISTING_WHOLE, 0, "[]\n");
    shows(LISTING_WHOLE, 2, "[{\"book\":\"A\",\"no\":1},{\"book\":\"A\",\"no\":2}]\n");
    shows(LISTING_LINES, 0, "[]\n");
    shows(LISTING_LINES, 2, "[\n{\"book\":\"A\",\"no\":1},\n{\"book\":\"A\",\"no\":2}\n]\n");
}

static void what_fails_leaves_no_half_array(void **state)
{
    (void)state;
    call.json = true;
    assert_int_equal(list_books(LISTING_WHOLE, 2, E_STORE), E_STORE);
    assert_int_equal(out.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(people_get_a_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(programs_get_an_array, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_fails_leaves_no_half_array, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("app listing", tests, NULL, NULL);
}
