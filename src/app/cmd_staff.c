/* SPDX-License-Identifier: Apache-2.0 */
/* Staff and roles: who works here and what they may do where. */
#include "app/actor_call.h"
#include "app/table.h"
#include "app/unit_call.h"
#include "base/date.h"
#include "base/json_write.h"
#include "identity/staff.h"
#include "network/network.h"

/* The day of a change: --from, or today. */
static int32_t from_day(const struct call *call)
{
    return call_given(call, "from") ? call_day(call, "from") : today();
}

static void say(struct call *call, const char *vi, const char *en, struct str code)
{
    if (call->json) {
        struct json_writer writer;
        json_writer_init(&writer, call->out);
        json_object(&writer, JSON_ITEM);
        json_text(&writer, S("staff"), code);
        json_end(&writer);
        buf_add_char(call->out, '\n');
    } else {
        call_say(call, vi, en, code);
    }
}

/* ---- staff add ------------------------------------------------------------------------------- */

static err_t run_add(struct call *call)
{
    struct db *db;
    struct actor actor;
    int64_t staff_id;
    struct staff_entry entry = {.code = call_text(call, "CODE"), .name = call_text(call, "name"),
                                .os_user = call_text(call, "os-user"), .from_day = from_day(call)};
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = db_begin(db, call->err);
    if (e == OK) e = staff_add(db, &actor, &entry, &staff_id, call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (e == OK) say(call, "Đã thêm nhân viên", "Added", entry.code);
    return e;
}

static const struct option_spec add_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã nhân viên", "staff code"},
    {"name", OPTION_TEXT, true, "NAME", "họ và tên", "name"},
    {"os-user", OPTION_TEXT, false, "ACCOUNT", "tài khoản hệ điều hành của người này",
     "the person's account of the operating system"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "làm việc từ ngày (mặc định hôm nay)",
     "works from this day (default today)"},
};

const struct command command_staff_add = {
    .name = "staff add",
    .store = STORE_WRITES,
    .help_vi = "Thêm nhân viên (chưa có vai trò nào)",
    .help_en = "Add a staff member, who has no roles yet",
    .options = add_options,
    .option_count = ARRAY_COUNT(add_options),
    .run = run_add,
};

/* ---- staff leave ----------------------------------------------------------------------------- */

static err_t run_leave(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct str code = call_text(call, "CODE");
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = db_begin(db, call->err);
    if (e == OK) e = staff_leave(db, &actor, code, from_day(call), call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (e == OK) say(call, "Đã ghi nhận nghỉ việc", "Left", code);
    return e;
}

static const struct option_spec leave_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã nhân viên", "staff code"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "nghỉ từ ngày (mặc định hôm nay)",
     "no longer works from this day (default today)"},
};

const struct command command_staff_leave = {
    .name = "staff leave",
    .store = STORE_WRITES,
    .help_vi = "Ghi nhận nhân viên nghỉ việc",
    .help_en = "Record that a staff member leaves",
    .options = leave_options,
    .option_count = ARRAY_COUNT(leave_options),
    .run = run_leave,
};

/* ---- staff role ------------------------------------------------------------------------------ */

static err_t refuse_role(struct call *call, struct str word)
{
    char place[ERR_HINT_BYTES];
    struct buf known;
    buf_init_fixed(&known, place, sizeof place);
    for (enum role role = 0; role < ROLE_COUNT; role++)
        buf_printf(&known, "%s%s", role > 0 ? ", " : "", role_name(role));
    err_set(call->err, E_USAGE, NULL, "Không có vai trò “%.*s”", "There is no role “%.*s”",
            STR_ARG(word));
    return err_hint(call->err, "Các vai trò: %s", "The roles: %s", known.p);
}

/* --unit, --organisation, or neither: every unit. */
static err_t read_scope(struct call *call, struct db *db, struct role_change *out)
{
    bool unit = call_given(call, "unit"), organisation = call_given(call, "organisation");
    if (unit && organisation) {
        err_set(call->err, E_USAGE, NULL, "Chỉ ghi một trong hai: --unit hoặc --organisation",
                "Give --unit or --organisation, not both");
        return err_hint(call->err, "Giao từng vai trò một", "Give one role at a time");
    }
    if (unit) return call_unit(call, call_text(call, "unit"), &out->unit_id);
    if (!organisation) return OK;
    struct str code = call_text(call, "organisation");
    err_t e = organisation_find(db, code, &out->organisation_id, call->err);
    if (e != OK || out->organisation_id != 0) return e;
    err_set(call->err, E_NOT_FOUND, "organisation", "Không có tổ chức %.*s",
            "There is no organisation %.*s", STR_ARG(code));
    return err_hint(call->err, "Nhập cây tổ chức bằng: sangden import units TỆP",
                    "Import the tree with: sangden import units FILE");
}

static err_t run_role(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct str word = call_text(call, "ROLE");
    struct role_change change = {.code = call_text(call, "CODE"), .from_day = from_day(call),
                                 .ends = call_given(call, "end")};
    if (!role_parse(word, &change.role)) return refuse_role(call, word);
    err_t e = call_db(call, &db);
    if (e == OK) e = read_scope(call, db, &change);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = db_begin(db, call->err);
    if (e == OK) e = staff_change_role(db, &actor, &change, call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (e == OK && change.ends) say(call, "Đã thu hồi vai trò", "Role taken back", change.code);
    else if (e == OK) say(call, "Đã giao vai trò", "Role given", change.code);
    return e;
}

static const struct option_spec role_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã nhân viên", "staff code"},
    {"ROLE", OPTION_OPERAND, true, NULL, "vai trò, ví dụ billing_clerk",
     "role, for example billing_clerk"},
    {"unit", OPTION_TEXT, false, "UNIT", "tại đơn vị này (mặc định mọi đơn vị)",
     "at this unit (default every unit)"},
    {"organisation", OPTION_TEXT, false, "ORGANISATION", "tại mọi đơn vị thuộc tổ chức này",
     "at every unit below this organisation"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "từ ngày (mặc định hôm nay)",
     "from this day (default today)"},
    {"end", OPTION_FLAG, false, NULL, "thu hồi thay vì giao", "end the role instead"},
};

const struct command command_staff_role = {
    .name = "staff role",
    .store = STORE_WRITES,
    .help_vi = "Giao hoặc thu hồi vai trò của nhân viên",
    .help_en = "Give or end a role of a staff member",
    .options = role_options,
    .option_count = ARRAY_COUNT(role_options),
    .run = run_role,
};

/* ---- staff list ------------------------------------------------------------------------------ */

/* Where a role holds; nothing is said of roles at every unit. */
static void add_scope(struct buf *out, const struct staff_role *role)
{
    if (role->organisation_id != 0)
        buf_printf(out, " (tổ chức %lld)", (long long)role->organisation_id);
    else if (role->unit_id != IDENTITY_EVERY_UNIT)
        buf_printf(out, " (đơn vị %lld)", (long long)role->unit_id);
}

static err_t list_text(struct call *call, const struct staff_member *members, size_t count)
{
    static const struct table_column columns[] = {{"Mã", ALIGN_LEFT},
                                                  {"Họ và tên", ALIGN_LEFT},
                                                  {"Tài khoản", ALIGN_LEFT},
                                                  {"Từ ngày", ALIGN_LEFT},
                                                  {"Vai trò", ALIGN_LEFT}};
    struct table table;
    struct buf roles;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    buf_init(&roles, 4096);
    for (size_t i = 0; i < count; i++) {
        const struct staff_member *member = &members[i];
        buf_reset(&roles);
        for (size_t j = 0; j < member->role_count; j++) {
            buf_printf(&roles, "%s%s", j > 0 ? ", " : "", role_name(member->roles[j].role));
            add_scope(&roles, &member->roles[j]);
        }
        table_text(&table, member->code);
        table_text(&table, member->name);
        table_text(&table, member->os_user);
        table_day(&table, member->from_day);
        table_text(&table, buf_str(&roles));
    }
    buf_release(&roles);
    return table_print(&table, call->out, call->err);
}

static void list_json(struct call *call, const struct staff_member *members, size_t count)
{
    struct json_writer writer;
    json_writer_init(&writer, call->out);
    json_array(&writer, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        const struct staff_member *member = &members[i];
        json_object(&writer, JSON_ITEM);
        json_text(&writer, S("code"), member->code);
        json_text(&writer, S("name"), member->name);
        json_text(&writer, S("os_user"), member->os_user);
        json_day(&writer, S("from"), member->from_day);
        json_array(&writer, S("roles"));
        for (size_t j = 0; j < member->role_count; j++) {
            json_object(&writer, JSON_ITEM);
            json_text(&writer, S("role"), str_of(role_name(member->roles[j].role)));
            if (member->roles[j].organisation_id != 0)
                json_i64(&writer, S("organisation_id"), member->roles[j].organisation_id);
            else json_i64(&writer, S("unit_id"), member->roles[j].unit_id);
            json_day(&writer, S("from"), member->roles[j].from_day);
            json_end(&writer);
        }
        json_end(&writer);
        json_end(&writer);
    }
    json_end(&writer);
    buf_add_char(call->out, '\n');
}

static err_t run_list(struct call *call)
{
    struct db *db;
    struct staff_member *members;
    size_t count;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = call_db(call, &db);
    if (e == OK) e = staff_list(db, call->arena, day, &members, &count, call->err);
    if (e != OK) return e;
    if (!call->json) return list_text(call, members, count);
    list_json(call, members, count);
    return OK;
}

static const struct option_spec list_options[] = {
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "vào ngày (mặc định hôm nay)",
     "on this day (default today)"},
};

const struct command command_staff_list = {
    .name = "staff list",
    .store = STORE_READS,
    .help_vi = "Danh sách nhân viên đang làm việc và vai trò",
    .help_en = "Active staff and their roles",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
