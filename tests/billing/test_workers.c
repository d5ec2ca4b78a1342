/* SPDX-License-Identifier: Apache-2.0 */
/* Workers of a run beside others who hold the database, and with chunks that nobody can do. */
#include "billing/faults.h"

#include "billing/run.h"
#include "store/work.h"

enum { LEASE_MS = 60000, LOCK_MS = 50 };

static struct err err;

static struct run_ticket started(struct scene *scene)
{
    struct run_ticket ticket;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = SCENE_NOW_MS};
    MUST(run_start(scene->db, &order, &ticket, &err));
    return ticket;
}

/* Another connection holds what the worker needs: on SQLite the file, on PostgreSQL the drafts. */
static struct db *holding(void **state)
{
    struct db *other = test_connect(state, DB_WRITE);
    MUST(db_begin(other, &err));
    if (db_engine(other) == DB_POSTGRES)
        MUST(db_script(other, S("LOCK TABLE bill_draft IN EXCLUSIVE MODE"), &err));
    return other;
}

static void a_lock_that_lasts_stops_the_worker_and_keeps_its_work(void **state)
{
    struct scene scene;
    struct work_counts counts;
    scene_make(&scene, test_store(state), scene_closed);
    struct run_ticket ticket = started(&scene);
    struct db *other = holding(state);
    MUST(db_lock_timeout(scene.db, LOCK_MS, &err));
    assert_int_equal(run_work(scene.db, &ticket, LEASE_MS, NULL, NULL, &err), E_BUSY);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    db_rollback(other);
    db_close(other);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 0);
    /* What it had taken was given back at once, long before its lease ends. */
    MUST(work_count(scene.db, str_of(ticket.queue), &counts, &err));
    assert_int_equal(counts.open, 2);
    MUST(run_work(scene.db, &ticket, LEASE_MS, NULL, NULL, &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 4);
    scene_drop(&scene);
}

static void every_chunk_that_cannot_be_done_is_set_aside(void **state)
{
    struct scene scene;
    struct work_counts counts;
    scene_make(&scene, test_store(state), scene_closed);
    struct run_ticket ticket = started(&scene);
    scene_run(&scene, "UPDATE bill_run SET price_book = 'unknown'");
    assert_int_equal(run_work(scene.db, &ticket, LEASE_MS, NULL, NULL, &err), E_NOT_FOUND);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    MUST(work_count(scene.db, str_of(ticket.queue), &counts, &err));
    assert_int_equal(counts.open + counts.taken, 0);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_draft"), 0);
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_lock_that_lasts_stops_the_worker_and_keeps_its_work),
        ON_BOTH_STORES(every_chunk_that_cannot_be_done_is_set_aside),
    };
    return run_store_tests("billing workers", tests);
}
