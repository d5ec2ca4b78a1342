/* SPDX-License-Identifier: Apache-2.0 */
/* Fresh stores for tests, on both engines.
 *
 *   static void counts_rows(void **state)
 *   {
 *       struct db *db = test_db(state);
 *       …
 *   }
 *   const struct CMUnitTest tests[] = {ON_BOTH_STORES(counts_rows), …};
 *   return run_store_tests("store bulk", tests);
 *
 * Every test gets a migrated store of its own, given back after the test. PostgreSQL is the cluster
 * named by SANGDEN_TEST_POSTGRES (tests/support/with_postgres.sh sets it for a whole run). Without
 * it the programs of one meson run share a cluster that ends with that run, and a program started
 * by hand has a cluster of its own, which ends with the program, however that ends.
 * Where PostgreSQL is not installed its tests are skipped by name. */
#ifndef SANGDEN_TESTS_SUPPORT_STORES_H
#define SANGDEN_TESTS_SUPPORT_STORES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store.h"

/* What *state points to. */
struct test_store {
    enum db_engine engine;
    struct db *db;    /* open for writing; a test may close it and set it to NULL */
    char schema[16];  /* PostgreSQL: where its tables lie */
    char target[320]; /* for more connections: db_open(str_of(store->target), …) */
    char folder[128]; /* an empty folder of the test's own, removed afterwards */
};

struct db *test_db(void **state);
struct test_store *test_store(void **state);
/* One more connection to the same store; the test closes it. */
struct db *test_connect(void **state, enum db_mode mode);

/* A new database of that engine; test_store_drop gives it back. The first is migrated. */
void test_store_make(enum db_engine engine, struct test_store *out);
void test_store_make_empty(enum db_engine engine, struct test_store *out);
void test_store_drop(struct test_store *store);

/* Runs work again and again, the database failing at its first call, at its second, and so on until
 * work gets through untouched. Every failure must come back as E_STORE in both languages; what was
 * done before it is rolled back. Answers how many places failed. */
uint64_t fail_everywhere(struct db *db,
                         err_t (*work)(struct db *db, void *context, struct err *err),
                         void *context);

/* For tests that kill the server: a cluster of this program's own. Before the first store. */
void test_use_own_cluster(void);
/* Kills the server process itself (not its children) as a crash would, and waits until it is gone.
 * It comes back by itself within some seconds; test_await_server waits for that. */
void test_kill_server(void);
void test_await_server(void);

/* The number that a query answers, which must succeed with one row. */
int64_t ask_i64(struct db *db, const char *sql);
/* Runs statements, which must succeed. */
void run_sql(struct db *db, const char *sql);
/* Takes the guards of a table away whose rows nobody may change, as somebody with all rights on the
 * database could; the next test finds them again. */
void test_unlock(struct db *db, const char *table);

/* Fails the test with the words of the error unless e is OK. */
void check_ok(err_t e, const struct err *err);
#define MUST(call) check_ok((call), &err)

int test_setup_sqlite(void **state);
int test_setup_postgres(void **state);
int test_teardown(void **state);

#define ON_SQLITE(f) \
    { \
#f " (SQLite)", f, test_setup_sqlite, test_teardown, NULL \
    }
#define ON_POSTGRES(f) \
    { \
#f " (PostgreSQL)", f, test_setup_postgres, test_teardown, NULL \
    }
#define ON_BOTH_STORES(f) ON_SQLITE(f), ON_POSTGRES(f)

/* Runs the group and stops the cluster that the program may have started. */
#define run_store_tests(name, tests) \
    (test_end_with(cmocka_run_group_tests_name((name), (tests), NULL, NULL)))
int test_end_with(int failed);

#endif
