/* SPDX-License-Identifier: Apache-2.0 */
/* Several connections to the store of a test that work at the same moment.
 *
 *   static err_t number(struct db *db, void *plan, struct err *err);
 *   test_race_won(state, number, &plan, 3);          all do the same, and each must succeed
 *
 * Where each does something of its own, or one of them must lose: test_race, with a racer for each.
 * Link with threads. */
#ifndef SANGDEN_TESTS_SUPPORT_RACE_H
#define SANGDEN_TESTS_SUPPORT_RACE_H

#include "support/stores.h"

typedef err_t racing_work(struct db *db, void *context, struct err *err);

struct test_racer {
    void *context; /* of this one; the only member that is set before the race */
    struct db *db; /* while it runs */
    racing_work *work;
    err_t e; /* how it ended, and why */
    struct err why;
};

enum { TEST_RACERS_MAX = 8 };

/* Runs work for every racer in a thread and on a connection of its own, and waits for all; none may
 * leave a transaction open. */
void test_race(void **state, racing_work *work, struct test_racer *racers, size_t count);
/* The same with one context for all, which none may lose. */
void test_race_won(void **state, racing_work *work, void *context, size_t count);

#endif
