/* SPDX-License-Identifier: Apache-2.0 */
/* The 1.3 rule: which periods are flagged, held, told, listed apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "metering/spike.h"

static struct period_use use(int64_t kwh, int64_t days)
{
    return (struct period_use){.known = true, .wh = kwh * 1000, .days = days};
}

static void check(struct period_use now, struct period_use before, enum spike expected)
{
    assert_int_equal(spike_judge(now, before).spike, expected);
}

static void the_limit_itself_is_flagged(void **state)
{
    (void)state;
    check(use(130, 30), use(100, 30), SPIKE_HELD);
    check(use(129, 30), use(100, 30), SPIKE_NONE);
    /* One watt-hour below the limit is no spike. */
    check((struct period_use){true, 129999, 30}, use(100, 30), SPIKE_NONE);
}

static void the_daily_ratio_holds_and_the_total_is_told(void **state)
{
    (void)state;
    /* 31 days after 28: total 1.3, per day 1.17. */
    struct spike_verdict verdict = spike_judge(use(130, 31), use(100, 28));
    assert_int_equal(verdict.spike, SPIKE_TOLD);
    assert_true(verdict.total_rose);
    assert_false(verdict.daily_rose);
    /* 28 days after 31: total 1.25, per day 1.38. */
    verdict = spike_judge(use(125, 28), use(100, 31));
    assert_int_equal(verdict.spike, SPIKE_HELD);
    assert_false(verdict.total_rose);
    assert_true(verdict.daily_rose);
}

static void use_after_none_is_a_rise_without_limit(void **state)
{
    (void)state;
    struct spike_verdict verdict = spike_judge(use(1, 30), use(0, 30));
    assert_int_equal(verdict.spike, SPIKE_LEADER);
    assert_int_equal(verdict.ratio_ppm, SPIKE_RATIO_MAX_PPM);
    check(use(0, 30), use(0, 30), SPIKE_NONE);
    check(use(0, 30), use(50, 30), SPIKE_NONE);
}

static void a_first_bill_is_listed_apart(void **state)
{
    (void)state;
    check(use(300, 30), (struct period_use){.known = false}, SPIKE_FIRST);
}

static void three_times_is_for_a_leader(void **state)
{
    (void)state;
    check(use(300, 30), use(100, 30), SPIKE_LEADER);
    check(use(299, 30), use(100, 30), SPIKE_HELD);
    /* Three times in total over twice the days is one and a half per day. */
    check(use(300, 60), use(100, 30), SPIKE_HELD);
}

static void a_period_without_days_compares_by_total(void **state)
{
    (void)state;
    check(use(130, 0), use(100, 30), SPIKE_HELD);
    check(use(120, 0), use(100, 30), SPIKE_NONE);
}

static void last_year_explains_a_season(void **state)
{
    (void)state;
    assert_true(spike_same_last_year(use(200, 30), use(180, 30), 0));
    assert_false(spike_same_last_year(use(200, 30), use(100, 30), 0));
    assert_false(spike_same_last_year(use(130, 30), use(100, 30), 0));
    assert_true(spike_same_last_year(use(130, 30), use(100, 30), 50000));
    assert_false(spike_same_last_year(use(1, 30), use(0, 30), 0));
    assert_false(spike_same_last_year(use(1, 30), (struct period_use){.known = false}, 0));
}

static void the_worst_comes_first(void **state)
{
    (void)state;
    struct spike_signs mild = {.now = use(140, 30), .before = use(100, 30),
                               .year_ago = use(135, 30)};
    struct spike_signs unknown_to_last_year = mild, typed = mild, huge = mild, settled = mild;
    unknown_to_last_year.year_ago = use(90, 30);
    typed.by_hand = true;
    huge.now = use(9000, 30);
    settled.before_estimated = true;
    assert_true(spike_score(&unknown_to_last_year) > spike_score(&typed));
    assert_true(spike_score(&typed) > spike_score(&mild));
    assert_true(spike_score(&huge) > spike_score(&unknown_to_last_year));
    assert_true(spike_score(&settled) < spike_score(&mild));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limit_itself_is_flagged),
        cmocka_unit_test(the_daily_ratio_holds_and_the_total_is_told),
        cmocka_unit_test(use_after_none_is_a_rise_without_limit),
        cmocka_unit_test(a_first_bill_is_listed_apart),
        cmocka_unit_test(three_times_is_for_a_leader),
        cmocka_unit_test(a_period_without_days_compares_by_total),
        cmocka_unit_test(last_year_explains_a_season),
        cmocka_unit_test(the_worst_comes_first),
    };
    return cmocka_run_group_tests_name("spike", tests, NULL, NULL);
}
