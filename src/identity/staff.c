/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of staff and roles. */
#include "identity/staff.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/text.h"
#include "identity/audit.h"
#include "identity/identity_int.h"
#include "identity/session.h"
#include "store/fact.h"

enum { NAME_MAX_CHARACTERS = 120, NOTE_MAX_BYTES = 1024 };

/* ---- what is written ------------------------------------------------------------------------- */

static err_t staff_fact_append(struct db *db, int64_t actor_id, int64_t staff_id, struct str kind,
                               int32_t from_day, bool ends, struct str value, struct err *err)
{
    static const struct fact_table table = {"staff_fact", "staff_id,kind"};
    struct fact_stamp stamp;
    char from[DATE_TEXT_BYTES];
    err_t e = fact_next(db, &table, IDENTITY_EVERY_UNIT, ARGS(v_i64(staff_id), v_text(kind)),
                        from_day, &stamp, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO staff_fact (unit_id, staff_id, kind, valid_from, entry_no, state, "
                  "recorded_at, actor_id, value_text) VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8)",
                  ARGS(v_i64(staff_id), v_text(kind), v_day(from_day, from),
                       v_i64(stamp.entry_no), v_text(ends ? S("end") : S("set")),
                       v_i64(stamp.recorded_at_ms), v_i64(actor_id), v_text_or_null(value)),
                  NULL, err);
}

static err_t organisation_role_append(struct db *db, int64_t actor_id, int64_t staff_id,
                                      const struct role_change *change, struct err *err)
{
    static const struct fact_table table = {"organisation_role_fact",
                                            "staff_id,role,organisation_id"};
    struct fact_stamp stamp;
    char from[DATE_TEXT_BYTES];
    struct value role = v_text(str_of(role_name(change->role)));
    struct value organisation = v_i64(change->organisation_id);
    err_t e = fact_next(db, &table, IDENTITY_EVERY_UNIT,
                        ARGS(v_i64(staff_id), role, organisation), change->from_day, &stamp, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO organisation_role_fact (unit_id, staff_id, role, organisation_id, "
                  "valid_from, entry_no, state, recorded_at, actor_id) "
                  "VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8)",
                  ARGS(v_i64(staff_id), role, organisation, v_day(change->from_day, from),
                       v_i64(stamp.entry_no), v_text(change->ends ? S("end") : S("set")),
                       v_i64(stamp.recorded_at_ms), v_i64(actor_id)),
                  NULL, err);
}

static err_t role_append(struct db *db, int64_t actor_id, int64_t staff_id,
                         const struct role_change *change, struct err *err)
{
    static const struct fact_table table = {"staff_role_fact", "staff_id,role"};
    struct fact_stamp stamp;
    char from[DATE_TEXT_BYTES];
    struct value role = v_text(str_of(role_name(change->role)));
    if (change->organisation_id != 0)
        return organisation_role_append(db, actor_id, staff_id, change, err);
    err_t e = fact_next(db, &table, change->unit_id, ARGS(v_i64(staff_id), role),
                        change->from_day, &stamp, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO staff_role_fact (unit_id, staff_id, role, valid_from, entry_no, "
                  "state, recorded_at, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  ARGS(v_i64(change->unit_id), v_i64(staff_id), role,
                       v_day(change->from_day, from), v_i64(stamp.entry_no),
                       v_text(change->ends ? S("end") : S("set")), v_i64(stamp.recorded_at_ms),
                       v_i64(actor_id)),
                  NULL, err);
}

static err_t note(struct db *db, const struct actor *actor, int64_t unit_id, const char *action,
                  struct str code, const struct buf *content, struct err *err)
{
    struct audit_note link = {.unit_id = unit_id, .stream = S("identity"),
                              .action = str_of(action), .subject = code,
                              .content = buf_str(content)};
    return audit_append(db, actor, &link, err);
}

/* ---- what is checked ------------------------------------------------------------------------- */

static bool is_code(struct str code)
{
    if (code.n == 0 || code.n > STAFF_CODE_MAX_BYTES) return false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (i == 0 || (c != '.' && c != '_' && c != '-'))) return false;
    }
    return true;
}

static err_t check_entry(struct str code, struct str name, struct err *err)
{
    if (!is_code(code)) {
        err_set(err, E_INPUT, "code", "Mã nhân viên không hợp lệ: “%.*s”",
                "The staff code is not valid: “%.*s”", STR_ARG(code));
        return err_hint(err, "Từ 1 đến %d ký tự A-Z a-z 0-9 . _ -, bắt đầu bằng chữ hoặc số",
                        "1 to %d characters of A-Z a-z 0-9 . _ -, a letter or digit first",
                        STAFF_CODE_MAX_BYTES);
    }
    size_t bad;
    bool good = str_is_utf8(name, &bad) && str_trim(name).n > 0 &&
                str_length(name) <= NAME_MAX_CHARACTERS;
    for (size_t i = 0; i < name.n && good; i++) good = (unsigned char)name.p[i] >= ' ';
    if (good) return OK;
    err_set(err, E_INPUT, "name", "Họ tên bị trống hoặc không hợp lệ",
            "The name is empty or not valid");
    return err_hint(err, "Ghi họ và tên, nhiều nhất %d ký tự",
                    "Give a name of at most %d characters", NAME_MAX_CHARACTERS);
}

/* An account of the operating system names one active person. */
static err_t check_os_user(struct db *db, struct str os_user, int32_t day, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    int64_t mapped = 0;
    if (os_user.n == 0) return OK;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM staff_asof u JOIN staff_asof a ON a.unit_id = 0 "
                         "AND a.staff_id = u.staff_id AND a.kind = 'active' WHERE u.unit_id = 0 "
                         "AND u.kind = 'os_user' AND u.value_text = $1 AND" HOLDS("u", "$2")
                         "AND" HOLDS("a", "$2"),
                         ARGS(v_text(os_user), v_day(day, on)), &mapped, err);
    if (e != OK || mapped == 0) return e;
    err_set(err, E_CONFLICT, "os-user", "Tài khoản “%.*s” đã gắn với nhân viên khác",
            "The account “%.*s” belongs to another staff member", STR_ARG(os_user));
    return err_hint(err, "Mỗi tài khoản chỉ gắn với một người đang làm việc",
                    "An account belongs to one active person");
}

/* How many people other than staff_id are active administrators of every unit on the day. */
static err_t other_administrators(struct db *db, int64_t staff_id, int32_t day, int64_t *out,
                                  struct err *err)
{
    char on[DATE_TEXT_BYTES];
    return db_get_i64(db,
                      "SELECT count(*) FROM staff_role_asof r JOIN staff_asof a ON a.unit_id = 0 "
                      "AND a.staff_id = r.staff_id AND a.kind = 'active' WHERE r.unit_id = 0 "
                      "AND r.role = 'administrator' AND r.staff_id <> $1 AND" HOLDS("r", "$2")
                      "AND" HOLDS("a", "$2"),
                      ARGS(v_i64(staff_id), v_day(day, on)), out, err);
}

static err_t keep_an_administrator(struct db *db, int64_t staff_id, int32_t day, struct err *err)
{
    int64_t others = 0;
    err_t e = other_administrators(db, staff_id, day, &others, err);
    if (e != OK || others > 0) return e;
    err_set(err, E_STATE, NULL, "Đây là quản trị hệ thống cuối cùng",
            "This is the last administrator");
    return err_hint(err, "Giao vai trò administrator ở mọi đơn vị cho người khác trước",
                    "Give the role administrator at every unit to somebody else first");
}

static err_t holds_now(struct db *db, int64_t staff_id, const struct role_change *change,
                       bool *out, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    int64_t count = 0;
    int64_t unit_id = change->organisation_id != 0 ? -1 : change->unit_id;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM " STAFF_SCOPE " r WHERE r.unit_id = $1 "
                         "AND r.organisation_id = $2 AND r.staff_id = $3 AND r.role = $4 "
                         "AND" HOLDS("r", "$5"),
                         ARGS(v_i64(unit_id), v_i64(change->organisation_id), v_i64(staff_id),
                              v_text(str_of(role_name(change->role))),
                              v_day(change->from_day, on)),
                         &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

/* ---- the changes ----------------------------------------------------------------------------- */

static err_t insert_person(struct db *db, int64_t actor_id, const struct staff_entry *entry,
                           int64_t staff_id, struct err *err)
{
    struct arena arena;
    struct str name;
    arena_init(&arena, 64 * 1024);
    err_t e = text_nfc(&arena, str_trim(entry->name), &name, err);
    if (e == OK)
        e = db_run(db, "INSERT INTO staff (staff_id, code, created_at) VALUES ($1, $2, $3)",
                   ARGS(v_i64(staff_id), v_text(entry->code), v_i64(clock_now_ms())), NULL, err);
    if (e == OK)
        e = staff_fact_append(db, actor_id, staff_id, S("name"), entry->from_day, false, name, err);
    if (e == OK)
        e = staff_fact_append(db, actor_id, staff_id, S("active"), entry->from_day, false, S(""),
                              err);
    if (e == OK && entry->os_user.n > 0)
        e = staff_fact_append(db, actor_id, staff_id, S("os_user"), entry->from_day, false,
                              entry->os_user, err);
    arena_release(&arena);
    return e;
}

static void describe_person(const struct staff_entry *entry, struct buf *out)
{
    char from[DATE_TEXT_BYTES];
    buf_printf(out, "code=%.*s name=%.*s os_user=%.*s from=%.*s", STR_ARG(entry->code),
               STR_ARG(entry->name), STR_ARG(entry->os_user),
               STR_ARG(day_text(entry->from_day, from)));
}

static err_t refuse_code(struct str code, struct err *err)
{
    err_set(err, E_CONFLICT, "code", "Mã nhân viên %.*s đã có", "The staff code %.*s exists",
            STR_ARG(code));
    return err_hint(err, "Chọn mã khác; mã cũ không dùng lại cho người khác",
                    "Choose another; a code is never given to a second person");
}

err_t staff_add(struct db *db, const struct actor *actor, const struct staff_entry *entry,
                int64_t *out_staff_id, struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t staff_id = 0, taken = 0;
    err_t e = actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE, err);
    if (e == OK) e = check_entry(entry->code, entry->name, err);
    if (e == OK) e = check_os_user(db, entry->os_user, entry->from_day, err);
    if (e == OK)
        e = db_get_i64(db, "SELECT count(*) FROM staff WHERE code = $1",
                       ARGS(v_text(entry->code)), &taken, err);
    if (e == OK && taken > 0) e = refuse_code(entry->code, err);
    if (e == OK) e = store_take_numbers(db, IDENTITY_EVERY_UNIT, S("staff"), 1, &staff_id, err);
    if (e == OK) e = insert_person(db, actor->staff_id, entry, staff_id, err);
    if (e != OK) return e;
    char place[NOTE_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, place, sizeof place);
    describe_person(entry, &content);
    e = note(db, actor, IDENTITY_EVERY_UNIT, "staff.add", entry->code, &content, err);
    if (e == OK) *out_staff_id = staff_id;
    return e;
}

static err_t every_role(struct db *db, int64_t staff_id, int32_t day, struct err *err)
{
    err_t e = OK;
    for (enum role role = 0; role < ROLE_COUNT && e == OK; role++) {
        struct role_change change = {.role = role, .unit_id = IDENTITY_EVERY_UNIT,
                                     .from_day = day};
        e = role_append(db, staff_id, staff_id, &change, err);
    }
    return e;
}

err_t staff_found(struct db *db, struct str code, struct str name, struct str os_user, int32_t day,
                  int64_t *out_staff_id, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct staff_entry entry = {.code = code, .name = name, .os_user = os_user, .from_day = day};
    int64_t staff_id = 0, count = 0;
    err_t e = staff_count(db, &count, err);
    if (e != OK) return e;
    if (count > 0) {
        err_set(err, E_STATE, NULL, "Kho dữ liệu đã có nhân viên", "The store has staff already");
        return err_hint(err, "Thêm người bằng: sangden staff add",
                        "Add people with: sangden staff add");
    }
    e = check_entry(code, name, err);
    if (e == OK) e = store_take_numbers(db, IDENTITY_EVERY_UNIT, S("staff"), 1, &staff_id, err);
    if (e == OK) e = insert_person(db, staff_id, &entry, staff_id, err);
    if (e == OK) e = every_role(db, staff_id, day, err);
    if (e != OK) return e;
    char place[NOTE_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, place, sizeof place);
    describe_person(&entry, &content);
    struct actor self = {.staff_id = staff_id, .code = code, .os_user = os_user, .day = day};
    e = note(db, &self, IDENTITY_EVERY_UNIT, "staff.found", code, &content, err);
    if (e == OK) *out_staff_id = staff_id;
    return e;
}

err_t staff_leave(struct db *db, const struct actor *actor, struct str code, int32_t day,
                  struct err *err)
{
    ASSERT(db_in_transaction(db));
    char on[DATE_TEXT_BYTES], place[NOTE_MAX_BYTES];
    int64_t staff_id = 0, active = 0;
    struct buf content;
    err_t e = actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE, err);
    if (e == OK) e = staff_id_of(db, code, &staff_id, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT count(*) FROM staff_asof a WHERE a.unit_id = 0 AND a.staff_id = $1 "
                       "AND a.kind = 'active' AND" HOLDS("a", "$2"),
                       ARGS(v_i64(staff_id), v_day(day, on)), &active, err);
    if (e == OK && active == 0) {
        err_set(err, E_STATE, "code", "Nhân viên %.*s đã nghỉ vào ngày đó",
                "The staff member %.*s is not active on that day", STR_ARG(code));
        e = err_hint(err, "Kiểm tra ngày, hoặc thêm lại nhân viên dưới mã khác",
                     "Check the day, or enter the person under another code");
    }
    if (e == OK) e = keep_an_administrator(db, staff_id, day, err);
    if (e == OK)
        e = staff_fact_append(db, actor->staff_id, staff_id, S("active"), day, true, S(""), err);
    if (e == OK) e = session_end_all(db, SESSION_STAFF, staff_id, NULL, SESSION_LEFT, err);
    if (e != OK) return e;
    buf_init_fixed(&content, place, sizeof place);
    buf_printf(&content, "code=%.*s to=%.*s", STR_ARG(code), STR_ARG(day_text(day, on)));
    return note(db, actor, IDENTITY_EVERY_UNIT, "staff.leave", code, &content, err);
}

static err_t refuse_own_role(struct db *db, const struct actor *actor, int64_t staff_id,
                             const struct role_change *change, struct err *err)
{
    bool alone = false;
    if (change->ends || staff_id != actor->staff_id) return OK;
    err_t e = actor_is_alone(db, actor, IDENTITY_EVERY_UNIT, &alone, err);
    if (e != OK || alone) return e;
    err_set(err, E_FORBIDDEN, "as", "Không tự giao vai trò cho chính mình",
            "Nobody gives a role to himself");
    return err_hint(err, "Nhờ một quản trị hệ thống khác", "Ask another administrator");
}

static err_t refuse_same(const struct role_change *change, bool holds, struct err *err)
{
    err_set(err, E_STATE, "role", "%.*s %s%.0s vai trò %s vào ngày đó",
            "%.*s %.0s%s the role %s on that day", STR_ARG(change->code),
            holds ? "đã có" : "không có", holds ? "already has" : "does not have",
            role_name(change->role));
    return err_hint(err, "Xem các vai trò: sangden staff list",
                    "See the roles: sangden staff list");
}

err_t staff_change_role(struct db *db, const struct actor *actor,
                        const struct role_change *change, struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t staff_id = 0;
    bool holds = false;
    err_t e = actor_require(db, actor, change->unit_id, PERMISSION_STAFF_MANAGE, err);
    if (e == OK) e = staff_id_of(db, change->code, &staff_id, err);
    if (e == OK) e = refuse_own_role(db, actor, staff_id, change, err);
    if (e == OK) e = holds_now(db, staff_id, change, &holds, err);
    if (e == OK && holds != change->ends) e = refuse_same(change, holds, err);
    if (e == OK && change->ends && change->role == ROLE_administrator &&
        change->unit_id == IDENTITY_EVERY_UNIT && change->organisation_id == 0)
        e = keep_an_administrator(db, staff_id, change->from_day, err);
    if (e == OK) e = role_append(db, actor->staff_id, staff_id, change, err);
    if (e == OK) e = session_end_all(db, SESSION_STAFF, staff_id, NULL, SESSION_ROLE, err);
    if (e != OK) return e;
    char from[DATE_TEXT_BYTES], place[NOTE_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, place, sizeof place);
    buf_printf(&content, "code=%.*s role=%s organisation=%lld from=%.*s", STR_ARG(change->code),
               role_name(change->role), (long long)change->organisation_id,
               STR_ARG(day_text(change->from_day, from)));
    return note(db, actor, change->unit_id, change->ends ? "role.end" : "role.give",
                change->code, &content, err);
}
