/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the identity room: links of the audit streams "privacy" and "login" about a number. */
#ifndef SANGDEN_IDENTITY_PRIVACY_NOTE_INT_H
#define SANGDEN_IDENTITY_PRIVACY_NOTE_INT_H

#include "identity/audit.h"

/* Appends a link about a login or a request by its number; inside a transaction. actor NULL: the
 * person did it. As audit_append. */
NODISCARD err_t number_note(struct db *db, const struct actor *actor, int64_t unit_id,
                            struct str stream, const char *action, int64_t subject_id,
                            struct str content, struct err *err);
/* The same in the stream "privacy". */
NODISCARD err_t privacy_note(struct db *db, const struct actor *actor, int64_t unit_id,
                             const char *action, int64_t subject_id, struct str content,
                             struct err *err);

#endif
