/* SPDX-License-Identifier: Apache-2.0 */
/* The second factor of the staff: an authenticator application and ten recovery codes.
 *
 *   begin ─► secret (shown once) ─ confirm with a code ─► enrolled, ten recovery codes (shown once)
 *   prove with a code of the application, each once, or with a recovery code, each once
 *   reset: one administrator proposes, another releases (approval.h); then it is enrolled anew
 *
 * The secret is sealed with the key outside the store, recovery codes are keyed hashes. Enrolment,
 * reset and the use of a recovery code are links of the audit stream "identity".
 * Ownership: nothing is kept. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_SECOND_FACTOR_H
#define SANGDEN_IDENTITY_SECOND_FACTOR_H

#include "base/base32.h"
#include "identity/identity.h"
#include "identity/totp.h"
#include "identity/vault.h"

enum {
    RECOVERY_CODES = 10,
    RECOVERY_CHARACTERS = 12, /* 60 bits under a key outside the store */
    RECOVERY_BYTES = CODE_TEXT_BYTES(RECOVERY_CHARACTERS),
    TOTP_URI_BYTES = 512,
    TOTP_TEXT_BYTES = 40
};

struct totp_offer {
    char secret[TOTP_TEXT_BYTES]; /* base 32, to be typed where nothing can be scanned */
    char uri[TOTP_URI_BYTES];     /* for the QR code */
};

struct recovery_codes {
    char code[RECOVERY_CODES][RECOVERY_BYTES];
};

/* Makes a secret for the actor, to be confirmed; an unconfirmed one before it is forgotten. Inside
 * a transaction. issuer names the distributor. E_STATE when a factor is enrolled already. */
NODISCARD err_t second_factor_begin(struct db *db, const struct vault *vault,
                                    const struct actor *actor, struct str issuer,
                                    struct totp_offer *out, struct err *err);

/* Enrols the factor by a first code; inside a transaction. E_STATE when nothing waits to be
 * confirmed, E_FORBIDDEN for a wrong code. */
NODISCARD err_t second_factor_confirm(struct db *db, const struct vault *vault,
                                      const struct actor *actor, struct str typed,
                                      struct recovery_codes *out, struct err *err);

/* Makes ten new recovery codes by a code of the application, the old ones are void; inside a
 * transaction. A recovery code makes no others: who found the sheet of paper would keep the owner
 * out. E_STATE without an enrolled factor, E_FORBIDDEN for a wrong code. */
NODISCARD err_t second_factor_renew(struct db *db, const struct vault *vault,
                                    const struct actor *actor, struct str typed,
                                    struct recovery_codes *out, struct err *err);

struct second_factor_state {
    bool enrolled;
    int64_t recovery_left;
};

/* Whether a factor is enrolled, and how many recovery codes are left. */
NODISCARD err_t second_factor_state(struct db *db, int64_t staff_id,
                                    struct second_factor_state *out, struct err *err);

/* Whether what was typed proves the factor, and takes it: the same code is never good again, in any
 * process. Inside a transaction, which the caller commits either way. */
NODISCARD err_t second_factor_prove(struct db *db, const struct vault *vault,
                                    const struct actor *actor, struct str typed, bool *out_right,
                                    struct err *err);

/* The first and the second person of a reset; inside a transaction. E_FORBIDDEN without
 * STAFF_MANAGE everywhere, for the same person and for one's own factor; E_NOT_FOUND, E_STATE when
 * there is nothing to reset or proposed. */
NODISCARD err_t second_factor_reset_propose(struct db *db, const struct actor *actor,
                                            struct str staff_code, struct err *err);
NODISCARD err_t second_factor_reset_release(struct db *db, const struct actor *actor,
                                            struct str staff_code, struct err *err);

#endif
