/* SPDX-License-Identifier: Apache-2.0 */
/* Backup and restore: nothing is lost between any two engines, and damage is found. */
#include "support/stores.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "store/backup.h"
#include "store/event.h"
#include "store/work.h"

static const struct backup_options no_options = {0};
static const struct backup_options replacing = {.replace = true};

static const char *path_in(void **state, const char *name)
{
    static char path[4][300];
    static unsigned turn;
    struct buf buf;
    char *place = path[turn++ % 4];
    buf_init_fixed(&buf, place, sizeof path[0]);
    buf_printf(&buf, "%s/%s", test_store(state)->folder, name);
    return place;
}

/* Rows in tables of all kinds, among them an append-only one. */
static void fill(struct db *db, int64_t events)
{
    struct err err;
    int64_t count = 1;
    MUST(store_property_set(db, S("kind"), S("test"), &err));
    MUST(db_begin(db, &err));
    for (int64_t i = 0; i < events; i++)
        MUST(event_append(db, 1 + i % 3, S("thing.happened"), INT64_MAX - i,
                          S("{\"nơi\":\"Nhà 12, ngõ 3\"}"), &err));
    MUST(work_add(db, 1, S("q"), 1, S(""), &err));
    MUST(db_commit(db, &err));
    for (int64_t unit = 1; unit <= 2; unit++)
        for (count = 1; count > 0;) MUST(event_sequence(db, unit, 1000, &count, &err));
}

/* Counts and hashes of all tables, as a backup of the store says. */
static void describe(struct db *db, const char *path, struct buf *out)
{
    struct err err;
    struct backup_summary summary;
    char target[320];
    struct buf buf;
    struct db *file;
    struct rows *rows;
    bool row = false;
    MUST(backup_write(db, path, &no_options, &summary, &err));
    buf_init_fixed(&buf, target, sizeof target);
    buf_printf(&buf, "sqlite:%s", path);
    MUST(db_open(buf_str(&buf), DB_READ, &file, &err));
    MUST(db_query(file, "SELECT name, row_count, sha256 FROM backup_table ORDER BY name", NO_ARGS,
                  &rows, &err));
    MUST(rows_next(rows, &row, &err));
    while (row) {
        buf_printf(out, "%.*s %lld %.*s\n", STR_ARG(row_text(rows, 0)),
                   (long long)row_i64(rows, 1), STR_ARG(row_text(rows, 2)));
        MUST(rows_next(rows, &row, &err));
    }
    rows_done(rows);
    db_close(file);
}

static void check_restored(void **state, enum db_engine engine, const char *file,
                           const struct buf *expected, const char *again)
{
    struct err err;
    struct test_store target;
    struct backup_summary summary;
    struct buf found;
    buf_init(&found, 1 << 16);
    test_store_make_empty(engine, &target);
    MUST(backup_restore(file, target.db, &no_options, &summary, &err));
    assert_int_equal(ask_i64(target.db, "SELECT count(*) FROM event"), 334);
    assert_int_equal(db_run(target.db, "DELETE FROM event", NO_ARGS, NULL, &err), E_CONFLICT);
    describe(target.db, path_in(state, again), &found);
    assert_string_equal(found.p, expected->p);
    buf_release(&found);
    test_store_drop(&target);
}

static void a_store_survives_the_way_over_either_engine(void **state)
{
    struct buf expected;
    struct db *db = test_db(state);
    const char *file = path_in(state, "a.backup");
    buf_init(&expected, 1 << 16);
    fill(db, 501);
    describe(db, file, &expected);
    assert_false(file_exists(path_in(state, "a.backup.part")));
    assert_false(file_exists(path_in(state, "a.backup-wal")));
    check_restored(state, DB_SQLITE, file, &expected, "b.backup");
    if (db_engine(db) == DB_POSTGRES) check_restored(state, DB_POSTGRES, file, &expected, "c");
    buf_release(&expected);
}

static void from_sqlite_to_postgres(void **state)
{
    struct buf expected;
    struct test_store source;
    buf_init(&expected, 1 << 16);
    test_store_make(DB_SQLITE, &source);
    fill(source.db, 501);
    describe(source.db, path_in(state, "a.backup"), &expected);
    check_restored(state, DB_POSTGRES, path_in(state, "a.backup"), &expected, "b.backup");
    buf_release(&expected);
    test_store_drop(&source);
}

static void nothing_is_written_over(void **state)
{
    struct err err;
    struct backup_summary summary;
    const char *file = path_in(state, "a.backup");
    MUST(file_write(file, S("old"), &err));
    assert_int_equal(backup_write(test_db(state), file, &no_options, &summary, &err), E_CONFLICT);
    assert_int_equal(backup_write(test_db(state), path_in(state, "a.backup/x"), &no_options,
                                  &summary, &err), E_IO);
}

static void data_are_not_replaced_unasked(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct backup_summary summary;
    const char *file = path_in(state, "a.backup");
    MUST(backup_write(db, file, &no_options, &summary, &err));
    fill(db, 30);
    assert_int_equal(backup_restore(file, db, &no_options, &summary, &err), E_STATE);
    assert_non_null(strstr(err.en.hint, "--replace"));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event"), 20);
    MUST(backup_restore(file, db, &replacing, &summary, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event"), 0);
    fill(db, 30);
}

static void check_refused(void **state, const char *file, err_t expected)
{
    struct err err;
    struct backup_summary summary;
    struct db *db = test_db(state);
    assert_int_equal(backup_check(file, &no_options, &summary, &err), expected);
    assert_int_equal(backup_restore(file, db, &replacing, &summary, &err), expected);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event"), 20);
}

static void change_file(const char *file, const char *sql)
{
    struct err err;
    char target[320];
    struct buf buf;
    struct db *db;
    buf_init_fixed(&buf, target, sizeof target);
    buf_printf(&buf, "sqlite:%s", file);
    MUST(db_open(buf_str(&buf), DB_WRITE, &db, &err));
    MUST(db_script(db, str_of(sql), &err));
    MUST(db_script(db, S("PRAGMA journal_mode=DELETE"), &err));
    db_close(db);
}

static void damage_is_found(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct backup_summary summary;
    const char *file = path_in(state, "a.backup");
    fill(db, 30);
    MUST(backup_write(db, file, &no_options, &summary, &err));
    assert_int_equal(summary.version, store_version_of_program());
    change_file(file, "UPDATE event_new SET payload = '[]' WHERE event_id ="
                      " (SELECT min(event_id) FROM event_new)");
    check_refused(state, file, E_CHECK);
    assert_int_equal(unlink(file), 0);
    MUST(backup_write(db, file, &no_options, &summary, &err));
    change_file(file, "DELETE FROM event_new");
    check_refused(state, file, E_CHECK);
    assert_int_equal(unlink(file), 0);
    MUST(backup_write(db, file, &no_options, &summary, &err));
    change_file(file, "INSERT INTO store_migration (number, name, sha256, applied_at)"
                      " VALUES (9999, '9999_future', 'x', 1)");
    assert_int_equal(backup_restore(file, db, &replacing, &summary, &err), E_STATE);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event"), 20);
}

static void other_files_are_no_backups(void **state)
{
    struct err err;
    const char *file = path_in(state, "text");
    fill(test_db(state), 30);
    MUST(file_write(file, S("this is no database, whatever its name may say"), &err));
    check_refused(state, file, E_INPUT);
    check_refused(state, path_in(state, "missing"), E_IO);
    check_refused(state, path_in(state, "store.db"), E_INPUT);
}

static _Noreturn void keep_writing(const char *target)
{
    struct err err;
    struct db *db;
    err_t e = db_open(str_of(target), DB_WRITE, &db, &err);
    while (e == OK) {
        e = db_begin(db, &err);
        for (int i = 0; e == OK && i < 3; i++)
            e = event_append(db, 1, S("three.together"), i, S("{}"), &err);
        if (e == OK) e = db_commit(db, &err);
    }
    _exit(9);
}

#define TOGETHER_SQL "SELECT count(*) FROM event_new WHERE topic = 'three.together'"

static void a_backup_is_one_moment(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct backup_summary summary;
    struct test_store copy;
    const char *file = path_in(state, "a.backup");
    fill(db, 6000);
    pid_t writer = fork();
    if (writer == 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (writer == 0) keep_writing(test_store(state)->target);
    for (int tries = 0; tries < 3000 && ask_i64(db, TOGETHER_SQL) == 0; tries++) usleep(10000);
    MUST(backup_write(db, file, &no_options, &summary, &err));
    int status = 0;
    kill(writer, SIGKILL);
    waitpid(writer, &status, 0);
    assert_true(WIFSIGNALED(status)); /* the backup did not end it */
    test_store_make_empty(DB_SQLITE, &copy);
    MUST(backup_restore(file, copy.db, &no_options, &summary, &err));
    int64_t together = ask_i64(copy.db, TOGETHER_SQL);
    assert_true(together > 0 && together % 3 == 0);
    test_store_drop(&copy);
}

static void a_killed_backup_leaves_no_file(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct backup_summary summary;
    const char *file = path_in(state, "a.backup");
    fill(db, 6000);
    for (useconds_t wait = 4000; wait < 300000; wait *= 3) {
        pid_t pid = fork();
        if (pid == 0) {
            struct db *own;
            if (db_open(str_of(test_store(state)->target), DB_READ, &own, &err) != OK) _exit(9);
            _exit(backup_write(own, file, &no_options, &summary, &err) == OK ? 0 : 9);
        }
        usleep(wait);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        if (file_exists(file)) break;
    }
    if (file_exists(file)) MUST(backup_check(file, &no_options, &summary, &err));
    else MUST(backup_write(db, file, &no_options, &summary, &err));
    assert_true(summary.row_count > 6000);
}

/* ---- what a restore adds ----------------------------------------------------------------- */

#define LINKS_SQL "SELECT count(*) FROM store_property WHERE name = 'restored'"

/* How a restore ends that has come to its last step. */
struct ending {
    err_t refused;
    bool killed;
    useconds_t pause;
};

static err_t add_link(void *context, struct db *db,
                      const struct backup_summary *summary UNUSED, struct err *err)
{
    const struct ending *ending = context;
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM store_migration"),
                     store_version_of_program());
    err_t e = store_property_set(db, S("restored"), S("yes"), err);
    if (ending->killed) kill(getpid(), SIGKILL);
    usleep(ending->pause);
    if (e == OK && ending->refused != OK)
        e = err_set(err, ending->refused, NULL, "Không", "No");
    return e;
}

/* Restores in a process of its own, which is killed after the time given, if it still lives. */
static void restore_and_kill(const struct test_store *target, const char *file,
                             struct ending ending, useconds_t after)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct err err;
        struct db *own;
        struct backup_summary summary;
        struct backup_options options = {.replace = true, .finish = add_link,
                                         .context = &ending};
        if (db_open(str_of(target->target), DB_WRITE, &own, &err) != OK) _exit(9);
        _exit(backup_restore(file, own, &options, &summary, &err) == OK ? 0 : 9);
    }
    if (!ending.killed) {
        usleep(after);
        kill(pid, SIGKILL);
    }
    waitpid(pid, NULL, 0);
}

/* The old data without the link, or those of the backup with it; which of them is answered. */
static bool came_whole(struct db *db)
{
    int64_t links = ask_i64(db, LINKS_SQL), events = ask_i64(db, "SELECT count(*) FROM event_new");
    assert_true((links == 0 && events == 0) || (links == 1 && events > 100));
    return links == 1;
}

static void a_restore_never_lacks_its_link(void **state)
{
    struct err err;
    struct db *db = test_db(state);
    struct backup_summary summary;
    struct test_store target;
    struct ending refusing = {.refused = E_FORBIDDEN};
    struct backup_options refused = {.replace = true, .finish = add_link, .context = &refusing};
    const char *file = path_in(state, "a.backup");
    fill(db, 1200);
    MUST(backup_write(db, file, &no_options, &summary, &err));
    test_store_make(db_engine(db), &target);
    assert_int_equal(backup_restore(file, target.db, &refused, &summary, &err), E_FORBIDDEN);
    assert_false(came_whole(target.db));
    restore_and_kill(&target, file, (struct ending){.killed = true}, 0);
    assert_false(came_whole(target.db));
    for (useconds_t after = 5000; !came_whole(target.db); after += after / 2) {
        assert_true(after < 60000000);
        restore_and_kill(&target, file, (struct ending){.pause = 3000}, after);
    }
    test_store_drop(&target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_store_survives_the_way_over_either_engine),
        ON_POSTGRES(from_sqlite_to_postgres),
        ON_BOTH_STORES(nothing_is_written_over),
        ON_BOTH_STORES(data_are_not_replaced_unasked),
        ON_BOTH_STORES(damage_is_found),
        ON_SQLITE(other_files_are_no_backups),
        ON_BOTH_STORES(a_backup_is_one_moment),
        ON_BOTH_STORES(a_killed_backup_leaves_no_file),
        ON_BOTH_STORES(a_restore_never_lacks_its_link),
    };
    return run_store_tests("store backup", tests);
}
