/* SPDX-License-Identifier: Apache-2.0 */
/* How customers come in: by a code to a registered contact.
 *
 *   first time   the verification code of the latest bill with the last reading (customer_first),
 *                at the counter, or by call-back ─► contact, proved by a code, with consent
 *   afterwards   contact ─ code ─► session; 90 days on a device that the person wants remembered
 *   change       a proof of the very contact that is replaced in the last minutes, and a code to
 *                the new one, or the counter; where there was none of its channel, any proof
 *
 * What a login may see stands in the registry. A national electronic identity would stand beside
 * customer_register_proved as one more origin.
 * Ownership: nothing is kept. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_CUSTOMER_H
#define SANGDEN_IDENTITY_CUSTOMER_H

#include "identity/one_time.h"
#include "identity/sign_in.h"

/* What was printed on the latest bill, and what somebody typed of it. */
struct first_proof {
    struct str code;    /* verification code, as typed or printed */
    struct str reading; /* last reading: whole kWh as on the bill */
};

/* Whether both are right; pure, in a time that tells nothing but lengths. */
bool first_proof_good(const struct first_proof *known, const struct first_proof *given);

/* Counts a first sign-in for a customer code, whose bill is known or not (known NULL): each network
 * address has its rate, and its failures with one code wait longer each time; the failing addresses
 * together have a rate for the code, one that has not failed yet is free of it. E_WAIT; E_FORBIDDEN
 * in the same words for an unknown customer, a wrong code and a wrong reading. Outside a
 * transaction. */
NODISCARD err_t customer_first(struct db *db, const struct vault *vault, struct str customer_code,
                               const struct visitor *visitor, const struct first_proof *known,
                               const struct first_proof *given, struct err *err);

/* What the person agreed to: the version of the words, which the consent page showed. */
struct contact_consent {
    struct str text_version;
};

/* Registers a contact that a code of CODE_REGISTER proved; a contact that has a login already
 * answers that login. origin is "bill". Inside a transaction. E_INPUT without
 * consent. */
NODISCARD err_t customer_register_proved(struct db *db, const struct code_proof *proof,
                                         struct str origin, const struct contact_consent *consent,
                                         int64_t *out_login_id, struct err *err);
/* The same at the counter, by a member of the staff who saw who it is. E_FORBIDDEN without
 * LOGIN_MANAGE at the unit, E_INPUT for what is no contact. */
NODISCARD err_t customer_register_counter(struct db *db, const struct actor *actor, int64_t unit_id,
                                          struct str typed_contact,
                                          const struct contact_consent *consent,
                                          int64_t *out_login_id, struct err *err);

/* The same by telephone: a member of the staff called the number on record and asked the questions.
 * origin becomes "call_back". */
NODISCARD err_t customer_register_call_back(struct db *db, const struct actor *actor,
                                            int64_t unit_id, struct str typed_contact,
                                            const struct contact_consent *consent,
                                            int64_t *out_login_id, struct err *err);
/* What has to be proved before a session may give its login this contact: the one of the same
 * channel that it replaces, or, where there is none, any. Empty when that was proved in the last
 * minutes. */
NODISCARD err_t customer_change_needs(struct db *db, const struct session *session,
                                      struct str contact, char out_first[CONTACT_BYTES],
                                      struct err *err);
/* Replaces the contact of a signed-in person by the one that a code of CODE_CHANGE proved, where
 * customer_change_needs asks for nothing more. Other sessions end and devices are forgotten. Inside
 * a transaction. E_STATE, E_CONFLICT when the contact is another's. */
NODISCARD err_t customer_change_contact(struct db *db, const struct session *session,
                                        const struct code_proof *proof,
                                        const struct contact_consent *consent, struct err *err);
/* The same at the counter, without the old contact; all sessions end. */
NODISCARD err_t customer_change_counter(struct db *db, const struct actor *actor, int64_t unit_id,
                                        int64_t login_id, struct str typed_contact,
                                        const struct contact_consent *consent, struct err *err);

/* Signs in by a code of CODE_SIGN_IN. remember: the person wants this device remembered; otherwise
 * the session ends after some hours, and no device becomes known. As
 * code_prove; outside a transaction. */
NODISCARD err_t customer_sign_in(struct db *db, const struct vault *vault, struct str challenge,
                                 struct str typed, const struct visitor *visitor, bool remember,
                                 struct signed_in *out, struct err *err);

/* Begins the session of a person who was just proved by the contact, inside a transaction; a link
 * of the audit chain. */
NODISCARD err_t customer_open_session(struct db *db, int64_t login_id, struct str contact,
                                      const struct visitor *visitor, bool remember,
                                      struct signed_in *out, struct err *err);

/* Proves anew who is signed in, by a code of CODE_SIGN_IN to a contact of the same person: the
 * session is fresh then and its token changes. As code_prove; outside a transaction. */
NODISCARD err_t customer_prove_again(struct db *db, const struct vault *vault,
                                     const struct session *session, struct str challenge,
                                     struct str typed, char out_token[TOKEN_BYTES],
                                     struct err *err);

/* The contact of a login in a channel ("phone", "email"); empty when it has none. */
NODISCARD err_t customer_contact_in(struct db *db, int64_t login_id, struct str channel,
                                    char out[CONTACT_BYTES], struct err *err);
/* The contact of a login in its one form, a telephone before an e-mail address; empty when it has
 * none. */
NODISCARD err_t customer_contact_of(struct db *db, int64_t login_id, char out[CONTACT_BYTES],
                                    struct err *err);

struct contact_row {
    struct str contact; /* in its one form (one_time.h) */
    struct str consent_text;
    int64_t consent_at_ms;
};
/* The contacts of a login; texts live during the callback. */
NODISCARD err_t customer_contacts_each(struct db *db, int64_t login_id,
                                       void (*take)(void *context, const struct contact_row *row),
                                       void *context, struct err *err);

/* The login of a contact as somebody typed it. E_NOT_FOUND, E_INPUT. */
NODISCARD err_t customer_login_of(struct db *db, struct str typed_contact, int64_t *out_login_id,
                                  struct err *err);

enum { LOGIN_CONTACTS_MAX = 16 };

/* The contacts of a login, in their one form; the texts live in the arena. */
NODISCARD err_t customer_contacts(struct db *db, struct arena *arena, int64_t login_id,
                                  struct str out[LOGIN_CONTACTS_MAX], size_t *out_count,
                                  struct err *err);

#endif
