/* SPDX-License-Identifier: Apache-2.0 */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "store/copy_int.h"
#include "store/store_int.h"

static const char file_tables_sql[] =
    "CREATE TABLE backup_info (name {text} NOT NULL PRIMARY KEY, value {text} NOT NULL) {strict};"
    "CREATE TABLE backup_table (name {text} NOT NULL PRIMARY KEY, row_count {i64} NOT NULL,"
    " sha256 {text} NOT NULL) {strict};";

/* Nobody else sees the file until it is whole: it needs no journal and no sync on the way. */
static const char file_pragmas[] =
    "PRAGMA journal_mode=DELETE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
    "PRAGMA foreign_keys=OFF";

static err_t path_text(struct buf *out, const char *before, const char *path, const char *behind,
                       struct err *err)
{
    buf_printf(out, "%s%s%s", before, path, behind);
    return out->failed ? file_error(err, path, ENAMETOOLONG) : OK;
}

static err_t open_file(const char *path, enum db_mode mode, struct db **out, struct err *err)
{
    char target[FILE_PATH_MAX_BYTES + 8];
    struct buf buf;
    buf_init_fixed(&buf, target, sizeof target);
    err_t e = path_text(&buf, "sqlite:", path, "", err);
    return e == OK ? db_open(buf_str(&buf), mode, out, err) : e;
}

/* ---- writing ----------------------------------------------------------------------------- */

static err_t write_info(struct db *file, struct str name, struct str value, struct err *err)
{
    return db_run(file, "INSERT INTO backup_info (name, value) VALUES ($1, $2)",
                  ARGS(v_text(name), v_text(value)), NULL, err);
}

static err_t write_number(struct db *file, struct str name, int64_t value, struct err *err)
{
    char text[24];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    buf_add_i64(&buf, value);
    return write_info(file, name, buf_str(&buf), err);
}

static err_t write_infos(struct db *file, struct db *db, const struct backup_summary *summary,
                         struct err *err)
{
    err_t e = write_info(file, S("format"), S("1"), err);
    if (e == OK) e = write_number(file, S("taken_at"), summary->taken_at_ms, err);
    if (e == OK) e = write_number(file, S("version"), summary->version, err);
    if (e == OK)
        e = write_info(file, S("engine"),
                       db_engine(db) == DB_SQLITE ? S("SQLite") : S("PostgreSQL"), err);
    return e;
}

static err_t write_tables(struct db *db, struct db *file, const struct copy_tables *tables,
                          struct copy_job *job, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < tables->count; i++) {
        struct copy_proof proof;
        e = copy_rows(db, &tables->table[i], file, job, &proof, err);
        if (e == OK)
            e = db_run(file,
                       "INSERT INTO backup_table (name, row_count, sha256) VALUES ($1, $2, $3)",
                       ARGS(v_text(tables->table[i].name), v_i64(proof.row_count),
                            v_text(str_of(proof.sha256))),
                       NULL, err);
    }
    return e;
}

static err_t fill(struct db *db, struct db *file, const struct backup_options *options,
                  struct backup_summary *summary, struct arena *arena, struct err *err)
{
    struct copy_tables tables = {NULL, 0};
    struct copy_job job = {.options = options};
    err_t e = db_begin(file, err);
    if (e == OK) e = copy_schema(db, file, err);
    if (e == OK) e = copy_tables_of(db, arena, &tables, err);
    if (e == OK) e = copy_columns_of(file, arena, &tables, err);
    if (e == OK) e = copy_make_room(file, &tables, err);
    if (e == OK) e = db_script(file, str_of(file_tables_sql), err);
    if (e == OK) e = write_tables(db, file, &tables, &job, err);
    if (e == OK) e = copy_protect(file, &tables, err);
    if (e == OK) e = store_version(db, &summary->version, err);
    if (e == OK) e = write_infos(file, db, summary, err);
    if (e == OK) e = db_commit(file, err);
    return e;
}

/* Personal data lie in it: nobody but the owner may read it. */
static err_t create_part(const char *part, struct err *err)
{
    if (file_exists(part) && unlink(part) != 0) return file_error(err, part, errno);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return file_error(err, part, errno);
    close(fd);
    return OK;
}

/* One snapshot for everything that is read. */
static err_t write_part(struct db *db, const char *part, const struct backup_options *options,
                        struct err *err)
{
    struct backup_summary summary = {.taken_at_ms = clock_now_ms()};
    struct db *file = NULL;
    struct arena arena;
    arena_init(&arena, COPY_ARENA_BYTES);
    err_t e = create_part(part, err);
    if (e == OK) e = open_file(part, DB_WRITE, &file, err);
    if (e == OK) e = db_script(file, str_of(file_pragmas), err);
    if (e == OK) e = db_begin_read(db, err);
    if (e == OK) e = fill(db, file, options, &summary, &arena, err);
    db_rollback(db);
    db_close(file);
    arena_release(&arena);
    return e;
}

static err_t sync_path(const char *path, int flags, struct err *err)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) return file_error(err, path, errno);
    int failed = fsync(fd) != 0 ? errno : 0;
    close(fd);
    return failed == 0 ? OK : file_error(err, path, failed);
}

static err_t sync_folder_of(const char *path, struct err *err)
{
    char folder[FILE_PATH_MAX_BYTES];
    struct buf buf;
    struct str text = str_of(path);
    size_t end = text.n;
    while (end > 0 && text.p[end - 1] != '/') end--;
    buf_init_fixed(&buf, folder, sizeof folder);
    buf_add(&buf, end == 0 ? S(".") : str_sub(text, 0, end));
    return buf.failed ? file_error(err, path, ENAMETOOLONG) : sync_path(folder, O_RDONLY, err);
}

static err_t move_into_place(const char *part, const char *path, struct err *err)
{
    if (rename(part, path) != 0) return file_error(err, path, errno);
    return sync_folder_of(path, err);
}

static err_t already_there(const char *path, struct err *err)
{
    err_set(err, E_CONFLICT, "FILE", "Tệp %s đã có", "The file %s exists already", path);
    return err_hint(err, "Chọn tên khác; bản sao lưu cũ không bao giờ bị ghi đè",
                    "Choose another name; an older backup is never written over");
}

err_t backup_write(struct db *db, const char *path, const struct backup_options *options,
                   struct backup_summary *out, struct err *err)
{
    char part[FILE_PATH_MAX_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, part, sizeof part);
    err_t e = path_text(&buf, "", path, ".part", err);
    if (e != OK) return e;
    if (file_exists(path)) return already_there(path, err);
    e = write_part(db, part, options, err);
    if (e == OK) e = sync_path(part, O_RDWR, err);
    if (e == OK) e = backup_check(part, options, out, err);
    if (e == OK) e = move_into_place(part, path, err);
    if (e != OK) (void)unlink(part);
    return e;
}

/* ---- proving ----------------------------------------------------------------------------- */

static err_t not_a_backup(const char *path, struct err *err)
{
    err_set(err, E_INPUT, "FILE", "Tệp %s không phải là bản sao lưu của Sáng Đèn",
            "The file %s is not a backup of Sáng Đèn", path);
    return err_hint(err, "Dùng tệp do lệnh sangden backup tạo ra",
                    "Use a file made by sangden backup");
}

static err_t damaged(const char *what, struct str where, struct err *err)
{
    err_set(err, E_CHECK, "FILE", "Bản sao lưu đã hỏng", "The backup is damaged");
    err_detail(err, "%s: %.*s", "%s: %.*s", what, STR_ARG(where));
    return err_hint(err, "Dùng một bản sao lưu khác", "Use another backup");
}

static err_t info_number(struct db *file, const char *name, int64_t *out, struct err *err)
{
    return db_get_i64(file, "SELECT CAST(value AS BIGINT) FROM backup_info WHERE name = $1",
                      ARGS(v_text(str_of(name))), out, err);
}

static err_t read_infos(struct db *file, const char *path, struct backup_summary *out,
                        struct err *err)
{
    int64_t count = 0;
    int64_t format = 0;
    err_t e = db_get_i64(file,
                         "SELECT count(*) FROM sqlite_schema"
                         " WHERE name IN ('backup_info', 'backup_table')",
                         NO_ARGS, &count, err);
    if (e != OK || count != 2) return not_a_backup(path, err);
    e = info_number(file, "format", &format, err);
    if (e != OK || format != 1) return not_a_backup(path, err);
    e = info_number(file, "taken_at", &out->taken_at_ms, err);
    return e == OK ? info_number(file, "version", &out->version, err) : e;
}

static err_t check_pages(struct db *file, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(file, "SELECT integrity_check FROM pragma_integrity_check", NO_ARGS, &rows,
                       err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (!row || !str_equal(row_text(rows, 0), S("ok")))
        return damaged("integrity_check", row ? row_text(rows, 0) : S(""), err);
    return OK;
}

err_t backup_table_check(struct db *file, struct db *store, const struct copy_table *table,
                         struct copy_job *job, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct copy_proof found;
    bool row = false;
    err_t e = copy_rows(store, table, NULL, job, &found, err);
    if (e == OK)
        e = db_query(file, "SELECT row_count, sha256 FROM backup_table WHERE name = $1",
                     ARGS(v_text(table->name)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (!row) return damaged("backup_table", table->name, err);
    if (row_i64(rows, 0) != found.row_count) return damaged("row_count", table->name, err);
    if (!str_equal(row_text(rows, 1), str_of(found.sha256)))
        return damaged("sha256", table->name, err);
    return OK;
}

err_t backup_file_check(struct db *file, const char *path, struct arena *arena,
                        struct copy_job *job, struct copy_tables *tables,
                        struct backup_summary *out, struct err *err)
{
    int64_t broken = 0;
    err_t e = read_infos(file, path, out, err);
    if (e == OK) e = check_pages(file, err);
    if (e == OK)
        e = db_get_i64(file, "SELECT count(*) FROM pragma_foreign_key_check", NO_ARGS, &broken,
                       err);
    if (e == OK && broken > 0) e = damaged("foreign_key_check", str_of(path), err);
    if (e == OK) e = copy_tables_of(file, arena, tables, err);
    if (e == OK) e = copy_columns_of(file, arena, tables, err);
    for (size_t i = 0; e == OK && i < tables->count; i++)
        e = backup_table_check(file, file, &tables->table[i], job, err);
    if (e != OK) return e;
    out->table_count = (int64_t)tables->count;
    out->row_count = job->row_count;
    return OK;
}

err_t backup_open(const char *path, struct db **out, struct err *err)
{
    if (!file_exists(path)) return file_error(err, path, ENOENT);
    err_t e = open_file(path, DB_READ, out, err);
    return e == E_STORE ? not_a_backup(path, err) : e;
}

err_t backup_check(const char *path, const struct backup_options *options,
                   struct backup_summary *out, struct err *err)
{
    struct db *file = NULL;
    struct arena arena;
    struct copy_tables tables;
    struct backup_summary summary;
    struct copy_job job = {.options = options};
    err_t e = backup_open(path, &file, err);
    if (e != OK) return e;
    arena_init(&arena, COPY_ARENA_BYTES);
    e = backup_file_check(file, path, &arena, &job, &tables, &summary, err);
    if (e == OK) *out = summary;
    arena_release(&arena);
    db_close(file);
    return e;
}
