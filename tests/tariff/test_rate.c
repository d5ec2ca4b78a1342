/* SPDX-License-Identifier: Apache-2.0 */
/* Plans given as data: every kind of charge, its edges, its limits, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answer.h"
#include "base/json_read.h"
#include "tariff/rate.h"

static void answers(const char *request, const char *expected)
{
    check_answer(rate_answer, request, expected);
}

static void refuses(const char *request, const char *field)
{
    check_refused(rate_answer, request, field);
}

static void totals(const char *request, const char *total)
{
    struct answer answer;
    struct json *json;
    answer_init(&answer, rate_answer, request);
    if (answer.code != OK) fail_msg("refused: %s", answer.out.p);
    assert_int_equal(json_parse(&answer.arena, buf_str(&answer.out), &json, &answer.err), OK);
    const struct json *found = json_member(json, S("total"));
    if (!str_equal(found->text, str_of(total)))
        fail_msg("total %.*s, expected %s: %s", STR_ARG(found->text), total, request);
    answer_release(&answer);
}

#define PLAN(charges, usage) "{\"charges\":[" charges "],\"usage\":{" usage "}}"
#define TIERS \
    "\"blocks\":[{\"upto\":\"10\",\"unit\":\"10\",\"flat\":\"2\"}," \
    "{\"upto\":\"20\",\"unit\":\"5\",\"flat\":\"3\"},{\"upto\":null,\"unit\":\"1\"}]"
#define GRADUATED(rest) "{\"type\":\"graduated\"," TIERS rest "}"
#define VOLUME(rest) "{\"type\":\"volume\"," TIERS rest "}"

static void graduated_answers_line_by_line(void **state)
{
    (void)state;
    answers("{\"charges\":[{\"type\":\"graduated\",\"blocks\":[{\"upto\":\"10\",\"unit\":\"10\","
            "\"flat\":\"2\"},{\"upto\":null,\"unit\":\"5\",\"flat\":\"3\"}]}],\"minimum\":null,"
            "\"maximum\":null,\"usage\":{\"quantity\":\"11\"}}",
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":null,\"quantity\":\"10\","
            "\"amount\":\"102\"},{\"charge\":0,\"block\":1,\"period\":null,\"quantity\":\"1\","
            "\"amount\":\"8\"}],\"total\":\"110\"}");
}

static void bounds_are_inclusive(void **state)
{
    (void)state;
    totals(PLAN(GRADUATED(""), "\"quantity\":\"10\""), "102");
    totals(PLAN(GRADUATED(""), "\"quantity\":\"10.000000001\""), "105.000000005");
    totals(PLAN(GRADUATED(""), "\"quantity\":\"20\""), "155");
    totals(PLAN(GRADUATED(""), "\"quantity\":\"21.5\""), "156.5");
    totals(PLAN(VOLUME(""), "\"quantity\":\"10\""), "102");
    totals(PLAN(VOLUME(""), "\"quantity\":\"10.5\""), "55.5");
    totals(PLAN(VOLUME(""), "\"quantity\":\"30\""), "30");
}

static void the_first_flat_part_is_due_at_zero(void **state)
{
    (void)state;
    answers(PLAN(GRADUATED(""), "\"quantity\":\"0\""),
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":null,\"quantity\":\"0\","
            "\"amount\":\"2\"}],\"total\":\"2\"}");
    totals(PLAN(VOLUME(""), "\"quantity\":\"0\""), "2");
    answers(PLAN("{\"type\":\"graduated\",\"blocks\":[{\"upto\":null,\"unit\":\"3\"}]}",
                 "\"quantity\":\"0\""),
            "{\"lines\":[],\"total\":\"0\"}");
}

static void from_continues_where_the_period_stood(void **state)
{
    (void)state;
    totals(PLAN(GRADUATED(",\"from\":\"4\""), "\"quantity\":\"5\""), "50");
    totals(PLAN(GRADUATED(",\"from\":\"10\""), "\"quantity\":\"1\""), "8");
    totals(PLAN(GRADUATED(",\"from\":\"12\""), "\"quantity\":\"10\""), "42");
    totals(PLAN(GRADUATED(",\"from\":\"12\""), "\"quantity\":\"0\""), "0");
    totals(PLAN(VOLUME(",\"from\":\"101.4\""), "\"quantity\":\"198.6\""), "198.6");
    totals(PLAN(VOLUME(",\"from\":\"9\""), "\"quantity\":\"2\""), "13");
}

static void started_pieces_count_whole(void **state)
{
    (void)state;
#define PIECES(rest) \
    "\"blocks\":[{\"upto\":\"1000\",\"unit\":\"1\",\"size\":\"100\"}," \
    "{\"upto\":null,\"unit\":\"1\",\"size\":\"1000\"}]" rest "}"
    answers(PLAN("{\"type\":\"graduated\"," PIECES(""), "\"quantity\":\"5325\""),
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":null,\"quantity\":\"1000\","
            "\"started\":\"10\",\"amount\":\"10\"},{\"charge\":0,\"block\":1,\"period\":null,"
            "\"quantity\":\"4325\",\"started\":\"5\",\"amount\":\"5\"}],\"total\":\"15\"}");
    totals(PLAN("{\"type\":\"graduated\"," PIECES(",\"from\":\"1001\""), "\"quantity\":\"999\""),
           "0");
    totals(PLAN("{\"type\":\"volume\"," PIECES(""), "\"quantity\":\"1001\""), "2");
    totals(PLAN("{\"type\":\"graduated\",\"size\":\"10\",\"blocks\":[{\"upto\":null,"
                "\"unit\":\"15\"}],\"from\":\"5\"}", "\"quantity\":\"6\""), "15");
}

static void a_started_package_counts_whole(void **state)
{
    (void)state;
#define PACKAGE(free) "{\"type\":\"package\",\"size\":\"10\",\"price\":\"100\"" free "}"
    answers(PLAN(PACKAGE(""), "\"quantity\":\"121\""),
            "{\"lines\":[{\"charge\":0,\"block\":null,\"period\":null,\"quantity\":\"121\","
            "\"started\":\"13\",\"amount\":\"1300\"}],\"total\":\"1300\"}");
    totals(PLAN(PACKAGE(",\"free\":\"120\""), "\"quantity\":\"121\""), "100");
    totals(PLAN(PACKAGE(",\"free\":\"121\""), "\"quantity\":\"121\""), "0");
    answers(PLAN(PACKAGE(""), "\"quantity\":\"0\""), "{\"lines\":[],\"total\":\"0\"}");
}

#define TWO_PERIODS(pooled) \
    "{\"type\":\"time_of_use\",\"pooled\":" pooled ",\"periods\":{" \
    "\"peak\":[{\"upto\":\"10\",\"unit\":\"3\"},{\"upto\":null,\"unit\":\"6\"}]," \
    "\"low\":[{\"upto\":\"10\",\"unit\":\"1\"},{\"upto\":null,\"unit\":\"2\"}]}}"

static void periods_climb_alone_or_together(void **state)
{
    (void)state;
    totals(PLAN(TWO_PERIODS("false"), "\"by_period\":{\"peak\":\"12\",\"low\":\"8\"}"), "50");
    totals(PLAN(TWO_PERIODS("true"), "\"by_period\":{\"peak\":\"12\",\"low\":\"8\"}"), "66");
    totals(PLAN(TWO_PERIODS("true"), "\"by_period\":{\"low\":\"8\"}"), "8");
    totals(PLAN(TWO_PERIODS("true"), "\"by_period\":{}"), "0");
    totals(PLAN("{\"type\":\"time_of_use\",\"periods\":{\"a\":[{\"upto\":null,\"unit\":\"2\"}]}}",
                "\"by_period\":{\"a\":\"7\"}"), "14");
}

static void shares_round_to_nine_places_and_add_up(void **state)
{
    (void)state;
    answers(PLAN(TWO_PERIODS("true"), "\"by_period\":{\"peak\":\"20\",\"low\":\"10\"}"),
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":\"peak\",\"quantity\":"
            "\"6.666666667\",\"amount\":\"20.000000001\"},{\"charge\":0,\"block\":0,\"period\":"
            "\"low\",\"quantity\":\"3.333333333\",\"amount\":\"3.333333333\"},{\"charge\":0,"
            "\"block\":1,\"period\":\"peak\",\"quantity\":\"13.333333333\",\"amount\":"
            "\"79.999999998\"},{\"charge\":0,\"block\":1,\"period\":\"low\",\"quantity\":"
            "\"6.666666667\",\"amount\":\"13.333333334\"}],\"total\":\"116.666666666\"}");
}

static void pooled_periods_may_have_bounds_of_their_own(void **state)
{
    (void)state;
#define OWN_BOUNDS "{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{" \
                   "\"peak\":[{\"upto\":\"10\",\"unit\":\"3\"},{\"upto\":null,\"unit\":\"6\"}]," \
                   "\"low\":[{\"upto\":null,\"unit\":\"1\"}]}}"
    answers(PLAN(OWN_BOUNDS, "\"by_period\":{\"peak\":\"20\",\"low\":\"10\"}"),
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":\"peak\",\"quantity\":"
            "\"6.666666667\",\"amount\":\"20.000000001\"},{\"charge\":0,\"block\":1,\"period\":"
            "\"peak\",\"quantity\":\"13.333333333\",\"amount\":\"79.999999998\"},{\"charge\":0,"
            "\"block\":0,\"period\":\"low\",\"quantity\":\"10\",\"amount\":\"10\"}],"
            "\"total\":\"109.999999999\"}");
    totals(PLAN(OWN_BOUNDS, "\"by_period\":{\"peak\":\"6\",\"low\":\"4\"}"), "22");
    totals(PLAN(OWN_BOUNDS, "\"by_period\":{\"low\":\"0\"}"), "0");
}

static void demand_is_priced_per_period(void **state)
{
    (void)state;
#define DEMAND "{\"type\":\"demand\",\"periods\":{\"1\":{\"price\":\"3.3640101\"}," \
               "\"2\":{\"price\":\"0.83363003\"},\"3\":{\"price\":\"0.18034001\"}}}"
    totals(PLAN(DEMAND, "\"demand\":{\"2\":\"10\",\"3\":\"6\"}"), "9.41834036");
    totals(PLAN(DEMAND, "\"demand\":{}"), "0");
}

static void charges_and_limits_add_up(void **state)
{
    (void)state;
    totals("{\"charges\":[{\"type\":\"fixed\",\"amount\":\"7.5\"}]}", "7.5");
    answers("{\"charges\":[{\"type\":\"fixed\",\"amount\":100}],\"minimum\":\"1000\"}",
            "{\"lines\":[{\"charge\":0,\"block\":null,\"period\":null,\"quantity\":null,"
            "\"amount\":\"100\"},{\"charge\":null,\"kind\":\"minimum\",\"amount\":\"900\"}],"
            "\"total\":\"1000\"}");
    answers("{\"charges\":[{\"type\":\"fixed\",\"amount\":\"75\"}],\"maximum\":\"10\"}",
            "{\"lines\":[{\"charge\":0,\"block\":null,\"period\":null,\"quantity\":null,"
            "\"amount\":\"75\"},{\"charge\":null,\"kind\":\"maximum\",\"amount\":\"-65\"}],"
            "\"total\":\"10\"}");
    answers("{\"charges\":[{\"type\":\"fixed\",\"amount\":5}],\"minimum\":\"5\",\"maximum\":\"5\"}",
            "{\"lines\":[{\"charge\":0,\"block\":null,\"period\":null,\"quantity\":null,"
            "\"amount\":\"5\"}],\"total\":\"5\"}");
    totals("{\"charges\":[" GRADUATED("") "," PACKAGE("") ",{\"type\":\"fixed\",\"amount\":\"1\"}],"
           "\"minimum\":\"5\",\"maximum\":\"303\",\"usage\":{\"quantity\":\"11\"}}", "303");
}

static void products_are_exact(void **state)
{
    (void)state;
    totals(PLAN("{\"type\":\"graduated\",\"blocks\":[{\"upto\":null,"
                "\"unit\":\"0.000000001\"}]}", "\"quantity\":\"0.000000001\""),
           "0.000000000000000001");
    totals(PLAN("{\"type\":\"graduated\",\"blocks\":[{\"upto\":null,\"unit\":\"999.999999999\"}]}",
                "\"quantity\":\"999999999999.999999999\""),
           "999999999998999.999999000000000001");
    refuses(PLAN("{\"type\":\"graduated\",\"blocks\":[{\"upto\":null,\"unit\":\"999999999999\"}]}",
                 "\"quantity\":\"999999999999\""), "");
}

static void absent_usage_is_refused_by_name(void **state)
{
    (void)state;
    refuses(PLAN(GRADUATED(""), ""), "usage.quantity");
    refuses("{\"charges\":[" GRADUATED("") "]}", "usage.quantity");
    refuses(PLAN(TWO_PERIODS("true"), "\"quantity\":\"1\""), "usage.by_period");
    refuses(PLAN(DEMAND, "\"quantity\":\"1\""), "usage.demand");
    refuses(PLAN(TWO_PERIODS("true"), "\"by_period\":{\"night\":\"1\"}"),
            "usage.by_period.night");
    refuses(PLAN(DEMAND, "\"demand\":{\"9\":\"1\"}"), "usage.demand.9");
}

#define BLOCKS(list) PLAN("{\"type\":\"graduated\",\"blocks\":[" list "]}", "\"quantity\":\"1\"")

static void wrong_plans_are_refused_by_name(void **state)
{
    (void)state;
    refuses(BLOCKS(""), "charges[0].blocks");
    refuses(BLOCKS("{\"unit\":\"1\"}"), "charges[0].blocks[0].upto");
    refuses(BLOCKS("{\"upto\":null}"), "charges[0].blocks[0].unit");
    refuses(BLOCKS("{\"upto\":null,\"unit\":\"1\"},{\"upto\":null,\"unit\":\"1\"}"),
            "charges[0].blocks[0].upto");
    refuses(BLOCKS("{\"upto\":\"5\",\"unit\":\"1\"},{\"upto\":\"5\",\"unit\":\"1\"}"),
            "charges[0].blocks[1].upto");
    refuses(BLOCKS("{\"upto\":\"0\",\"unit\":\"1\"}"), "charges[0].blocks[0].upto");
    refuses(BLOCKS("{\"upto\":null,\"unit\":\"1\",\"price\":\"2\"}"),
            "charges[0].blocks[0].price");
    refuses(BLOCKS("{\"upto\":null,\"unit\":1.5}"), "charges[0].blocks[0].unit");
    refuses(BLOCKS("{\"upto\":null,\"unit\":\"-1\"}"), "charges[0].blocks[0].unit");
    refuses(BLOCKS("{\"upto\":null,\"unit\":\"1.0000000001\"}"), "charges[0].blocks[0].unit");
    refuses(BLOCKS("{\"upto\":null,\"unit\":\"1234567890123\"}"), "charges[0].blocks[0].unit");
    refuses(BLOCKS("{\"upto\":null,\"unit\":\"1\",\"size\":\"0\"}"), "charges[0].blocks[0].size");
    refuses(BLOCKS("7"), "charges[0].blocks[0]");
    refuses(BLOCKS("{\"upto\":\"0.5\",\"unit\":\"1\"}"), "usage");
    refuses("{\"charges\":[{\"type\":\"steps\"}]}", "charges[0].type");
    refuses("{\"charges\":[7]}", "charges[0]");
    refuses("{\"charges\":[{\"type\":\"fixed\"}]}", "charges[0].amount");
    refuses("{\"charges\":[{\"type\":\"fixed\",\"amount\":\"1\",\"amount\":\"2\"}]}",
            "charges[0].amount");
    refuses("{\"charges\":[],\"discount\":\"5\"}", "discount");
    refuses("{\"charges\":[],\"minimum\":\"5\",\"maximum\":\"4\"}", "maximum");
    refuses("{\"usage\":{}}", "charges");
    refuses(PLAN("{\"type\":\"package\",\"size\":\"0\",\"price\":\"1\"}", "\"quantity\":\"1\""),
            "charges[0].size");
    refuses(PLAN(GRADUATED(""), "\"quantity\":\"-1\""), "usage.quantity");
    refuses(PLAN(GRADUATED(""), "\"quantity\":1.5"), "usage.quantity");
    refuses(PLAN(GRADUATED(""), "\"volume\":\"1\""), "usage.volume");
}

static void wrong_periods_are_refused_by_name(void **state)
{
    (void)state;
    refuses(PLAN("{\"type\":\"time_of_use\",\"periods\":{\"a\":[{\"upto\":\"1\",\"unit\":\"1\"},"
                 "{\"upto\":null,\"unit\":\"1\"}]}}", "\"by_period\":{}"), "charges[0].pooled");
    refuses(PLAN("{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{\"a\":[{\"upto\":null,"
                 "\"unit\":\"1\",\"size\":\"2\"}]}}", "\"by_period\":{}"), "charges[0].periods");
    refuses(PLAN("{\"type\":\"time_of_use\",\"periods\":{\"a\":[{\"upto\":null,\"unit\":\"x\"}]}}",
                 "\"by_period\":{}"), "charges[0].periods.a[0].unit");
    refuses(PLAN("{\"type\":\"demand\",\"periods\":{\"a\":{\"unit\":\"1\"}}}", "\"demand\":{}"),
            "charges[0].periods.a.unit");
    refuses(PLAN(TWO_PERIODS("true"), "\"by_period\":{\"peak\":1.5}"), "usage.by_period.peak");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(graduated_answers_line_by_line),
        cmocka_unit_test(bounds_are_inclusive),
        cmocka_unit_test(the_first_flat_part_is_due_at_zero),
        cmocka_unit_test(from_continues_where_the_period_stood),
        cmocka_unit_test(started_pieces_count_whole),
        cmocka_unit_test(a_started_package_counts_whole),
        cmocka_unit_test(periods_climb_alone_or_together),
        cmocka_unit_test(shares_round_to_nine_places_and_add_up),
        cmocka_unit_test(pooled_periods_may_have_bounds_of_their_own),
        cmocka_unit_test(demand_is_priced_per_period),
        cmocka_unit_test(charges_and_limits_add_up),
        cmocka_unit_test(products_are_exact),
        cmocka_unit_test(absent_usage_is_refused_by_name),
        cmocka_unit_test(wrong_plans_are_refused_by_name),
        cmocka_unit_test(wrong_periods_are_refused_by_name),
    };
    return cmocka_run_group_tests_name("rate", tests, NULL, NULL);
}
