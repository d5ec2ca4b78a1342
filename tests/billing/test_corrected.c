/* SPDX-License-Identifier: Apache-2.0 */
/* What a stored request becomes when its price-change days move, when a person gave a supplement's
 * use, and when readings were corrected behind the closing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/memory.h"
#include "billing/run_int.h"
#include "billing/supplement.h"
#include "metering/restate.h"
#include "tariff/book.h"

enum { ROOM_STEP_BYTES = 16, ROOM_MAX_BYTES = 64 * 1024, ARENA_BYTES = 1 << 20 };

static void check_text(struct str actual, const char *expected)
{
    if (str_equal(actual, str_of(expected))) return;
    fail_msg("is %.*s\nnot %s", STR_ARG(actual), expected);
}

/* ---- price-change days that move ---------------------------------------------------------- */

#define READ_8 "{\"date\":\"2026-10-08\",\"usage\":{\"kwh\":\"5\"}}"
#define READ_15 "{\"date\":\"2026-10-15\",\"usage\":{\"normal\":\"1\",\"peak\":\"2\"}}"
#define READ_20 "{\"date\":\"2026-10-20\",\"usage\":{\"kwh\":\"9\"}}"
#define REQUEST(list) "{\"households\":\"1\",\"read_on_change\":" list ",\"demand_kw\":\"5\"}"
#define WITHOUT "{\"households\":\"1\",\"demand_kw\":\"5\"}"

/* Prices of 2020, of 8 October and of 20 October 2026. */
static void fit(const char *request, struct buf *out)
{
    static const uint8_t in_force[] = {0, 1, 2};
    const struct decision decisions[] = {{.from_day = day_from_civil(2020, 1, 1)},
                                         {.from_day = day_from_civil(2026, 10, 8)},
                                         {.from_day = day_from_civil(2026, 10, 20)}};
    const struct price_book book = {.decision = decisions, .in_force = in_force,
                                    .decision_count = 3, .in_force_count = 3};
    bill_request_fit_readings(&book, str_of(request), out);
}

static void fits(const char *request, const char *expected)
{
    struct buf out;
    buf_init(&out, 4096);
    fit(request, &out);
    assert_false(out.failed);
    check_text(buf_str(&out), expected);
    buf_release(&out);
}

static void the_reading_of_a_day_that_moved_goes(void **state)
{
    (void)state;
    fits(REQUEST("[" READ_8 "," READ_20 "]"), REQUEST("[" READ_8 "," READ_20 "]"));
    fits(REQUEST("[" READ_8 "," READ_15 "]"), REQUEST("[" READ_8 "]"));
    fits(REQUEST("[" READ_15 "," READ_20 "]"), REQUEST("[" READ_20 "]"));
    fits(REQUEST("[" READ_8 "," READ_15 "," READ_20 "]"), REQUEST("[" READ_8 "," READ_20 "]"));
    fits(REQUEST("[" READ_15 "]"), WITHOUT);
    fits(WITHOUT, WITHOUT);
}

static void what_is_written_otherwise_stays(void **state)
{
    (void)state;
    static const char *const requests[] = {
        REQUEST("[]"), REQUEST("[5]"), REQUEST("[{\"day\":\"2026-10-15\"}]"),
        REQUEST("[{\"date\":\"2026-02-30\"}]"), REQUEST("{\"date\":\"2026-10-15\"}"),
        REQUEST("[" READ_15 ",7]"),
    };
    for (size_t i = 0; i < ARRAY_COUNT(requests); i++) fits(requests[i], requests[i]);
}

static void no_memory_leaves_no_reading_in(void **state)
{
    (void)state;
    for (uint64_t block = 1; block <= 2; block++) {
        struct buf out;
        buf_init(&out, 4096);
        memory_fail_after(block);
        fit(REQUEST("[" READ_8 "," READ_15 "]"), &out);
        assert_int_equal(memory_fail_after(0), 0);
        assert_true(out.failed);
        buf_release(&out);
    }
}

/* ---- what a person gave a supplement ------------------------------------------------------ */

#define THREE(n, p, o, v) \
    "{\"normal\":\"" n "\",\"peak\":\"" p "\",\"offpeak\":\"" o "\",\"kvarh\":\"" v "\"}"
#define ON_TOP_OF(usage, billed) "{\"usage\":" usage ",\"billed\":" billed "}"
#define BILLED_3 "{\"normal\":\"80\",\"peak\":\"40\",\"offpeak\":\"25\"}"
#define BILLED_3_NOW "{\"normal\":\"40\",\"peak\":\"20\",\"offpeak\":\"15\"}"

struct stated {
    const char *first, *now, *from_facts;
};

static err_t state_it(struct arena *arena, const struct stated *s, struct str *out)
{
    struct err err;
    return supplement_stated(arena, str_of(s->first), str_of(s->now), str_of(s->from_facts), out,
                             &err);
}

static void states(struct stated stated, err_t expected, const char *usage)
{
    struct arena arena;
    struct str out;
    arena_init(&arena, ARENA_BYTES);
    assert_int_equal(state_it(&arena, &stated, &out), expected);
    check_text(out, usage);
    arena_release(&arena);
}

static const struct stated three_given = {
    .first = ON_TOP_OF(THREE("100", "50", "25", "40"), BILLED_3),
    .now = ON_TOP_OF(THREE("110.5", "50", "24", "45"), BILLED_3),
    .from_facts = ON_TOP_OF(THREE("60", "30", "15", "30"), BILLED_3_NOW)};

static void energy_given_by_registers_stays_on_top(void **state)
{
    (void)state;
    states(three_given, OK, THREE("70.5", "30", "14", "35"));
    struct stated reactive_alone = three_given;
    reactive_alone.now = ON_TOP_OF(THREE("100", "50", "25", "41"), BILLED_3);
    states(reactive_alone, OK, THREE("60", "30", "15", "31"));
    struct stated offpeak_alone = three_given;
    offpeak_alone.now = ON_TOP_OF(THREE("100", "50", "26", "40"), BILLED_3);
    states(offpeak_alone, OK, THREE("60", "30", "16", "30"));
    struct stated one_price = {ON_TOP_OF("{\"kwh\":\"240\"}", "{\"kwh\":\"190\"}"),
                               ON_TOP_OF("{\"kwh\":\"250\"}", "{\"kwh\":\"190\"}"),
                               ON_TOP_OF("{\"kwh\":\"140\"}", "{\"kwh\":\"90\"}")};
    states(one_price, OK, "{\"kwh\":\"150\"}");
}

static void what_nobody_gave_follows_the_facts(void **state)
{
    (void)state;
    struct stated nothing = three_given;
    nothing.now = nothing.first;
    states(nothing, OK, "");
    /* What was billed before it changed, the supplement itself did not. */
    nothing.now = ON_TOP_OF(THREE("60", "30", "15", "40"), BILLED_3_NOW);
    states(nothing, OK, "");
}

static void other_registers_are_left_to_a_person(void **state)
{
    (void)state;
    struct stated stated = three_given;
    stated.now = ON_TOP_OF("{\"kwh\":\"240\"}", "{\"kwh\":\"190\"}");
    states(stated, E_NOT_FOUND, "");
    stated = three_given;
    stated.from_facts = stated.now = ON_TOP_OF("{\"kwh\":\"240\"}", "{\"kwh\":\"190\"}");
    states(stated, E_NOT_FOUND, "");
    stated = three_given;
    stated.from_facts = ON_TOP_OF("{\"kwh\":\"240\"}", "{\"kwh\":\"190\"}");
    states(stated, E_NOT_FOUND, "");
}

static void a_stated_use_needs_its_room(void **state)
{
    (void)state;
    err_t e = E_MEMORY;
    size_t bytes = 0;
    while (e == E_MEMORY && bytes < ROOM_MAX_BYTES) {
        struct arena arena;
        struct str out;
        bytes += ROOM_STEP_BYTES;
        arena_init(&arena, bytes);
        e = state_it(&arena, &three_given, &out);
        if (e == OK) check_text(out, THREE("70.5", "30", "14", "35"));
        arena_release(&arena);
    }
    assert_int_equal(e, OK);
    assert_true(bytes > ROOM_STEP_BYTES);
}

/* ---- readings corrected behind the closing ------------------------------------------------ */

#define PAIR(reg, kwh)                                                                        \
    "{\"installation\":1,\"multiplier\":1,\"register\":\"" reg "\",\"from_on\":\"2026-09-30\"," \
    "\"to_on\":\"2026-10-31\",\"from\":\"1000\",\"to\":\"1" kwh "\",\"kwh\":\"" kwh "\"}"

static const char three_detail[] = "{\"pairs\":[" PAIR("BT", "100") "," PAIR("CD", "050") ","
                                   PAIR("TD", "025") "," PAIR("VC", "040") "]}";
static const char one_detail[] = "{\"pairs\":[" PAIR("KT", "100") "]}";

static struct usage_row closed_use(bool three)
{
    struct usage_row usage = {
        .point_id = 1, .kind = BILL_PERIODIC, .from_day = day_from_civil(2026, 9, 30),
        .to_day = day_from_civil(2026, 10, 31), .total_wh = three ? 175000 : 100000,
        .three_registers = three, .reactive_varh = three ? 40000 : -1,
        .detail = str_of(three ? three_detail : one_detail)};
    if (three) usage.normal_wh = 100000, usage.peak_wh = 50000, usage.offpeak_wh = 25000;
    return usage;
}

static struct corrected_reading corrected_to(enum register_code reg, int64_t old_wh, int64_t wh)
{
    return (struct corrected_reading){.point_id = 1, .installation_id = 1, .reg = reg,
                                      .kind = READING_PERIODIC,
                                      .day = day_from_civil(2026, 10, 31),
                                      .old_index_wh = old_wh, .index_wh = wh};
}

static err_t restate(struct arena *arena, struct usage_row *usage,
                     const struct corrected_reading *items, size_t count, enum restatement *out)
{
    struct err err;
    const struct corrected_readings corrected = {.items = items, .count = count};
    const struct point_terms terms = {.point_id = 1};
    return usage_restate(NULL, arena, 1, &corrected, &terms, usage, out, &err);
}

static enum restatement restated(struct usage_row *usage, const struct corrected_reading *items,
                                 size_t count)
{
    struct arena arena;
    enum restatement restatement;
    arena_init(&arena, ARENA_BYTES);
    assert_int_equal(restate(&arena, usage, items, count, &restatement), OK);
    arena_release(&arena);
    return restatement;
}

static void each_register_is_restated_by_itself(void **state)
{
    (void)state;
    const struct corrected_reading items[] = {corrected_to(REGISTER_BT, 1100000, 1110000),
                                              corrected_to(REGISTER_CD, 1050000, 1045000),
                                              corrected_to(REGISTER_TD, 1025000, 1027000),
                                              corrected_to(REGISTER_VC, 1040000, 1030000)};
    struct usage_row usage = closed_use(true);
    assert_int_equal(restated(&usage, items, ARRAY_COUNT(items)), RESTATE_KNOWN);
    assert_int_equal(usage.normal_wh, 110000);
    assert_int_equal(usage.peak_wh, 45000);
    assert_int_equal(usage.offpeak_wh, 27000);
    assert_int_equal(usage.total_wh, 182000);
    assert_int_equal(usage.reactive_varh, 30000);
    struct usage_row one = closed_use(false);
    const struct corrected_reading kt = corrected_to(REGISTER_KT, 1100000, 1090000);
    assert_int_equal(restated(&one, &kt, 1), RESTATE_KNOWN);
    assert_int_equal(one.total_wh, 90000);
    assert_int_equal(one.reactive_varh, -1);
}

/* Another point's energy was taken off, so that less is billed than the meter showed. */
static void a_use_below_zero_is_left_to_a_person(void **state)
{
    (void)state;
    static const struct {
        enum register_code reg;
        int64_t normal_wh, peak_wh, offpeak_wh, reactive_varh, old_wh;
    } cases[] = {
        {REGISTER_BT, 1000, 50000, 25000, 40000, 1100000},
        {REGISTER_CD, 100000, 1000, 25000, 40000, 1050000},
        {REGISTER_TD, 100000, 50000, 1000, 40000, 1025000},
        {REGISTER_VC, 100000, 50000, 25000, 1000, 1040000},
        {REGISTER_BT, 1000, 0, 0, 40000, 1100000},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct usage_row usage = closed_use(true);
        usage.normal_wh = cases[i].normal_wh, usage.peak_wh = cases[i].peak_wh;
        usage.offpeak_wh = cases[i].offpeak_wh, usage.reactive_varh = cases[i].reactive_varh;
        usage.total_wh = usage.normal_wh + usage.peak_wh + usage.offpeak_wh;
        struct usage_row before = usage;
        struct corrected_reading item =
            corrected_to(cases[i].reg, cases[i].old_wh, cases[i].old_wh - 2000);
        assert_int_equal(restated(&usage, &item, 1), RESTATE_UNCLEAR);
        assert_memory_equal(&usage, &before, sizeof usage);
    }
}

static void a_restated_use_needs_its_room(void **state)
{
    (void)state;
    err_t e = E_MEMORY;
    size_t bytes = 0;
    while (e == E_MEMORY && bytes < ROOM_MAX_BYTES) {
        struct arena arena;
        enum restatement restatement;
        struct usage_row usage = closed_use(true);
        const struct corrected_reading item = corrected_to(REGISTER_BT, 1100000, 1110000);
        bytes += ROOM_STEP_BYTES;
        arena_init(&arena, bytes);
        e = restate(&arena, &usage, &item, 1, &restatement);
        assert_int_equal(usage.normal_wh, e == OK ? 110000 : 100000);
        arena_release(&arena);
    }
    assert_int_equal(e, OK);
    assert_true(bytes > ROOM_STEP_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reading_of_a_day_that_moved_goes),
        cmocka_unit_test(what_is_written_otherwise_stays),
        cmocka_unit_test(no_memory_leaves_no_reading_in),
        cmocka_unit_test(energy_given_by_registers_stays_on_top),
        cmocka_unit_test(what_nobody_gave_follows_the_facts),
        cmocka_unit_test(other_registers_are_left_to_a_person),
        cmocka_unit_test(a_stated_use_needs_its_room),
        cmocka_unit_test(each_register_is_restated_by_itself),
        cmocka_unit_test(a_use_below_zero_is_left_to_a_person),
        cmocka_unit_test(a_restated_use_needs_its_room),
    };
    return cmocka_run_group_tests_name("billing corrected uses", tests, NULL, NULL);
}
