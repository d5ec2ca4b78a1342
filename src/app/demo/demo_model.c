/* SPDX-License-Identifier: Apache-2.0 */
#include "app/demo/demo_model.h"

#include "base/clock.h"
#include "base/date.h"

struct kind_row {
    int per_mille;
    int64_t least_wh;
    int64_t range_wh;
};

static const struct kind_row kind_rows[] = {
#define DEMO_KIND(name, per_mille, least, range) {per_mille, least, range},
    DEMO_KINDS(DEMO_KIND)
#undef DEMO_KIND
    {0, 9000000, 4000000}, /* co-operative: some 1,500 homes behind its master meter */
};

static enum demo_kind kind_at(struct random_state *random, int64_t index, int64_t count)
{
    if (index == count - 1) return DEMO_COOPERATIVE;
    int drawn = (int)random_next_below(random, 1000);
    int kind = 0;
    while (kind < DEMO_COOPERATIVE - 1 && drawn >= kind_rows[kind].per_mille)
        drawn -= kind_rows[kind++].per_mille;
    return (enum demo_kind)kind;
}

static bool one_in(struct random_state *random, uint64_t chance)
{
    return random_next_below(random, chance) == 0;
}

static int32_t day_between(struct random_state *random, int32_t from, int32_t to)
{
    return from + (int32_t)random_next_below(random, (uint64_t)(to - from) + 1);
}

static bool is_home(enum demo_kind kind)
{
    return kind == DEMO_HOME || kind == DEMO_HOME_SHARED || kind == DEMO_SOLAR;
}

static int64_t households_of(struct random_state *random, enum demo_kind kind)
{
    switch (kind) {
    case DEMO_HOME_SHARED: return 4 * (2 + (int64_t)random_next_below(random, 2));
    case DEMO_LODGING: return 2 + (int64_t)random_next_below(random, 18); /* lodgers in quarters */
    case DEMO_COOPERATIVE: return 4 * (1200 + (int64_t)random_next_below(random, 600));
    default: return 4;
    }
}

static void draw_life(struct random_state *random, struct demo_customer *c, int32_t first_day,
                      int32_t last_day)
{
    int32_t days = last_day - first_day;
    c->supply_from_day = first_day;
    if (days < 120) return;
    if (is_home(c->kind) && one_in(random, 25)) {
        c->empty_from_day = day_between(random, first_day + 40, last_day - 60);
        c->empty_to_day = c->empty_from_day + day_between(random, 20, 90);
    }
    if (one_in(random, 20)) c->exchange_day = day_between(random, first_day + 35, last_day - 35);
    if (c->kind != DEMO_COOPERATIVE && one_in(random, 40))
        c->supply_from_day = day_between(random, first_day + 31, last_day - 60);
    if (c->exchange_day <= c->supply_from_day + 31) c->exchange_day = 0;
    if (!c->electronic && one_in(random, 60))
        c->misread_month = month_of_day(day_between(random, c->supply_from_day + 62, last_day));
}

struct demo_customer demo_customer_at(uint64_t seed, int64_t index, int64_t count,
                                      int32_t first_day, int32_t last_day)
{
    ASSERT(index >= 0 && index < count && first_day < last_day);
    struct random_state random;
    random_state_init(&random, seed * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)index);
    struct demo_customer c = {.index = index, .misread_month = -1};
    c.seed = random_next(&random);
    c.reading_offset = first_day - first_day_of_month(month_of_day(first_day));
    c.kind = kind_at(&random, index, count);
    const struct kind_row *row = &kind_rows[c.kind];
    /* The smaller of two draws: many small customers, few large ones. */
    uint64_t range = (uint64_t)row->range_wh;
    uint64_t a = random_next_below(&random, range), b = random_next_below(&random, range);
    c.base_wh = row->least_wh + (int64_t)(a < b ? a : b);
    bool indoor = c.kind != DEMO_MAST && c.kind != DEMO_STREET_LIGHT && c.kind != DEMO_WORKSHOP;
    c.cooling_permille = indoor ? (int32_t)random_next_below(&random, 130) : 10;
    c.heating_permille = is_home(c.kind) ? (int32_t)random_next_below(&random, 40) : 0;
    c.household_quarters = households_of(&random, c.kind);
    c.lodgers_undeclared = c.kind == DEMO_LODGING && one_in(&random, 6);
    c.three_registers = c.kind == DEMO_THREE_PRICE;
    c.reactive = c.kind == DEMO_THREE_PRICE;
    c.roof = c.kind == DEMO_SOLAR || (c.kind == DEMO_WORKSHOP && (c.seed >> 40) % 5 == 0);
    c.multiplier = c.kind == DEMO_THREE_PRICE ? 40 : c.kind == DEMO_COOPERATIVE ? 120 : 1;
    c.electronic = c.multiplier > 1 || !one_in(&random, 3);
    draw_life(&random, &c, first_day, last_day);
    return c;
}

/* A number in [-size, size], repeatable for any customer and moment. */
static int64_t chance_of(const struct demo_customer *c, int64_t moment, int64_t size)
{
    uint64_t z = c->seed ^ ((uint64_t)moment * UINT64_C(0xD6E8FEB86659FD93));
    z = (z ^ (z >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    z = (z ^ (z >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    return (int64_t)((z ^ (z >> 32)) % (uint64_t)(2 * size + 1)) - size;
}

static int64_t noise_permille(const struct demo_customer *c, int32_t day)
{
    return chance_of(c, day, 200);
}

/* What the period is like as a whole, of an ordinary one: people travel and have guests, work comes
 * and goes. With the weather some one in ten household-months reaches 1.3 times the one before, as
 * in measured households, few of them three times. */
static int64_t habit_permille(const struct demo_customer *c, int32_t day)
{
    int64_t period = INT64_C(-7) - month_of_day(day - c->reading_offset);
    int64_t drawn = chance_of(c, period * 4, 500) + 500;
    if (!is_home(c->kind)) return 1000 + chance_of(c, period * 4 + 1, drawn < 30 ? 350 : 90);
    if (drawn < 35) return 480 + chance_of(c, period * 4 + 1, 230);   /* away for weeks */
    if (drawn < 90) return 1500 + chance_of(c, period * 4 + 1, 250);  /* the house is full */
    return 1000 + chance_of(c, period * 4 + 1, 120);
}

static int64_t weather_permille(const struct demo_customer *c, const struct demo_weather *weather,
                                int32_t day)
{
    int32_t tenths = demo_temperature(weather, day);
    int64_t more = 0;
    if (tenths > 260) more += (int64_t)(tenths - 260) * c->cooling_permille / 10;
    if (tenths < 180) more += (int64_t)(180 - tenths) * c->heating_permille / 10;
    return more;
}

/* How much of a working day's use the calendar leaves, per mille. */
static int64_t calendar_permille(const struct demo_customer *c, int32_t day)
{
    bool sunday = weekday_of_day(day) == SUNDAY, holiday = demo_is_holiday(day);
    switch (c->kind) {
    case DEMO_HOME: case DEMO_HOME_SHARED: case DEMO_SOLAR:
        return holiday ? 1150 : sunday ? 1060 : 1000;
    case DEMO_LODGING: return demo_days_from_tet(day) >= -4 && holiday ? 250 : 1000;
    case DEMO_SHOP: return holiday ? 700 : sunday ? 1080 : 1000;
    case DEMO_WORKSHOP: case DEMO_THREE_PRICE: return holiday ? 120 : sunday ? 450 : 1000;
    case DEMO_OFFICE: return holiday || sunday ? 180 : 1000;
    case DEMO_SCHOOL: {
        int year, month, day_of_month;
        civil_from_day(day, &year, &month, &day_of_month);
        return month == 7 || holiday ? 150 : month == 6 || sunday ? 350 : 1000;
    }
    default: return 1000;
    }
}

/* Share of the day in the peak and off-peak hours, per mille, by what people do. */
static void split_day(const struct demo_customer *c, int32_t day, int64_t wh,
                      struct demo_use *out)
{
    int64_t peak = c->kind == DEMO_THREE_PRICE ? 215 : 300, offpeak = 180;
    if (weekday_of_day(day) == SUNDAY) peak = 0;
    out->peak_wh = wh * peak / 1000;
    out->offpeak_wh = wh * offpeak / 1000;
    out->normal_wh = wh - out->peak_wh - out->offpeak_wh;
}

/* A roof makes about what its building uses; less of it is used at home on days off. *out_own_wh is
 * used at once, the answer goes to the network: at most half of what is made (Decree 243/2026). */
static int64_t roof_wh(const struct demo_customer *c, const struct demo_weather *weather,
                       int32_t day, int64_t *out_own_wh)
{
    int64_t sun_permille = 500 + demo_temperature(weather, day) * 2 + noise_permille(c, day);
    int64_t made_wh = c->base_wh * sun_permille / 1000;
    bool away = calendar_permille(c, day) < 1000;
    *out_own_wh = made_wh * (away ? 1 : 3) / 10;
    return made_wh * (away ? 5 : 4) / 10;
}

struct demo_use demo_use_on(const struct demo_customer *c, const struct demo_weather *weather,
                            int32_t day)
{
    struct demo_use use = {0};
    if (day < c->supply_from_day) return use;
    if (day >= c->empty_from_day && day < c->empty_to_day) return use;
    int64_t permille = 1000 + noise_permille(c, day) + weather_permille(c, weather, day);
    int64_t wh = c->base_wh * permille / 1000 * calendar_permille(c, day) / 1000 *
                 habit_permille(c, day) / 1000;
    if (c->roof) {
        int64_t own_wh;
        use.export_wh = roof_wh(c, weather, day, &own_wh);
        wh -= own_wh;
        if (wh < c->base_wh / 10) wh = c->base_wh / 10;
    }
    split_day(c, day, wh, &use);
    if (c->reactive) use.reactive_varh = wh * (420 + noise_permille(c, day)) / 1000;
    return use;
}
