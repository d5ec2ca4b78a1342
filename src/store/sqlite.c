/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite: connection, transactions, errors. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "base/memory.h"
#include "store/sqlite_int.h"

static struct sqlite_db *of(struct db *db)
{
    return (struct sqlite_db *)db;
}

/* ---- errors ------------------------------------------------------------------------------ */

/* "UNIQUE constraint failed: bill.unit_id, bill.bill_no": the table stands before the point. */
static err_t sqlite_conflict(struct str message, struct err *err)
{
    size_t colon = str_find(message, ':');
    struct str what = str_trim(str_sub(message, colon + 1, message.n));
    size_t point = str_find(what, '.');
    bool columns = point < what.n && str_find(what, ' ') > point;
    if (!columns) return store_conflict(err, S(""), S(""), message);
    return store_conflict(err, what, str_sub(what, 0, point), message);
}

static err_t sqlite_not_opened(struct str message, struct err *err)
{
    err_set(err, E_STORE, "SANGDEN_STORE", "Không mở được tệp cơ sở dữ liệu",
            "The database file cannot be opened");
    err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    return err_hint(err,
                    "Kiểm tra đường dẫn và quyền đọc ghi; tạo cơ sở dữ liệu mới bằng sangden init",
                    "Check the path and the permissions; make a new database with sangden init");
}

static err_t sqlite_damaged(struct str message, struct err *err)
{
    err_set(err, E_STORE, "SANGDEN_STORE", "Tệp không phải là cơ sở dữ liệu hoặc đã hỏng",
            "The file is not a database, or it is damaged");
    err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    return err_hint(err, "Giữ nguyên tệp này và khôi phục từ bản sao lưu bằng sangden restore",
                    "Keep this file and restore from a backup with sangden restore");
}

/* The device is full, or the file may not grow: a quota, or a limit set on the process. */
static bool is_out_of_room(int system_error)
{
    return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

/* SQLite keeps the error of the operating system, but not when a commit fails; then errno still
 * has it. */
static int system_error_of(sqlite3 *handle)
{
    int last = errno;
    int kept = handle != NULL ? sqlite3_system_errno(handle) : 0;
    return is_out_of_room(last) && !is_out_of_room(kept) ? last : kept;
}

/* What the operating system said joins what SQLite made of it. */
static err_t sqlite_io_failed(int system_error, struct str place, struct str message,
                              struct err *err)
{
    if (is_out_of_room(system_error)) return store_full(err, place, str_of(strerror(system_error)));
    store_failed(err, message);
    return err_detail(err, "tệp %.*s: %.*s (%s)", "file %.*s: %.*s (%s)", STR_ARG(place),
                      STR_ARG(message), strerror(system_error));
}

err_t sqlite_failed(sqlite3 *handle, int code, struct err *err)
{
    int system_error = system_error_of(handle);
    struct str message = str_of(handle != NULL ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
    struct str place = str_of(handle != NULL ? sqlite3_db_filename(handle, "main") : NULL);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return sqlite_conflict(message, err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return store_busy(err, place, message);
    case SQLITE_FULL: return store_full(err, place, message);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM: return sqlite_not_opened(message, err);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return sqlite_damaged(message, err);
    case SQLITE_NOMEM: return err_memory(err);
    case SQLITE_IOERR: return sqlite_io_failed(system_error, place, message, err);
    default: return store_failed(err, message);
    }
}

/* ---- connection -------------------------------------------------------------------------- */

static err_t sqlite_exec(sqlite3 *handle, const char *sql, struct err *err)
{
    int code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_failed(handle, sqlite3_extended_errcode(handle), err);
}

static int64_t pragma_number(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return number;
}

/* Each connection keeps its cache small, never maps the file (so that memory is what it seems) and
 * syncs every commit, because money is accepted through it. What is deleted is overwritten where
 * the page is written anyway; more would write every page of the drafts twice. Only recursive
 * triggers see a row that is replaced, which append-only tables refuse as a deletion. */
static err_t sqlite_configure(sqlite3 *handle, enum db_mode mode, struct err *err)
{
    sqlite3_busy_timeout(handle, LOCK_TIMEOUT_MS);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    err_t e = OK;
    if (mode != DB_READ)
        e = sqlite_exec(handle,
                        "PRAGMA page_size=8192; PRAGMA journal_mode=WAL;"
                        "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
                        "PRAGMA journal_size_limit=67108864;",
                        err);
    if (e == OK)
        e = sqlite_exec(handle,
                        "PRAGMA foreign_keys=ON; PRAGMA mmap_size=0;"
                        "PRAGMA secure_delete=FAST; PRAGMA trusted_schema=OFF;"
                        "PRAGMA recursive_triggers=ON;"
                        "PRAGMA cache_size=-32768;",
                        err);
    if (e != OK) return e;
    if (pragma_number(handle, "PRAGMA foreign_keys") != 1)
        return store_failed(err, S("SQLite without foreign keys"));
    if (mode != DB_READ && pragma_number(handle, "PRAGMA synchronous") != 2)
        return store_failed(err, S("SQLite does not sync commits"));
    return OK;
}

static int open_flags(enum db_mode mode)
{
    switch (mode) {
    case DB_READ: return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    case DB_WRITE: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    case DB_CREATE: break;
    }
    return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
}

/* Nobody asks SQLite how much memory it holds, and counting that takes a lock that all threads
 * share around every allocation. */
static void set_up_library(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static err_t sqlite_open(struct str address, enum db_mode mode, struct db **out, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct str path = text_copy(address);
    struct sqlite_db *db = memory_take(sizeof *db);
    (void)pthread_once(&once, set_up_library);
    if (db == NULL || path.p == NULL) {
        memory_give(db, sizeof *db);
        text_give(path);
        return err_memory(err);
    }
    *db = (struct sqlite_db){0};
    int code = sqlite3_open_v2(path.p, &db->handle, open_flags(mode), NULL);
    err_t e = OK;
    if (code != SQLITE_OK) {
        sqlite_failed(db->handle, code, err);
        e = err_detail(err, "%.*s: %s", "%.*s: %s", STR_ARG(path), sqlite3_errstr(code));
    } else {
        e = sqlite_configure(db->handle, mode, err);
    }
    text_give(path);
    if (e != OK) {
        sqlite3_close(db->handle);
        memory_give(db, sizeof *db);
        return e;
    }
    *out = &db->base;
    return OK;
}

static void sqlite_close(struct db *base)
{
    struct sqlite_db *db = of(base);
    for (size_t i = 0; i < ARRAY_COUNT(db->frame); i++) sqlite3_finalize(db->frame[i]);
    (void)sqlite3_close_v2(db->handle);
    memory_give(db, sizeof *db);
}

static err_t sqlite_lock_timeout(struct db *base, int64_t timeout_ms, struct err *err UNUSED)
{
    sqlite3_busy_timeout(of(base)->handle, (int)timeout_ms);
    return OK;
}

static err_t sqlite_cache_little(struct db *base, struct err *err)
{
    return sqlite_exec(of(base)->handle, "PRAGMA cache_size=-6144", err);
}

/* ---- transactions ------------------------------------------------------------------------ */

static const char *const frame_sql[] = {
#define WORD(name, sql) [name] = (sql),
    SQLITE_FRAMES(WORD)
#undef WORD
};

static int run_frame(struct sqlite_db *db, enum sqlite_frame frame)
{
    sqlite3_stmt **stmt = &db->frame[frame];
    int code = SQLITE_OK;
    if (*stmt == NULL)
        code = sqlite3_prepare_v3(db->handle, frame_sql[frame], -1, SQLITE_PREPARE_PERSISTENT, stmt,
                                  NULL);
    if (code != SQLITE_OK) return code;
    code = sqlite3_step(*stmt);
    int ended = sqlite3_reset(*stmt);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : ended;
}

static err_t framed(struct sqlite_db *db, enum sqlite_frame frame, struct err *err)
{
    if (run_frame(db, frame) == SQLITE_OK) return OK;
    return sqlite_failed(db->handle, sqlite3_extended_errcode(db->handle), err);
}

/* The first read takes the snapshot. What writes in it is refused before it runs
 * (sqlite_may_write): a pragma would make SQLite compile every kept statement anew. */
static err_t sqlite_begin(struct db *base, bool read_only, struct err *err)
{
    struct sqlite_db *db = of(base);
    if (!read_only) return framed(db, FRAME_BEGIN_WRITE, err);
    err_t e = framed(db, FRAME_BEGIN_READ, err);
    if (e != OK) return e;
    e = framed(db, FRAME_SNAPSHOT, err);
    if (e != OK) (void)run_frame(db, FRAME_ROLLBACK);
    return e;
}

/* SQLite counts the commits that a connection has seen, its own and those of others. */
static bool sqlite_snapshot_number(struct db *base, int64_t *out)
{
    unsigned count = 0;
    int code = sqlite3_file_control(of(base)->handle, "main", SQLITE_FCNTL_DATA_VERSION, &count);
    *out = count;
    return code == SQLITE_OK;
}

err_t sqlite_may_write(struct db *base, struct err *err)
{
    if (base->transaction != TX_READ) return OK;
    return store_failed(err, S("cannot write in a read-only transaction"));
}

static err_t sqlite_commit(struct db *base, struct err *err)
{
    return framed(of(base), FRAME_COMMIT, err);
}

static void sqlite_rollback(struct db *base)
{
    struct sqlite_db *db = of(base);
    /* Some failures (disk full) have rolled back by themselves already. */
    if (!sqlite3_get_autocommit(db->handle)) (void)run_frame(db, FRAME_ROLLBACK);
}

static err_t sqlite_script(struct db *base, const char *sql, struct err *err)
{
    err_t e = sqlite_may_write(base, err);
    return e == OK ? sqlite_exec(of(base)->handle, sql, err) : e;
}

const struct db_driver sqlite_driver = {
    .engine = DB_SQLITE,
    .open = sqlite_open,
    .close = sqlite_close,
    .lock_timeout = sqlite_lock_timeout,
    .cache_little = sqlite_cache_little,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .snapshot_number = sqlite_snapshot_number,
    .prepare = sqlite_prepare,
    .unprepare = sqlite_unprepare,
    .run = sqlite_run,
    .script = sqlite_script,
    .query = sqlite_query,
    .next = sqlite_next,
    .done = sqlite_done,
    .bulk_open = sqlite_bulk_open,
    .bulk_row = sqlite_bulk_row,
    .bulk_close = sqlite_bulk_close,
    .bulk_drop = sqlite_bulk_drop,
};
