/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a store with the fixture's unit, for tests that call the program itself.
 *
 *   fill_store TARGET CUSTOMERS BOOK_CUSTOMERS MONTH STATE SPIKES(0|1)
 *
 * STATE 1: books signed, 0: closed, read: open, with meters and readings and a year of history,
 * unread: the same without the readings of the month. */
#include <stdio.h>

#include "billing/fixture.h"

static int64_t number(const char *text)
{
    int64_t value = -1;
    bool read = str_to_i64(str_of(text), &value);
    return read ? value : -1;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct db *db = NULL;
    if (argc != 7) return 2;
    struct fixture fixture = {.unit_id = 1, .unit_code = "PD0100", .customers = number(argv[2]),
                              .book_customers = number(argv[3]), .month = number(argv[4]),
                              .signed_books = number(argv[5]) == 1,
                              .spikes = number(argv[6]) == 1};
    err_t e = db_open(str_of(argv[1]), DB_CREATE, &db, &err);
    if (e == OK) e = store_migrate(db, &err);
    fixture.unread = str_equal(str_of(argv[5]), S("unread"));
    bool read = fixture.unread || str_equal(str_of(argv[5]), S("read"));
    if (read) fixture.history_months = 13;
    if (e == OK) e = fixture_customers(db, &fixture, &err);
    if (e == OK && read) e = fixture_readings(db, &fixture, &err);
    else if (e == OK) e = fixture_usage(db, &fixture, &err);
    if (e != OK) fprintf(stderr, "%s\n%s\n", err.en.message, err.en.detail);
    db_close(db);
    return e == OK ? 0 : 1;
}
