/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes: six digits to a telephone or an e-mail address, for one purpose, in one browser.
 *
 *   issue ─► challenge (cookie of the asking browser) + code (into the outbox, same transaction)
 *   prove (challenge, typed) ─► who it is, once, within code_seconds and code_tries
 *
 * Asking for an unknown contact is answered like asking for a known one, with nothing sent. Codes
 * are slowed down, because each costs money: with a wait that is told by what somebody typed where,
 * and silently by the contact behind it (code_limit.c).
 * Ownership: nothing is kept. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_ONE_TIME_H
#define SANGDEN_IDENTITY_ONE_TIME_H

#include "identity/session.h"
#include "identity/vault.h"

enum { CONTACT_BYTES = 264, ONE_TIME_DIGITS = 6 };

enum code_purpose {
    CODE_SIGN_IN,  /* the contact belongs to a login */
    CODE_REGISTER, /* the contact is to become that of a new login */
    CODE_CHANGE    /* the contact is to replace that of a login that is signed in */
};

/* "0912 345 678" or "An@Example.vn" in the one form in which contacts are kept ("phone:+84…",
 * "email:…"), NUL-terminated. False for neither. */
NODISCARD bool contact_read(struct str typed, char out[CONTACT_BYTES]);
/* "phone" or "email", and what stands behind it. */
struct str contact_channel(struct str contact);
struct str contact_address(struct str contact);

struct code_request {
    enum code_purpose purpose;
    struct str contact; /* in its one form */
    struct str asked;   /* what was typed instead, which leads to the contact; empty: the contact */
    int64_t login_id;   /* who is signed in already; otherwise 0 */
    struct visitor visitor;
};

struct code_issued {
    char challenge[TOKEN_BYTES];
    char code[ONE_TIME_DIGITS + 1]; /* secret: goes into the outbox and nowhere else */
    bool send; /* false: nobody has this contact, or it had enough: say the same, send nothing */
    int64_t expires_at_ms;
};

/* Makes a code, inside a transaction. E_WAIT with the seconds when the asker asked too often. */
NODISCARD err_t code_issue(struct db *db, const struct vault *vault,
                           const struct code_request *request, struct code_issued *out,
                           struct err *err);

struct code_proof {
    int64_t login_id; /* 0 where a new login is to be registered */
    char contact[CONTACT_BYTES];
};

/* Proves a code in a transaction of its own, because wrong ones are counted. E_FORBIDDEN for
 * anything wrong, used, late or tried too often, in the same words. */
NODISCARD err_t code_prove(struct db *db, const struct vault *vault, struct str challenge,
                           struct str typed, enum code_purpose purpose, struct code_proof *out,
                           struct err *err);

/* Forgets codes that ended before an instant. */
NODISCARD err_t code_forget(struct db *db, int64_t before_ms, struct err *err);

#endif
