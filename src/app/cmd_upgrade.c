/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the schema of a store that exists up to this program. */
#include "app/actor_call.h"
#include "app/store_call.h"
#include "base/json_write.h"
#include "store/store.h"

static err_t report(struct call *call, int64_t before, int64_t after)
{
    if (call->json) {
        struct json_writer writer;
        json_writer_init(&writer, call->out);
        json_object(&writer, JSON_ITEM);
        json_i64(&writer, S("from"), before);
        json_i64(&writer, S("to"), after);
        json_end(&writer);
        buf_add_char(call->out, '\n');
    } else if (before == after) {
        buf_printf(call->out, "Kho dữ liệu đã ở phiên bản %lld.\n", (long long)after);
    } else {
        buf_printf(call->out, "Đã nâng cấp kho dữ liệu từ phiên bản %lld lên %lld.\n",
                   (long long)before, (long long)after);
    }
    return OK;
}

static err_t refuse_empty(struct call *call)
{
    err_set(call->err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu còn trống", "The store is empty");
    return err_hint(call->err, "Khởi tạo bằng: sangden init", "Set it up with: sangden init");
}

/* Not through call_db, which would refuse the old schema. */
static err_t run(struct call *call)
{
    int64_t before = 0, after = 0;
    err_t e = db_open(store_target(), DB_WRITE, &call->db, call->err);
    if (e == OK) e = store_version(call->db, &before, call->err);
    if (e == OK && before == 0) e = refuse_empty(call);
    if (e == OK) e = call_require_maintainer(call, call->db);
    if (e == OK) e = store_migrate(call->db, call->err);
    if (e == OK) e = store_version(call->db, &after, call->err);
    return e == OK ? report(call, before, after) : e;
}

const struct command command_upgrade = {
    .name = "upgrade",
    .store = STORE_WRITES,
    .help_vi = "Nâng cấp kho dữ liệu theo phiên bản chương trình",
    .help_en = "Bring the store up to this version of the program",
    .run = run,
};
