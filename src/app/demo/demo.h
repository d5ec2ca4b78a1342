/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration: a district of any size from a seed, told month by month.
 *
 *   staff ─► registry files ─► each month: readings ─ closing ─ spikes ─ signatures ─ run ─ issue
 *                                          └─ figures of the month closed ─ neighbours compared
 *
 * Everything goes through the same doors as real data: the import frame, the loader of readings,
 * closing, re-verification, run, issue and the closing of the month. The clock of the process is
 * moved along with the story, so that what was known when looks as it would have. The store is
 * marked "demonstration".
 * One unit has at most DEMO_UNIT_CUSTOMERS customers; the last month is left half done, so that
 * every list has something to show.
 * Ownership: the caller owns struct demo and its arena. Threads: one connection, one thread. */
#ifndef SANGDEN_APP_DEMO_DEMO_H
#define SANGDEN_APP_DEMO_DEMO_H

#include "app/demo/demo_model.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct db;

enum { DEMO_UNIT_CUSTOMERS = 50000, DEMO_BOOK_CUSTOMERS = 200, DEMO_UNITS_MAX = 9999,
       DEMO_MONTHS_MAX = 60 };

struct demo_staff {
    int64_t administrator, clerk, reader, team_leader, billing_leader, manager;
};

struct demo_unit {
    int64_t number;      /* 1, 2, … */
    int64_t customers;
    int64_t unit_id;     /* after the registry files were taken */
    int64_t rule_id; /* that releases flagged use in bulk; 0: not approved yet */
    char code[8];        /* "PZ0001": a prefix that no corporation has */
};

/* What the registers of a point went through since its meter was hung. */
struct demo_meter_state {
    int64_t since_wh[3];  /* normal, peak, off-peak since the meter was hung */
    int64_t since_varh;
    int64_t since_export_wh; /* of the export meter, which is not exchanged with the other */
    int32_t counted_to_day; /* energy is counted up to 00:00 of this day */
    bool exchanged;
};

struct demo {
    struct db *db;
    struct arena *arena;
    uint64_t seed;
    int64_t customers;
    int32_t first_month, last_month;
    struct demo_weather weather;
    const int32_t *change_days; /* on which prices change, rising: large meters are read then */
    size_t change_day_count;
    struct demo_staff staff;
    struct demo_unit unit;          /* the one being told */
    struct demo_meter_state *state; /* of the unit's customers */
    int64_t bills;
    void (*told)(void *context, int64_t customer_months);
    void *context;
};

/* ---- days and codes, the same in all parts ----------------------------------------------- */

/* The day on which a customer's book is read in a month. */
int32_t demo_reading_day(int64_t index, int32_t month);
/* The first day of the story: all opening readings lie on or before the first period's start. */
int32_t demo_first_day(const struct demo *demo, int64_t index);
int32_t demo_last_day(const struct demo *demo, int64_t index);
struct demo_customer demo_customer_of(const struct demo *demo, int64_t index);
/* Codes of the index-th customer of the unit, NUL-terminated. */
enum { DEMO_CODE_BYTES = 24 };
void demo_agreement_code(const struct demo *demo, int64_t index, char out[DEMO_CODE_BYTES]);
void demo_point_code(const struct demo *demo, int64_t index, char out[DEMO_CODE_BYTES]);
void demo_book_code(int64_t index, char out[DEMO_CODE_BYTES]);
/* The other direction of a point with a roof. */
void demo_export_code(const struct demo *demo, int64_t index, char out[DEMO_CODE_BYTES]);
/* generation 0 is the first meter, 1 the one after the exchange, 2 the export meter. */
enum { DEMO_EXPORT_METER = 2 };
void demo_meter_serial(const struct demo *demo, int64_t index, int generation,
                       char out[DEMO_CODE_BYTES]);
/* What a register showed when the meter was hung, in thousandths of its unit. */
int64_t demo_start_index(const struct demo_customer *customer, int generation, int reg);
bool demo_has_meter(const struct demo_customer *customer);
int demo_digits(const struct demo_customer *customer);
int demo_decimals(const struct demo_customer *customer);

/* ---- parts ------------------------------------------------------------------------------- */

/* The people who act; each signature needs another one. */
NODISCARD err_t demo_hire(struct demo *demo, struct err *err);
/* The unit, its places, network, people, points and meters. Fills demo->unit.unit_id. */
NODISCARD err_t demo_register(struct demo *demo, struct err *err);
/* One month of the unit: readings to issued bills; the last one stops half way. */
NODISCARD err_t demo_month(struct demo *demo, int32_t month, struct err *err);
/* The readings of one month through the loader; corrected repeats those that were typed wrongly,
 * as they really are. */
NODISCARD err_t demo_read_month(struct demo *demo, int32_t month, struct err *err);
NODISCARD err_t demo_correct_reading(struct demo *demo, int64_t index, int32_t month,
                                     struct err *err);
/* The index of the customer with this point code; -1 for other points. */
int64_t demo_index_of(const struct demo *demo, struct str point_code);

#endif
