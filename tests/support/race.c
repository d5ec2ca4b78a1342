/* SPDX-License-Identifier: Apache-2.0 */
#include "support/race.h"

#include <pthread.h>

static void *start(void *context)
{
    struct test_racer *racer = context;
    racer->e = racer->work(racer->db, racer->context, &racer->why);
    return NULL;
}

void test_race(void **state, racing_work *work, struct test_racer *racers, size_t count)
{
    pthread_t threads[TEST_RACERS_MAX];
    assert_in_range(count, 1, TEST_RACERS_MAX);
    for (size_t i = 0; i < count; i++) {
        racers[i].db = test_connect(state, DB_WRITE);
        racers[i].work = work;
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, start, &racers[i]), 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(db_in_transaction(racers[i].db));
        db_close(racers[i].db);
    }
}

void test_race_won(void **state, racing_work *work, void *context, size_t count)
{
    struct test_racer racers[TEST_RACERS_MAX] = {{0}};
    assert_in_range(count, 1, TEST_RACERS_MAX);
    for (size_t i = 0; i < count; i++) racers[i].context = context;
    test_race(state, work, racers, count);
    for (size_t i = 0; i < count; i++) check_ok(racers[i].e, &racers[i].why);
}
