/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates against a model that counts one day after the other, and instants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"

static int naive_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static void check_day(int32_t day, int year, int month, int day_of_month)
{
    int got[3];
    civil_from_day(day, &got[0], &got[1], &got[2]);
    assert_true(got[0] == year && got[1] == month && got[2] == day_of_month);
    assert_int_equal(day_from_civil(year, month, day_of_month), day);
    assert_int_equal(month_of_day(day), year * 12 + month - 1);
    char text[DATE_TEXT_BYTES], place[32];
    struct buf buf;
    buf_init_fixed(&buf, place, sizeof place);
    buf_printf(&buf, "%04d-%02d-%02d", year, month, day_of_month);
    assert_true(str_equal(day_text(day, text), buf_str(&buf)));
    int32_t parsed = 0;
    assert_true(day_parse(buf_str(&buf), &parsed));
    assert_int_equal(parsed, day);
}

static void every_day_of_three_centuries(void **state)
{
    (void)state;
    /* 1900-01-01 was a Monday, 25,567 days before 1970. */
    int32_t day = -25567;
    int weekday = MONDAY;
    for (int year = 1900; year <= 2199; year++) {
        for (int month = 1; month <= 12; month++) {
            int32_t number = year * 12 + month - 1;
            assert_int_equal(first_day_of_month(number), day);
            assert_int_equal(days_in_month(number), naive_days_in_month(year, month));
            assert_int_equal(month_from_number(month_to_number(number)), number);
            for (int d = 1; d <= naive_days_in_month(year, month); d++, day++) {
                check_day(day, year, month, d);
                assert_int_equal(weekday_of_day(day), weekday);
                weekday = (weekday + 1) % 7;
            }
        }
    }
    assert_int_equal(day_from_civil(2200, 1, 1), day);
}

static void days_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31",
                                      "1900-02-29", "1899-12-31", "2200-01-01", "2026-1-01",
                                      "2026-01-1",  "2026-01-01 ", " 2026-01-01", "20260101",
                                      "2026/01/01", "", "2026-01", "2026-01-00"};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        int32_t day = 5;
        assert_false(day_parse(str_of(bad[i]), &day));
        assert_int_equal(day, 5);
    }
    int32_t month = 5;
    assert_true(month_parse(S("2026-07"), &month) && month == 24318);
    assert_false(month_parse(S("2026-7"), &month) || month_parse(S("2026-13"), &month) ||
                 month_parse(S("2026-07-01"), &month));
}

static void people_write_dates_their_way(void **state)
{
    (void)state;
    char place[64];
    struct buf buf;
    buf_init_fixed(&buf, place, sizeof place);
    buf_add_day_vi(&buf, day_from_civil(2026, 7, 31));
    buf_add_char(&buf, ' ');
    buf_add_month_vi(&buf, 24318);
    assert_string_equal(place, "31/07/2026 7/2026");
}

static void check_instant(const char *text, bool good, int64_t expected_ms)
{
    int64_t got = 5;
    assert_int_equal(instant_parse(str_of(text), &got), good);
    assert_true(got == (good ? expected_ms : 5));
}

static void instants_carry_their_offset(void **state)
{
    (void)state;
    check_instant("1970-01-01T00:00:00Z", true, 0);
    check_instant("1970-01-01T07:00:00+07:00", true, 0);
    check_instant("1969-12-31T13:00:00-11:00", true, 0);
    check_instant("2026-07-31T13:05:00+07:00", true, INT64_C(1785477900000));
    check_instant("2026-07-31T13:05:00.250+07:00", true, INT64_C(1785477900250));
    check_instant("2026-07-31T13:05:00", false, 0);
    check_instant("2026-07-31", false, 0);
    check_instant("2026-07-31T25:00:00Z", false, 0);
    check_instant("2026-07-31T13:60:00Z", false, 0);
    check_instant("2026-02-30T13:00:00Z", false, 0);
    char text[INSTANT_TEXT_BYTES];
    assert_true(str_equal(instant_text(INT64_C(1785477900250), text),
                          S("2026-07-31T13:05:00+07:00")));
}

static void the_day_turns_at_midnight_in_vietnam(void **state)
{
    (void)state;
    int32_t day = day_from_civil(2026, 7, 31);
    int64_t midnight_ms = vietnam_midnight_ms(day);
    assert_int_equal(vietnam_day(midnight_ms), day);
    assert_int_equal(vietnam_day(midnight_ms - 1), day - 1);
    assert_int_equal(vietnam_minute(midnight_ms - 1), 1439);
    assert_int_equal(vietnam_minute(midnight_ms + 13 * 3600000 + 5 * 60000), 785);
    int64_t parsed_ms;
    assert_true(instant_parse(S("2026-07-30T17:00:00Z"), &parsed_ms) && parsed_ms == midnight_ms);
    assert_int_equal(vietnam_day(-1), 0);
    assert_int_equal(vietnam_day(-7 * 3600000 - 1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_three_centuries),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(people_write_dates_their_way),
        cmocka_unit_test(instants_carry_their_offset),
        cmocka_unit_test(the_day_turns_at_midnight_in_vietnam),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
