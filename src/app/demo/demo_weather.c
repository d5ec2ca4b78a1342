/* SPDX-License-Identifier: Apache-2.0 */
#include "app/demo/demo_weather.h"

#include "base/clock.h"
#include "base/date.h"

/* Monthly mean temperature of the Red River delta, tenths of a degree, rounded climate normals. */
static const int16_t normal_tenths[12] = {165, 175, 205, 242, 279, 294, 294, 287, 276, 253, 219,
                                          183};

/* Mean of the day by straight lines between the middles of the months. */
static int32_t normal_of_day(int32_t day)
{
    int year, month, day_of_month;
    civil_from_day(day, &year, &month, &day_of_month);
    int days = days_in_month(year * 12 + month - 1);
    int from_middle = 2 * day_of_month - days; /* half days */
    int other = from_middle < 0 ? (month + 10) % 12 : month % 12;
    int size = from_middle < 0 ? -from_middle : from_middle;
    int here = normal_tenths[month - 1];
    return here + (normal_tenths[other] - here) * size / (2 * days);
}

struct spell {
    int months_from, months_to; /* inclusive, 1 to 12 */
    int chance_per_mille;       /* that a spell starts on a day */
    int days_least, days_range;
    int shift_least, shift_range; /* tenths of a degree */
};

static const struct spell spells[] = {
    {5, 8, 55, 4, 6, 25, 25},   /* heat wave */
    {12, 12, 60, 3, 4, -55, 25}, /* cold spell */
    {1, 2, 60, 3, 5, -60, 30},
};

static const struct spell *spell_starting(int32_t day, struct random_state *random)
{
    int year, month, day_of_month;
    civil_from_day(day, &year, &month, &day_of_month);
    for (size_t i = 0; i < ARRAY_COUNT(spells); i++) {
        const struct spell *spell = &spells[i];
        if (month >= spell->months_from && month <= spell->months_to &&
            random_next_below(random, 1000) < (uint64_t)spell->chance_per_mille)
            return spell;
    }
    return NULL;
}

static int draw(struct random_state *random, int least, int range)
{
    return least + (int)random_next_below(random, (uint64_t)range + 1);
}

void demo_weather_init(struct demo_weather *weather, uint64_t seed, int32_t first_day,
                       int32_t day_count)
{
    ASSERT(day_count > 0 && day_count <= DEMO_DAYS_MAX);
    struct random_state random;
    random_state_init(&random, seed ^ UINT64_C(0x77656174686572));
    weather->first_day = first_day;
    weather->day_count = day_count;
    int shift = 0, left = 0, drift = 0;
    for (int32_t i = 0; i < day_count; i++) {
        const struct spell *spell = left == 0 ? spell_starting(first_day + i, &random) : NULL;
        if (spell != NULL) {
            left = draw(&random, spell->days_least, spell->days_range);
            shift = draw(&random, spell->shift_least, spell->shift_range);
        }
        drift = drift * 7 / 10 + draw(&random, -12, 24);
        int32_t extra = left > 0 ? shift : 0;
        weather->mean_tenths[i] = (int16_t)(normal_of_day(first_day + i) + drift + extra);
        if (left > 0) left--;
    }
}

int32_t demo_temperature(const struct demo_weather *weather, int32_t day)
{
    ASSERT(day >= weather->first_day && day < weather->first_day + weather->day_count);
    return weather->mean_tenths[day - weather->first_day];
}

struct civil {
    int year, month, day_of_month;
};

/* First day of the lunar year, as printed in Vietnamese calendars. */
static const struct civil tet[] = {
    {2020, 1, 25}, {2021, 2, 12}, {2022, 2, 1},  {2023, 1, 22}, {2024, 2, 10}, {2025, 1, 29},
    {2026, 2, 17}, {2027, 2, 6},  {2028, 1, 26}, {2029, 2, 13}, {2030, 2, 3},  {2031, 1, 23},
    {2032, 2, 11}, {2033, 1, 31}, {2034, 2, 19}, {2035, 2, 8},
};

int32_t demo_days_from_tet(int32_t day)
{
    int32_t nearest = 10000;
    for (size_t i = 0; i < ARRAY_COUNT(tet); i++) {
        int32_t away = day - day_from_civil(tet[i].year, tet[i].month, tet[i].day_of_month);
        int32_t size = away < 0 ? -away : away;
        if (size < (nearest < 0 ? -nearest : nearest)) nearest = away;
    }
    return nearest;
}

bool demo_is_holiday(int32_t day)
{
    static const struct civil fixed[] = {{0, 1, 1}, {0, 4, 30}, {0, 5, 1}, {0, 9, 2}};
    int32_t away = demo_days_from_tet(day);
    if (away >= -2 && away <= 5) return true;
    int year, month, day_of_month;
    civil_from_day(day, &year, &month, &day_of_month);
    for (size_t i = 0; i < ARRAY_COUNT(fixed); i++)
        if (fixed[i].month == month && fixed[i].day_of_month == day_of_month) return true;
    return false;
}
