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
