/* SPDX-License-Identifier: Apache-2.0 */
/* The store behind a running command; call_db itself is declared in command.h.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_STORE_CALL_H
#define SANGDEN_APP_STORE_CALL_H

#include "app/command.h"

/* Closes what call_db opened; nothing when it was not called. */
void call_db_close(struct call *call);

/* What SANGDEN_STORE names, or the default. */
struct str store_target(void);

/* SANGDEN_NOW moves the clock of commands that change a store only where the store is marked
 * demonstration or test. kind is that mark. E_STATE. */
NODISCARD err_t store_allows_clock(struct str kind, struct err *err);

/* Reads the mark of the open store behind db into the call and asks that of it; for a command that
 * does not come through call_db. */
NODISCARD err_t store_check_mark(struct call *call, struct db *db);

#endif
