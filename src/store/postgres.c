/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL: connection, transactions, errors. */
#include <string.h>

#include "base/memory.h"
#include "store/postgres_int.h"

void put_be32(unsigned char *place, uint32_t value)
{
    uint32_t swapped = __builtin_bswap32(value);
    memcpy(place, &swapped, 4);
}

void put_be64(unsigned char *place, uint64_t value)
{
    uint64_t swapped = __builtin_bswap64(value);
    memcpy(place, &swapped, 8);
}

uint32_t get_be32(const char *place)
{
    uint32_t value;
    memcpy(&value, place, 4);
    return __builtin_bswap32(value);
}

uint64_t get_be64(const char *place)
{
    uint64_t value;
    memcpy(&value, place, 8);
    return __builtin_bswap64(value);
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers on the wire are big-endian");

/* ---- errors ------------------------------------------------------------------------------ */

static err_t server_gone(PGconn *connection, struct err *err)
{
    struct str message = str_trim(str_of(PQerrorMessage(connection)));
    err_set(err, E_STORE, "SANGDEN_STORE", "Mất kết nối với máy chủ cơ sở dữ liệu",
            "The connection to the database server is lost");
    err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    return err_hint(err,
                    "Kiểm tra PostgreSQL còn chạy không rồi chạy lại; phần đã ghi còn nguyên",
                    "Check that PostgreSQL runs, then run again; what was committed is intact");
}

static struct str field_of(const PGresult *result, int field)
{
    return str_of(PQresultErrorField(result, field));
}

err_t postgres_failed(PGconn *connection, const PGresult *result, struct err *err)
{
    struct str state = result != NULL ? field_of(result, PG_DIAG_SQLSTATE) : S("");
    if (PQstatus(connection) == CONNECTION_BAD || state.n == 0 || str_starts(state, S("57P")) ||
        str_starts(state, S("08")))
        return server_gone(connection, err);
    struct str message = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
    if (str_starts(state, S("23")))
        return store_conflict(err, field_of(result, PG_DIAG_CONSTRAINT_NAME),
                              field_of(result, PG_DIAG_TABLE_NAME), message);
    if (str_equal(state, S("40P01")) || str_equal(state, S("40001")) ||
        str_equal(state, S("55P03")))
        return store_busy(err, S(""), message);
    if (str_equal(state, S("53100"))) return store_full(err, S(""), message);
    store_failed(err, message);
    return err_detail(err, "mã lỗi %.*s: %.*s", "SQLSTATE %.*s: %.*s", STR_ARG(state),
                      STR_ARG(message));
}

/* ---- connection -------------------------------------------------------------------------- */

static void ignore_notice(void *argument UNUSED, const PGresult *result UNUSED)
{
}

/* While connecting there is no SQLSTATE. A server that has no room says so in these words, the
 * second when it cannot keep what it knows of its own tables. */
static bool tells_no_room(const char *message)
{
    return strstr(message, "No space left on device") != NULL ||
           strstr(message, "could not write init file") != NULL;
}

static err_t not_connected(PGconn *connection, struct err *err)
{
    struct str message = str_trim(str_of(PQerrorMessage(connection)));
    if (tells_no_room(PQerrorMessage(connection))) return store_full(err, S(""), message);
    err_set(err, E_STORE, "SANGDEN_STORE", "Không kết nối được với máy chủ cơ sở dữ liệu",
            "The database server cannot be reached");
    err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    return err_hint(err,
                    "Kiểm tra PostgreSQL đang chạy và đĩa của nó còn chỗ, tên cơ sở dữ liệu và "
                    "quyền trong SANGDEN_STORE, rồi chạy lại lệnh",
                    "Check that PostgreSQL runs and its disk has room, and name and rights in "
                    "SANGDEN_STORE, then run the command again");
}

static err_t check_server(PGconn *connection, struct err *err)
{
    const char *encoding = PQparameterStatus(connection, "server_encoding");
    if (PQserverVersion(connection) < 150000) {
        err_set(err, E_STORE, "SANGDEN_STORE", "PostgreSQL cũ hơn bản 15",
                "PostgreSQL is older than version 15");
        return err_hint(err, "Nâng cấp máy chủ lên PostgreSQL 15 trở lên",
                        "Upgrade the server to PostgreSQL 15 or later");
    }
    if (!str_equal(str_of(encoding), S("UTF8"))) {
        err_set(err, E_STORE, "SANGDEN_STORE", "Cơ sở dữ liệu không dùng mã UTF-8",
                "The database is not encoded in UTF-8");
        return err_hint(err,
                        "Tạo lại: createdb -T template0 -E UTF8 --locale=C.UTF-8 TÊN",
                        "Make it with: createdb -T template0 -E UTF8 --locale=C.UTF-8 NAME");
    }
    return OK;
}

err_t postgres_exec(struct postgres_db *db, const char *sql, struct err *err)
{
    err_t e = postgres_park(db, err);
    if (e != OK) return e;
    PGresult *result = PQexec(db->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        e = postgres_failed(db->connection, result, err);
    PQclear(result);
    return e;
}

static err_t configure(struct postgres_db *db, enum db_mode mode, struct err *err)
{
    char text[400];
    struct buf sql;
    buf_init_fixed(&sql, text, sizeof text);
    buf_printf(&sql,
               "SET client_min_messages = warning; SET lock_timeout = %d;"
               "SET standard_conforming_strings = on; SET TIME ZONE 'UTC';"
               "SET default_transaction_isolation = 'read committed';",
               LOCK_TIMEOUT_MS);
    if (mode == DB_READ) buf_add(&sql, S("SET default_transaction_read_only = on;"));
    ASSERT(!sql.failed);
    return postgres_exec(db, text, err);
}

static void postgres_close(struct db *base)
{
    struct postgres_db *db = postgres_of(base);
    PQfinish(db->connection);
    memory_give(db, sizeof *db);
}

static err_t postgres_open(struct str address, enum db_mode mode, struct db **out,
                           struct err *err)
{
    struct str target = text_copy(address);
    struct postgres_db *db = memory_take(sizeof *db);
    if (db == NULL || target.p == NULL) {
        memory_give(db, sizeof *db);
        text_give(target);
        return err_memory(err);
    }
    *db = (struct postgres_db){0};
    const char *keys[] = {"dbname", "fallback_application_name", "client_encoding",
                          "connect_timeout", NULL};
    const char *values[] = {target.p, "sangden", "UTF8", "10", NULL};
    db->connection = PQconnectdbParams(keys, values, 1);
    text_give(target);
    err_t e = OK;
    if (db->connection == NULL) e = err_memory(err);
    else if (PQstatus(db->connection) != CONNECTION_OK) e = not_connected(db->connection, err);
    else e = check_server(db->connection, err);
    if (e == OK) {
        PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
        e = configure(db, mode, err);
    }
    if (e != OK) {
        postgres_close(&db->base);
        return e;
    }
    *out = &db->base;
    return OK;
}

static err_t postgres_lock_timeout(struct db *base, int64_t timeout_ms, struct err *err)
{
    char sql[64];
    struct buf buf;
    buf_init_fixed(&buf, sql, sizeof sql);
    buf_printf(&buf, "SET lock_timeout = %lld", (long long)timeout_ms);
    return postgres_exec(postgres_of(base), sql, err);
}

/* ---- transactions ------------------------------------------------------------------------ */

static err_t postgres_begin(struct db *base, bool read_only, struct err *err)
{
    struct postgres_db *db = postgres_of(base);
    if (!read_only) return postgres_exec(db, "BEGIN ISOLATION LEVEL READ COMMITTED", err);
    /* The first query takes the snapshot. */
    err_t e = postgres_exec(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
    return e == OK ? postgres_exec(db, "SELECT 1", err) : e;
}

static err_t commit_unknown(struct err *err)
{
    return err_hint(err,
                    "Lệnh có thể đã được ghi ngay trước khi mất kết nối: chạy lại, "
                    "lệnh tự bỏ qua phần đã làm",
                    "The work may have been committed just before: run again, what is done is "
                    "left alone");
}

static err_t postgres_commit(struct db *base, struct err *err)
{
    struct postgres_db *db = postgres_of(base);
    err_t e = postgres_park(db, err);
    if (e != OK) return e;
    PGresult *result = PQexec(db->connection, "COMMIT");
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        e = postgres_failed(db->connection, result, err);
        if (PQstatus(db->connection) == CONNECTION_BAD) commit_unknown(err);
    }
    /* A transaction that the server had given up answers a commit with ROLLBACK. */
    ASSERT(e != OK || str_equal(str_of(PQcmdStatus(result)), S("COMMIT")));
    PQclear(result);
    return e;
}

static void postgres_rollback(struct db *base)
{
    struct postgres_db *db = postgres_of(base);
    struct err ignored;
    /* What is still running may fail; a lost connection has rolled back by itself. */
    if (postgres_park(db, &ignored) != OK) db->copying = NULL;
    if (postgres_exec(db, "ROLLBACK", &ignored) != OK) return;
}

static err_t postgres_script(struct db *base, const char *sql, struct err *err)
{
    return postgres_exec(postgres_of(base), sql, err);
}

const struct db_driver postgres_driver = {
    .engine = DB_POSTGRES,
    .open = postgres_open,
    .close = postgres_close,
    .lock_timeout = postgres_lock_timeout,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .prepare = postgres_prepare,
    .unprepare = postgres_unprepare,
    .run = postgres_run,
    .script = postgres_script,
    .query = postgres_query,
    .next = postgres_next,
    .done = postgres_done,
    .bulk_open = postgres_bulk_open,
    .bulk_row = postgres_bulk_row,
    .bulk_close = postgres_bulk_close,
    .bulk_drop = postgres_bulk_drop,
};
