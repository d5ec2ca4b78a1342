/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of partners share. */
#ifndef SANGDEN_IDENTITY_PARTNER_INT_H
#define SANGDEN_IDENTITY_PARTNER_INT_H

#include "identity/partner.h"

/* Inside a transaction. E_FORBIDDEN without PARTNER_MANAGE everywhere. */
NODISCARD err_t partner_require(struct db *db, const struct actor *actor, struct err *err);
/* E_NOT_FOUND, with the place CODE. */
NODISCARD err_t partner_find(struct db *db, struct str code, int64_t *out_partner_id,
                             struct err *err);
/* A link of the audit chain. */
NODISCARD err_t partner_note(struct db *db, const struct actor *actor, const char *action,
                             struct str subject, struct err *err);

#endif
