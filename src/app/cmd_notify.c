/* SPDX-License-Identifier: Apache-2.0 */
/* Delivers what waits in the outbox. */
#include "app/actor_call.h"
#include "app/notice_call.h"

enum { AT_ONCE = 1000 };

static err_t refuse_none(struct call *call)
{
    err_set(call->err, E_STATE, "folder", "Chưa cấu hình nơi gửi thông báo",
            "Where notices go is not configured");
    return err_hint(call->err, "Ghi --folder, hoặc đặt SANGDEN_NOTICE_FOLDER; xem docs/notices.md",
                    "Give --folder, or set SANGDEN_NOTICE_FOLDER; see docs/notices.md");
}

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct delivery_counts n;
    struct notice_channels channels;
    err_t e = call_notice_channels(call, call_text(call, "folder"), &channels);
    if (e == OK && channels.count == 0) return refuse_none(call);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_STORE_MAINTAIN, call->err);
    if (e == OK)
        e = notify_deliver(db, call->arena, channels.list, channels.count, AT_ONCE, &n, call->err);
    if (e != OK) return e;
    if (call->json)
        buf_printf(
            call->out, "{\"delivered\":%lld,\"later\":%lld,\"failed\":%lld,\"expired\":%lld}\n",
            (long long)n.delivered, (long long)n.later, (long long)n.failed, (long long)n.expired);
    else
        buf_printf(call->out,
                   "Đã gửi %lld, gửi lại sau %lld, không gửi được %lld, quá hạn %lld\n"
                   "  Delivered %lld, later %lld, failed %lld, expired %lld\n",
                   (long long)n.delivered, (long long)n.later, (long long)n.failed,
                   (long long)n.expired, (long long)n.delivered, (long long)n.later,
                   (long long)n.failed, (long long)n.expired);
    return OK;
}

static const struct option_spec options[] = {
    {"folder", OPTION_TEXT, false, "FOLDER",
     "thư mục nhận mỗi thông báo một tệp, thay cho các kênh đã cấu hình",
     "a folder that takes each notice as a file, instead of the configured channels"},
};

const struct command command_notify_deliver = {
    .name = "notify deliver",
    .store = STORE_WRITES,
    .help_vi = "Gửi các thông báo đang chờ qua các kênh đã cấu hình, hoặc vào một thư mục",
    .help_en = "Deliver waiting notices by the configured channels, or into a folder",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
