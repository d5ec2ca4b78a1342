/* SPDX-License-Identifier: Apache-2.0 */
/* Who acts in a running command: --as CODE, or the operating-system user mapped to a staff member.
 *
 *   struct actor actor;
 *   err_t e = call_actor(call, &actor);
 *   if (e == OK) e = actor_require(db, &actor, unit_id, PERMISSION_BILL_ISSUE, call->err);
 *
 * Ownership: texts live until the command returns. Threads: one owner. */
#ifndef SANGDEN_APP_ACTOR_CALL_H
#define SANGDEN_APP_ACTOR_CALL_H

#include "app/command.h"
#include "identity/identity.h"

/* Opens the store where it is not open. E_FORBIDDEN with the remedy. */
NODISCARD err_t call_actor(struct call *call, struct actor *out);

/* Requires that the actor maintains the store behind db, whose schema may be older than the
 * program. A store without people, or too old to know any, belongs to nobody. E_FORBIDDEN. */
NODISCARD err_t call_require_maintainer(struct call *call, struct db *db);

/* The name of the operating-system user who runs the program; "uid1000" when it has no name. */
struct str os_user_name(struct arena *arena);

/* Today in Vietnam by the clock of the program, for rights and records (never a business date). */
int32_t today(void);

#endif
