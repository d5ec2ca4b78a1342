/* SPDX-License-Identifier: Apache-2.0 */
/* Makes a store: schema, kind, and the first person. */
#include "app/actor_call.h"
#include "app/store_call.h"
#include "base/date.h"
#include "base/json_write.h"
#include "document/verification.h"
#include "identity/staff.h"

static err_t read_kind(struct call *call, struct str *out)
{
    static const struct str kinds[] = {S_INIT("real"), S_INIT("demonstration"), S_INIT("test")};
    struct str kind = call_given(call, "kind") ? call_text(call, "kind") : kinds[0];
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        if (!str_equal(kind, kinds[i])) continue;
        *out = kind;
        return OK;
    }
    err_set(call->err, E_USAGE, NULL, "Loại kho dữ liệu không đúng: “%.*s”",
            "The kind of store is wrong: “%.*s”", STR_ARG(kind));
    return err_hint(call->err, "Chọn real, demonstration hoặc test",
                    "Choose real, demonstration or test");
}

/* Tests and demonstrations live in years of their own, set by SANGDEN_NOW; their first person has
 * been there from the beginning. */
static int32_t founding_day(struct str kind)
{
    return str_equal(kind, S("real")) ? today() : day_from_civil(2000, 1, 1);
}

/* Without --as the first person is called like the account of the operating system. */
static err_t found(struct call *call, struct db *db, struct str kind)
{
    struct str os_user = os_user_name(call->arena);
    struct str code = call->as != NULL ? str_of(call->as) : os_user;
    struct str name = call_given(call, "name") ? call_text(call, "name") : code;
    int64_t staff_id;
    err_t e = db_begin(db, call->err);
    if (e == OK) e = store_property_set(db, S("kind"), kind, call->err);
    if (e == OK) e = verification_key_ensure(db, call->err);
    if (e == OK) e = staff_found(db, code, name, os_user, founding_day(kind), &staff_id, call->err);
    return e == OK ? db_commit(db, call->err) : e;
}

static void report(struct call *call, struct db *db, struct str kind, struct str code, bool made)
{
    struct str place = db_target_public(db);
    if (call->json) {
        struct json_writer writer;
        json_writer_init(&writer, call->out);
        json_object(&writer, JSON_ITEM);
        json_text(&writer, S("store"), place);
        json_text(&writer, S("kind"), kind);
        json_text(&writer, S("administrator"), code);
        json_bool(&writer, S("made"), made);
        json_end(&writer);
        buf_add_char(call->out, '\n');
    } else if (made) {
        buf_printf(call->out,
                   "Đã khởi tạo kho dữ liệu %.*s (%.*s); quản trị: %.*s\n"
                   "  The store is set up; its administrator: %.*s\n",
                   STR_ARG(place), STR_ARG(kind), STR_ARG(code), STR_ARG(code));
    } else {
        buf_printf(call->out,
                   "Kho dữ liệu %.*s đã có (%.*s); người thực hiện: %.*s\n"
                   "  The store is there already; who acts: %.*s\n",
                   STR_ARG(place), STR_ARG(kind), STR_ARG(code), STR_ARG(code));
    }
}

/* A second init by somebody who belongs there already changes nothing and says so. */
static err_t again(struct call *call, struct db *db)
{
    struct actor actor;
    struct str kind;
    err_t e = call_actor(call, &actor);
    if (e == OK) e = store_property(db, call->arena, S("kind"), &kind, call->err);
    if (e != OK) return e;
    if (call_given(call, "kind") && !str_equal(kind, call_text(call, "kind"))) {
        err_set(call->err, E_STATE, NULL, "Kho dữ liệu đã có, loại %.*s",
                "The store exists and is of kind %.*s", STR_ARG(kind));
        return err_hint(call->err, "Loại của kho dữ liệu không đổi được; chọn kho khác",
                        "The kind of a store never changes; choose another store");
    }
    report(call, db, kind, actor.code, false);
    return OK;
}

static err_t run(struct call *call)
{
    struct db *db;
    struct str kind;
    int64_t count = 0;
    err_t e = read_kind(call, &kind);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = staff_count(db, &count, call->err);
    if (e != OK) return e;
    if (count > 0) return again(call, db);
    e = store_allows_clock(kind, call->err);
    if (e == OK) e = found(call, db, kind);
    struct actor actor;
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) report(call, db, kind, actor.code, true);
    return e;
}

static const struct option_spec options[] = {
    {"name", OPTION_TEXT, false, "NAME", "họ tên người đầu tiên (mã của người đó: --as)",
     "name of the first person (whose code is --as)"},
    {"kind", OPTION_TEXT, false, "KIND", "real (mặc định), demonstration hoặc test",
     "real (default), demonstration or test"},
};

const struct command command_init = {
    .name = "init",
    .store = STORE_CREATES,
    .help_vi = "Khởi tạo kho dữ liệu và người quản trị đầu tiên",
    .help_en = "Set up a store and its first administrator",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
