/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/calendar.h"

#include "base/date.h"
#include "base/integer.h"

enum { DAYS_BETWEEN = 30 };

int32_t reading_day_of(int32_t month, int reading_day, int periods, int period_no)
{
    ASSERT(reading_day >= 1 && reading_day <= 31);
    ASSERT(periods >= 1 && periods <= 3 && period_no >= 1 && period_no <= periods);
    int step = DAYS_BETWEEN / periods;
    int capped = reading_day > DAYS_BETWEEN ? DAYS_BETWEEN : reading_day;
    int day = periods == 1 ? reading_day : (capped - 1) % step + 1 + (period_no - 1) * step;
    bool month_end = reading_day > DAYS_BETWEEN && period_no == periods;
    int last = days_in_month(month);
    if (month_end || day > last) day = last;
    return first_day_of_month(month) + day - 1;
}

int32_t reading_window(int periods, int64_t reading_window_days)
{
    ASSERT(periods >= 1 && periods <= 3);
    return (int32_t)min_i64(reading_window_days, (DAYS_BETWEEN / periods - 1) / 2);
}

int64_t energy_of_period(int64_t month_wh, int periods, int period_no)
{
    ASSERT(periods >= 1 && period_no >= 1 && period_no <= periods);
    int64_t until = div_floor(month_wh * period_no, periods);
    return until - div_floor(month_wh * (period_no - 1), periods);
}
