/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of a partner may: permissions at units, given one by one, none by default.
 *
 *   partner VIDIEN ─ PZ0001: BILL_READ, CUSTOMER_READ    given by whom, when; taken back by whom
 *                  └ PZ0002: BILL_READ
 *
 * Programs read; what changes something is decided by people, so that only reading permissions can
 * be given. Each step is a link of the audit stream "identity" of the unit.
 * Ownership: texts of a row live during its callback. Threads: as the connection. */
#ifndef SANGDEN_API_PARTNER_RIGHT_H
#define SANGDEN_API_PARTNER_RIGHT_H

#include "identity/identity.h"

/* "BILL_READ"; false for an unknown word, or for what cannot be given to a program. */
NODISCARD bool partner_right_parse(struct str text, enum permission *out);
/* "CUSTOMER_READ, BILL_READ, …": what can be given. */
void partner_right_words(struct buf *out);

struct partner_grant {
    struct str partner_code;
    int64_t unit_id;
    enum permission permission;
};

/* Gives a right, inside a transaction; giving it twice changes nothing (*out_changed). E_FORBIDDEN
 * without PARTNER_MANAGE everywhere, E_NOT_FOUND for an unknown partner, E_INPUT for a permission
 * that programs cannot have. */
NODISCARD err_t partner_grant(struct db *db, const struct actor *actor,
                              const struct partner_grant *grant, bool *out_changed,
                              struct err *err);
/* Takes it back at once. E_NOT_FOUND where it was not given. */
NODISCARD err_t partner_take_back(struct db *db, const struct actor *actor,
                                  const struct partner_grant *grant, struct err *err);
/* Whether a partner has the right at a unit. */
NODISCARD err_t partner_may(struct db *db, int64_t partner_id, int64_t unit_id,
                            enum permission permission, bool *out, struct err *err);

struct partner_right_row {
    struct str partner_code, unit_code, permission, given_by; /* given_by: code of the person */
    int64_t given_at_ms;
};

/* The rights that hold now, of one partner or (code empty) of all. */
NODISCARD err_t partner_right_each(struct db *db, struct str code,
                                   void (*take)(void *context, const struct partner_right_row *row),
                                   void *context, struct err *err);

#endif
