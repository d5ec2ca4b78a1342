/* SPDX-License-Identifier: Apache-2.0 */
#include "app/actor_call.h"

#include <pwd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"

struct str os_user_name(struct arena *arena)
{
    const struct passwd *user = getpwuid(geteuid());
    if (user != NULL) return arena_str(arena, str_of(user->pw_name));
    char place[32];
    struct buf number;
    buf_init_fixed(&number, place, sizeof place);
    buf_printf(&number, "uid%lld", (long long)geteuid());
    return arena_str(arena, buf_str(&number));
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
