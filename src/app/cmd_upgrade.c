/* SPDX-License-Identifier: Apache-2.0 */
/* Brings the schema of a store that exists up to this program. */
#include "app/actor_call.h"
#include "app/store_call.h"
#include "base/json_write.h"
#include "document/verification.h"
#include "identity/audit.h"
#include "identity/staff.h"
#include "registry/search_fill.h"
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
        buf_printf(call->out,
                   "Kho dữ liệu đã ở phiên bản %lld.\n  The store is at version %lld already.\n",
                   (long long)after, (long long)after);
    } else {
        buf_printf(call->out,
                   "Đã nâng cấp kho dữ liệu từ phiên bản %lld lên %lld.\n"
                   "  The store was upgraded from version %lld to %lld.\n",
                   (long long)before, (long long)after, (long long)before, (long long)after);
    }
    return OK;
}

static err_t refuse_empty(struct call *call)
{
    err_set(call->err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu còn trống", "The store is empty");
    return err_hint(call->err, "Khởi tạo bằng: sangden init", "Set it up with: sangden init");
}

struct upgrading {
    struct call *call;
    int64_t before;
};

/* Part of the upgrade are what only the program can fill, and who upgraded. A store so old that it
 * knew nobody has nobody to name. */
static err_t finish_upgrade(void *context, struct db *db, struct err *err)
{
    const struct upgrading *upgrading = context;
    struct call *call = upgrading->call;
    struct str os_user = os_user_name(call->arena);
    struct actor actor = {.os_user = os_user, .day = today()};
    struct buf versions;
    char memory[64];
    int64_t people = 0;
    buf_init_fixed(&versions, memory, sizeof memory);
    buf_printf(&versions, "%lld to %lld", (long long)upgrading->before,
               (long long)store_version_of_program());
    struct audit_note note = {IDENTITY_EVERY_UNIT, S("store"), S("store.upgrade"),
                              buf_str(&versions), buf_str(&versions)};
    err_t e = search_ensure(db, err);
    if (e == OK) e = staff_count(db, &people, err);
    if (e == OK && people > 0)
        e = actor_resolve(db, call->arena, str_of(call->as), os_user, actor.day, &actor, err);
    return e == OK ? audit_append(db, &actor, &note, err) : e;
}

/* A store from before there were codes gets its key. */
static err_t make_key(struct db *db, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK) e = verification_key_ensure(db, err);
    if (e == OK) return db_commit(db, err);
    db_rollback(db);
    return e;
}

/* Not through call_db, which would refuse the old schema. */
static err_t run(struct call *call)
{
    struct upgrading upgrading = {.call = call};
    int64_t after = 0;
    err_t e = db_open(store_target(), DB_WRITE, &call->db, call->err);
    if (e == OK) e = store_version(call->db, &upgrading.before, call->err);
    if (e == OK && upgrading.before == 0) e = refuse_empty(call);
    if (e == OK) e = store_check_mark(call, call->db);
    if (e == OK) e = call_require_maintainer(call, call->db);
    if (e == OK) e = store_upgrade(call->db, finish_upgrade, &upgrading, call->err);
    if (e == OK) e = make_key(call->db, call->err);
    if (e == OK) e = store_version(call->db, &after, call->err);
    return e == OK ? report(call, upgrading.before, after) : e;
}

const struct command command_upgrade = {
    .name = "upgrade",
    .store = STORE_WRITES,
    .help_vi = "Nâng cấp kho dữ liệu theo phiên bản chương trình",
    .help_en = "Bring the store up to this version of the program",
    .run = run,
};
