/* SPDX-License-Identifier: Apache-2.0 */
#include "support/stores.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"

/* ---- the cluster ------------------------------------------------------------------------- */

static char cluster_url[256];
static pid_t cluster_pid;
static FILE *cluster_input; /* the cluster lives until this end of the pipe is closed */

static void script_path(char *out, size_t size)
{
    struct buf path;
    const char *root = getenv("SANGDEN_SOURCE_ROOT");
    buf_init_fixed(&path, out, size);
    buf_printf(&path, "%s/tests/support/with_postgres.sh", root != NULL ? root : ".");
}

static void read_url(FILE *from)
{
    if (from == NULL) return;
    if (fgets(cluster_url, sizeof cluster_url, from) == NULL) cluster_url[0] = '\0';
    cluster_url[strcspn(cluster_url, "\n")] = '\0';
    fclose(from);
}

static void start_own_cluster(void)
{
    char script[512];
    int input[2];
    int output[2];
    script_path(script, sizeof script);
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
    read_url(fdopen(output[0], "r"));
}

/* Whether a test runner started this program: its tests share one cluster, as long as it runs. */
static bool parent_is_meson(void)
{
    char path[64];
    char name[16] = "";
    struct buf buf;
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "/proc/%d/comm", (int)getppid());
    FILE *file = fopen(path, "r");
    if (file == NULL) return false;
    bool found = fgets(name, sizeof name, file) != NULL;
    fclose(file);
    return found && strcmp(name, "meson\n") == 0;
}

static void start_shared_cluster(const char *address)
{
    char script[512];
    char pid[16];
    struct buf buf;
    script_path(script, sizeof script);
    buf_init_fixed(&buf, pid, sizeof pid);
    buf_add_i64(&buf, getppid());
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) {
        waitpid(child, NULL, 0);
        return;
    }
    /* A grandchild outside the runner's process group, holding none of its pipes. */
    setsid();
    if (fork() > 0) _exit(0);
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(nothing, fd);
    for (int fd = 3; fd < 64; fd++) close(fd);
    execl(script, script, "--serve-while", pid, address, (char *)NULL);
    _exit(127);
}

static void share_cluster(void)
{
    char address[128];
    char lock_path[160];
    struct buf buf;
    const char *temporary = getenv("TMPDIR");
    buf_init_fixed(&buf, address, sizeof address);
    buf_printf(&buf, "%s/sangden-postgres-of-%d", temporary != NULL ? temporary : "/tmp",
               (int)getppid());
    buf_init_fixed(&buf, lock_path, sizeof lock_path);
    buf_printf(&buf, "%s.lock", address);
    int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(lock >= 0);
    assert_return_code(flock(lock, LOCK_EX), 0);
    if (access(address, R_OK) != 0) start_shared_cluster(address);
    for (int i = 0; i < 1200 && access(address, R_OK) != 0; i++) usleep(50000);
    read_url(fopen(address, "r"));
    close(lock);
}

static bool postgres_is_installed(void)
{
    return access("/usr/lib/postgresql", R_OK) == 0;
}

static bool own_cluster_wanted;

static const char *cluster(void)
{
    const char *given = getenv("SANGDEN_TEST_POSTGRES");
    if (given != NULL && !own_cluster_wanted) return given;
    if (!postgres_is_installed()) return NULL;
    if (cluster_url[0] == '\0' && cluster_pid == 0) {
        if (parent_is_meson() && !own_cluster_wanted) share_cluster();
        else start_own_cluster();
    }
    return cluster_url[0] != '\0' ? cluster_url : NULL;
}

void test_use_own_cluster(void)
{
    assert_true(cluster_url[0] == '\0');
    own_cluster_wanted = true;
}

static pid_t server_pid(void)
{
    char path[320];
    char line[32] = "";
    struct buf buf;
    int64_t pid = 0;
    const char *folder = strstr(cluster(), "host=");
    assert_non_null(folder);
    folder += strlen("host=");
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%.*s/data/postmaster.pid", (int)strcspn(folder, "&"), folder);
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    if (fgets(line, sizeof line, file) == NULL) line[0] = '\0';
    fclose(file);
    return str_to_i64(str_trim(str_of(line)), &pid) ? (pid_t)pid : 0;
}

void test_kill_server(void)
{
    assert_true(own_cluster_wanted);
    pid_t pid = server_pid();
    assert_true(pid > 1);
    assert_return_code(kill(pid, SIGKILL), 0);
    for (int i = 0; i < 600 && kill(pid, 0) == 0; i++) usleep(50000);
}

void test_await_server(void)
{
    struct err err;
    struct db *db = NULL;
    for (int i = 0; i < 600 && db == NULL; i++) {
        if (db_open(str_of(cluster()), DB_READ, &db, &err) != OK) usleep(50000);
    }
    assert_non_null(db);
    db_close(db);
}

/* ---- databases --------------------------------------------------------------------------- */

void check_ok(err_t e, const struct err *err)
{
    if (e == OK) return;
    fail_msg("%s %s: %s | %s | %s", err_name(err->code), err->field, err->en.message,
             err->en.detail, err->en.hint);
}

static void run_words(const char *target, const char *before, const char *name, const char *behind)
{
    char sql[256];
    struct buf buf;
    struct db *db;
    struct err err;
    buf_init_fixed(&buf, sql, sizeof sql);
    buf_printf(&buf, "%s %s %s", before, name, behind);
    MUST(db_open(str_of(target), DB_WRITE, &db, &err));
    MUST(db_script(db, buf_str(&buf), &err));
    db_close(db);
}

/* One database per program, because making one takes long; one schema per test inside it. */
static char database_name[32];
static char database_url[256];
static unsigned schema_count;

static void make_database(void)
{
    struct buf buf;
    const char *url = cluster();
    assert_non_null(url);
    const char *path = strstr(url, "/postgres?");
    assert_non_null(path);
    buf_init_fixed(&buf, database_name, sizeof database_name);
    buf_printf(&buf, "test_%d", (int)getpid());
    run_words(url, "CREATE DATABASE", database_name,
              "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'");
    buf_init_fixed(&buf, database_url, sizeof database_url);
    buf_printf(&buf, "%.*s/%s%s", (int)(path - url), url, database_name,
               path + strlen("/postgres"));
}

static void name_postgres(struct test_store *store, unsigned number)
{
    struct buf buf;
    buf_init_fixed(&buf, store->schema, sizeof store->schema);
    buf_printf(&buf, "t%u", number);
    buf_init_fixed(&buf, store->target, sizeof store->target);
    buf_printf(&buf, "%s&options=-csearch_path%%3D%s", database_url, store->schema);
}

static void make_postgres(struct test_store *store)
{
    if (database_url[0] == '\0') make_database();
    name_postgres(store, ++schema_count);
    run_words(database_url, "CREATE SCHEMA", store->schema, "");
}

/* ---- migrated stores, used again --------------------------------------------------------- */

/* Migrating takes long: a PostgreSQL schema is kept after a test and set back to what migrations
 * left in it, and an SQLite file is copied from the first one. */
static const char keep_sql[] =
    "CREATE SCHEMA seed; CREATE TABLE seed.names AS SELECT relname::text AS name FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace;"
    "DO $body$ DECLARE t text; has boolean; BEGIN"
    " FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP"
    "  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', t) INTO has;"
    "  IF has THEN EXECUTE format('CREATE TABLE seed.%I AS TABLE %I', t, t); END IF;"
    " END LOOP; END $body$";
static const char set_back_sql[] =
    "SET session_replication_role = replica;"
    "DO $body$ DECLARE t record; has boolean; BEGIN"
    " FOR t IN SELECT relname AS name, CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind"
    "  FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')"
    "  AND relname NOT IN (SELECT name FROM seed.names) LOOP"
    "  EXECUTE format('DROP %s IF EXISTS %I CASCADE', t.kind, t.name);"
    " END LOOP;"
    " FOR t IN SELECT DISTINCT c.relname AS name FROM pg_trigger g JOIN pg_class c ON"
    "  c.oid = g.tgrelid WHERE c.relnamespace = current_schema()::regnamespace AND"
    "  g.tgenabled = 'D' LOOP"
    "  EXECUTE format('ALTER TABLE %I ENABLE TRIGGER ALL', t.name);"
    " END LOOP;"
    " FOR t IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LOOP"
    "  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', t.name) INTO has;"
    "  IF has THEN EXECUTE format('DELETE FROM %I', t.name); END IF;"
    " END LOOP;"
    " FOR t IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'seed'"
    "  AND tablename <> 'names' LOOP"
    "  EXECUTE format('INSERT INTO %I SELECT * FROM seed.%I', t.name, t.name);"
    " END LOOP; END $body$";

static unsigned kept_schema; /* 0: none yet */
static bool kept_schema_free;
static struct test_store template_file;

static void make_kept_postgres(struct test_store *store)
{
    struct err err;
    struct db *db;
    if (kept_schema_free) {
        name_postgres(store, kept_schema);
        kept_schema_free = false;
        MUST(db_open(str_of(store->target), DB_WRITE, &db, &err));
        MUST(db_script(db, str_of(set_back_sql), &err));
        db_close(db);
        return;
    }
    make_postgres(store);
    MUST(db_open(str_of(store->target), DB_WRITE, &db, &err));
    MUST(store_migrate(db, &err));
    if (kept_schema == 0) {
        kept_schema = schema_count;
        MUST(db_script(db, str_of(keep_sql), &err));
    }
    db_close(db);
}

static void copy_template(const char *target)
{
    char block[65536];
    FILE *from = fopen(template_file.target + strlen("sqlite:"), "rb");
    FILE *to = fopen(target + strlen("sqlite:"), "wb");
    assert_non_null(from);
    assert_non_null(to);
    for (size_t n = fread(block, 1, sizeof block, from); n > 0;
         n = fread(block, 1, sizeof block, from))
        assert_int_equal(fwrite(block, 1, n, to), n);
    fclose(from);
    assert_int_equal(fclose(to), 0);
}

static void make_folder(enum db_engine engine, struct test_store *out)
{
    struct buf buf;
    const char *temporary = getenv("TMPDIR");
    *out = (struct test_store){.engine = engine};
    buf_init_fixed(&buf, out->folder, sizeof out->folder);
    buf_printf(&buf, "%s/sangden-test.XXXXXX", temporary != NULL ? temporary : "/tmp");
    assert_non_null(mkdtemp(out->folder));
    if (engine == DB_POSTGRES) return;
    buf_init_fixed(&buf, out->target, sizeof out->target);
    buf_printf(&buf, "sqlite:%s/store.db", out->folder);
}

void test_store_make_empty(enum db_engine engine, struct test_store *out)
{
    struct err err;
    make_folder(engine, out);
    if (engine == DB_POSTGRES) make_postgres(out);
    MUST(db_open(str_of(out->target), DB_CREATE, &out->db, &err));
}

void test_store_make(enum db_engine engine, struct test_store *out)
{
    struct err err;
    if (engine == DB_SQLITE && template_file.folder[0] == '\0') {
        test_store_make_empty(DB_SQLITE, &template_file);
        MUST(store_migrate(template_file.db, &err));
        db_close(template_file.db);
        template_file.db = NULL;
    }
    make_folder(engine, out);
    if (engine == DB_POSTGRES) make_kept_postgres(out);
    else copy_template(out->target);
    MUST(db_open(str_of(out->target), DB_WRITE, &out->db, &err));
}

static int remove_entry(const char *path, const struct stat *info UNUSED, int kind UNUSED,
                        struct FTW *place UNUSED)
{
    return remove(path);
}

void test_store_drop(struct test_store *store)
{
    db_close(store->db);
    bool kept = store->engine == DB_POSTGRES && (unsigned)atoi(store->schema + 1) == kept_schema;
    if (kept) kept_schema_free = true;
    else if (store->engine == DB_POSTGRES)
        run_words(database_url, "DROP SCHEMA", store->schema, "CASCADE");
    nftw(store->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

int test_end_with(int failed)
{
    if (template_file.folder[0] != '\0') test_store_drop(&template_file);
    if (database_url[0] != '\0')
        run_words(cluster(), "DROP DATABASE", database_name, "WITH (FORCE)");
    if (cluster_pid > 0) {
        fclose(cluster_input);
        waitpid(cluster_pid, NULL, 0);
    }
    return failed;
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
    db_fail_after(0);
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

/* ---- questions --------------------------------------------------------------------------- */

int64_t ask_i64(struct db *db, const char *sql)
{
    struct err err;
    int64_t value = -1;
    MUST(db_get_i64(db, sql, NO_ARGS, &value, &err));
    return value;
}

void run_sql(struct db *db, const char *sql)
{
    struct err err;
    MUST(db_script(db, str_of(sql), &err));
}

/* ---- break-ins --------------------------------------------------------------------------- */

void test_unlock(struct db *db, const char *table)
{
    char memory[256];
    struct buf script;
    struct err err;
    buf_init_fixed(&script, memory, sizeof memory);
    if (db_engine(db) == DB_POSTGRES)
        buf_printf(&script, "ALTER TABLE %s DISABLE TRIGGER ALL", table);
    else
        buf_printf(&script,
                   "DROP TRIGGER IF EXISTS %s_no_update; DROP TRIGGER IF EXISTS %s_no_delete",
                   table, table);
    assert_false(script.failed);
    MUST(db_script(db, buf_str(&script), &err));
}

/* ---- failures ---------------------------------------------------------------------------- */

enum { FAILURES_MAX = 100000 };

uint64_t fail_everywhere(struct db *db,
                         err_t (*work)(struct db *db, void *context, struct err *err),
                         void *context)
{
    for (uint64_t at = 1; at < FAILURES_MAX; at++) {
        struct err err = {0};
        db_fail_after(at);
        err_t e = work(db, context, &err);
        bool struck = db_fail_after(0) == 0;
        db_rollback(db);
        if (!struck) {
            check_ok(e, &err);
            return at - 1;
        }
        if (e == OK) fail_msg("failure %d of the database was swallowed", (int)at);
        if (e != E_STORE) check_ok(e, &err);
        assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    }
    fail_msg("the work never ends");
    return 0;
}
