/* SPDX-License-Identifier: Apache-2.0 */
/* Hours of the three prices and registers rebuilt from intervals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answer.h"
#include "base/date.h"
#include "bill.h"
#include "tariff/tou.h"

enum { DAY_INTERVALS = 48, WEEK_INTERVALS = 7 * DAY_INTERVALS };

static int32_t day(const char *text)
{
    int32_t result;
    assert_true(day_parse(str_of(text), &result));
    return result;
}

/* "n", "p" or "o" at a minute. */
static char at(const struct tou_hours *hours, const char *date, int hour, int minute)
{
    static const char letters[] = {'?', 'n', 'p', 'o'};
    return letters[tou_at(hours, day(date), hour * 60 + minute)];
}

static void hours_of_circular_16(void **state)
{
    (void)state;
    const struct tou_hours *hours = book_tou_at(bill_book(), day("2026-07-31"));
    static const struct { int hour, minute; char weekday, sunday; } cases[] = {
        {0, 0, 'o', 'o'},   {3, 59, 'o', 'o'},  {4, 0, 'n', 'n'},   {9, 29, 'n', 'n'},
        {9, 30, 'p', 'n'},  {11, 29, 'p', 'n'}, {11, 30, 'n', 'n'}, {16, 59, 'n', 'n'},
        {17, 0, 'p', 'n'},  {19, 59, 'p', 'n'}, {20, 0, 'n', 'n'},  {21, 59, 'n', 'n'},
        {22, 0, 'o', 'o'},  {23, 59, 'o', 'o'}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        /* 2026-07-31 is a Friday, 2026-08-01 a Saturday, 2026-08-02 a Sunday. */
        assert_int_equal(at(hours, "2026-07-31", cases[i].hour, cases[i].minute),
                         cases[i].weekday);
        assert_int_equal(at(hours, "2026-08-01", cases[i].hour, cases[i].minute),
                         cases[i].weekday);
        assert_int_equal(at(hours, "2026-08-02", cases[i].hour, cases[i].minute),
                         cases[i].sunday);
    }
}

static void hours_of_decision_963_wait(void **state)
{
    (void)state;
    const struct tou_hours *hours = &bill_book()->tou[1];
    assert_int_equal(at(hours, "2026-07-31", 5, 59), 'o');
    assert_int_equal(at(hours, "2026-07-31", 6, 0), 'n');
    assert_int_equal(at(hours, "2026-07-31", 17, 30), 'p');
    assert_int_equal(at(hours, "2026-07-31", 22, 29), 'p');
    assert_int_equal(at(hours, "2026-07-31", 22, 30), 'n');
    assert_int_equal(at(hours, "2026-08-02", 18, 0), 'n');
    assert_true(book_tou_at(bill_book(), day("2030-01-01")) != hours);
}

static void rebuild(const struct tou_hours *hours, const char *start, int32_t step_minutes,
                    const int64_t *wh, size_t count, int64_t normal, int64_t peak,
                    int64_t offpeak)
{
    struct tou_series series = {.step_minutes = step_minutes, .wh = wh, .count = count};
    struct calc_usage usage;
    struct err err = {0};
    assert_true(instant_parse(str_of(start), &series.start_ms));
    if (tou_rebuild(bill_book(), hours, &series, &usage, &err) != OK)
        fail_msg("%s", err.en.message);
    assert_true(usage.registers);
    assert_int_equal(usage.wh[TOU_NORMAL - 1], normal);
    assert_int_equal(usage.wh[TOU_PEAK - 1], peak);
    assert_int_equal(usage.wh[TOU_OFFPEAK - 1], offpeak);
}

static void a_week_of_half_hours(void **state)
{
    (void)state;
    int64_t wh[WEEK_INTERVALS];
    for (size_t i = 0; i < WEEK_INTERVALS; i++) wh[i] = 10;
    /* Six days of 13, 5 and 6 hours, one of 18, 0 and 6. */
    rebuild(NULL, "2026-07-27T00:00:00+07:00", 30, wh, WEEK_INTERVALS,
            10 * 2 * (6 * 13 + 18), 10 * 2 * 6 * 5, 10 * 2 * 7 * 6);
    /* The same week told in another offset. */
    rebuild(NULL, "2026-07-26T17:00:00Z", 30, wh, WEEK_INTERVALS, 10 * 2 * (6 * 13 + 18),
            10 * 2 * 6 * 5, 10 * 2 * 7 * 6);
    rebuild(&bill_book()->tou[1], "2026-07-27T00:00:00+07:00", 30, wh, WEEK_INTERVALS,
            10 * 2 * (6 * 13 + 18), 10 * 2 * 6 * 5, 10 * 2 * 7 * 6);
}

static void intervals_across_two_registers_are_divided(void **state)
{
    (void)state;
    /* 09:00 to 10:00: 30 minutes normal, 30 peak: 1,001 -> 501 and 500. */
    int64_t hour[] = {1001};
    rebuild(NULL, "2026-07-31T09:00:00+07:00", 60, hour, 1, 501, 500, 0);
    /* One interval of a whole day: 13, 5 and 6 of 24 hours. */
    int64_t whole_day[] = {2400};
    rebuild(NULL, "2026-07-31T00:00:00+07:00", 1440, whole_day, 1, 1300, 500, 600);
    /* Over midnight into Sunday. */
    int64_t night[] = {600, 600};
    rebuild(NULL, "2026-08-01T21:00:00+07:00", 600, night, 2, 60 + 180 + 600, 0, 360);
    int64_t nothing[] = {0};
    rebuild(NULL, "2026-07-31T09:00:00+07:00", 60, nothing, 1, 0, 0, 0);
    rebuild(NULL, "2026-07-31T09:00:00+07:00", 60, nothing, 0, 0, 0, 0);
}

static void series_that_are_refused(void **state)
{
    (void)state;
    int64_t wh[] = {1, -1}, huge[] = {INT64_MAX, INT64_MAX};
    struct calc_usage usage = {.wh = {7, 7, 7}};
    struct err err = {0};
    struct tou_series series = {.start_ms = vietnam_midnight_ms(day("2026-07-31")),
                                .step_minutes = 30, .wh = wh, .count = 2};
    assert_int_equal(tou_rebuild(bill_book(), NULL, &series, &usage, &err), E_INPUT);
    series.wh = huge;
    assert_int_equal(tou_rebuild(bill_book(), NULL, &series, &usage, &err), E_INPUT);
    series.count = 1;
    series.step_minutes = 0;
    assert_int_equal(tou_rebuild(bill_book(), NULL, &series, &usage, &err), E_RANGE);
    series.step_minutes = 1441;
    assert_int_equal(tou_rebuild(bill_book(), NULL, &series, &usage, &err), E_RANGE);
    series.step_minutes = 30;
    series.start_ms += 1;
    assert_int_equal(tou_rebuild(bill_book(), NULL, &series, &usage, &err), E_RANGE);
    series.start_ms = vietnam_midnight_ms(day("2014-05-31"));
    assert_int_equal(tou_rebuild(bill_book(), NULL, &series, &usage, &err), E_INPUT);
    assert_int_equal(usage.wh[0], 7);
}

static void who_needs_a_three_price_meter(void **state)
{
    (void)state;
    const struct price_book *book = bill_book();
    const int64_t much[] = {1, 1999000, 2000000, 2001000}, little[] = {9999999, 1999000, 2000000,
                                                                      2000999};
    assert_true(tou_meter_required(book, CATEGORY_SX, 25, NULL, 0));
    assert_false(tou_meter_required(book, CATEGORY_SX, 24, NULL, 0));
    assert_true(tou_meter_required(book, CATEGORY_KD, 0, much, 4));
    assert_false(tou_meter_required(book, CATEGORY_KD, 0, little, 4));
    assert_false(tou_meter_required(book, CATEGORY_KD, 0, much, 2));
    assert_false(tou_meter_required(book, CATEGORY_SH, 1000, much, 4));
    assert_false(tou_meter_required(book, CATEGORY_HC_BV, 1000, much, 4));
    assert_false(tou_meter_required(book, CATEGORY_BB_CHO, 1000, much, 4));
    assert_true(tou_meter_required(book, CATEGORY_BB_KCN_TA, 0, NULL, 0));
    assert_true(tou_meter_required(book, CATEGORY_BB_TH_KHAC, 0, NULL, 0));
}

static err_t answer_tou(struct arena *arena, struct str request, struct buf *out,
                        struct err *err)
{
    return tou_answer(bill_book(), arena, request, out, err);
}

/* Requests are written with ' for ". */
static void answers(const char *request, const char *expected)
{
    struct arena text;
    struct answer answer;
    arena_init(&text, 64 * 1024);
    answer_init(&answer, answer_tou, bill_text(&text, request).p);
    struct str start = str_sub(buf_str(&answer.out), 0, str_of(expected).n);
    if (!str_equal(start, bill_text(&text, expected))) fail_msg("%s", answer.out.p);
    answer_release(&answer);
    arena_release(&text);
}

static void refuses(const char *request, const char *field)
{
    struct arena text;
    arena_init(&text, 64 * 1024);
    check_refused(answer_tou, bill_text(&text, request).p, field);
    arena_release(&text);
}

static void intervals_become_usage(void **state)
{
    (void)state;
    answers("{'start':'2026-07-31T09:00:00+07:00','step_minutes':30,"
            "'kwh':['0.5','1','2.25','0']}",
            "{'usage':{'normal':'0.5','peak':'3.25','offpeak':'0'},'kwh':'3.75','intervals':4,"
            "'hours':null,");
    answers("{'start':'2026-07-31T09:00:00+07:00','step_minutes':30,'kwh':['0.5','1'],"
            "'hours':'TOU_QD963'}",
            "{'usage':{'normal':'1.5','peak':'0','offpeak':'0'},'kwh':'1.5','intervals':2,"
            "'hours':'TOU_QD963',");
    answers("{'start':'2026-07-31T09:00:00+07:00','step_minutes':30,'kwh':[]}",
            "{'usage':{'normal':'0','peak':'0','offpeak':'0'},'kwh':'0','intervals':0,");
    refuses("{'step_minutes':30,'kwh':[]}", "start");
    refuses("{'start':'2026-07-31','step_minutes':30,'kwh':[]}", "start");
    refuses("{'start':'2026-07-31T09:00:00Z','kwh':[]}", "step_minutes");
    refuses("{'start':'2026-07-31T09:00:00Z','step_minutes':0,'kwh':[]}", "step_minutes");
    refuses("{'start':'2026-07-31T09:00:00Z','step_minutes':30.5,'kwh':[]}", "step_minutes");
    refuses("{'start':'2026-07-31T09:00:00Z','step_minutes':30}", "kwh");
    refuses("{'start':'2026-07-31T09:00:00Z','step_minutes':30,'kwh':['1','-1']}", "kwh[1]");
    refuses("{'start':'2026-07-31T09:00:00Z','step_minutes':30,'kwh':[1]}", "kwh[0]");
    refuses("{'start':'2026-07-31T09:00:00Z','step_minutes':30,'kwh':[],'hours':'X'}", "hours");
    refuses("{'start':'2026-07-31T09:00:00Z','step_minutes':30,'kwh':[],'unit':'Wh'}", "unit");
    refuses("{'start':'2014-05-01T09:00:00Z','step_minutes':30,'kwh':['1']}", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_of_circular_16),
        cmocka_unit_test(hours_of_decision_963_wait),
        cmocka_unit_test(a_week_of_half_hours),
        cmocka_unit_test(intervals_across_two_registers_are_divided),
        cmocka_unit_test(intervals_become_usage),
        cmocka_unit_test(series_that_are_refused),
        cmocka_unit_test(who_needs_a_three_price_meter),
    };
    return cmocka_run_group_tests_name("tariff tou", tests, NULL, NULL);
}
