/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/decode.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, HTTP_ARENA_MAX_BYTES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void path_is(const char *target, const char *wanted)
{
    struct err err = {0};
    struct str path;
    struct http_fields query;
    assert_int_equal(http_decode_target(&arena, str_of(target), &path, &query, &err), OK);
    assert_true(str_equal(path, str_of(wanted)));
}

static void path_is_refused(const char *target, const char *field)
{
    struct err err = {0};
    struct str path;
    struct http_fields query;
    err_t e = http_decode_target(&arena, str_of(target), &path, &query, &err);
    assert_true(e == E_INPUT || e == E_LIMIT);
    assert_string_equal(err.field, field);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void paths_are_decoded(void **state)
{
    (void)state;
    path_is("/", "/");
    path_is("/a//b/", "/a//b/");
    path_is("/hoa-don/%C4%91i%E1%BB%87n%20%26", "/hoa-don/điện &");
    path_is("/a+b?x", "/a+b");
}

static void tricks_in_paths_are_refused(void **state)
{
    (void)state;
    static const char *const tricks[] = {
        "",       "a",       "*",     "http://x/", "/../a", "/a/..", "/%2e%2E/a",  "/.",
        "/a%2fb", "/a%5Cb",  "/a\\b", "/%",        "/%4",   "/%4g",  "/%00",       "/%0a",
        "/%ff",   "/%c0%af", "/a b",  "/a\tb",     "/\x7f", "/a#b",  "/%E2%80%AE", "/{a}"};
    for (size_t i = 0; i < ARRAY_COUNT(tricks); i++) path_is_refused(tricks[i], "path");
    path_is_refused("/?a=%", "query");
    path_is_refused("/?a=%ff", "query");
    path_is_refused("/?%00=a", "query");
}

static void long_things_are_refused(void **state)
{
    char memory[HTTP_PATH_MAX_BYTES + 2];
    struct err err = {0};
    struct http_fields fields;
    struct buf text;
    (void)state;
    for (size_t i = 0; i < sizeof memory; i++) memory[i] = '/';
    memory[sizeof memory - 1] = '\0';
    path_is_refused(memory, "path");
    buf_init_fixed(&text, memory, sizeof memory);
    for (int i = 0; i <= HTTP_FIELD_MAX_COUNT; i++) buf_add(&text, S("a&"));
    assert_int_equal(http_decode_form(&arena, buf_str(&text), "body", &fields, &err), E_LIMIT);
}

static void forms_are_decoded(void **state)
{
    struct err err = {0};
    struct http_fields fields;
    (void)state;
    struct str text = S("t%C3%AAn=Nguy%E1%BB%85n+An&&note=a%0D%0Ab&empty=&none&a=b=c");
    assert_int_equal(http_decode_form(&arena, text, "body", &fields, &err), OK);
    assert_int_equal(fields.count, 5);
    assert_true(str_equal(http_field(&fields, S("tên")), S("Nguyễn An")));
    assert_true(str_equal(http_field(&fields, S("note")), S("a\r\nb")));
    assert_true(http_field(&fields, S("empty")).p != NULL);
    assert_int_equal(http_field(&fields, S("empty")).n, 0);
    assert_true(str_equal(http_field(&fields, S("a")), S("b=c")));
    assert_null(http_field(&fields, S("absent")).p);
    assert_int_equal(http_decode_form(&arena, S("a=%E2%80%AE"), "body", &fields, &err), E_INPUT);
}

static void cookies_are_read(void **state)
{
    struct err err = {0};
    struct http_fields fields;
    (void)state;
    struct str text = S("__Host-sangden=ab-_1; lang=\"en\"; bad name=1; x=a\\b; alone;a=1=2");
    assert_int_equal(http_decode_cookies(&arena, text, &fields, &err), OK);
    assert_int_equal(fields.count, 3);
    assert_true(str_equal(http_field(&fields, S("__Host-sangden")), S("ab-_1")));
    assert_true(str_equal(http_field(&fields, S("lang")), S("en")));
    assert_true(str_equal(http_field(&fields, S("a")), S("1=2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paths_are_decoded, setup, teardown),
        cmocka_unit_test_setup_teardown(tricks_in_paths_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(long_things_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(forms_are_decoded, setup, teardown),
        cmocka_unit_test_setup_teardown(cookies_are_read, setup, teardown),
    };
    return cmocka_run_group_tests_name("http decode", tests, NULL, NULL);
}
