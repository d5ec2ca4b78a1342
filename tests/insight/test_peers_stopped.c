/* SPDX-License-Identifier: Apache-2.0 */
/* Publications that are stopped: by a failure of the database at any call, or killed at any moment.
 * Nothing of them stands, and the repetition gives the rows of one that was never disturbed. */
#include "support/stores.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/date.h"
#include "identity/staff.h"
#include "insight/neighbours.h"
#include "insight/peers.h"

enum { MONTH = 202607, ROWS_BYTES = 1 << 24, KILLS = 12, KILL_STEP_US = 7000 };

static struct err err;
static struct actor founder;
static const struct neighbours few = {1, "PD0100", 90, 45};
static const struct neighbours many = {1, "PD0100", 4000, 160};

static void make(struct db *db, const struct neighbours *neighbours)
{
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("QT01"), S("Quản trị"), S(""), day_from_civil(2015, 1, 1),
                     &founder.staff_id, &err));
    MUST(db_commit(db, &err));
    founder.day = day_from_civil(2026, 8, 2);
    MUST(neighbours_make(db, neighbours, &err));
    MUST(neighbours_bill(db, neighbours, MONTH, &err));
    MUST(db_begin(db, &err));
    MUST(peer_floor_set(db, 1, day_from_civil(2026, 1, 1), 15, founder.staff_id, S("QĐ"), &err));
    MUST(db_commit(db, &err));
}

static err_t publish(struct db *db, void *context, struct err *why)
{
    struct peers_result result;
    struct peers_order order = {.unit_id = 1, .month = MONTH};
    (void)context;
    return peers_publish(db, &order, &founder, &result, why);
}

/* The same population, never disturbed, in a store of its own. */
static void is_like_undisturbed(struct db *db, const struct neighbours *neighbours)
{
    struct test_store twin;
    struct buf once, again;
    buf_init(&once, ROWS_BYTES);
    buf_init(&again, ROWS_BYTES);
    test_store_make(db_engine(db), &twin);
    make(twin.db, neighbours);
    MUST(publish(twin.db, NULL, &err));
    neighbours_rows(twin.db, &once);
    neighbours_rows(db, &again);
    assert_true(str_equal(buf_str(&once), buf_str(&again)));
    assert_true(once.n > 0);
    test_store_drop(&twin);
    buf_release(&once);
    buf_release(&again);
}

static void failing_anywhere_it_leaves_nothing(void **state)
{
    struct db *db = test_db(state);
    make(db, &few);
    assert_true(fail_everywhere(db, publish, NULL) > 20);
    is_like_undisturbed(db, &few);
}

static int publish_alone(const char *target)
{
    struct db *db;
    struct err own;
    err_t e = db_open(str_of(target), DB_WRITE, &db, &own);
    if (e == OK) e = publish(db, NULL, &own);
    return e == OK ? 0 : 1;
}

static void is_all_or_nothing(struct db *db)
{
    int64_t homes = 0, wanted = 0;
    MUST(db_get_i64_or(db, "SELECT home_count FROM peer_month", NO_ARGS, 0, &wanted, &err));
    MUST(db_get_i64(db, "SELECT count(*) FROM peer_home", NO_ARGS, &homes, &err));
    assert_int_equal(homes, wanted);
}

/* The store is closed while processes are made. */
static void killed_anywhere_it_leaves_nothing(void **state)
{
    struct test_store *store = test_store(state);
    make(store->db, &many);
    for (int i = 0; i < KILLS; i++) {
        db_close(store->db);
        pid_t child = fork();
        if (child == 0) _exit(publish_alone(store->target));
        usleep((useconds_t)(i * KILL_STEP_US));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        MUST(db_open(str_of(store->target), DB_WRITE, &store->db, &err));
        is_all_or_nothing(store->db);
    }
    MUST(publish(store->db, NULL, &err));
    is_like_undisturbed(store->db, &many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(failing_anywhere_it_leaves_nothing),
        ON_BOTH_STORES(killed_anywhere_it_leaves_nothing),
    };
    return run_store_tests("insight peers stopped", tests);
}
