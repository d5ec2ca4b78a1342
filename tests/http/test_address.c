/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/address.h"

static struct http_address address(const char *text)
{
    struct http_address parsed;
    assert_true(http_address_parse(str_of(text), &parsed));
    return parsed;
}

static void client_is(const char *trusted, const char *peer, const char *forwarded,
                      const char *wanted)
{
    char memory[HTTP_ADDRESS_TEXT_BYTES];
    struct err err = {0};
    struct http_networks networks;
    struct http_field header = {S("X-Forwarded-FOR"), str_of(forwarded)};
    struct http_fields headers = {&header, forwarded == NULL ? 0U : 1U};
    struct http_address from = address(peer);
    assert_int_equal(http_networks_parse(str_of(trusted), "X", &networks, &err), OK);
    struct http_address client = http_client_address(&networks, &from, &headers);
    assert_string_equal(http_address_text(&client, memory).p, wanted);
}

static void strangers_are_not_believed(void **state)
{
    (void)state;
    client_is("", "203.0.113.9", "198.51.100.1", "203.0.113.9");
    client_is("10.0.0.0/8", "11.0.0.1", "198.51.100.1", "11.0.0.1");
    client_is("", "203.0.113.9", NULL, "203.0.113.9");
}

static void proxies_are_believed(void **state)
{
    (void)state;
    client_is("", "127.0.0.1", "198.51.100.1", "198.51.100.1");
    client_is("", "::1", "2001:db8::7", "2001:db8::7");
    client_is("10.0.0.0/8", "127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1");
    /* What a client wrote itself stands on the left. */
    client_is("10.0.0.0/8", "10.0.0.1", "127.0.0.1, 198.51.100.1", "198.51.100.1");
    client_is("", "127.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5");
    client_is("", "127.0.0.1", "rubbish", "127.0.0.1");
    client_is("", "127.0.0.1", "198.51.100.1, rubbish", "127.0.0.1");
    client_is("", "127.0.0.1", "", "127.0.0.1");
}

static void networks_are_read(void **state)
{
    struct err err = {0};
    struct http_networks networks;
    (void)state;
    assert_int_equal(
        http_networks_parse(S("10.0.0.0/9, 2001:db8::/33,192.0.2.1"), "X", &networks, &err), OK);
    struct http_address inside[] = {address("10.127.0.1"), address("2001:db8:7fff::1"),
                                    address("192.0.2.1"), address("127.3.2.1"),
                                    address("::ffff:10.0.0.1")};
    struct http_address outside[] = {address("10.128.0.1"), address("2001:db8:8000::1"),
                                     address("192.0.2.2"), address("::2")};
    for (size_t i = 0; i < ARRAY_COUNT(inside); i++)
        assert_true(http_networks_have(&networks, &inside[i]));
    for (size_t i = 0; i < ARRAY_COUNT(outside); i++)
        assert_false(http_networks_have(&networks, &outside[i]));
    static const char *const wrong[] = {"10.0.0.0/33", "x",    "10.0.0.0/-1",
                                        "::/129",      "1,,2", "1.2.3.4/"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        assert_int_equal(http_networks_parse(str_of(wrong[i]), "X", &networks, &err), E_USAGE);
        assert_string_equal(err.field, "X");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_are_not_believed),
        cmocka_unit_test(proxies_are_believed),
        cmocka_unit_test(networks_are_read),
    };
    return cmocka_run_group_tests_name("http address", tests, NULL, NULL);
}
