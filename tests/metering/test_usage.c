/* SPDX-License-Identifier: Apache-2.0 */
/* From readings to energy: exchanges, multipliers, rollover, estimates, sub meters, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "metering/usage.h"

enum { KT = 1 << REGISTER_KT, VC = 1 << REGISTER_VC,
       THREE = 1 << REGISTER_BT | 1 << REGISTER_CD | 1 << REGISTER_TD };

/* A point under test: one period of days 100 to 130 unless a case changes it. */
struct scene {
    struct hung_meter spans[4];
    struct accepted_reading readings[24];
    struct agreed_energy energies[4];
    struct carry carry;
    struct usage_input input;
};

static struct scene scene_new(void)
{
    return (struct scene){.input = {.last_day = 100, .window_from_day = 120,
                                    .window_to_day = 140, .expected_wh = -1,
                                    .unmetered_wh = -1}};
}

static void hang(struct scene *scene, int64_t id, unsigned registers, int64_t multiplier,
                 int32_t hung_day, int32_t removed_day)
{
    scene->spans[scene->input.installation_count++] = (struct hung_meter){
        .installation_id = id, .multiplier = multiplier, .digits = 5, .registers = registers,
        .hung_day = hung_day, .removed_day = removed_day};
}

static struct accepted_reading *read(struct scene *scene, int64_t id, enum register_code reg,
                                     enum reading_kind kind, int32_t day, int64_t index_wh)
{
    struct accepted_reading *reading = &scene->readings[scene->input.reading_count++];
    *reading = (struct accepted_reading){.installation_id = id, .reg = reg, .kind = kind,
                                         .day = day, .index_wh = index_wh,
                                         .source = SOURCE_REMOTE};
    return reading;
}

static void carried(struct scene *scene, int64_t id, enum register_code reg, int64_t index_wh,
                    int64_t estimated_wh)
{
    assert_true(carry_add(&scene->carry, (struct carry_item){
        .installation_id = id, .reg = reg, .index_wh = index_wh, .day = scene->input.last_day,
        .estimated_wh = estimated_wh}));
}

static struct usage_result run(struct scene *scene)
{
    struct usage_result result;
    scene->input.installations = scene->spans;
    scene->input.readings = scene->readings;
    scene->input.energies = scene->energies;
    scene->input.carry = scene->input.last_day >= 0 ? &scene->carry : NULL;
    usage_compute(&scene->input, &result);
    return result;
}

static void check_finding(const struct usage_result *result, enum exception_code code)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        if (result->findings[i].code == code) return;
    }
    fail_msg("no finding %s", exception_text(code)->code);
}

static void check_blocked(const struct usage_result *result, enum exception_code code)
{
    assert_false(result->has_usage);
    check_finding(result, code);
}

static void one_meter(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 4210300, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 4251800);
    struct usage_result result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(usage_active_wh(&result), 41500);
    assert_int_equal(result.from_day, 100);
    assert_int_equal(result.to_day, 130);
    assert_int_equal(result.carry.count, 1);
    assert_int_equal(result.carry.items[0].index_wh, 4251800);
    assert_int_equal(result.prorate, PRORATE_NONE);
}

static enum split_verdict split_at(struct scene *scene, int32_t day, struct usage_split *out)
{
    struct usage_result whole = run(scene);
    assert_true(whole.has_usage);
    return usage_split(&scene->input, &whole, day, out);
}

static void a_reading_inside_the_period_splits_it(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    struct usage_split split;
    hang(&scene, 1, KT | VC, 20, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 1000, 30000);
    carried(&scene, 1, REGISTER_VC, 0, 0);
    read(&scene, 1, REGISTER_KT, READING_CHECK, 110, 5000);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 11000);
    read(&scene, 1, REGISTER_VC, READING_PERIODIC, 130, 1000);
    scene.input.loss_ppm = 50000;
    scene.input.unmetered_wh = 9000;
    /* 4000 × 20 = 80000, 3000 of 9000 unmetered, 5 % loss, less the estimate billed before. */
    assert_int_equal(split_at(&scene, 110, &split), SPLIT_READ);
    assert_int_equal(split.register_wh[REGISTER_KT], 83000 + 4150 - 30000);
    assert_int_equal(split.metered_register_wh[REGISTER_KT], 83000 + 4150);
    assert_int_equal(split.index_wh[REGISTER_KT], 5000);
    assert_int_equal(split.index_wh[REGISTER_VC], -1);
    assert_int_equal(split_at(&scene, 111, &split), SPLIT_NOT_READ);
    /* Above the present reading it cannot be right. */
    read(&scene, 1, REGISTER_KT, READING_CHECK, 112, 12000);
    assert_int_equal(split_at(&scene, 112, &split), SPLIT_UNFIT);
}

static void a_split_needs_every_register_that_hangs(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    struct usage_split split;
    hang(&scene, 1, KT, 1, 0, 115);
    hang(&scene, 2, THREE, 1, 115, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 0, 0);
    read(&scene, 1, REGISTER_KT, READING_CHECK, 110, 40000);
    read(&scene, 1, REGISTER_KT, READING_CLOSING, 115, 50000);
    for (int reg = REGISTER_BT; reg <= REGISTER_TD; reg++) {
        read(&scene, 2, (enum register_code)reg, READING_OPENING, 115, 0);
        read(&scene, 2, (enum register_code)reg, READING_PERIODIC, 130, 20000);
    }
    read(&scene, 2, REGISTER_BT, READING_CHECK, 120, 8000);
    read(&scene, 2, REGISTER_CD, READING_CHECK, 120, 5000);
    /* Before the exchange the one price counts as normal; the exchange itself is a reading. */
    assert_int_equal(split_at(&scene, 110, &split), SPLIT_READ);
    assert_int_equal(split.register_wh[REGISTER_BT], 40000);
    assert_int_equal(split_at(&scene, 115, &split), SPLIT_READ);
    assert_int_equal(split.register_wh[REGISTER_BT], 50000);
    assert_int_equal(split_at(&scene, 120, &split), SPLIT_UNFIT);
    read(&scene, 2, REGISTER_TD, READING_CHECK, 120, 2000);
    assert_int_equal(split_at(&scene, 120, &split), SPLIT_READ);
    assert_int_equal(split.register_wh[REGISTER_BT], 58000);
    assert_int_equal(split.register_wh[REGISTER_KT], 0);
}

static void an_exchange_inside_the_period_needs_two_pairs(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, 115);
    hang(&scene, 2, KT, 1, 115, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 4210300, 0);
    read(&scene, 1, REGISTER_KT, READING_CLOSING, 115, 4251800);
    read(&scene, 2, REGISTER_KT, READING_OPENING, 115, 200);
    read(&scene, 2, REGISTER_KT, READING_PERIODIC, 130, 88900);
    struct usage_result result = run(&scene);
    assert_int_equal(result.pair_count, 2);
    assert_int_equal(usage_active_wh(&result), 130200);
    assert_int_equal(result.carry.count, 1);
    assert_int_equal(result.carry.items[0].installation_id, 2);
}

/* The exchange is on file before the book of the weeks before it is closed. */
static void an_exchange_behind_the_window_is_of_the_next_period(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, 150);
    hang(&scene, 2, KT, 1, 150, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 4210300, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 4251800);
    read(&scene, 1, REGISTER_KT, READING_CLOSING, 150, 4260000);
    read(&scene, 2, REGISTER_KT, READING_OPENING, 150, 200);
    struct usage_result result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(result.to_day, 130);
    assert_int_equal(usage_active_wh(&result), 41500);
    assert_int_equal(result.carry.items[0].installation_id, 1);
}

static void a_meter_read_and_exchanged_inside_the_window_ends_the_period(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, 135);
    hang(&scene, 2, KT, 1, 135, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 4210300, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 4251800);
    read(&scene, 1, REGISTER_KT, READING_CLOSING, 135, 4260000);
    read(&scene, 2, REGISTER_KT, READING_OPENING, 135, 200);
    struct usage_result result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(result.finding_count, 0);
    assert_int_equal(result.to_day, 130);
    assert_int_equal(usage_active_wh(&result), 41500);
    /* Read on the new meter as well, the later reading ends it. */
    read(&scene, 2, REGISTER_KT, READING_PERIODIC, 138, 1200);
    result = run(&scene);
    assert_int_equal(result.to_day, 138);
    assert_int_equal(usage_active_wh(&result), 50700);
}

static void a_meter_read_and_exchanged_on_one_day_ends_with_its_closing_reading(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, 130);
    hang(&scene, 2, KT, 1, 130, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 4210300, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 4251800);
    read(&scene, 1, REGISTER_KT, READING_CLOSING, 130, 4251900);
    read(&scene, 2, REGISTER_KT, READING_OPENING, 130, 200);
    struct usage_result result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(result.to_day, 130);
    assert_int_equal(usage_active_wh(&result), 41600);
    /* The next period starts from the opening reading of the new meter. */
    scene.carry = result.carry;
    scene.input.last_day = 130;
    scene.input.window_from_day = 150;
    scene.input.window_to_day = 170;
    read(&scene, 2, REGISTER_KT, READING_PERIODIC, 160, 30200);
    result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(usage_active_wh(&result), 30000);
}

static void a_changed_multiplier_is_two_installations(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 20, 0, 115);
    hang(&scene, 2, KT, 40, 115, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 100000, 0);
    read(&scene, 1, REGISTER_KT, READING_CLOSING, 115, 112400);
    read(&scene, 2, REGISTER_KT, READING_OPENING, 115, 112400);
    read(&scene, 2, REGISTER_KT, READING_PERIODIC, 130, 119500);
    struct usage_result result = run(&scene);
    assert_int_equal(usage_active_wh(&result), 532000);
}

static void a_removed_meter_without_closing_reading_is_an_exception(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, 115);
    hang(&scene, 2, KT, 1, 115, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 4210300, 0);
    read(&scene, 2, REGISTER_KT, READING_OPENING, 115, 200);
    read(&scene, 2, REGISTER_KT, READING_PERIODIC, 130, 88900);
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_NO_CLOSING);
}

static void three_prices_and_reactive(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, THREE | VC, 40, 0, INT32_MAX);
    const int64_t from[] = {0, 1000, 2000, 3000, 4000}, to[] = {0, 2500, 2600, 3900, 5000};
    for (int reg = REGISTER_BT; reg <= REGISTER_VC; reg++) {
        carried(&scene, 1, (enum register_code)reg, from[reg], 0);
        read(&scene, 1, (enum register_code)reg, READING_PERIODIC, 130, to[reg]);
    }
    struct usage_result result = run(&scene);
    assert_true(usage_has_three(&result));
    assert_int_equal(result.register_wh[REGISTER_BT], 60000);
    assert_int_equal(result.register_wh[REGISTER_CD], 24000);
    assert_int_equal(result.register_wh[REGISTER_TD], 36000);
    assert_int_equal(result.register_wh[REGISTER_VC], 40000);
    assert_int_equal(usage_active_wh(&result), 120000);
}

static void a_missing_register_is_an_exception(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, THREE, 1, 0, INT32_MAX);
    for (int reg = REGISTER_BT; reg <= REGISTER_TD; reg++) {
        carried(&scene, 1, (enum register_code)reg, 0, 0);
        if (reg != REGISTER_CD) {
            read(&scene, 1, (enum register_code)reg, READING_PERIODIC, 130, 1000);
        }
    }
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_REGISTER_MISSING);
}

static void one_price_meter_exchanged_for_three_prices_counts_as_normal(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, 115);
    hang(&scene, 2, THREE, 1, 115, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 10000, 0);
    read(&scene, 1, REGISTER_KT, READING_CLOSING, 115, 15000);
    for (int reg = REGISTER_BT; reg <= REGISTER_TD; reg++) {
        read(&scene, 2, (enum register_code)reg, READING_OPENING, 115, 0);
        read(&scene, 2, (enum register_code)reg, READING_PERIODIC, 130, 1000 * reg);
    }
    struct usage_result result = run(&scene);
    assert_int_equal(result.register_wh[REGISTER_KT], 0);
    assert_int_equal(result.register_wh[REGISTER_BT], 6000);
    assert_int_equal(usage_active_wh(&result), 5000 + 1000 + 2000 + 3000);
}

static void a_stated_and_plausible_rollover_is_taken_and_told(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 99987400, 0);
    struct accepted_reading *reading =
        read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 12900);
    scene.input.expected_wh = 20000;
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_ROLLOVER);
    reading->stated_rollover = true;
    result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(usage_active_wh(&result), 25500);
    check_finding(&result, EXCEPTION_ROLLED_OVER);
    reading->refused_rollover = true;
    result = run(&scene);
    check_blocked(&result, EXCEPTION_ROLLOVER);
}

/* 00850 to 00120 on five digits would be 99270 kWh: a misreading, never 270 kWh. */
static void a_lower_reading_waits_for_a_person(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 850000, 0);
    struct accepted_reading *reading =
        read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 120000);
    scene.input.expected_wh = 200000;
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_ROLLOVER);
    reading->accepted_rollover = true;
    result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(usage_active_wh(&result), 99270000);
}

static void a_reading_wider_than_the_register_is_refused(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 850000, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 100000000);
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_TOO_WIDE);
}

static void an_unread_meter_tells_its_reason(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 1000, 0);
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_MISSING);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 0)->not_read = NOT_READ_FLOODED;
    result = run(&scene);
    check_blocked(&result, EXCEPTION_NOT_READ);
    assert_int_equal(result.findings[0].not_read, NOT_READ_FLOODED);
}

static void readings_outside_the_window_do_not_close(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 1000, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 110, 2000);
    read(&scene, 1, REGISTER_KT, READING_CHECK, 130, 3000);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 160, 4000);
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_MISSING);
}

static void the_first_period_starts_at_the_opening_reading(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    scene.input.last_day = -1;
    hang(&scene, 1, KT, 1, 117, INT32_MAX);
    read(&scene, 1, REGISTER_KT, READING_OPENING, 117, 300)->prorate = PRORATE_NEW_SUPPLY;
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 20300);
    struct usage_result result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(result.from_day, 117);
    assert_int_equal(result.prorate, PRORATE_NEW_SUPPLY);
    assert_int_equal(usage_active_wh(&result), 20000);
}

static void a_final_reading_closes_on_its_day_and_marks_the_next_period(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 1000, 0);
    read(&scene, 1, REGISTER_KT, READING_FINAL, 110, 11000)->prorate = PRORATE_PARTY_CHANGE;
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 31000);
    scene.input.only_final = true;
    struct usage_result final = run(&scene);
    assert_true(final.has_usage && final.final);
    assert_int_equal(final.to_day, 110);
    assert_int_equal(usage_active_wh(&final), 10000);
    assert_int_equal(final.prorate, PRORATE_PARTY_CHANGE);

    scene.input.only_final = false;
    scene.input.last_day = 110;
    scene.carry = final.carry;
    struct usage_result rest = run(&scene);
    assert_int_equal(rest.from_day, 110);
    assert_int_equal(usage_active_wh(&rest), 20000);
    assert_int_equal(rest.prorate, PRORATE_PARTY_CHANGE);
    assert_int_equal(rest.carry.boundary, PRORATE_NONE);
}

static void an_estimate_is_settled_by_the_next_real_reading(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 1000000, 0);
    scene.energies[0] = (struct agreed_energy){.estimate_id = 7, .reg = REGISTER_KT,
        .wh = 90000, .from_day = 100, .to_day = 130, .provisional = true};
    scene.input.energy_count = 1;
    struct usage_result result = run(&scene);
    assert_true(result.has_usage && result.estimated);
    assert_int_equal(usage_active_wh(&result), 90000);
    assert_int_equal(result.carry.items[0].index_wh, 1000000);
    assert_int_equal(result.carry.items[0].estimated_wh, 90000);

    struct scene next = scene_new();
    next.input.last_day = 130;
    next.input.window_from_day = 150;
    next.input.window_to_day = 170;
    hang(&next, 1, KT, 1, 0, INT32_MAX);
    next.carry = result.carry;
    read(&next, 1, REGISTER_KT, READING_PERIODIC, 160, 1200000);
    struct usage_result settled = run(&next);
    assert_true(settled.has_usage);
    assert_false(settled.estimated);
    assert_int_equal(usage_active_wh(&settled), 110000);
    assert_int_equal(settled.settled_wh, 90000);
    assert_int_equal(settled.carry.items[0].estimated_wh, 0);
}

static void an_estimate_above_the_reading_is_never_a_negative_bill(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 1000000, 90000);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 1050000);
    struct usage_result result = run(&scene);
    check_blocked(&result, EXCEPTION_NEGATIVE);
}

static void a_real_reading_stands_before_an_estimate(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 1000000, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 1050000);
    scene.energies[0] = (struct agreed_energy){.reg = REGISTER_KT, .wh = 90000,
        .from_day = 100, .to_day = 130, .provisional = true};
    scene.input.energy_count = 1;
    struct usage_result result = run(&scene);
    assert_int_equal(usage_active_wh(&result), 50000);
    assert_false(result.estimated);
}

static void direct_energy_loss_and_agreed_energy_are_added(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 0, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 100000);
    scene.energies[0] = (struct agreed_energy){.reg = REGISTER_KT, .wh = 20000,
                                               .from_day = 110, .to_day = 115};
    scene.input.energy_count = 1;
    scene.input.unmetered_wh = 5000;
    scene.input.loss_ppm = 20000;
    struct usage_result result = run(&scene);
    assert_int_equal(result.loss_wh, 2500);
    assert_int_equal(usage_active_wh(&result), 127500);
}

static void a_mast_without_meter_has_its_agreed_energy(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    scene.input.unmetered_wh = 45000;
    scene.input.window_to_day = 130;
    struct usage_result result = run(&scene);
    assert_true(result.has_usage);
    assert_int_equal(usage_active_wh(&result), 45000);
    scene.input.unmetered_wh = -1;
    result = run(&scene);
    check_blocked(&result, EXCEPTION_NO_METER);
}

static void sub_meters_are_taken_off_register_by_register(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 0, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 100000);
    struct usage_result result = run(&scene);
    const int64_t three[REGISTER_COUNT] = {0, 10000, 5000, 5000, 0};
    usage_relate(&result, -1, three, THREE);
    assert_int_equal(usage_active_wh(&result), 80000);
    assert_int_equal(result.metered_wh, 100000);
    const int64_t one[REGISTER_COUNT] = {90000};
    usage_relate(&result, -1, one, KT);
    check_blocked(&result, EXCEPTION_NEGATIVE);
}

static void a_sum_of_points_is_added(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, KT, 1, 0, INT32_MAX);
    carried(&scene, 1, REGISTER_KT, 0, 0);
    read(&scene, 1, REGISTER_KT, READING_PERIODIC, 130, 100000);
    struct usage_result result = run(&scene);
    const int64_t other[REGISTER_COUNT] = {23000};
    usage_relate(&result, 1, other, KT);
    assert_int_equal(usage_active_wh(&result), 123000);
}

static void one_price_cannot_be_taken_off_three(void **state)
{
    (void)state;
    struct scene scene = scene_new();
    hang(&scene, 1, THREE, 1, 0, INT32_MAX);
    for (int reg = REGISTER_BT; reg <= REGISTER_TD; reg++) {
        carried(&scene, 1, (enum register_code)reg, 0, 0);
        read(&scene, 1, (enum register_code)reg, READING_PERIODIC, 130, 10000);
    }
    struct usage_result result = run(&scene);
    const int64_t one[REGISTER_COUNT] = {5000};
    usage_relate(&result, -1, one, KT);
    check_blocked(&result, EXCEPTION_RELATION_REGISTERS);
}

static void a_carry_survives_its_text(void **state)
{
    (void)state;
    struct carry carry = {.boundary = PRORATE_PARTY_CHANGE}, back;
    struct carry_item item = {12, REGISTER_VC, 4251800, 20665, 90000};
    assert_true(carry_add(&carry, item));
    item.reg = REGISTER_KT;
    assert_true(carry_add(&carry, item));
    char memory[200];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    carry_write(&carry, &buf);
    assert_true(str_equal(buf_str(&buf),
                          S("party_change|12:VC:4251800:20665:90000;12:KT:4251800:20665:90000")));
    assert_true(carry_read(buf_str(&buf), &back));
    assert_int_equal(back.boundary, PRORATE_PARTY_CHANGE);
    assert_int_equal(back.count, 2);
    assert_int_equal(back.items[1].reg, REGISTER_KT);
    assert_int_equal(back.items[0].index_wh, 4251800);
    assert_int_equal(back.items[0].day, 20665);
    assert_int_equal(back.items[0].estimated_wh, 90000);
    assert_true(carry_read(S("|"), &back));
    assert_int_equal(back.count, 0);
    assert_false(carry_read(S("12:VC:1"), &back));
    assert_false(carry_read(S("|12:VC:1"), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_meter),
        cmocka_unit_test(a_reading_inside_the_period_splits_it),
        cmocka_unit_test(a_split_needs_every_register_that_hangs),
        cmocka_unit_test(an_exchange_inside_the_period_needs_two_pairs),
        cmocka_unit_test(an_exchange_behind_the_window_is_of_the_next_period),
        cmocka_unit_test(a_meter_read_and_exchanged_inside_the_window_ends_the_period),
        cmocka_unit_test(a_meter_read_and_exchanged_on_one_day_ends_with_its_closing_reading),
        cmocka_unit_test(a_changed_multiplier_is_two_installations),
        cmocka_unit_test(a_removed_meter_without_closing_reading_is_an_exception),
        cmocka_unit_test(three_prices_and_reactive),
        cmocka_unit_test(a_missing_register_is_an_exception),
        cmocka_unit_test(one_price_meter_exchanged_for_three_prices_counts_as_normal),
        cmocka_unit_test(a_stated_and_plausible_rollover_is_taken_and_told),
        cmocka_unit_test(a_lower_reading_waits_for_a_person),
        cmocka_unit_test(a_reading_wider_than_the_register_is_refused),
        cmocka_unit_test(an_unread_meter_tells_its_reason),
        cmocka_unit_test(readings_outside_the_window_do_not_close),
        cmocka_unit_test(the_first_period_starts_at_the_opening_reading),
        cmocka_unit_test(a_final_reading_closes_on_its_day_and_marks_the_next_period),
        cmocka_unit_test(an_estimate_is_settled_by_the_next_real_reading),
        cmocka_unit_test(an_estimate_above_the_reading_is_never_a_negative_bill),
        cmocka_unit_test(a_real_reading_stands_before_an_estimate),
        cmocka_unit_test(direct_energy_loss_and_agreed_energy_are_added),
        cmocka_unit_test(a_mast_without_meter_has_its_agreed_energy),
        cmocka_unit_test(sub_meters_are_taken_off_register_by_register),
        cmocka_unit_test(a_sum_of_points_is_added),
        cmocka_unit_test(one_price_cannot_be_taken_off_three),
        cmocka_unit_test(a_carry_survives_its_text),
    };
    return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
