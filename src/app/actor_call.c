/* SPDX-License-Identifier: Apache-2.0 */
#include "app/actor_call.h"

#include <pwd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"

struct str os_user_name(struct arena *arena)
{
    const struct passwd *user = getpwuid(geteuid());
    return user == NULL ? S("") : arena_str(arena, str_of(user->pw_name));
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
    return actor_resolve(db, call->arena, str_of(call->as), os_user_name(call->arena), today(),
                         out, call->err);
}
