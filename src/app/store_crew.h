/* SPDX-License-Identifier: Apache-2.0 */
/* A crew (crew.h) whose workers each have a connection of their own to the store of the command,
 * as many as --workers says.
 *
 * Threads: called once at a time, from the main thread. */
#ifndef SANGDEN_APP_STORE_CREW_H
#define SANGDEN_APP_STORE_CREW_H

#include "app/command.h"
#include "app/crew.h"
#include "store/store.h"

typedef err_t store_crew_work(struct db *db, void *context, crew_stop *stop, struct err *err);

/* E_USAGE with the remedy unless --workers is from 1 to CREW_MAX, or is not given. */
NODISCARD err_t call_check_workers(struct call *call);
/* The option --lease S, how long a silent worker keeps its part, in milliseconds; a minute when it
 * is not given. E_USAGE unless it is at most an hour. */
NODISCARD err_t call_lease(struct call *call, int64_t *out_ms);

/* Runs work in as many processes and waits for all of them, as crew_run does; work and watch get
 * the context. The store of the command is closed before, because a connection must not be
 * inherited; call_db opens it again. */
NODISCARD err_t store_crew_run(struct call *call, enum db_mode mode, store_crew_work *work,
                               void *context, crew_watch *watch);

#endif
