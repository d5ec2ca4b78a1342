/* SPDX-License-Identifier: Apache-2.0 */
/* The people of the demonstration district and what they use, as pure functions of a seed.
 *
 *   (seed, index) ─► struct demo_customer ─► demo_use(day) ─► watt-hours per register
 *
 * Kinds appear in believable shares: mostly homes, some lodging houses, shops, workshops, offices
 * with mixed prices, three-price customers, telecom masts of one payer, street lights without a
 * meter, a rural co-operative behind a master meter, roofs with solar panels (homes, and every
 * fifth workshop) whose surplus goes through a meter of its own.
 * Energy is watt-hours a day. Threads: pure. */
#ifndef SANGDEN_APP_DEMO_MODEL_H
#define SANGDEN_APP_DEMO_MODEL_H

#include "app/demo/demo_weather.h"

/* DEMO_KIND(name, per mille, least Wh/day, range Wh/day) */
#define DEMO_KINDS(DEMO_KIND)                 \
    DEMO_KIND(HOME, 838, 700, 11000)          \
    DEMO_KIND(HOME_SHARED, 38, 7000, 9000)    \
    DEMO_KIND(LODGING, 26, 9000, 26000)       \
    DEMO_KIND(SHOP, 42, 5000, 22000)          \
    DEMO_KIND(WORKSHOP, 18, 15000, 90000)     \
    DEMO_KIND(OFFICE, 10, 12000, 60000)       \
    DEMO_KIND(SCHOOL, 5, 20000, 50000)        \
    DEMO_KIND(THREE_PRICE, 8, 250000, 900000) \
    DEMO_KIND(SOLAR, 9, 6000, 12000)          \
    DEMO_KIND(MAST, 4, 30000, 15000)          \
    DEMO_KIND(STREET_LIGHT, 2, 40000, 30000)

enum demo_kind {
#define DEMO_KIND(name, per_mille, least, range) DEMO_##name,
    DEMO_KINDS(DEMO_KIND)
#undef DEMO_KIND
    DEMO_COOPERATIVE, /* one per unit: the last index */
    DEMO_KIND_COUNT
};

struct demo_customer {
    int64_t index;
    uint64_t seed; /* of this customer alone */
    enum demo_kind kind;
    int32_t reading_offset; /* days from the first of a month to its reading */
    int64_t base_wh;       /* a mild working day */
    int32_t cooling_permille; /* more use per degree above 26, of the base */
    int32_t heating_permille; /* per degree below 18 */
    int64_t household_quarters;
    bool lodgers_undeclared;
    bool electronic;       /* read remotely; otherwise a dial read with a photo */
    int32_t empty_from_day, empty_to_day; /* a house nobody lives in for some weeks, or equal */
    int32_t exchange_day;  /* the meter was exchanged in the middle of this day; 0: never */
    int32_t supply_from_day; /* first day of supply */
    int32_t misread_month; /* a reading of this month was typed wrongly; -1: never */
    int64_t multiplier;
    bool three_registers;
    bool reactive;
    bool roof; /* solar panels: what is not used at once goes to the network */
};

/* Energy of one day in the three registers; one-price meters show the sum. */
struct demo_use {
    int64_t normal_wh;
    int64_t peak_wh;
    int64_t offpeak_wh;
    int64_t reactive_varh;
    int64_t export_wh; /* given to the network by a roof, measured apart */
};

/* The index-th customer of count in a unit; first_day and last_day bound the story. */
struct demo_customer demo_customer_at(uint64_t seed, int64_t index, int64_t count,
                                      int32_t first_day, int32_t last_day);
/* What the customer uses on a day. */
struct demo_use demo_use_on(const struct demo_customer *customer,
                            const struct demo_weather *weather, int32_t day);

#endif
