/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that change partners share: one transaction of whoever acts.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_PARTNER_CALL_H
#define SANGDEN_APP_PARTNER_CALL_H

#include "app/actor_call.h"

/* Opens the store, finds who acts and begins. As call_db, call_actor and db_begin. */
NODISCARD err_t partner_call_begin(struct call *call, struct db **out_db, struct actor *out);
/* Commits where e is OK, otherwise takes everything back, with what was said. */
NODISCARD err_t partner_call_end(struct call *call, struct db *db, err_t e);
/* Says that it is recorded. */
void partner_call_say(struct call *call, const char *vi, const char *en, struct str what);

#endif
