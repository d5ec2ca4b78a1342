/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "store/store_int.h"

/* ---- helpers shared with the engines ----------------------------------------------------- */

struct str text_copy(struct str text)
{
    char *copy = memory_take(text.n + 1);
    if (copy == NULL) return (struct str){NULL, 0};
    if (text.n > 0) memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    return (struct str){copy, text.n};
}

void text_give(struct str text)
{
    if (text.p != NULL) memory_give((void *)(uintptr_t)text.p, text.n + 1);
}

err_t db_failed(struct db *db, err_t code)
{
    ASSERT(code != OK);
    if (db->transaction != TX_NONE) db->doomed = true;
    return code;
}

static _Atomic uint64_t fail_countdown;

uint64_t db_fail_after(uint64_t count)
{
    return atomic_exchange(&fail_countdown, count);
}

/* Whether a test wants this call to fail. */
static bool fails_now(void)
{
    return atomic_load_explicit(&fail_countdown, memory_order_relaxed) != 0 &&
           atomic_fetch_sub(&fail_countdown, 1) == 1;
}

static err_t fail_wanted(struct db *db, struct err *err)
{
    return db_failed(db, store_failed(err, S("db_fail_after")));
}

err_t db_ready(struct db *db, struct err *err)
{
    if (fails_now()) return fail_wanted(db, err);
    if (!db->doomed) return OK;
    err_set(err, E_STATE, NULL, "Giao dịch cơ sở dữ liệu đã hỏng vì một lỗi trước đó",
            "The database transaction has failed already because of an earlier error");
    return err_hint(err, "Hủy giao dịch rồi làm lại từ đầu",
                    "Roll the transaction back and start again");
}

err_t store_conflict(struct err *err, struct str constraint, struct str table, struct str message)
{
    err_set(err, E_CONFLICT, NULL, "Dữ liệu vi phạm một ràng buộc của cơ sở dữ liệu",
            "The data violate a constraint of the database");
    err_hint(err, "Chưa ghi gì; kiểm tra mã, số và ngày đã nhập",
             "Nothing was written; check the codes, numbers and days that were given");
    if (constraint.n == 0) return err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    return err_detail(err, "%.*s (bảng %.*s): %.*s", "%.*s (table %.*s): %.*s",
                      STR_ARG(constraint), STR_ARG(table), STR_ARG(message));
}

err_t store_busy(struct err *err, struct str place, struct str message)
{
    err_set(err, E_BUSY, NULL, "Một tiến trình khác giữ khóa của cơ sở dữ liệu quá lâu",
            "Another process holds a lock of the database for too long");
    if (place.n == 0) err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    else err_detail(err, "tệp %.*s: %.*s", "file %.*s: %.*s", STR_ARG(place), STR_ARG(message));
    return err_hint(err, "Đợi tiến trình kia xong rồi chạy lại lệnh; phần đã ghi còn nguyên, "
                         "phần dở dang không được ghi",
                    "Wait until the other process is done and run the command again; what was "
                    "committed is intact, nothing is half-done");
}

err_t store_full(struct err *err, struct str place, struct str message)
{
    if (place.n > 0)
        err_set(err, E_STORE, NULL, "Ổ đĩa chứa tệp %.*s đã đầy",
                "The disk that holds %.*s is full", STR_ARG(place));
    else
        err_set(err, E_STORE, NULL, "Ổ đĩa của máy chủ cơ sở dữ liệu đã đầy",
                "The disk of the database server is full");
    err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    return err_hint(err,
                    "Giải phóng dung lượng (cả ở thư mục tạm) hoặc tăng hạn mức, rồi chạy lại "
                    "lệnh; phần đã ghi còn nguyên, phần dở dang không được ghi",
                    "Free some space (also of the temporary folder) or raise the quota, and run "
                    "the command again; what was committed is intact, nothing is half-done");
}

err_t store_failed(struct err *err, struct str message)
{
    err_set(err, E_STORE, NULL, "Cơ sở dữ liệu báo lỗi", "The database reported an error");
    err_detail(err, "%.*s", "%.*s", STR_ARG(message));
    return err_hint(err,
                    "Xử lý nguyên nhân ở phần chi tiết (xem cả nhật ký của máy chủ, của đĩa) rồi "
                    "chạy lại lệnh; phần đã ghi còn nguyên",
                    "Remove the cause that the detail names (see also the logs of the server and "
                    "the disk) and run the command again; what was committed is intact");
}

/* ---- connections ------------------------------------------------------------------------- */

/* The target without what stands between the user's name and the @ of a URL, and without the value
 * of a password key. */
static struct str public_target(struct str target)
{
    char text[512];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    size_t slashes = 0;
    while (slashes + 2 < target.n && memcmp(target.p + slashes, "://", 3) != 0) slashes++;
    size_t start = slashes + 2 < target.n ? slashes + 3 : 0;
    size_t end = start + str_find(str_sub(target, start, target.n), '/');
    struct str authority = str_sub(target, start, end - start);
    size_t at = str_find(authority, '@');
    size_t colon = str_find(authority, ':');
    buf_add(&buf, str_sub(target, 0, start));
    if (at < authority.n && colon < at) {
        buf_add(&buf, str_sub(authority, 0, colon));
        buf_add(&buf, str_sub(authority, at, authority.n));
    } else {
        buf_add(&buf, authority);
    }
    struct str rest = str_sub(target, end, target.n);
    while (rest.n > 0) {
        size_t stop = 1;
        while (stop < rest.n && rest.p[stop] != '&' && rest.p[stop] != '?') stop++;
        struct str piece = str_sub(rest, 0, stop);
        bool secret = str_starts(str_sub(piece, 1, piece.n), S("password=")) ||
                      str_starts(str_sub(piece, 1, piece.n), S("sslpassword="));
        buf_add(&buf, secret ? str_sub(piece, 0, 1 + str_find(str_sub(piece, 1, piece.n), '='))
                             : piece);
        rest = str_sub(rest, stop, rest.n);
    }
    return text_copy(buf_str(&buf));
}

static err_t wrong_target(struct str target, struct err *err)
{
    err_set(err, E_USAGE, "SANGDEN_STORE", "Địa chỉ cơ sở dữ liệu không hợp lệ",
            "The address of the database is not valid");
    err_detail(err, "%zu ký tự, không bắt đầu bằng sqlite: hay postgresql://",
               "%zu characters, beginning with neither sqlite: nor postgresql://", target.n);
    return err_hint(err, "Dùng sqlite:ĐƯỜNG-DẪN hoặc postgresql://NGƯỜI-DÙNG@MÁY/TÊN",
                    "Use sqlite:PATH or postgresql://USER@HOST/NAME");
}

err_t db_open(struct str target, enum db_mode mode, struct db **out, struct err *err)
{
    const struct db_driver *driver = NULL;
    struct str address = target;
    if (str_starts(target, S("sqlite:"))) {
        driver = &sqlite_driver;
        address = str_sub(target, 7, target.n);
    } else if (str_starts(target, S("postgresql://")) || str_starts(target, S("postgres://"))) {
        driver = &postgres_driver;
    }
    if (driver == NULL || address.n == 0) return wrong_target(target, err);
    struct db *db;
    err_t e = driver->open(address, mode, &db, err);
    if (e != OK) return e;
    db->driver = driver;
    db->mode = mode;
    db->target = text_copy(target);
    db->target_public = public_target(target);
    if (db->target.p == NULL || db->target_public.p == NULL) {
        db_close(db);
        return err_memory(err);
    }
    *out = db;
    return OK;
}

void db_close(struct db *db)
{
    if (db == NULL) return;
    db_rollback(db);
    numbers_forget(db);
    events_forget(db);
    db_close(db->numbers);
    statements_forget(db);
    text_give(db->target);
    text_give(db->target_public);
    db->driver->close(db);
}

err_t db_lock_timeout(struct db *db, int64_t timeout_ms, struct err *err)
{
    ASSERT(timeout_ms > 0 && timeout_ms <= INT32_MAX && db->transaction == TX_NONE);
    return db->driver->lock_timeout(db, timeout_ms, err);
}

err_t db_cache_little(struct db *db, struct err *err)
{
    ASSERT(db->transaction == TX_NONE);
    return db->driver->cache_little == NULL ? OK : db->driver->cache_little(db, err);
}

enum db_engine db_engine(const struct db *db)
{
    return db->driver->engine;
}

struct str db_target(const struct db *db)
{
    return db->target;
}

struct str db_target_public(const struct db *db)
{
    return db->target_public;
}

/* ---- transactions ------------------------------------------------------------------------ */

static err_t begin(struct db *db, bool read_only, struct err *err)
{
    ASSERT(db->transaction == TX_NONE);
    if (fails_now()) return fail_wanted(db, err);
    err_t e = db->driver->begin(db, read_only, err);
    if (e == OK) db->transaction = read_only ? TX_READ : TX_WRITE;
    db->moment_count = 0;
    return e;
}

err_t db_begin(struct db *db, struct err *err)
{
    ASSERT(db->mode != DB_READ);
    return begin(db, false, err);
}

err_t db_begin_read(struct db *db, struct err *err)
{
    return begin(db, true, err);
}

err_t db_commit(struct db *db, struct err *err)
{
    ASSERT(db->transaction != TX_NONE);
    err_t e = db_ready(db, err);
    if (e == OK) e = db->driver->commit(db, err);
    if (e != OK) return db_failed(db, e);
    db->transaction = TX_NONE;
    numbers_forget(db);
    return OK;
}

void db_rollback(struct db *db)
{
    if (db->transaction == TX_NONE) return;
    db->driver->rollback(db);
    db->transaction = TX_NONE;
    db->doomed = false;
    numbers_rolled_back(db);
}

bool db_in_transaction(const struct db *db)
{
    return db->transaction != TX_NONE;
}

bool db_snapshot_number(struct db *db, int64_t *out)
{
    ASSERT(db->transaction == TX_READ);
    return db->driver->snapshot_number != NULL && db->driver->snapshot_number(db, out);
}

/* ---- statements -------------------------------------------------------------------------- */

err_t db_run(struct db *db, const char *sql, struct args args, int64_t *out_changed,
             struct err *err)
{
    struct statement *statement;
    int64_t changed = 0;
    err_t e = db_ready(db, err);
    if (e != OK) return e;
    e = statement_take(db, str_of(sql), &statement, err);
    if (e != OK) return db_failed(db, e);
    e = db->driver->run(db, statement, args, &changed, err);
    statement_release(db, statement);
    if (e != OK) return db_failed(db, e);
    if (out_changed != NULL) *out_changed = changed;
    return OK;
}

err_t db_script(struct db *db, struct str sql, struct err *err)
{
    err_t e = db_ready(db, err);
    if (e != OK) return e;
    struct buf text;
    buf_init(&text, SQL_BYTES_MAX);
    sql_expand(db_engine(db), sql, &text);
    e = text.failed ? err_memory(err) : db->driver->script(db, text.p, err);
    buf_release(&text);
    statements_forget(db);
    return e == OK ? OK : db_failed(db, e);
}

err_t db_grown(struct db *db, const char *tables, struct err *err)
{
    char memory[GROWN_SQL_BYTES_MAX];
    struct buf sql;
    if (db_engine(db) != DB_POSTGRES) return OK;
    buf_init_fixed(&sql, memory, sizeof memory);
    buf_printf(&sql,
               "SET default_statistics_target = %d; ANALYZE %s; RESET default_statistics_target",
               GROWN_STATISTICS_TARGET, tables != NULL ? tables : "");
    ASSERT(!sql.failed);
    return db_script(db, buf_str(&sql), err);
}

err_t db_query(struct db *db, const char *sql, struct args args, struct rows **out,
               struct err *err)
{
    struct statement *statement;
    err_t e = db_ready(db, err);
    if (e != OK) return e;
    e = statement_take(db, str_of(sql), &statement, err);
    if (e != OK) return db_failed(db, e);
    struct rows *rows;
    e = db->driver->query(db, statement, args, &rows, err);
    if (e != OK) {
        statement_release(db, statement);
        return db_failed(db, e);
    }
    *out = rows;
    return OK;
}

err_t rows_next(struct rows *rows, bool *out_row, struct err *err)
{
    if (fails_now()) return fail_wanted(rows->db, err);
    err_t e = rows->db->driver->next(rows, out_row, err);
    return e == OK ? OK : db_failed(rows->db, e);
}

void rows_done(struct rows *rows)
{
    if (rows != NULL) rows->db->driver->done(rows);
}

void rows_done_at(struct rows **rows)
{
    rows_done(*rows);
    *rows = NULL;
}

static const struct value *column_of(const struct rows *rows, int column)
{
    ASSERT(column >= 0 && column < rows->column_count);
    return &rows->values[column];
}

int64_t row_i64(const struct rows *rows, int column)
{
    const struct value *value = column_of(rows, column);
    ASSERT(value->type == VALUE_I64);
    return value->i64;
}

struct str row_text(const struct rows *rows, int column)
{
    const struct value *value = column_of(rows, column);
    ASSERT(value->type == VALUE_TEXT);
    return value->str;
}

struct str row_blob(const struct rows *rows, int column)
{
    const struct value *value = column_of(rows, column);
    ASSERT(value->type == VALUE_BLOB);
    return value->str;
}

bool row_is_null(const struct rows *rows, int column)
{
    return column_of(rows, column)->type == VALUE_NULL;
}

int64_t row_i64_or(const struct rows *rows, int column, int64_t otherwise)
{
    return row_is_null(rows, column) ? otherwise : row_i64(rows, column);
}

struct str row_text_or_empty(const struct rows *rows, int column)
{
    return row_is_null(rows, column) ? (struct str){NULL, 0} : row_text(rows, column);
}

struct value row_value(const struct rows *rows, int column)
{
    return *column_of(rows, column);
}

int row_column_count(const struct rows *rows)
{
    return rows->column_count;
}

/* ---- single values ----------------------------------------------------------------------- */

static err_t not_found(struct err *err)
{
    err_set(err, E_NOT_FOUND, NULL, "Không có dòng dữ liệu nào như vậy",
            "There is no such row");
    return err_hint(err, "Kiểm tra mã và số đã nhập; nếu chúng đúng, chạy: sangden check",
                    "Check the codes and numbers given; if they are right, run: sangden check");
}

/* A statement that changes rows and returns one commits at its end: that end must be reached. */
static err_t reach_end(struct rows *rows, struct err *err)
{
    bool row = false;
    return rows_next(rows, &row, err);
}

err_t db_get_i64(struct db *db, const char *sql, struct args args, int64_t *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (!row) return not_found(err);
    int64_t number = row_i64(rows, 0);
    e = reach_end(rows, err);
    if (e == OK) *out = number;
    return e;
}

err_t db_get_i64_or(struct db *db, const char *sql, struct args args, int64_t otherwise,
                    int64_t *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    int64_t number = row ? row_i64_or(rows, 0, otherwise) : otherwise;
    e = reach_end(rows, err);
    if (e == OK) *out = number;
    return e;
}

err_t db_get_text(struct db *db, struct arena *arena, const char *sql, struct args args,
                  struct str *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (!row) return not_found(err);
    struct str copy = arena_str(arena, row_text(rows, 0));
    if (arena->failed) return err_memory(err);
    e = reach_end(rows, err);
    if (e == OK) *out = copy;
    return e;
}

/* ---- bulk insertion ---------------------------------------------------------------------- */

static size_t count_columns(const char *columns)
{
    size_t count = 1;
    for (const char *p = columns; *p != '\0'; p++) count += *p == ',';
    return count;
}

err_t bulk_open(struct db *db, const char *table, const char *columns, struct bulk **out,
                struct err *err)
{
    ASSERT(db->transaction == TX_WRITE);
    size_t count = count_columns(columns);
    ASSERT(count <= COLUMNS_MAX);
    err_t e = db_ready(db, err);
    if (e != OK) return e;
    struct bulk *bulk;
    e = db->driver->bulk_open(db, table, columns, count, &bulk, err);
    if (e != OK) return db_failed(db, e);
    bulk->db = db;
    bulk->column_count = count;
    *out = bulk;
    return OK;
}

err_t bulk_row(struct bulk *bulk, struct args args, struct err *err)
{
    ASSERT(args.count == bulk->column_count);
    err_t e = db_ready(bulk->db, err);
    if (e != OK) return e;
    e = bulk->db->driver->bulk_row(bulk, args, err);
    return e == OK ? OK : db_failed(bulk->db, e);
}

err_t bulk_close(struct bulk *bulk, struct err *err)
{
    struct db *db = bulk->db;
    err_t e = db_ready(db, err);
    if (e != OK) {
        db->driver->bulk_drop(bulk);
        return e;
    }
    e = db->driver->bulk_close(bulk, err);
    return e == OK ? OK : db_failed(db, e);
}

void bulk_drop(struct bulk *bulk)
{
    if (bulk != NULL) bulk->db->driver->bulk_drop(bulk);
}
