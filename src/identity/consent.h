/* SPDX-License-Identifier: Apache-2.0 */
/* What people agreed to, and what they ask of their data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP).
 *
 *   consent           person and purpose: given or withdrawn, with words, channel and proof; the
 *                     latest entry decides, nothing is assumed, nothing is changed afterwards
 *   privacy request   received ─ acknowledge_by ─► acknowledged ─ done_by ─► done or refused
 *
 * Days are laid down when a request comes, from dated parameters; working days are Monday to
 * Friday: public holidays are not taken off, which makes a deadline earlier, never later.
 * Threads: as the connection. Ownership: texts of a row live during its callback. */
#ifndef SANGDEN_IDENTITY_CONSENT_H
#define SANGDEN_IDENTITY_CONSENT_H

#include "identity/identity.h"

enum purpose {
#define PURPOSE(name, ...) PURPOSE_##name,
#include "identity/purposes.def"
    PURPOSE_COUNT
};

enum consent_channel { CONSENT_PORTAL, CONSENT_COUNTER, CONSENT_PHONE };

/* "contact"; false for another word. */
NODISCARD bool purpose_parse(struct str text, enum purpose *out);
const char *purpose_name(enum purpose purpose);
/* For people, in both languages. */
const char *purpose_vi(enum purpose purpose);
const char *purpose_en(enum purpose purpose);
/* Whether nothing may be done for it before the person agreed. */
bool purpose_needs_consent(enum purpose purpose);

struct consent {
    int64_t login_id;
    enum purpose purpose;
    bool given;              /* false: withdrawn */
    struct str text_version; /* the words that were shown */
    enum consent_channel channel;
    struct str evidence; /* where the proof lies */
};

/* Records an agreement or a withdrawal, inside a transaction; actor NULL: the person did it. With
 * the consent to be reached, what the person signs in with is forgotten and all sessions end.
 * E_INPUT without words or proof, or for a purpose that rests on contract or law; E_STATE for a
 * withdrawal of what was not given. */
NODISCARD err_t consent_record(struct db *db, const struct actor *actor,
                               const struct consent *consent, struct err *err);
/* Whether it may be done for this purpose now. */
NODISCARD err_t consent_holds(struct db *db, int64_t login_id, enum purpose purpose, bool *out,
                              struct err *err);

struct consent_row {
    struct str purpose, text_version, channel, evidence;
    bool given;
    int64_t recorded_at_ms;
};

/* Everything a person agreed to and withdrew, by purpose and time. */
NODISCARD err_t consent_each(struct db *db, int64_t login_id,
                             void (*take)(void *context, const struct consent_row *row),
                             void *context, struct err *err);

/* ---- requests ---------------------------------------------------------------------------- */

enum privacy_request {
#define PRIVACY_REQUEST(name, ...) PRIVACY_##name,
#include "identity/privacy_requests.def"
    PRIVACY_REQUEST_COUNT
};

/* "see", "delete"; false for another word. */
NODISCARD bool privacy_request_parse(struct str text, enum privacy_request *out);

struct privacy_order {
    int64_t unit_id; /* where it was received; rights are asked there */
    int64_t login_id;
    enum privacy_request kind;
    bool others_involved; /* processors or third parties have to act too */
    int32_t day;          /* received on */
    struct str words; /* what the person says of it; at most PRIVACY_WORDS_MAX_BYTES, or empty */
};
enum { PRIVACY_WORDS_MAX_BYTES = 3000 };

/* Takes a request, inside a transaction; actor NULL: the person asked on the portal. E_FORBIDDEN
 * without PRIVACY_MANAGE at the unit; E_STATE when the person has asked the same and waits; E_INPUT
 * with the field "words" when they are too long, or when the person asks on the portal for a
 * correction without saying of what. */
NODISCARD err_t privacy_request_take(struct db *db, const struct actor *actor,
                                     const struct privacy_order *order, int64_t *out_request_id,
                                     struct err *err);
/* It was acknowledged, with the procedure, on the actor's day. E_STATE when it was before. */
NODISCARD err_t privacy_request_acknowledge(struct db *db, const struct actor *actor,
                                            int64_t unit_id, int64_t request_id, struct err *err);
/* What has to stop is put off, once, to a day after its end and at most privacy_extend_days later,
 * with the reason that the person is told (Decree 356/2025/NĐ-CP); inside a transaction. E_STATE
 * when it ended, is late, was extended before or is of a kind that is not; E_INPUT with "until" or
 * "reason". */
NODISCARD err_t privacy_request_extend(struct db *db, const struct actor *actor, int64_t unit_id,
                                       int64_t request_id, int32_t until, struct str reason,
                                       struct err *err);
/* It was done or refused, with the answer that the person got. E_STATE when it ended before. */
NODISCARD err_t privacy_request_end(struct db *db, const struct actor *actor, int64_t unit_id,
                                    int64_t request_id, bool done, struct str answer,
                                    struct err *err);

struct privacy_request_row {
    int64_t request_id, login_id;
    struct str kind, received_on, acknowledge_by, done_by;
    struct str acknowledged_on, ended_on, outcome; /* empty as long as it is not */
    struct str answer;                             /* what the person got; empty */
    struct str words;                              /* what the person said; empty */
    struct str extension; /* why done_by was moved; empty as long as it was not */
};

/* Open requests, or all, those with the nearest end first. */
NODISCARD err_t privacy_request_each(struct db *db, bool open_only,
                                     void (*take)(void *context,
                                                  const struct privacy_request_row *row),
                                     void *context, struct err *err);
/* Those of a person, the latest first. */
NODISCARD err_t privacy_request_of(struct db *db, int64_t login_id,
                                   void (*take)(void *context,
                                                const struct privacy_request_row *row),
                                   void *context, struct err *err);

/* Its name, and the same for people in both languages. */
const char *privacy_request_name(enum privacy_request kind);
const char *privacy_request_vi(enum privacy_request kind);
const char *privacy_request_en(enum privacy_request kind);

#endif
