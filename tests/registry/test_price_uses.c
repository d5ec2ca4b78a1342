/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of price uses: one canonical text, sums exact, unknown codes refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "registry/price_uses.h"

static void check_canonical(const char *text, const char *expected)
{
    struct price_uses uses, again;
    struct err err;
    char memory[512];
    struct buf out;
    assert_int_equal(price_uses_parse(str_of(text), &uses, &err), OK);
    assert_int_equal(price_uses_check(&uses, &err), OK);
    buf_init_fixed(&out, memory, sizeof memory);
    price_uses_write(&uses, &out);
    assert_string_equal(memory, expected);
    /* Reading what was written changes nothing. */
    assert_int_equal(price_uses_parse(buf_str(&out), &again, &err), OK);
    assert_int_equal(again.count, uses.count);
}

static void check_refused(const char *text, err_t code, const char *names)
{
    struct price_uses uses;
    struct err err;
    assert_int_equal(price_uses_parse(str_of(text), &uses, &err), code);
    assert_string_equal(err.field, "uses");
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_non_null(strstr(err.en.message, names));
}

static void canonical_texts(void **state)
{
    (void)state;
    check_canonical("SH:-:100%", "SH:-:100%");
    check_canonical(" SH : - : 60.0% ; KD:LT6:40% ", "SH:-:60%;KD:LT6:40%");
    check_canonical("SH:-:33.3333%;KD:LT6:33.3333%;SX:LT6:33.3334%",
                    "SH:-:33.3333%;KD:LT6:33.3333%;SX:LT6:33.3334%");
    check_canonical("KD:LT6:120kWh;SX:LT6:0.5kWh", "KD:LT6:120kWh;SX:LT6:0.5kWh");
}

static void sums_are_exact(void **state)
{
    (void)state;
    check_refused("SH:-:99.9999%", E_INPUT, "99.9999%");
    check_refused("SH:-:60%;KD:LT6:40.0001%", E_INPUT, "100.0001%");
    check_refused("SH:-:60%;KD:LT6:40kWh", E_INPUT, "mix");
}

static void what_cannot_be_read_is_named(void **state)
{
    (void)state;
    check_refused("", E_INPUT, "");
    check_refused("SH", E_INPUT, "SH");
    check_refused("SH:-:0%;KD:LT6:100%", E_INPUT, "SH:-:0%");
    check_refused("SH:-:-1%", E_INPUT, "-1%");
    check_refused("SH:-:100%;", E_INPUT, "");
    check_refused("SH:-:50%;SH:-:50%", E_INPUT, "SH");
    check_refused("SH:-:1e2%", E_INPUT, "1e2");
    check_refused("A:-:1%;B:-:1%;C:-:1%;D:-:1%;E:-:1%;F:-:1%;G:-:1%;H:-:1%;I:-:92%", E_LIMIT, "8");
}

static void codes_are_those_of_the_tariff(void **state)
{
    (void)state;
    struct price_uses uses;
    struct err err;
    assert_int_equal(price_uses_parse(S("XX:-:100%"), &uses, &err), OK);
    assert_int_equal(price_uses_check(&uses, &err), E_INPUT);
    assert_non_null(strstr(err.en.message, "XX"));
    assert_int_equal(price_uses_parse(S("KD:GT9:100%"), &uses, &err), OK);
    assert_int_equal(price_uses_check(&uses, &err), E_INPUT);
    assert_non_null(strstr(err.en.message, "GT9"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_texts),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(what_cannot_be_read_is_named),
        cmocka_unit_test(codes_are_those_of_the_tariff),
    };
    return cmocka_run_group_tests_name("registry price uses", tests, NULL, NULL);
}
