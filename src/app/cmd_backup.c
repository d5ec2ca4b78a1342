/* SPDX-License-Identifier: Apache-2.0 */
/* Copies the whole store into one file that was proved, and back. */
#include "app/actor_call.h"
#include "app/progress.h"
#include "app/store_call.h"
#include "base/date.h"
#include "base/json_write.h"
#include "identity/staff.h"
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

static void report(struct call *call, const struct backup_summary *summary, const char *done_vi)
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
}

/* ---- backup ------------------------------------------------------------------------------ */

/* Not through call_db: an old schema is saved before it is upgraded. */
static err_t run_backup(struct call *call)
{
    struct progress progress;
    struct backup_summary summary;
    struct backup_options options = {.progress = note_progress, .context = &progress};
    int64_t version = 0;
    err_t e = db_open(store_target(), DB_READ, &call->db, call->err);
    if (e == OK) e = store_version(call->db, &version, call->err);
    if (e == OK && version == 0) {
        err_set(call->err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu còn trống",
                "The store is empty");
        return err_hint(call->err, "Không có gì để sao lưu; khởi tạo bằng: sangden init",
                        "There is nothing to save; set it up with: sangden init");
    }
    if (e != OK) return e;
    progress_start(&progress, "backup", "Sao lưu", "dòng", 0);
    e = backup_write(call->db, call_text(call, "FILE").p, &options, &summary, call->err);
    progress_end(&progress);
    if (e == OK) report(call, &summary, "Đã sao lưu vào");
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

/* Giving up what a store holds is for those who maintain it; an empty store belongs to nobody. */
static err_t require_maintainer(struct call *call, struct db *db)
{
    struct actor actor;
    int64_t people = 0;
    err_t e = staff_count(db, &people, call->err);
    if (e != OK || people == 0) return e;
    e = call_actor(call, &actor);
    if (e != OK) return e;
    return actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_STORE_MAINTAIN, call->err);
}

static err_t run_restore(struct call *call)
{
    struct progress progress;
    struct backup_summary summary;
    struct backup_options options = {.progress = note_progress, .context = &progress,
                                     .replace = call_given(call, "replace")};
    struct db *db;
    err_t e = call_db(call, &db);
    if (e == OK && options.replace) e = require_maintainer(call, db);
    if (e != OK) return e;
    progress_start(&progress, "restore", "Khôi phục", "dòng", 0);
    e = backup_restore(call_text(call, "FILE").p, db, &options, &summary, call->err);
    progress_end(&progress);
    if (e == OK) e = store_migrate(db, call->err);
    if (e == OK) report(call, &summary, "Đã khôi phục từ");
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
    .store = STORE_CREATES,
    .help_vi = "Khôi phục kho dữ liệu trống từ tệp sao lưu",
    .help_en = "Fill an empty store from a backup",
    .options = restore_options,
    .option_count = ARRAY_COUNT(restore_options),
    .run = run_restore,
};
