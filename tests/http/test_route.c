/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/route.h"

static err_t nothing(struct http_request *request, struct http_response *response, struct err *err)
{
    (void)request;
    (void)response;
    (void)err;
    return OK;
}

static const struct http_route table[] = {
    {HTTP_GET, "/", nothing, 0, 0, NULL},
    {HTTP_GET, "/hoa-don/{so}", nothing, 0, 0, NULL},
    {HTTP_GET, "/hoa-don/moi", nothing, 0, 0, NULL},
    {HTTP_POST, "/hoa-don/{so}", nothing, 10, 0, NULL},
    {HTTP_DELETE, "/hoa-don/{so}/dong/{dong}", nothing, 0, 0, NULL},
};
static const struct http_routes routes = {table, ARRAY_COUNT(table)};

static struct http_match found(enum http_method method, const char *path)
{
    struct http_match match;
    struct http_route_index index;
    struct err err = {0};
    assert_int_equal(http_route_index_make(&routes, &index, &err), OK);
    http_route_find(&index, method, str_of(path), &match);
    http_route_index_release(&index);
    return match;
}

static void paths_find_their_route(void **state)
{
    (void)state;
    assert_ptr_equal(found(HTTP_GET, "/").route, &table[0]);
    struct http_match match = found(HTTP_HEAD, "/hoa-don/PD 7");
    assert_ptr_equal(match.route, &table[1]);
    assert_true(match.segment_count == 1 && str_equal(match.segment[0], S("PD 7")));
    assert_ptr_equal(found(HTTP_GET, "/hoa-don/moi").route, &table[2]);
    assert_ptr_equal(found(HTTP_POST, "/hoa-don/moi").route, &table[3]);
    match = found(HTTP_DELETE, "/hoa-don/a/dong/b");
    assert_true(match.segment_count == 2 && str_equal(match.segment[1], S("b")));
}

static void other_paths_find_none(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "/hoa-don",    "/hoa-don/", "//",
        "/hoa-don/a/", "/x",        "/hoa-don/a/dong",
        "/HOA-DON/a",  "",          "/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h"};
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        struct http_match match = found(HTTP_GET, paths[i]);
        assert_true(match.route == NULL && match.allowed == 0);
    }
}

static void other_methods_are_told_which(void **state)
{
    char memory[64];
    struct buf text;
    (void)state;
    struct http_match match = found(HTTP_PUT, "/hoa-don/a");
    assert_null(match.route);
    buf_init_fixed(&text, memory, sizeof memory);
    http_allowed(match.allowed, &text);
    assert_string_equal(memory, "GET, HEAD, POST");
    assert_null(found(HTTP_METHOD_COUNT, "/").route);
    assert_int_equal(http_method_of(S("get")), HTTP_METHOD_COUNT);
}

static err_t check(const struct http_route *route, size_t count)
{
    struct http_route_index index = {0};
    struct err err = {0};
    err_t e = http_route_index_make(&(struct http_routes){route, count}, &index, &err);
    assert_true(e == OK || err.vi.message[0] != '\0');
    http_route_index_release(&index);
    return e;
}

static void wrong_tables_are_refused(void **state)
{
    (void)state;
    struct http_route twice[] = {table[0], table[0]};
    struct http_route wrong[] = {
        {HTTP_GET, "x", nothing, 0, 0, NULL},
        {HTTP_HEAD, "/x", nothing, 0, 0, NULL},
        {HTTP_GET, "/x", NULL, 0, 0, NULL},
        {HTTP_GET, "/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g", nothing, 0, 0, NULL},
        {HTTP_GET, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}", nothing, 0, 0, NULL}};
    assert_int_equal(check(twice, 2), E_CHECK);
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) assert_int_equal(check(&wrong[i], 1), E_CHECK);
    wrong[3].pattern = "/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f";
    wrong[4].pattern = "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}";
    assert_int_equal(check(&wrong[3], 2), OK);
    assert_int_equal(check(wrong, 0), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_find_their_route),
        cmocka_unit_test(other_paths_find_none),
        cmocka_unit_test(other_methods_are_told_which),
        cmocka_unit_test(wrong_tables_are_refused),
    };
    return cmocka_run_group_tests_name("http route", tests, NULL, NULL);
}
