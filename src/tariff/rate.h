/* SPDX-License-Identifier: Apache-2.0 */
/* Rating of any plan given as data: the engine for tariffs that are not law yet.
 *
 *   plan: charges ─┬ graduated, volume   blocks of a quantity
 *                  ├ package             whole packages of a quantity
 *                  ├ time_of_use         blocks per period of the day
 *                  ├ demand              a price per kW and period
 *                  └ fixed               an amount
 *   usage: quantity, by_period, demand  ─►  lines with exact amounts  ─►  total
 *
 * Numbers: quantities, prices and flat parts are int128 scaled by 10^9 (names end in _e9), amounts
 * are their exact products scaled by 10^18 (_e18); nothing is rounded but a pro-rata quantity that
 * does not end within nine places. The total is the exact sum of the lines.
 * Invariant: the quantities of a charge's lines add up to the usage it rates.
 * Ownership: everything lives in the arena and looks into the request. Threads: pure.
 * Limits: RATE_CHARGES_MAX, RATE_BLOCKS_MAX, RATE_PERIODS_MAX, 12 digits before the point. */
#ifndef SANGDEN_TARIFF_RATE_H
#define SANGDEN_TARIFF_RATE_H

#include "base/buffer.h"
#include "base/integer.h"
#include "base/json_read.h"

enum { RATE_CHARGES_MAX = 64, RATE_BLOCKS_MAX = 64, RATE_PERIODS_MAX = 128 };

enum rate_type { RATE_GRADUATED, RATE_VOLUME, RATE_PACKAGE, RATE_TIME_OF_USE, RATE_DEMAND,
                 RATE_FIXED };

struct rate_block {
    int128 upto_e9; /* inclusive; meaningless when open */
    bool open;      /* the last block without an upper bound */
    int128 unit_e9; /* price of one unit, or of one started block of size when size is given */
    int128 flat_e9; /* due when the block is entered */
    int128 size_e9; /* 0: no whole blocks */
};

struct rate_blocks {
    struct rate_block *block;
    size_t count;
};

struct rate_period {
    struct str name;
    struct rate_blocks blocks; /* time_of_use */
    int128 price_e9;           /* demand */
};

struct rate_charge {
    enum rate_type type;
    struct rate_blocks blocks;
    int128 from_e9; /* position already used in this period */
    bool pooled;    /* time_of_use: the periods share one block position */
    bool bounds_differ; /* of the pooled periods */
    struct rate_period *period;
    size_t period_count;
    int128 size_e9, price_e9, free_e9; /* package */
    int128 amount_e9;                  /* fixed */
};

struct rate_plan {
    struct rate_charge *charge;
    size_t charge_count;
    bool has_minimum, has_maximum;
    int128 minimum_e9, maximum_e9;
};

/* The use of one named period, and the place for its share while a block is divided. */
struct rate_use {
    struct str name;
    int128 quantity_e9;
};

struct rate_uses {
    bool given;
    struct rate_use *use;
    size_t count;
};

struct rate_usage {
    bool has_quantity;
    int128 quantity_e9;
    struct rate_uses by_period;
    struct rate_uses demand;
};

enum rate_line_kind { RATE_LINE_CHARGE, RATE_LINE_MINIMUM, RATE_LINE_MAXIMUM };

struct rate_line {
    enum rate_line_kind kind;
    size_t charge;
    bool has_block;
    size_t block;
    struct str period; /* NULL pointer: none */
    bool has_quantity;
    int128 quantity_e9;
    bool has_started;
    int128 started; /* whole blocks or packages that count */
    int128 amount_e18;
    struct rate_line *next;
};

struct rate_result {
    struct rate_line *first, *last;
    size_t line_count;
    int128 total_e18;
};

/* Reads {"charges":…,"minimum":…,"maximum":…,"usage":…}. E_INPUT with the path of the field,
 * E_MEMORY. */
NODISCARD err_t rate_read(struct arena *arena, const struct json *request,
                          struct rate_plan *out_plan, struct rate_usage *out_usage,
                          struct err *err);

/* Rates the usage. E_INPUT when a charge's usage is absent or a period has no price, E_RANGE when
 * the usage goes beyond a bounded last block, E_OVERFLOW, E_MEMORY. */
NODISCARD err_t rate_compute(struct arena *arena, const struct rate_plan *plan,
                             const struct rate_usage *usage, struct rate_result *out,
                             struct err *err);

/* Adds the answer as one JSON object: {"lines":[…],"total":"110"}. */
void rate_write(struct buf *out, const struct rate_result *result);

/* One request text to one answer: rate_read, rate_compute and rate_write. On failure nothing is
 * added to out. */
NODISCARD err_t rate_answer(struct arena *arena, struct str request, struct buf *out,
                            struct err *err);

#endif
