/* SPDX-License-Identifier: Apache-2.0 */
/* Copies the whole store into one file that was proved, and back. */
#include <errno.h>
#include <stdio.h>

#include "app/actor_call.h"
#include "app/progress.h"
#include "app/store_call.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "base/log.h"
#include "document/verification.h"
#include "identity/audit.h"
#include "identity/staff.h"
#include "registry/search_fill.h"
#include "store/backup.h"

static void note_progress(void *context, int64_t row_count)
{
    progress_at(context, row_count);
}

static void report_json(struct call *call, const struct backup_summary *summary)
{
    struct json_writer writer;
    json_writer_init(&writer, call->out);
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("file"), call_text(call, "FILE"));
    json_instant(&writer, S("taken_at"), summary->taken_at_ms);
    json_i64(&writer, S("version"), summary->version);
    json_i64(&writer, S("tables"), summary->table_count);
    json_i64(&writer, S("rows"), summary->row_count);
    json_end(&writer);
    buf_add_char(call->out, '\n');
}

static void report(struct call *call, const struct backup_summary *summary, const char *done_vi,
                   const char *done_en)
{
    char instant[INSTANT_TEXT_BYTES];
    if (call->json) {
        report_json(call, summary);
        return;
    }
    buf_printf(call->out, "%s %.*s: %lld bảng, ", done_vi, STR_ARG(call_text(call, "FILE")),
               (long long)summary->table_count);
    buf_add_grouped(call->out, summary->row_count);
    buf_printf(call->out, " dòng, thời điểm %.*s. Đã kiểm tra: số dòng và mã băm đều khớp.\n",
               STR_ARG(instant_text(summary->taken_at_ms, instant)));
    buf_printf(call->out, "  %s %.*s; counts and hashes were compared and agree.\n", done_en,
               STR_ARG(call_text(call, "FILE")));
}

/* Who it is in the store behind db; the person may be unknown there, the user of the machine is
 * not. */
static err_t find_actor(struct call *call, struct db *db, struct actor *out, struct err *err)
{
    struct str os_user = os_user_name(call->arena);
    err_t e = actor_resolve(db, call->arena, str_of(call->as), os_user, today(), out, err);
    if (e != E_FORBIDDEN) return e;
    *out = (struct actor){.code = S(""), .name = S(""), .os_user = os_user, .day = today()};
    return OK;
}

/* ---- backup ------------------------------------------------------------------------------ */

enum { LINK_WAIT_MS = 2000 };

/* Who copies a store takes everything in it along: that is linked before the first row is read, and
 * with the hash of the copy once it is there. A store too old to know people has no such chain. */
static err_t append_link(struct call *call, struct str action, struct str subject)
{
    struct db *db = NULL;
    struct actor actor;
    struct str kind;
    struct audit_note note = {IDENTITY_EVERY_UNIT, S("store"), action, subject, S("")};
    bool known = false;
    err_t e = staff_known(call->db, &known, call->err);
    if (e != OK || !known) return e;
    e = db_open(store_target(), DB_WRITE, &db, call->err);
    if (e == OK) e = db_lock_timeout(db, LINK_WAIT_MS, call->err);
    if (e == OK) e = store_property(db, call->arena, S("kind"), &kind, call->err);
    if (e == OK) e = store_allows_clock(kind, call->err);
    if (e == OK) e = find_actor(call, db, &actor, call->err);
    if (e == OK) e = db_begin(db, call->err);
    if (e == OK) e = audit_append(db, &actor, &note, call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (db != NULL) db_rollback(db);
    if (db != NULL) db_close(db);
    return e;
}

/* A store that is locked or has no room left is copied all the same, as then the copy is needed
 * most; whoever reads the messages and the log of the machine is told that the chain is not. */
static err_t link_backup(struct call *call, struct str action, struct str subject)
{
    err_t e = append_link(call, action, subject);
    if (e != E_BUSY && e != E_IO && e != E_STORE) return e;
    struct err why = *call->err;
    err_set(call->err, e, NULL, "Lần sao lưu này chưa ghi được vào nhật ký kiểm soát",
            "This backup could not be linked in the audit chain");
    err_detail(call->err, "%s%.0s", "%.0s%s", why.vi.message, why.en.message);
    err_hint(call->err, "Ghi lại ai đã sao lưu, lúc nào; xong việc kia thì sao lưu lại",
             "Write down who made it and when; make another when the store is free");
    report_warning(call->err);
    log_event(LOG_WARNING, "backup.unlinked",
              LOG_FIELDS(log_text("action", PRIVACY_OPEN, action),
                         log_text("subject", PRIVACY_INTERNAL, subject),
                         log_text("os_user", PRIVACY_INTERNAL, os_user_name(call->arena))));
    return OK;
}

static err_t hash_file(struct call *call, const char *path, struct str *out)
{
    char bytes[65536], text[HASH_TEXT_BYTES];
    struct hash_state hashing;
    int64_t size = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return file_error(call->err, path, errno);
    hash_init(&hashing);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0; size += (int64_t)n)
        hash_add(&hashing, (struct str){bytes, n});
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed) return file_error(call->err, path, EIO);
    struct hash hash = hash_finish(&hashing);
    *out = arena_printf(call->arena, "sha256 %.*s, %lld bytes", STR_ARG(hash_text(&hash, text)),
                        (long long)size);
    return OK;
}

static err_t link_copy(struct call *call, const char *path)
{
    struct str subject;
    err_t e = hash_file(call, path, &subject);
    return e == OK ? link_backup(call, S("store.backup_made"), subject) : e;
}

/* Not through call_db: an old schema is saved before it is upgraded. */
static err_t run_backup(struct call *call)
{
    struct progress progress;
    struct backup_summary summary;
    struct backup_options options = {.progress = note_progress, .context = &progress};
    char instant[INSTANT_TEXT_BYTES];
    const char *path = call_text(call, "FILE").p;
    int64_t version = 0;
    err_t e = db_open(store_target(), DB_READ, &call->db, call->err);
    if (e == OK) e = store_version(call->db, &version, call->err);
    if (e == OK && version == 0) {
        err_set(call->err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu còn trống",
                "The store is empty");
        return err_hint(call->err, "Không có gì để sao lưu; khởi tạo bằng: sangden init",
                        "There is nothing to save; set it up with: sangden init");
    }
    if (e == OK) e = call_require_maintainer(call, call->db);
    if (e == OK && !file_exists(path))
        e = link_backup(call, S("store.backup"), instant_text(clock_now_ms(), instant));
    if (e != OK) return e;
    progress_start(&progress, "backup", "Sao lưu", "dòng", 0);
    e = backup_write(call->db, path, &options, &summary, call->err);
    progress_end(&progress);
    if (e == OK) e = link_copy(call, path);
    if (e == OK) report(call, &summary, "Đã sao lưu vào", "Saved to");
    return e;
}

static const struct option_spec backup_operands[] = {
    {"FILE", OPTION_OPERAND, true, NULL, "tệp sao lưu, chưa được có", "the file, not there yet"},
};

const struct command command_backup = {
    .name = "backup",
    .store = STORE_READS,
    .help_vi = "Sao lưu toàn bộ kho dữ liệu trong lúc mọi thứ vẫn chạy",
    .help_en = "Save the whole store while everything runs",
    .options = backup_operands,
    .option_count = ARRAY_COUNT(backup_operands),
    .run = run_backup,
};

/* ---- restore ----------------------------------------------------------------------------- */

struct restoring {
    struct call *call;
    struct progress progress;
};

static void note_restored(void *context, int64_t row_count)
{
    struct restoring *restoring = context;
    progress_at(&restoring->progress, row_count);
}

/* The clock may not be set for what turns out to be a real store. */
static err_t check_kind(struct call *call, struct db *db, struct err *err)
{
    struct str kind;
    err_t e = store_property(db, call->arena, S("kind"), &kind, err);
    return e == OK ? store_allows_clock(kind, err) : e;
}

/* The restored store says which backup it came from, and by whom; it never exists without that. */
static err_t link_restore(void *context, struct db *db, const struct backup_summary *summary,
                          struct err *err)
{
    struct restoring *restoring = context;
    struct actor actor;
    struct buf content;
    char memory[160], taken[INSTANT_TEXT_BYTES];
    err_t e = check_kind(restoring->call, db, err);
    if (e == OK) e = verification_key_ensure(db, err);
    if (e == OK) e = search_ensure(db, err);
    if (e == OK) e = find_actor(restoring->call, db, &actor, err);
    if (e != OK) return e;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "%lld tables, %lld rows, version %lld, taken %lld",
               (long long)summary->table_count, (long long)summary->row_count,
               (long long)summary->version, (long long)summary->taken_at_ms);
    struct audit_note note = {IDENTITY_EVERY_UNIT, S("store"), S("store.restore"),
                              instant_text(summary->taken_at_ms, taken), buf_str(&content)};
    return audit_append(db, &actor, &note, err);
}

static err_t run_restore(struct call *call)
{
    struct restoring restoring = {.call = call};
    struct backup_summary summary;
    struct backup_options options = {.progress = note_restored, .context = &restoring,
                                     .finish = link_restore,
                                     .replace = call_given(call, "replace")};
    struct db *db;
    const char *file = call_text(call, "FILE").p;
    if (!file_exists(file)) return file_error(call->err, file, ENOENT);
    err_t e = call_db(call, &db);
    if (e == OK && options.replace) e = call_require_maintainer(call, db);
    if (e != OK) return e;
    progress_start(&restoring.progress, "restore", "Khôi phục", "dòng", 0);
    e = backup_restore(file, db, &options, &summary, call->err);
    progress_end(&restoring.progress);
    if (e == OK) report(call, &summary, "Đã khôi phục từ", "Restored from");
    return e;
}

static const struct option_spec restore_options[] = {
    {"FILE", OPTION_OPERAND, true, NULL, "tệp do sangden backup tạo ra",
     "a file made by sangden backup"},
    {"replace", OPTION_FLAG, false, NULL, "bỏ dữ liệu hiện có trong kho",
     "give up what the store holds"},
};

const struct command command_restore = {
    .name = "restore",
    .store = STORE_FILLS,
    .help_vi = "Khôi phục kho dữ liệu trống từ tệp sao lưu",
    .help_en = "Fill an empty store from a backup",
    .options = restore_options,
    .option_count = ARRAY_COUNT(restore_options),
    .run = run_restore,
};
