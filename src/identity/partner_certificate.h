/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates by which the programs of a partner are known beside their signature, where both
 * sides want that.
 *
 *   program ─ TLS with its certificate ─► proxy ─ the certificate in a header ─► our answer
 *
 * A certificate is the one that was registered, byte for byte, whoever issued it: the proxy proves
 * that the program holds its key, and the fingerprint says whose program it is. A partner with any
 * registered certificate, also a revoked one, is refused without a good one, until the demand is
 * lifted; so nothing that runs out or is taken away makes less be asked.
 * Ownership: texts of a row live during the call. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_PARTNER_CERTIFICATE_H
#define SANGDEN_IDENTITY_PARTNER_CERTIFICATE_H

#include "base/certificate.h"
#include "identity/identity.h"

enum { PARTNER_CERTIFICATES_ACTIVE = 2 };

/* Registers a certificate, inside a transaction. E_FORBIDDEN without PARTNER_MANAGE everywhere,
 * E_NOT_FOUND, E_CONFLICT for one that is or was registered, E_STATE when two are active or its
 * time is over. */
NODISCARD err_t partner_certificate_add(struct db *db, const struct actor *actor, struct str code,
                                        const struct certificate *certificate, struct err *err);
/* Ends one at once, inside a transaction. E_NOT_FOUND for one that is not active. */
NODISCARD err_t partner_certificate_revoke(struct db *db, const struct actor *actor,
                                           struct str fingerprint, struct err *err);
/* No certificate is wanted of the partner any more, inside a transaction. E_STATE where none
 * was. */
NODISCARD err_t partner_certificate_lift(struct db *db, const struct actor *actor, struct str code,
                                         struct err *err);

struct partner_certificate_row {
    struct str partner_code, fingerprint, subject;
    int64_t from_ms, to_ms;
    int64_t revoked_at_ms; /* 0: it is active */
};

/* By partner and age. */
NODISCARD err_t partner_certificate_each(
    struct db *db, void (*take)(void *context, const struct partner_certificate_row *row),
    void *context, struct err *err);

/* Whether the certificate that came with a request (PEM, empty: none) is enough for the partner.
 * E_FORBIDDEN with the place "certificate" where it is not. */
NODISCARD err_t partner_certificate_check(struct db *db, struct arena *arena, int64_t partner_id,
                                          struct str pem, struct err *err);

#endif
