/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls the programming interface, and what they may: the one place that decides.
 *
 *   X-Sangden-Key, -Timestamp, -Nonce, -Signature ─► a partner: rights by unit (partner_right.h)
 *   session cookie (changes: X-CSRF-Token)        ─► staff: roles by unit; a customer: login_may
 *   neither                                       ─► nobody
 *
 * A signature beside a session counts alone. A session that still waits for its second factor is
 * nobody's. Ownership: texts live in the arena. Threads: as the connection. */
#ifndef SANGDEN_API_CALLER_H
#define SANGDEN_API_CALLER_H

#include "http/http.h"
#include "identity/partner.h"
#include "identity/session.h"

enum caller_kind { CALLER_NOBODY, CALLER_STAFF, CALLER_CUSTOMER, CALLER_PARTNER };
enum { CALLER_NAME_BYTES = 48 };

struct caller {
    enum caller_kind kind;
    struct session session; /* of staff and customers */
    struct actor actor;     /* of staff */
    int64_t login_id;       /* of a customer */
    struct partner partner;
    int32_t today;
};

/* Who sent the request. vault may be NULL: then nobody is known. E_FORBIDDEN for a wrong signature,
 * or for a change by a session without its token. */
NODISCARD err_t caller_find(struct http_request *request, struct db *db, const struct vault *vault,
                            struct caller *out, struct err *err);
/* Whether staff or partner have the permission at the unit; customers have none. */
NODISCARD err_t caller_may(struct db *db, const struct caller *caller, int64_t unit_id,
                           enum permission permission, bool *out, struct err *err);
/* The same as a demand: E_FORBIDDEN with the remedy. */
NODISCARD err_t caller_require(struct db *db, const struct caller *caller, int64_t unit_id,
                               enum permission permission, struct err *err);
/* "staff 17", "partner 3": names the caller where answers are kept. */
struct str caller_name(const struct caller *caller, char out[CALLER_NAME_BYTES]);
/* "staff", "customer", "partner", "nobody". */
struct str caller_kind_word(enum caller_kind kind);

#endif
