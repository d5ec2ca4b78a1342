/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reading_call.h"

#include "app/actor_call.h"
#include "app/reading_note.h"
#include "app/store_call.h"
#include "identity/staff.h"

/* ---- what is declared -------------------------------------------------------------------- */

enum { ANYBODY = -1 };

struct reading_right {
    const char *command;
    int permission; /* or ANYBODY */
    enum noted subject;
};

static const struct reading_right reading_rights[] = {
#define READS(command, permission, subject) {command, PERMISSION_##permission, NOTED_##subject},
#define OPEN(command)                       {command, ANYBODY, NOTED_NOTHING},
#include "app/reading_rights.def"
};

/* A reading command that is not declared is a mistake of ours. */
static const struct reading_right *reading_right(const char *command)
{
    for (size_t i = 0; i < ARRAY_COUNT(reading_rights); i++)
        if (str_equal(str_of(reading_rights[i].command), str_of(command)))
            return &reading_rights[i];
    assert_failed(__FILE__, __LINE__, "a reading command stands in reading_rights.def");
}

/* ---- notes ------------------------------------------------------------------------------- */

/* "bill show" as "bill.show", as pages name what they show. */
static struct str action_of(struct call *call)
{
    struct str action = arena_str(call->arena, str_of(call->command->name));
    size_t space = str_find(action, ' ');
    if (space < action.n) ((char *)action.p)[space] = '.';
    return action;
}

/* Which of a list was asked for: its months, days and numbers. Words are left out, as they may be
 * those of people. */
static struct str asked_of(struct call *call)
{
    char memory[ACCESS_REASON_BYTES];
    struct buf asked;
    buf_init_fixed(&asked, memory, sizeof memory);
    buf_add(&asked, S(""));
    for (size_t i = 0; i < call->command->option_count; i++) {
        const struct option_spec *option = &call->command->options[i];
        bool plain = option->kind == OPTION_MONTH || option->kind == OPTION_DAY ||
                     option->kind == OPTION_I64;
        if (!plain || !call_given(call, option->name)) continue;
        buf_printf(&asked, "%s%s=%.*s", asked.n > 0 ? " " : "", option->name,
                   STR_ARG(call_text(call, option->name)));
    }
    return arena_str(call->arena, buf_str(&asked));
}

err_t call_note_reading(struct call *call, int64_t unit_id, enum access_subject subject,
                        int64_t subject_id)
{
    if (call->reader == NULL) return OK;
    struct access_entry entry = {.unit_id = unit_id,
                                 .staff_id = call->reader->staff_id,
                                 .os_user = call->reader->os_user,
                                 .subject = subject,
                                 .subject_id = subject_id,
                                 .action = action_of(call)};
    if (subject_id == ACCESS_MANY) entry.reason = asked_of(call);
    if (call->arena->failed) return err_memory(call->err);
    while (!access_try(&entry)) {
        err_t e = call_write_notes(call);
        if (e != OK) return e;
    }
    return OK;
}

static err_t refuse_unnoted(struct call *call, err_t e)
{
    struct err why = *call->err;
    err_set(call->err, e, why.field, "Chưa ghi được lần xem này vào nhật ký truy cập",
            "This reading could not be noted in the access log");
    err_detail(call->err, "%s%.0s", "%.0s%s", why.vi.message, why.en.message);
    return err_hint(call->err,
                    "Không có gì được hiện ra; kiểm tra quyền ghi và chỗ trống của kho dữ liệu, "
                    "rồi chạy lại",
                    "Nothing is shown; check that the store may be written and has room, then "
                    "run it again");
}

err_t call_write_notes(struct call *call)
{
    struct db *writing = NULL;
    if (call->reader == NULL) return OK;
    struct str kind;
    err_t e = db_open(store_target(), DB_WRITE, &writing, call->err);
    if (e == OK) e = store_property(writing, call->arena, S("kind"), &kind, call->err);
    if (e == OK) e = store_allows_clock(kind, call->err);
    if (e == OK) e = access_flush(writing, call->err);
    if (writing != NULL) db_close(writing);
    return e == OK || e == E_STATE ? e : refuse_unnoted(call, e);
}

/* ---- rights ------------------------------------------------------------------------------ */

static err_t find_reader(struct call *call, struct db *db)
{
    struct actor *reader = ARENA_NEW(call->arena, struct actor);
    struct actor_memory *memory = ARENA_NEW(call->arena, struct actor_memory);
    if (reader == NULL || memory == NULL) return err_memory(call->err);
    err_t e = actor_resolve(db, call->arena, str_of(call->as), os_user_name(call->arena), today(),
                            reader, call->err);
    if (e != OK) return e;
    reader->memory = memory;
    call->reader = reader;
    return OK;
}

static err_t require_right(struct call *call, struct db *db, enum permission permission)
{
    bool may = false;
    err_t e = actor_may_anywhere(db, call->reader, permission, &may, call->err);
    if (e != OK || may) return e;
    /* The refusal in its one form, of a unit where the right would count everywhere. */
    return actor_require(db, call->reader, IDENTITY_EVERY_UNIT, permission, call->err);
}

err_t call_require_reader(struct call *call, struct db *db)
{
    const struct reading_right *right = reading_right(call->command->name);
    int64_t people = 0;
    if (right->permission == ANYBODY) return OK;
    err_t e = staff_count(db, &people, call->err);
    if (e != OK || people == 0) return e;
    e = find_reader(call, db);
    if (e == OK) e = require_right(call, db, (enum permission)right->permission);
    if (e == OK) e = call_note_subject(call, db, right->subject);
    if (e != OK || right->subject == NOTED_NOTHING || right->subject == NOTED_ITSELF) return e;
    return call_write_notes(call);
}

/* ---- names ------------------------------------------------------------------------------- */

err_t call_sees_names(const struct call *call, struct db *db, int64_t unit_id, bool *out,
                      struct err *err)
{
    *out = true;
    if (call->reader == NULL) return OK;
    return actor_may(db, call->reader, unit_id, PERMISSION_CUSTOMER_READ, out, err);
}

err_t call_require_names(struct call *call, struct db *db, int64_t unit_id)
{
    if (call->reader == NULL) return OK;
    return actor_require(db, call->reader, unit_id, PERMISSION_CUSTOMER_READ, call->err);
}
