/* SPDX-License-Identifier: Apache-2.0 */
#include "support/stores.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"

/* ---- the cluster ------------------------------------------------------------------------- */

static char cluster_url[256];
static pid_t cluster_pid;
static FILE *cluster_input; /* the cluster lives until this end of the pipe is closed */

static void start_cluster(void)
{
    char script[512];
    struct buf path;
    int input[2];
    int output[2];
    const char *root = getenv("SANGDEN_SOURCE_ROOT");
    buf_init_fixed(&path, script, sizeof script);
    buf_printf(&path, "%s/tests/support/with_postgres.sh", root != NULL ? root : ".");
    assert_return_code(pipe(input) | pipe(output), 0);
    cluster_pid = fork();
    assert_true(cluster_pid >= 0);
    if (cluster_pid == 0) {
        dup2(input[0], STDIN_FILENO);
        dup2(output[1], STDOUT_FILENO);
        for (int fd = 3; fd < 64; fd++) close(fd);
        execl(script, script, "--serve", (char *)NULL);
        _exit(127);
    }
    close(input[0]);
    close(output[1]);
    cluster_input = fdopen(input[1], "w");
    FILE *answer = fdopen(output[0], "r");
    if (fgets(cluster_url, sizeof cluster_url, answer) == NULL) cluster_url[0] = '\0';
    cluster_url[strcspn(cluster_url, "\n")] = '\0';
    fclose(answer);
}

static const char *cluster(void)
{
    const char *given = getenv("SANGDEN_TEST_POSTGRES");
    if (given != NULL) return given;
    if (cluster_pid == 0) start_cluster();
    return cluster_url[0] != '\0' ? cluster_url : NULL;
}

int test_end_with(int failed)
{
    if (cluster_pid > 0) {
        fclose(cluster_input);
        waitpid(cluster_pid, NULL, 0);
    }
    return failed;
}

/* ---- databases --------------------------------------------------------------------------- */

void check_ok(err_t e, const struct err *err)
{
    if (e == OK) return;
    fail_msg("%s %s: %s | %s | %s", err_name(err->code), err->field, err->en.message,
             err->en.detail, err->en.hint);
}

static void on_server(const char *before, const char *name, const char *behind)
{
    char sql[256];
    struct buf buf;
    struct db *db;
    struct err err;
    buf_init_fixed(&buf, sql, sizeof sql);
    buf_printf(&buf, "%s %s %s", before, name, behind);
    MUST(db_open(str_of(cluster()), DB_WRITE, &db, &err));
    MUST(db_script(db, buf_str(&buf), &err));
    db_close(db);
}

static unsigned database_count;

static void make_postgres(struct test_store *store)
{
    char name[64];
    struct buf buf;
    const char *url = cluster();
    assert_non_null(url);
    buf_init_fixed(&buf, name, sizeof name);
    buf_printf(&buf, "test_%d_%u", (int)getpid(), ++database_count);
    on_server("CREATE DATABASE", name,
              "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'");
    const char *path = strstr(url, "/postgres?");
    assert_non_null(path);
    buf_init_fixed(&buf, store->target, sizeof store->target);
    buf_printf(&buf, "%.*s/%s%s", (int)(path - url), url, name, path + strlen("/postgres"));
}

void test_store_make_empty(enum db_engine engine, struct test_store *out)
{
    struct err err;
    struct buf buf;
    const char *temporary = getenv("TMPDIR");
    *out = (struct test_store){.engine = engine};
    buf_init_fixed(&buf, out->folder, sizeof out->folder);
    buf_printf(&buf, "%s/sangden-test.XXXXXX", temporary != NULL ? temporary : "/tmp");
    if (engine == DB_POSTGRES) make_postgres(out);
    assert_non_null(mkdtemp(out->folder));
    if (engine == DB_SQLITE) {
        buf_init_fixed(&buf, out->target, sizeof out->target);
        buf_printf(&buf, "sqlite:%s/store.db", out->folder);
    }
    MUST(db_open(str_of(out->target), DB_CREATE, &out->db, &err));
}

void test_store_make(enum db_engine engine, struct test_store *out)
{
    struct err err;
    test_store_make_empty(engine, out);
    MUST(store_migrate(out->db, &err));
}

static int remove_entry(const char *path, const struct stat *info UNUSED, int kind UNUSED,
                        struct FTW *place UNUSED)
{
    return remove(path);
}

void test_store_drop(struct test_store *store)
{
    db_close(store->db);
    if (store->engine == DB_POSTGRES) {
        const char *name = strstr(store->target, "/test_");
        char copy[64];
        struct buf buf;
        assert_non_null(name);
        buf_init_fixed(&buf, copy, sizeof copy);
        buf_printf(&buf, "%.*s", (int)strcspn(name + 1, "?"), name + 1);
        on_server("DROP DATABASE", copy, "WITH (FORCE)");
    }
    nftw(store->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- one test ---------------------------------------------------------------------------- */

struct test_store *test_store(void **state)
{
    struct test_store *store = *state;
    if (store->target[0] == '\0') {
        print_message("PostgreSQL is not installed\n");
        skip();
    }
    return store;
}

struct db *test_db(void **state)
{
    return test_store(state)->db;
}

struct db *test_connect(void **state, enum db_mode mode)
{
    struct db *db;
    struct err err;
    MUST(db_open(str_of(test_store(state)->target), mode, &db, &err));
    return db;
}

static int setup(void **state, enum db_engine engine)
{
    struct test_store *store = calloc(1, sizeof *store);
    *state = store;
    if (engine == DB_SQLITE || cluster() != NULL) test_store_make(engine, store);
    return 0;
}

int test_setup_sqlite(void **state)
{
    return setup(state, DB_SQLITE);
}

int test_setup_postgres(void **state)
{
    return setup(state, DB_POSTGRES);
}

int test_teardown(void **state)
{
    struct test_store *store = *state;
    if (store->target[0] != '\0') test_store_drop(store);
    free(store);
    return 0;
}
