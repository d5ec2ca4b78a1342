/* SPDX-License-Identifier: Apache-2.0 */
/* Weather and calendar of the demonstration district: a delta in northern Vietnam, day by day.
 *
 * Everything follows from a seed and the day number, so that any day can be asked in any order.
 * Temperatures are tenths of a degree Celsius. Threads: pure after demo_weather_init. */
#ifndef SANGDEN_APP_DEMO_WEATHER_H
#define SANGDEN_APP_DEMO_WEATHER_H

#include "base/compat.h"

enum { DEMO_DAYS_MAX = 366 * 12 };

struct demo_weather {
    int32_t first_day;
    int32_t day_count;
    int16_t mean_tenths[DEMO_DAYS_MAX];
};

/* Fills the days [first_day, first_day + day_count). Monthly normals with day-to-day change, heat
 * waves from May to August and cold spells in December to February. */
void demo_weather_init(struct demo_weather *weather, uint64_t seed, int32_t first_day,
                       int32_t day_count);
/* Mean temperature of a day inside the range. */
int32_t demo_temperature(const struct demo_weather *weather, int32_t day);

/* Days from the lunar new year's day nearest to day: -2 is two days before it, 0 the day itself.
 * Years 2020 to 2035; elsewhere a value far away. */
int32_t demo_days_from_tet(int32_t day);
/* Public holidays of fixed date, and the days around the lunar new year. */
bool demo_is_holiday(int32_t day);

#endif
