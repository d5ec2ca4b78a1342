/* SPDX-License-Identifier: Apache-2.0 */
/* The passwords of the staff: invited, set up, changed, demanded anew.
 *
 *   administrator ─ credential_invite ─► one code, shown once, good for some days
 *   person        ─ credential_set_up (code, new password) ─► password
 *                 ─ credential_change (present, new)
 *   administrator ─ credential_demand ─► must be changed at the next sign-in
 *
 * An administrator never knows a password: an invitation ends the present one only when it is used.
 * Every step is a link of the audit stream "identity", without a secret in it.
 * Ownership: nothing is kept. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_CREDENTIAL_H
#define SANGDEN_IDENTITY_CREDENTIAL_H

#include "base/base32.h"
#include "identity/password.h"
#include "identity/session.h"

/* 80 bits: nothing to guess, and still typed in half a minute. */
enum { INVITATION_CHARACTERS = 16, INVITATION_BYTES = CODE_TEXT_BYTES(INVITATION_CHARACTERS) };

struct invitation {
    char code[INVITATION_BYTES];
    int64_t expires_at_ms;
};

/* Makes the one good invitation of a person, inside a transaction; an earlier one is void.
 * E_FORBIDDEN without STAFF_MANAGE everywhere, E_NOT_FOUND, E_STATE for who has left. */
NODISCARD err_t credential_invite(struct db *db, const struct actor *actor, struct str staff_code,
                                  struct invitation *out, struct err *err);

/* Sets a password by an invitation, outside a transaction (it computes long and makes its own). A
 * wrong, used or late code and an unknown person are answered alike: E_FORBIDDEN. E_INPUT for a bad
 * password, which does not use the code up; E_BUSY. */
NODISCARD err_t credential_set_up(struct db *db, struct arena *arena, struct str staff_code,
                                  struct str invitation, struct str password, int32_t day,
                                  struct err *err);

/* Changes the actor's own password, outside a transaction, and ends all sessions but keep, which
 * may be NULL and is to be rotated by the caller. E_FORBIDDEN when present is wrong,
 * E_INPUT for a bad or unchanged password, E_BUSY. */
NODISCARD err_t credential_change(struct db *db, struct arena *arena, const struct actor *actor,
                                  const struct session *keep, struct str present,
                                  struct str wanted, struct err *err);

/* From now on the person must change the password after signing in; inside a transaction.
 * E_FORBIDDEN, E_NOT_FOUND, E_STATE without a password. */
NODISCARD err_t credential_demand(struct db *db, const struct actor *actor, struct str staff_code,
                                  struct err *err);

/* Whether the person must change the password before anything else. */
NODISCARD err_t credential_must_change(struct db *db, int64_t staff_id, bool *out,
                                       struct err *err);

struct credential_proof {
    bool right;
    bool must_change;
    int64_t staff_id; /* only when right */
};

/* Whether this is the password of an active person, outside a transaction; the answer and its time
 * are the same for an unknown person and a wrong password. A hash of another cost is made anew.
 * E_BUSY. */
NODISCARD err_t credential_prove(struct db *db, struct arena *arena, struct str staff_code,
                                 struct str password, int32_t day, struct credential_proof *out,
                                 struct err *err);

#endif
