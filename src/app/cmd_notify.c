/* SPDX-License-Identifier: Apache-2.0 */
/* Delivers what waits in the outbox. */
#include "app/actor_call.h"
#include "notify/notify.h"

enum { AT_ONCE = 1000 };

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct delivery_counts n;
    struct str folder = call_text(call, "folder");
    void *path = (void *)(uintptr_t)folder.p;
    struct notice_channel channels[] = {{S("phone"), notice_to_folder, path},
                                        {S("email"), notice_to_folder, path}};
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_STORE_MAINTAIN, call->err);
    if (e == OK)
        e = notify_deliver(db, call->arena, channels, ARRAY_COUNT(channels), AT_ONCE, &n,
                           call->err);
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
    {"folder", OPTION_TEXT, true, "FOLDER", "thư mục nhận mỗi thông báo một tệp",
     "the folder that takes each notice as a file"},
};

const struct command command_notify_deliver = {
    .name = "notify deliver",
    .store = STORE_WRITES,
    .help_vi = "Gửi các thông báo đang chờ, mỗi thông báo một tệp trong thư mục",
    .help_en = "Deliver waiting notices, each as a file of a folder",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
