/* SPDX-License-Identifier: Apache-2.0 */
/* A command that reads: what it asks of whoever runs it, what is noted of it, what it may show.
 *
 *   reading_rights.def ─► call_require_reader ─► the right at some unit
 *                                             └► access_log, written before anything is shown
 *
 * The store is open for reading alone; notes go through a connection of their own, and where they
 * cannot be written nothing is shown. A store without staff belongs to nobody: no right is asked,
 * nothing is noted, nothing is masked.
 * Ownership: everything lives until the command returns. Threads: one owner. */
#ifndef SANGDEN_APP_READING_CALL_H
#define SANGDEN_APP_READING_CALL_H

#include "app/command.h"
#include "identity/access.h"

/* Asks of whoever runs a reading command what reading_rights.def says, of the store behind db,
 * which is not yet that of the call, and notes whom or what it is about to show. E_FORBIDDEN;
 * E_NOT_FOUND, E_INPUT for what the words name; the failure of the note. */
NODISCARD err_t call_require_reader(struct call *call, struct db *db);

/* For a command that is declared ITSELF: keeps what it found. A demand for call_write_notes before
 * the first word is printed. */
NODISCARD err_t call_note_reading(struct call *call, int64_t unit_id, enum access_subject subject,
                                  int64_t subject_id);
/* Writes what was kept. The failure of the note, which is told with its remedy. */
NODISCARD err_t call_write_notes(struct call *call);

/* Whether names and addresses of a unit are shown to who runs a reading command. */
NODISCARD err_t call_sees_names(const struct call *call, struct db *db, int64_t unit_id, bool *out,
                                struct err *err);
/* E_FORBIDDEN where they are not: for papers that were signed with a name. */
NODISCARD err_t call_require_names(struct call *call, struct db *db, int64_t unit_id);

#endif
