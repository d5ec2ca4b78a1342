/* SPDX-License-Identifier: Apache-2.0 */
/* Asks every invariant of checks.def and says which hold. */
#include "app/check_list.h"
#include "app/command.h"
#include "base/integer.h"
#include "base/json_write.h"

/* "12 / 40 (30 %)"; nothing when the check has no share. */
static void report_share(struct call *call, const struct check *check,
                         const struct check_findings *findings)
{
    if (check->share_sql == NULL) return;
    int64_t percent = findings->whole == 0
                          ? 0
                          : div_half_up(findings->part * 100, findings->whole);
    buf_printf(call->out, "           %s: %lld / %lld (%lld %%)\n           %s\n", check->share_vi,
               (long long)findings->part, (long long)findings->whole, (long long)percent,
               check->share_en);
}

static void report_text(struct call *call, const struct check *check,
                        const struct check_findings *findings)
{
    if (findings->count == 0) {
        buf_printf(call->out, "đạt        %s: %s\n  holds    %s\n", check->name, check->vi,
                   check->en);
        report_share(call, check, findings);
        return;
    }
    buf_printf(call->out, "KHÔNG ĐẠT  %s: %s (%lld)\n  FAILS    %s\n", check->name, check->vi,
               (long long)findings->count, check->en);
    int64_t shown = findings->count < CHECK_SHOWN_MAX ? findings->count : CHECK_SHOWN_MAX;
    for (int64_t i = 0; i < shown; i++)
        buf_printf(call->out, "           - %.*s\n", STR_ARG(findings->shown[i]));
    if (findings->count > shown)
        buf_printf(call->out, "           … và %lld nữa | and %lld more\n",
                   (long long)(findings->count - shown), (long long)(findings->count - shown));
    report_share(call, check, findings);
}

static void report_json(struct json_writer *writer, const struct check *check,
                        const struct check_findings *findings)
{
    json_object(writer, JSON_ITEM);
    json_text(writer, S("check"), str_of(check->name));
    json_bool(writer, S("holds"), findings->count == 0);
    json_i64(writer, S("count"), findings->count);
    json_array(writer, S("first"));
    for (int64_t i = 0; i < findings->count && i < CHECK_SHOWN_MAX; i++)
        json_text(writer, JSON_ITEM, findings->shown[i]);
    json_end(writer);
    if (check->share_sql != NULL) {
        json_object(writer, S("share"));
        json_i64(writer, S("part"), findings->part);
        json_i64(writer, S("whole"), findings->whole);
        json_text(writer, S("text_vi"), str_of(check->share_vi));
        json_text(writer, S("text_en"), str_of(check->share_en));
        json_end(writer);
    }
    json_text(writer, S("text_vi"), str_of(check->vi));
    json_text(writer, S("text_en"), str_of(check->en));
    json_end(writer);
}

static err_t ask_all(struct call *call, struct db *db, struct json_writer *writer,
                     size_t *out_failed)
{
    size_t failed = 0;
    for (size_t i = 0; i < check_list.count; i++) {
        struct check_findings findings = {.arena = call->arena};
        err_t e = check_run(db, check_list.check[i], &findings, call->err);
        if (e != OK) return e;
        failed += findings.count > 0;
        if (call->json) report_json(writer, check_list.check[i], &findings);
        else report_text(call, check_list.check[i], &findings);
    }
    *out_failed = failed;
    return OK;
}

static err_t run(struct call *call)
{
    struct db *db;
    struct json_writer writer;
    size_t failed = 0;
    err_t e = call_db(call, &db);
    if (e == OK) e = db_begin_read(db, call->err);
    if (e != OK) return e;
    json_writer_init(&writer, call->out);
    if (call->json) json_array(&writer, JSON_ITEM);
    e = ask_all(call, db, &writer, &failed);
    db_rollback(db);
    if (e != OK) {
        buf_reset(call->out);
        return e;
    }
    if (call->json) {
        json_end(&writer);
        buf_add_char(call->out, '\n');
    }
    if (failed == 0) return OK;
    err_set(call->err, E_CHECK, NULL, "%zu điều kiện không đạt trong %zu điều kiện",
            "%zu of %zu invariants do not hold", failed, check_list.count);
    return err_hint(call->err,
                    "Không sửa tay trong cơ sở dữ liệu; phục hồi từ bản sao lưu hoặc ghi bản ghi "
                    "sửa sai, theo từng mục ở trên",
                    "Do not edit the database; restore a backup or record a correction for each "
                    "item above");
}

const struct command command_check = {
    .name = "check",
    .store = STORE_READS,
    .help_vi = "Kiểm tra mọi điều kiện bất biến của kho dữ liệu",
    .help_en = "Check all invariants of the store",
    .run = run,
};
