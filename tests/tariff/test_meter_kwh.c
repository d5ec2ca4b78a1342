/* SPDX-License-Identifier: Apache-2.0 */
/* From readings to kilowatt-hours: the way on, the rollover, the doubt, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answer.h"
#include "base/json_read.h"
#include "tariff/meter_kwh.h"

static void answers(const char *request, const char *expected)
{
    check_answer(meter_kwh_answer, request, expected);
}

static void refuses(const char *request, const char *field)
{
    check_refused(meter_kwh_answer, request, field);
}

static void reviews(const char *request, const char *candidate_kwh)
{
    struct answer answer;
    struct json *json;
    answer_init(&answer, meter_kwh_answer, request);
    assert_int_equal(answer.code, OK);
    assert_int_equal(json_parse(&answer.arena, buf_str(&answer.out), &json, &answer.err), OK);
    assert_null(json_member(json, S("kwh")));
    assert_non_null(json_member(json, S("review")));
    assert_true(json_member(json, S("reason"))->text.n > 0);
    assert_true(str_equal(json_member(json, S("candidate_kwh"))->text, str_of(candidate_kwh)));
    answer_release(&answer);
}

static void the_register_goes_on(void **state)
{
    (void)state;
    answers("{\"old\":\"100\",\"new\":\"350\",\"digits\":5}",
            "{\"kwh\":\"250\",\"rollover\":false}");
    answers("{\"old\":\"00100.250\",\"new\":\"00350.5\",\"digits\":5,\"multiplier\":\"20\"}",
            "{\"kwh\":\"5005\",\"rollover\":false}");
    answers("{\"old\":7,\"new\":7,\"digits\":\"5\"}", "{\"kwh\":\"0\",\"rollover\":false}");
}

static void a_plausible_rollover_counts(void **state)
{
    (void)state;
    answers("{\"old\":\"99850\",\"new\":\"00120\",\"digits\":5}",
            "{\"kwh\":\"270\",\"rollover\":true}");
    answers("{\"old\":\"99987.4\",\"new\":\"12.9\",\"digits\":5}",
            "{\"kwh\":\"25.5\",\"rollover\":true}");
    answers("{\"old\":\"95000\",\"new\":\"0\",\"digits\":5}",
            "{\"kwh\":\"5000\",\"rollover\":true}");
    answers("{\"old\":\"9950\",\"new\":\"20\",\"digits\":4,\"multiplier\":\"40\"}",
            "{\"kwh\":\"2800\",\"rollover\":true}");
}

static void a_doubtful_one_goes_to_review(void **state)
{
    (void)state;
    reviews("{\"old\":\"00850\",\"new\":\"00120\",\"digits\":5}", "99270");
    reviews("{\"old\":\"94999\",\"new\":\"0\",\"digits\":5}", "5001");
    reviews("{\"old\":\"99850\",\"new\":\"00120\",\"digits\":6}", "900270");
}

static void the_expected_use_decides_where_it_is_known(void **state)
{
    (void)state;
    answers("{\"old\":\"99850\",\"new\":\"00120\",\"digits\":5,\"expected\":\"90\"}",
            "{\"kwh\":\"270\",\"rollover\":true}");
    reviews("{\"old\":\"99850\",\"new\":\"00120\",\"digits\":5,\"expected\":\"89.999\"}", "270");
    answers("{\"old\":\"90000\",\"new\":\"500\",\"digits\":5,\"expected\":\"9000\"}",
            "{\"kwh\":\"10500\",\"rollover\":true}");
}

static void removed_and_direct_kwh_are_added(void **state)
{
    (void)state;
    answers("{\"old\":\"0.2\",\"new\":\"88.9\",\"digits\":5,\"removed\":\"41.5\"}",
            "{\"kwh\":\"130.2\",\"rollover\":false}");
    answers("{\"old\":\"0\",\"new\":\"7.1\",\"digits\":5,\"multiplier\":\"40\",\"removed\":"
            "{\"old\":\"10\",\"new\":\"22.4\",\"digits\":5,\"multiplier\":\"20\"}}",
            "{\"kwh\":\"532\",\"rollover\":false}");
    answers("{\"old\":\"0\",\"new\":\"1\",\"digits\":5,\"direct\":\"2.125\"}",
            "{\"kwh\":\"3.125\",\"rollover\":false}");
    reviews("{\"old\":\"0\",\"new\":\"7\",\"digits\":5,\"removed\":{\"old\":\"850\","
            "\"new\":\"120\",\"digits\":5}}", "99277");
}

static void wrong_input_is_refused_by_name(void **state)
{
    (void)state;
    refuses("{\"new\":\"1\",\"digits\":5}", "old");
    refuses("{\"old\":\"1\",\"digits\":5}", "new");
    refuses("{\"old\":\"1\",\"new\":\"2\"}", "digits");
    refuses("{\"old\":\"1\",\"new\":\"2\",\"digits\":0}", "digits");
    refuses("{\"old\":\"1\",\"new\":\"2\",\"digits\":13}", "digits");
    refuses("{\"old\":\"1\",\"new\":\"2\",\"digits\":\"five\"}", "digits");
    refuses("{\"old\":\"\",\"new\":\"2\",\"digits\":5}", "old");
    refuses("{\"old\":\"1234567890123\",\"new\":\"2\",\"digits\":5}", "old");
    refuses("{\"old\":\"1\",\"new\":\"2\",\"digits\":5,\"removed\":{\"width\":5}}",
            "removed.width");
    refuses("{\"old\":\"0\",\"new\":\"999999999999\",\"digits\":12,"
            "\"multiplier\":\"9000\"}", "");
    refuses("{\"old\":\"100000\",\"new\":\"2\",\"digits\":5}", "old");
    refuses("{\"old\":\"1\",\"new\":\"100000\",\"digits\":5}", "new");
    refuses("{\"old\":\"-1\",\"new\":\"2\",\"digits\":5}", "old");
    refuses("{\"old\":1.5,\"new\":\"2\",\"digits\":5}", "old");
    refuses("{\"old\":\"1\",\"new\":\"2.0001\",\"digits\":5}", "new");
    refuses("{\"old\":\"1\",\"new\":\"2\",\"digits\":5,\"multiplier\":\"0\"}", "multiplier");
    refuses("{\"old\":\"1\",\"new\":\"2\",\"digits\":5,\"mutiplier\":\"2\"}", "mutiplier");
    refuses("{\"old\":\"1\",\"new\":\"2\",\"digits\":5,\"removed\":{\"old\":\"1\"}}",
            "removed.new");
    refuses("{\"old\":\"1\",\"old\":\"1\",\"new\":\"2\",\"digits\":5}", "old");
    refuses("[]", "");
    refuses("{\"old\":\"0\",\"new\":\"999999999999\",\"digits\":12,"
            "\"multiplier\":\"999999999999\"}", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_register_goes_on),
        cmocka_unit_test(a_plausible_rollover_counts),
        cmocka_unit_test(a_doubtful_one_goes_to_review),
        cmocka_unit_test(the_expected_use_decides_where_it_is_known),
        cmocka_unit_test(removed_and_direct_kwh_are_added),
        cmocka_unit_test(wrong_input_is_refused_by_name),
    };
    return cmocka_run_group_tests_name("meter-kwh", tests, NULL, NULL);
}
