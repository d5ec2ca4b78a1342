/* SPDX-License-Identifier: Apache-2.0 */
/* What every command that changes the registry shares: who acts, at which unit, one transaction,
 * its link in the audit chain, its answer.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_CHANGE_CALL_H
#define SANGDEN_APP_CHANGE_CALL_H

#include "app/actor_call.h"
#include "network/fact_write.h"

struct change_call {
    struct call *call;
    struct db *db;
    struct actor actor;
    struct fact_author author;
};

/* Opens the store, finds the actor and begins the transaction. */
NODISCARD err_t change_begin(struct change_call *change, struct call *call);
/* Requires the right at the unit, adds the link of the audit chain and commits. subject is a code;
 * content says what was changed. */
NODISCARD err_t change_commit(struct change_call *change, int64_t unit_id,
                              enum permission permission, struct str subject,
                              struct str content);
/* Says what was done: {"changed":…} or a sentence. */
void change_report(struct change_call *change, struct str subject, bool changed);

#endif
