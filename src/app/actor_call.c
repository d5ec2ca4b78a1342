/* SPDX-License-Identifier: Apache-2.0 */
#include "app/actor_call.h"

#include <pwd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "identity/staff.h"

struct str os_user_name(struct arena *arena)
{
    const struct passwd *user = getpwuid(geteuid());
    if (user != NULL) return arena_str(arena, str_of(user->pw_name));
    return arena_printf(arena, "uid%lld", (long long)geteuid());
}

int32_t today(void)
{
    return vietnam_day(clock_now_ms());
}

err_t call_actor(struct call *call, struct actor *out)
{
    struct db *db;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    return actor_resolve(db, call->arena, str_of(call->as), os_user_name(call->arena), today(), out,
                         call->err);
}

enum { ANYBODY = -1 };

static const struct {
    const char *command;
    int permission; /* or ANYBODY */
} reading_rights[] = {
#define READS(command, permission) {command, PERMISSION_##permission},
#define OPEN(command) {command, ANYBODY},
#include "app/reading_rights.def"
};

/* A reading command that is not declared is a mistake of ours. */
static int reading_right(const char *command)
{
    for (size_t i = 0; i < ARRAY_COUNT(reading_rights); i++)
        if (str_equal(str_of(reading_rights[i].command), str_of(command)))
            return reading_rights[i].permission;
    ASSERT(!"a reading command stands in reading_rights.def");
    return ANYBODY;
}

err_t call_require_reader(struct call *call, struct db *db)
{
    struct actor actor;
    int64_t people = 0;
    int right = reading_right(call->command->name);
    bool may = false;
    if (right == ANYBODY) return OK;
    enum permission permission = (enum permission)right;
    err_t e = staff_count(db, &people, call->err);
    if (e != OK || people == 0) return e;
    e = actor_resolve(db, call->arena, str_of(call->as), os_user_name(call->arena), today(), &actor,
                      call->err);
    if (e == OK) e = actor_may_anywhere(db, &actor, permission, &may, call->err);
    if (e != OK || may) return e;
    /* The refusal in its one form, of a unit where the right would count everywhere. */
    return actor_require(db, &actor, IDENTITY_EVERY_UNIT, permission, call->err);
}

err_t call_require_maintainer(struct call *call, struct db *db)
{
    struct actor actor;
    int64_t people = 0;
    bool known = false;
    err_t e = staff_known(db, &known, call->err);
    if (e == OK && known) e = staff_count(db, &people, call->err);
    if (e != OK || people == 0) return e;
    e = actor_resolve(db, call->arena, str_of(call->as), os_user_name(call->arena), today(), &actor,
                      call->err);
    if (e != OK) return e;
    return actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_STORE_MAINTAIN, call->err);
}
