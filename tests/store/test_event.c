/* SPDX-License-Identifier: Apache-2.0 */
/* The event log: no event is lost, none takes effect twice, whoever is killed and when. */
#include "support/stores.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "store/event.h"

static const char tables_sql[] =
    "CREATE TABLE written (unit_id {i64} NOT NULL, writer {i64} NOT NULL, n {i64} NOT NULL,"
    " PRIMARY KEY (unit_id, writer, n)) {strict};"
    /* No key: taking effect twice must show. */
    "CREATE TABLE seen (unit_id {i64} NOT NULL, event_id {i64} NOT NULL, subject_id {i64}"
    " NOT NULL, n {text} NOT NULL) {strict};";

static struct db *with_tables(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(db_script(db, str_of(tables_sql), &err));
    return db;
}

/* The change and its event, without the commit. */
static err_t write_one(struct db *db, int64_t writer, int64_t n, struct err *err)
{
    char text[24];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    buf_add_i64(&buf, n);
    err_t e = db_run(db, "INSERT INTO written (unit_id, writer, n) VALUES (1, $1, $2)",
                     ARGS(v_i64(writer), v_i64(n)), NULL, err);
    return e == OK ? event_append(db, 1, S("thing.written"), writer, buf_str(&buf), err) : e;
}

static err_t write_and_commit(struct db *db, int64_t writer, int64_t n, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK) e = write_one(db, writer, n, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

static err_t note(struct db *db, const struct event *event, void *context UNUSED, struct err *err)
{
    return db_run(db, "INSERT INTO seen (unit_id, event_id, subject_id, n) VALUES ($1, $2, $3, $4)",
                  ARGS(v_i64(event->unit_id), v_i64(event->event_id), v_i64(event->subject_id),
                       v_text(event->payload)), NULL, err);
}

static void sequence_all(struct db *db)
{
    struct err err;
    int64_t count = 1;
    while (count > 0) MUST(event_sequence(db, 1, 7, &count, &err));
}

static void consume_all(struct db *db)
{
    struct err err;
    int64_t count = 1;
    while (count > 0) MUST(event_read(db, 1, S("noter"), 5, note, NULL, &count, &err));
}

/* Everything that was committed was told, once, and the positions have no gap. */
static void check_all_told(struct db *db)
{
    int64_t written = ask_i64(db, "SELECT count(*) FROM written");
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event_new"), 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event"), written);
    assert_int_equal(ask_i64(db, "SELECT coalesce(max(position), 0) FROM event"), written);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM seen"), written);
    assert_int_equal(ask_i64(db,
                             "SELECT count(*) FROM written w WHERE (SELECT count(*) FROM seen s"
                             " WHERE s.subject_id = w.writer AND s.n = CAST(w.n AS TEXT)) <> 1"),
                     0);
}

static void events_come_in_order_and_once(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    int64_t count = -1;
    MUST(event_sequence(db, 1, 10, &count, &err));
    assert_int_equal(count, 0);
    for (int64_t n = 0; n < 300; n++) MUST(write_and_commit(db, 1, n, &err));
    MUST(db_begin(db, &err));
    MUST(write_one(db, 1, 1000, &err));
    db_rollback(db);
    sequence_all(db);
    MUST(event_read(db, 1, S("noter"), 4, note, NULL, &count, &err));
    assert_int_equal(count, 4);
    consume_all(db);
    check_all_told(db);
    assert_int_equal(ask_i64(db,
                             "SELECT count(*) FROM event a JOIN event b ON b.unit_id = a.unit_id"
                             " AND b.position = a.position + 1"
                             " WHERE CAST(a.payload AS BIGINT) >= CAST(b.payload AS BIGINT)"),
                     0);
    assert_int_equal(db_run(db, "DELETE FROM event", NO_ARGS, NULL, &err), E_CONFLICT);
    assert_int_equal(db_run(db, "UPDATE event SET topic = 'x'", NO_ARGS, NULL, &err), E_CONFLICT);
    check_all_told(db);
}

/* ---- the writer that drew first commits last --------------------------------------------- */

static _Noreturn void end_child(err_t e)
{
    _exit(e == OK ? 0 : 9);
}

/* A process of its own that does one step for each byte it is sent, and answers each. */
struct puppet {
    pid_t pid;
    int orders;
    int answers;
};

static void play(const char *target, int orders, int answers)
{
    struct db *db = NULL;
    struct err err;
    char byte;
    err_t e = db_open(str_of(target), DB_WRITE, &db, &err);
    for (int step = 0; e == OK && read(orders, &byte, 1) == 1; step++) {
        /* The first event reserves the block of numbers that the second one uses. */
        if (step == 0) e = write_and_commit(db, 1, 0, &err);
        if (step == 1) e = db_begin(db, &err);
        if (step == 2) e = write_one(db, 1, 1, &err);
        if (step == 3) e = db_commit(db, &err);
        if (e == OK && write(answers, "", 1) != 1) e = E_IO;
    }
    end_child(e);
}

static struct puppet raise_puppet(void **state)
{
    int orders[2];
    int answers[2];
    assert_return_code(pipe(orders) | pipe(answers), 0);
    struct puppet puppet = {.orders = orders[1], .answers = answers[0]};
    puppet.pid = fork();
    assert_true(puppet.pid >= 0);
    if (puppet.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(orders[1]);
        close(answers[0]);
        play(test_store(state)->target, orders[0], answers[1]);
    }
    close(orders[0]);
    close(answers[1]);
    return puppet;
}

static void step(struct puppet *puppet)
{
    char byte;
    assert_int_equal(write(puppet->orders, "", 1), 1);
    assert_int_equal(read(puppet->answers, &byte, 1), 1);
}

static void kill_puppet(struct puppet *puppet)
{
    assert_return_code(kill(puppet->pid, SIGKILL), 0);
    assert_int_equal(waitpid(puppet->pid, NULL, 0), puppet->pid);
    close(puppet->orders);
    close(puppet->answers);
}

/* The other writer: draws later, commits first, is sequenced and read. */
static void other_writer(void **state)
{
    struct err err;
    struct db *db = test_connect(state, DB_WRITE);
    MUST(write_and_commit(db, 2, 0, &err));
    db_close(db);
    sequence_all(test_db(state));
    consume_all(test_db(state));
}

static void first_to_draw_commits_last(void **state)
{
    struct db *db = with_tables(state);
    /* SQLite has one writer at a time: there the other one comes between the drawing and BEGIN. */
    int overtaken_after = db_engine(db) == DB_SQLITE ? 1 : 3;
    for (int killed_after = 0; killed_after <= 4; killed_after++) {
        struct err err;
        MUST(db_script(db, S("DELETE FROM written WHERE writer = 2"), &err));
        struct puppet first = raise_puppet(state);
        for (int done = 0; done < killed_after; done++) {
            step(&first);
            if (done + 1 != overtaken_after) continue;
            MUST(db_script(db, S("DELETE FROM seen WHERE subject_id = 2"), &err));
            other_writer(state);
        }
        kill_puppet(&first);
        sequence_all(db);
        consume_all(db);
        int64_t committed = killed_after == 0 ? 0 : killed_after == 4 ? 2 : 1;
        assert_int_equal(ask_i64(db, "SELECT count(*) FROM written WHERE writer = 1"), committed);
        assert_int_equal(ask_i64(db, "SELECT count(*) FROM seen WHERE subject_id = 1"), committed);
        assert_int_equal(ask_i64(db, "SELECT count(*) FROM event_new"), 0);
        assert_true(ask_i64(db, "SELECT coalesce(max(position), 0) FROM event") ==
                    ask_i64(db, "SELECT count(*) FROM event"));
        MUST(db_script(db, S("DELETE FROM written; DELETE FROM seen"), &err));
    }
}

/* ---- everyone is killed at any moment ---------------------------------------------------- */

enum { WRITERS = 2, ROLES = 4, EVENTS_EACH = 150, KILLS = 60 };

static err_t last_written(struct db *db, int64_t writer, int64_t *out, struct err *err)
{
    return db_get_i64(db, "SELECT coalesce(max(n), -1) FROM written WHERE writer = $1",
                      ARGS(v_i64(writer)), out, err);
}

/* Writes what is missing. The server may still be committing what a killed writer sent last: then
 * its number is taken, and is looked up again. */
static err_t write_rest(struct db *db, int role, struct err *err)
{
    int64_t n = 0;
    err_t e = E_CONFLICT;
    while (e == E_CONFLICT) {
        e = last_written(db, role, &n, err);
        while (e == OK && ++n < EVENTS_EACH) e = write_and_commit(db, role, n, err);
    }
    return e;
}

/* Roles 0 and 1 write, 2 gives positions, 3 reads; each goes on where it was killed. */
static err_t play_role(struct db *db, int role, struct err *err)
{
    int64_t count = 0;
    err_t e = role < WRITERS ? write_rest(db, role, err) : OK;
    while (e == OK && role == WRITERS) e = event_sequence(db, 1, 7, &count, err);
    while (e == OK && role > WRITERS)
        e = event_read(db, 1, S("noter"), 5, note, NULL, &count, err);
    return e;
}

static pid_t start_role(const char *target, int role)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct db *db;
    struct err err;
    err_t e = db_open(str_of(target), DB_WRITE, &db, &err);
    if (e == OK) e = play_role(db, role, &err);
    end_child(e);
}

static void nobody_is_told_twice_whoever_is_killed(void **state)
{
    struct db *db = with_tables(state);
    struct random_state chance;
    pid_t pids[ROLES];
    int status;
    random_state_init(&chance, 11);
    for (int role = 0; role < ROLES; role++)
        pids[role] = start_role(test_store(state)->target, role);
    for (int i = 0; i < KILLS; i++) {
        usleep((useconds_t)random_next_below(&chance, 12000));
        int role = (int)random_next_below(&chance, ROLES);
        kill(pids[role], SIGKILL);
        waitpid(pids[role], &status, 0);
        pids[role] = start_role(test_store(state)->target, role);
    }
    for (int role = 0; role < WRITERS; role++) {
        waitpid(pids[role], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    for (int role = WRITERS; role < ROLES; role++) {
        kill(pids[role], SIGKILL);
        waitpid(pids[role], &status, 0);
    }
    /* The server may hold the locks of the killed for a moment longer. */
    for (int i = 0; i < 500 && ask_i64(db, "SELECT count(*) FROM seen") < WRITERS * EVENTS_EACH;
         i++) {
        sequence_all(db);
        consume_all(db);
        usleep(10000);
    }
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM written"), WRITERS * EVENTS_EACH);
    check_all_told(db);
}

/* One role alone, killed again and again in the middle of its work, with much of it waiting. The
 * kernel's own timer kills it, so that a busy machine gives it no longer than was drawn. */
static void kill_while_busy(void **state, int role, const char *left_sql)
{
    struct db *db = test_db(state);
    struct random_state chance;
    random_state_init(&chance, 3);
    int kills = 0;
    for (; kills < 400 && ask_i64(db, left_sql) > 0; kills++) {
        /* Later each time, so that a quick machine is not done before anything was killed. */
        uint64_t window_us = kills < 37 ? 300 + 100 * (uint64_t)kills : 4000;
        struct itimerval fate = {.it_value.tv_usec =
                                     1 + (long)random_next_below(&chance, window_us)};
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            struct db *own;
            struct err err;
            err_t e = db_open(str_of(test_store(state)->target), DB_WRITE, &own, &err);
            if (e == OK && setitimer(ITIMER_REAL, &fate, NULL) == 0) e = play_role(own, role, &err);
            end_child(e);
        }
        waitpid(pid, NULL, 0);
    }
    assert_true(kills > 3);
}

static void busy_ones_are_killed(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    MUST(db_begin(db, &err));
    for (int64_t n = 0; n < 400; n++) MUST(write_one(db, 1, n, &err));
    MUST(db_commit(db, &err));
    kill_while_busy(state, WRITERS, "SELECT count(*) FROM event_new");
    usleep(100000);
    sequence_all(db);
    kill_while_busy(state, WRITERS + 1,
                    "SELECT 400 - coalesce(max(position), 0) FROM event_cursor");
    usleep(100000);
    consume_all(db);
    check_all_told(db);
}

/* ---- poison ------------------------------------------------------------------------------ */

static err_t refuse_thirteen(struct db *db, const struct event *event, void *context,
                             struct err *err)
{
    err_t e = note(db, event, context, err);
    if (e == OK && str_equal(event->payload, S("13")))
        return err_set(err, E_INPUT, NULL, "Không nhận số 13", "No thirteen");
    return e;
}

static void poison_is_set_aside(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    int64_t count = 0;
    int64_t poisoned = -1;
    for (int64_t n = 0; n < 20; n++) MUST(write_and_commit(db, 1, n, &err));
    sequence_all(db);
    for (int i = 0; i < EVENT_TRIES_MAX; i++) {
        MUST(event_poison_count(db, 1, &poisoned, &err));
        assert_int_equal(poisoned, 0);
        MUST(event_read(db, 1, S("noter"), 100, refuse_thirteen, NULL, &count, &err));
        assert_int_equal(count, i == 0 ? 13 : 0);
    }
    MUST(event_poison_count(db, 1, &poisoned, &err));
    assert_int_equal(poisoned, 1);
    MUST(event_read(db, 1, S("noter"), 100, refuse_thirteen, NULL, &count, &err));
    assert_int_equal(count, 7);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM seen"), 19);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM seen WHERE n = '13'"), 0);
}

static err_t fail_like_a_disk(struct db *db UNUSED, const struct event *event UNUSED,
                              void *context UNUSED, struct err *err)
{
    return err_set(err, E_IO, NULL, "Đĩa hỏng", "The disk failed");
}

static void a_failing_machine_is_no_poison(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    int64_t count = 0;
    MUST(write_and_commit(db, 1, 1, &err));
    sequence_all(db);
    for (int i = 0; i < EVENT_TRIES_MAX + 2; i++)
        assert_int_equal(event_read(db, 1, S("noter"), 9, fail_like_a_disk, NULL, &count, &err),
                         E_IO);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event_poison"), 0);
    consume_all(db);
    check_all_told(db);
}

static void units_with_news_are_found(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    int64_t unit = INT64_MIN;
    bool found = true;
    MUST(event_waiting_unit(db, unit, &found, &unit, &err));
    assert_false(found);
    MUST(db_begin(db, &err));
    MUST(event_append(db, 5, S("a.b"), 1, S("{}"), &err));
    MUST(event_append(db, -3, S("a.b"), 1, S("{}"), &err));
    MUST(db_commit(db, &err));
    MUST(event_waiting_unit(db, unit, &found, &unit, &err));
    assert_true(found && unit == -3);
    MUST(event_waiting_unit(db, unit, &found, &unit, &err));
    assert_true(found && unit == 5);
    MUST(event_waiting_unit(db, unit, &found, &unit, &err));
    assert_false(found);
}

static void many_are_sequenced_in_batches(void **state)
{
    struct err err;
    struct db *db = with_tables(state);
    struct bulk *bulk;
    int64_t first = 0;
    int64_t count = 1;
    int64_t total = 0;
    MUST(db_begin(db, &err));
    MUST(event_take_ids(db, 1, 50000, &first, &err));
    MUST(bulk_open(db, EVENT_NEW_TABLE, EVENT_NEW_COLUMNS, &bulk, &err));
    for (int64_t i = 0; i < 50000; i++)
        MUST(bulk_row(bulk, ARGS(v_i64(1), v_i64(first + i), v_text(S("x.y")), v_i64(i),
                                 v_text(S("{}")), v_i64(1000)), &err));
    MUST(bulk_close(bulk, &err));
    MUST(db_commit(db, &err));
    for (; count > 0; total += count) MUST(event_sequence(db, 1, 5000, &count, &err));
    assert_int_equal(total, 50000);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event WHERE position = event_id"), 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(events_come_in_order_and_once),
        ON_BOTH_STORES(first_to_draw_commits_last),
        ON_BOTH_STORES(nobody_is_told_twice_whoever_is_killed),
        ON_BOTH_STORES(busy_ones_are_killed),
        ON_BOTH_STORES(poison_is_set_aside),
        ON_BOTH_STORES(a_failing_machine_is_no_poison),
        ON_BOTH_STORES(units_with_news_are_found),
        ON_BOTH_STORES(many_are_sequenced_in_batches),
    };
    return run_store_tests("store event", tests);
}
