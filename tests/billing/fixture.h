/* SPDX-License-Identifier: Apache-2.0 */
/* A unit with customers whose books are closed, written straight into the tables of registry and
 * metering, so that billing can be tested and measured by itself.
 *
 *   point i (1…): agreement i, account i; book (i - 1) / book_customers + 1
 *   uses: mostly residential; every 10th business, every 15th mixed, every 25th three-price
 *   kWh: fixture_kwh(i); every 11th period is flagged as a spike, its case open */
#ifndef SANGDEN_TESTS_BILLING_FIXTURE_H
#define SANGDEN_TESTS_BILLING_FIXTURE_H

#include "store/store.h"

struct fixture {
    int64_t unit_id;
    const char *unit_code;
    int64_t customers;
    int64_t book_customers;
    int64_t month; /* YYYYMM */
    bool signed_books;
    bool spikes;
    int64_t history_months; /* packed past of every point */
    bool unread; /* meters have their opening readings only */
};

#define FIXTURE_SMALL                                                                     \
    ((struct fixture){.unit_id = 1, .unit_code = "PD0100", .customers = 60,               \
                      .book_customers = 25, .month = 202610, .signed_books = true})

/* Writes everything in transactions of its own. */
NODISCARD err_t fixture_make(struct db *db, const struct fixture *fixture, struct err *err);
/* Customers, books and their terms only; and closed use of one month with its book periods. */
NODISCARD err_t fixture_customers(struct db *db, const struct fixture *fixture, struct err *err);
NODISCARD err_t fixture_usage(struct db *db, const struct fixture *fixture, struct err *err);

/* Meters, their opening and (unless unread) present readings of the month, books open: what a
 * closing needs. */
NODISCARD err_t fixture_readings(struct db *db, const struct fixture *fixture, struct err *err);

int64_t fixture_kwh(int64_t point_id);
bool fixture_is_spike(int64_t point_id);
/* Books of the fixture. */
int64_t fixture_books(const struct fixture *fixture);

#endif
