/* SPDX-License-Identifier: Apache-2.0 */
/* Of whom or what a reading command is noted, found from its words: the last column of
 * reading_rights.def.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_READING_NOTE_H
#define SANGDEN_APP_READING_NOTE_H

#include "app/command.h"

enum noted {
    NOTED_NOTHING,
    NOTED_ITSELF,
    NOTED_STORE,
    NOTED_UNIT,
    NOTED_BOOK,
    NOTED_BILL,
    NOTED_INVOICE,
    NOTED_POINT,
    NOTED_ACCOUNT,
    NOTED_CUSTOMER,
    NOTED_CONTACT
};

/* Keeps a note of what the words of the command name (call_note_reading). E_NOT_FOUND and E_INPUT
 * as the command itself would answer. */
NODISCARD err_t call_note_subject(struct call *call, struct db *db, enum noted subject);

#endif
