/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in, of the staff: what strangers may try how often, and what proves a person.
 *
 *   code + password [+ second factor] ─► first: the second factor follows, or is enrolled
 *                                     └► full
 *
 * Guesses are slowed down, nobody is locked out:
 *   - from a device on which the person signed in before, only that device's own failures count;
 *   - from anywhere else each address has its rate, and after some failures with an account the
 *     next guess has to wait, longer each time up to a limit;
 *   - whoever gives a right second factor with the password need not wait. A password is looked at
 *     then only when the second factor was right, so guessing gains nothing.
 * Whom nobody knows is answered like whose password was wrong, in the same time.
 * The functions take their own transactions, because refusals are counted too.
 * Ownership: nothing is kept. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_SIGN_IN_H
#define SANGDEN_IDENTITY_SIGN_IN_H

#include "identity/second_factor.h"
#include "identity/session.h"

enum { SECOND_FACTOR_TRIES = 5 };

struct sign_in {
    struct str staff_code;
    struct str password;
    struct str second; /* a code of the second factor, or empty */
    struct visitor visitor;
};

struct signed_in {
    enum session_level level;
    bool must_enrol;          /* a second factor has to be enrolled first */
    bool must_change;         /* the password has to be changed */
    char token[TOKEN_BYTES];  /* of the session */
    char device[TOKEN_BYTES]; /* of the device, empty unless the level is full */
};

/* E_FORBIDDEN: something was wrong, not said what. E_WAIT: too many guesses, with the seconds.
 * E_BUSY: too many passwords are computed. Outside a transaction. */
NODISCARD err_t staff_sign_in(struct db *db, struct arena *arena, const struct vault *vault,
                              const struct sign_in *request, struct signed_in *out,
                              struct err *err);

/* The second factor of a session at the first level; also proves anew in a full session (for
 * sensitive acts). The token changes. E_FORBIDDEN for a wrong code; a session with
 * SECOND_FACTOR_TRIES wrong ones ends. E_WAIT, E_STATE. Outside a transaction. */
NODISCARD err_t staff_prove_second(struct db *db, struct arena *arena, const struct vault *vault,
                                   const struct session *session, const struct visitor *visitor,
                                   struct str typed, struct signed_in *out, struct err *err);

/* Enrols the second factor that second_factor_begin made in this session, by its first code; the
 * session is full from then on. As second_factor_confirm. Outside a transaction. */
NODISCARD err_t staff_enrol_second(struct db *db, struct arena *arena, const struct vault *vault,
                                   const struct session *session, const struct visitor *visitor,
                                   struct str typed, struct recovery_codes *out_codes,
                                   struct signed_in *out, struct err *err);

/* New recovery codes for a person who is signed in, by the password and a code of the application.
 * The token changes. E_FORBIDDEN on the field "present" or "totp", E_STATE without a factor,
 * E_WAIT. Outside a transaction. */
NODISCARD err_t staff_renew_codes(struct db *db, struct arena *arena, const struct vault *vault,
                                  const struct session *session, const struct visitor *visitor,
                                  struct str password, struct str typed,
                                  struct recovery_codes *out_codes, char out_token[TOKEN_BYTES],
                                  struct err *err);

#endif
