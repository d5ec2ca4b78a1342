/* SPDX-License-Identifier: Apache-2.0 */
/* Shared work: every item is done once, and a worker that lost its item cannot commit. */
#include "support/stores.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/work.h"

enum { LEASE_MS = 1000 };

static struct arena arena = {.limit_bytes = 1 << 20};

static struct db *with_items(void **state, int64_t units, int64_t items)
{
    struct err err;
    struct db *db = test_db(state);
    arena_reset(&arena);
    MUST(db_script(db, S("CREATE TABLE result (unit_id {i64} NOT NULL, item_no {i64} NOT NULL)"
                         " {strict}"), &err));
    for (int64_t unit = 1; unit <= units; unit++)
        for (int64_t item = 1; item <= items; item++)
            MUST(work_add(db, unit, S("q"), item, S("{\"a\":1}"), &err));
    return db;
}

static bool take(struct db *db, struct work_item *item)
{
    struct err err;
    bool found = false;
    MUST(work_take_any(db, S("q"), LEASE_MS, &arena, &found, item, &err));
    return found;
}

static err_t do_item(struct db *db, const struct work_item *item, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK)
        e = db_run(db, "INSERT INTO result (unit_id, item_no) VALUES ($1, $2)",
                   ARGS(v_i64(item->unit_id), v_i64(item->item_no)), NULL, err);
    if (e == OK) e = work_finish(db, item, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

static int64_t count_results(struct db *db)
{
    struct err err;
    int64_t count = -1;
    MUST(db_get_i64(db, "SELECT count(*) FROM result", NO_ARGS, &count, &err));
    return count;
}

static void check_counts(struct db *db, int64_t open, int64_t taken, int64_t done)
{
    struct err err;
    struct work_counts counts;
    MUST(work_count(db, S("q"), &counts, &err));
    assert_int_equal(counts.open, open);
    assert_int_equal(counts.taken, taken);
    assert_int_equal(counts.done, done);
}

static void every_item_is_done_once(void **state)
{
    struct err err;
    struct db *db = with_items(state, 3, 4);
    struct db *other = test_connect(state, DB_WRITE);
    struct work_item mine = {0};
    struct work_item theirs = {0};
    check_counts(db, 12, 0, 0);
    for (int i = 0; i < 6; i++) {
        assert_true(take(db, &mine));
        assert_true(take(other, &theirs));
        assert_false(mine.unit_id == theirs.unit_id && mine.item_no == theirs.item_no);
        assert_true(str_equal(mine.payload, S("{\"a\":1}")));
        assert_int_equal(mine.tries, 1);
        MUST(do_item(db, &mine, &err));
        MUST(do_item(other, &theirs, &err));
    }
    assert_false(take(db, &mine));
    check_counts(db, 0, 0, 12);
    assert_int_equal(count_results(db), 12);
    db_close(other);
    assert_int_equal(work_add(db, 1, S("q"), 1, S(""), &err), E_CONFLICT);
    MUST(work_remove(db, S("q"), &err));
    check_counts(db, 0, 0, 0);
}

static void a_lost_item_cannot_be_committed(void **state)
{
    struct err err;
    struct db *db = with_items(state, 1, 1);
    struct db *other = test_connect(state, DB_WRITE);
    struct work_item mine;
    struct work_item theirs;
    clock_freeze(1000000);
    assert_true(take(db, &mine));
    assert_false(take(other, &theirs));
    clock_freeze(1000000 + LEASE_MS - 1);
    MUST(work_renew(db, &mine, LEASE_MS, &err));
    clock_freeze(1000000 + LEASE_MS + 1);
    assert_false(take(other, &theirs));
    clock_freeze(1000000 + 2 * LEASE_MS);
    assert_true(take(other, &theirs));
    clock_freeze(-1);
    assert_int_equal(theirs.tries, 2);
    assert_int_equal(do_item(db, &mine, &err), E_LOST);
    assert_int_equal(work_renew(db, &mine, LEASE_MS, &err), E_LOST);
    assert_int_equal(work_give_back(db, &mine, &err), E_LOST);
    assert_int_equal(count_results(db), 0);
    MUST(do_item(other, &theirs, &err));
    assert_int_equal(do_item(other, &theirs, &err), E_LOST);
    assert_int_equal(count_results(db), 1);
    db_close(other);
}

static void items_are_given_back_or_set_aside(void **state)
{
    struct err err;
    struct db *db = with_items(state, 1, 2);
    struct work_item item;
    struct work_counts counts;
    assert_true(take(db, &item));
    MUST(work_give_back(db, &item, &err));
    check_counts(db, 2, 0, 0);
    assert_true(take(db, &item));
    assert_int_equal(item.item_no, 1);
    MUST(work_set_aside(db, &item, &err));
    for (int i = 0; i < WORK_TRIES_MAX + 1; i++) {
        assert_true(take(db, &item));
        assert_int_equal(item.item_no, 2);
        MUST(work_give_back(db, &item, &err));
    }
    /* What its holders let go without a word counts. */
    for (int i = 0; i < WORK_TRIES_MAX; i++) {
        assert_true(take(db, &item));
        MUST(db_run(db, "UPDATE work SET state = 'open' WHERE item_no = 2", NO_ARGS, NULL, &err));
    }
    assert_false(take(db, &item));
    MUST(work_count(db, S("q"), &counts, &err));
    assert_int_equal(counts.set_aside, 2);
}

/* A queue without an end: an item that is done makes room for the same number. */
static void items_may_come_again(void **state)
{
    struct db *db = with_items(state, 1, 1);
    struct work_item item, late;
    struct err err;
    bool added = true;
    MUST(work_add_missing(db, 1, S("q"), 1, S("{}"), &added, &err));
    assert_false(added);
    check_counts(db, 1, 0, 0);
    assert_true(take(db, &item));
    late = item;
    late.token++;
    assert_int_equal(work_leave(db, &late, &err), E_LOST);
    MUST(work_add_missing(db, 1, S("q"), 1, S("{}"), &added, &err));
    check_counts(db, 0, 1, 0);
    MUST(work_leave(db, &item, &err));
    check_counts(db, 0, 0, 0);
    assert_int_equal(work_leave(db, &item, &err), E_LOST);
    MUST(work_add_missing(db, 1, S("q"), 1, S("{}"), &added, &err));
    assert_true(added);
    check_counts(db, 1, 0, 0);
}

static void what_was_set_aside_is_opened_again(void **state)
{
    struct db *db = with_items(state, 1, 2);
    struct work_item item;
    struct err err;
    assert_true(take(db, &item));
    MUST(work_set_aside(db, &item, &err));
    check_counts(db, 1, 0, 0);
    MUST(work_open_again(db, S("other"), &err));
    check_counts(db, 1, 0, 0);
    MUST(work_open_again(db, S("q"), &err));
    check_counts(db, 2, 0, 0);
    assert_true(take(db, &item));
    assert_int_equal(item.tries, 1);
}

static void the_dead_hold_nothing(void **state)
{
    struct err err;
    struct db *db = with_items(state, 1, 2);
    struct work_item item;
    int ready[2];
    char byte;
    assert_return_code(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct db *own = NULL;
        bool found = false;
        if (db_open(str_of(test_store(state)->target), DB_WRITE, &own, &err) != OK ||
            work_take_any(own, S("q"), 3600000, &arena, &found, &item, &err) != OK || !found)
            _exit(9);
        if (write(ready[1], "", 1) == 1) pause();
        _exit(9);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    MUST(work_free_dead(db, S("q"), &err));
    check_counts(db, 1, 1, 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    MUST(work_free_dead(db, S("q"), &err));
    check_counts(db, 2, 0, 0);
    assert_true(take(db, &item));
    assert_int_equal(item.tries, 2);
    MUST(work_free_dead(db, S("q"), &err));
    check_counts(db, 1, 1, 0);
}

enum { WORKERS = 3, KILLS = 25, ITEMS = 60 };

static pid_t start_worker(const char *target)
{
    pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct db *db = NULL;
    struct err err;
    struct work_item item;
    bool found = true;
    err_t e = db_open(str_of(target), DB_WRITE, &db, &err);
    while (e == OK && found) {
        e = work_free_dead(db, S("q"), &err);
        if (e == OK) e = work_take_any(db, S("q"), 600000, &arena, &found, &item, &err);
        usleep(2000);
        if (e == OK && found) e = do_item(db, &item, &err);
        if (e == E_LOST) e = OK;
    }
    _exit(e == OK ? 0 : 9);
}

static void killed_workers_do_nothing_twice(void **state)
{
    struct err err;
    struct db *db = with_items(state, 2, ITEMS);
    struct random_state chance;
    pid_t pids[WORKERS];
    int status;
    bool found = true;
    random_state_init(&chance, 5);
    for (int i = 0; i < WORKERS; i++) pids[i] = start_worker(test_store(state)->target);
    for (int i = 0; i < KILLS; i++) {
        usleep((useconds_t)random_next_below(&chance, 15000));
        size_t victim = random_next_below(&chance, WORKERS);
        kill(pids[victim], SIGKILL);
        waitpid(pids[victim], &status, 0);
        pids[victim] = start_worker(test_store(state)->target);
    }
    for (int i = 0; i < WORKERS; i++) {
        waitpid(pids[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    struct work_item item;
    MUST(work_free_dead(db, S("q"), &err));
    while (found) {
        found = take(db, &item);
        if (found) MUST(do_item(db, &item, &err));
    }
    check_counts(db, 0, 0, 2 * ITEMS);
    assert_int_equal(count_results(db), 2 * ITEMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(every_item_is_done_once),
        ON_BOTH_STORES(a_lost_item_cannot_be_committed),
        ON_BOTH_STORES(items_are_given_back_or_set_aside),
        ON_BOTH_STORES(items_may_come_again),
        ON_BOTH_STORES(what_was_set_aside_is_opened_again),
        ON_BOTH_STORES(the_dead_hold_nothing),
        ON_BOTH_STORES(killed_workers_do_nothing_twice),
    };
    int failed = run_store_tests("store work", tests);
    arena_release(&arena);
    return failed;
}
