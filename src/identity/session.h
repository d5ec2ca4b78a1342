/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: who is signed in on which device, until when, and how surely.
 *
 *   token (256 random bits, in the cookie) ─ SHA-256 ─► row: kind, subject, level, limits
 *
 *   first   the password was right, the second factor is missing: nothing but that may follow
 *   full    everything that the person's rights allow
 *
 * A token is never reused: it changes when the level rises (no fixation) and whenever somebody
 * proves anew who they are. A look-up is one read on an index and no write; that somebody was here
 * is written at most once a minute. Limits are dated parameters, taken when a session begins.
 * Sessions end with a role, employment, password or second factor of their owner.
 * Ownership: texts of rows live during their callback. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_SESSION_H
#define SANGDEN_IDENTITY_SESSION_H

#include "identity/identity.h"
#include "identity/vault.h"

enum {
    TOKEN_BYTES = 65, /* hexadecimal, with a NUL */
    SESSION_ADDRESS_BYTES = 64,
    SESSION_AGENT_BYTES = 200,
    CHANNEL_BYTES = 8,
    SESSION_SEEN_MS = 60000,
    SESSION_FLUSH_MS = 1000
};

enum session_kind { SESSION_STAFF, SESSION_CUSTOMER };
enum session_level { SESSION_FIRST, SESSION_FULL };
enum session_end {
    SESSION_SIGNED_OUT,
    SESSION_ROTATED,
    SESSION_REVOKED,
    SESSION_ROLE,
    SESSION_LEFT,
    SESSION_PASSWORD,
    SESSION_SECOND_FACTOR
};

struct session {
    char
        token_hash[HASH_TEXT_BYTES]; /* names the session in lists; the token itself is not known */
    enum session_kind kind;
    int64_t subject_id; /* staff_id or login_id */
    enum session_level level;
    bool fresh; /* proved recently enough for a sensitive act */
    char proved_channel
        [CHANNEL_BYTES]; /* of the contact that proved it then; empty: another proof */
    int64_t created_at_ms, seen_at_ms, proved_at_ms, expires_at_ms, idle_ms, fresh_ms;
};

/* Who comes from where; too long texts are cut. */
struct visitor {
    struct str address; /* as the server sees it */
    struct str agent;   /* what the browser calls itself */
    struct str device;  /* token of the device, or empty */
};

struct session_start {
    enum session_kind kind;
    int64_t subject_id;
    enum session_level level;
    bool known_device; /* a customer's session is longer there */
    struct str proved_channel; /* of the contact by which a customer was proved; otherwise empty */
    struct visitor visitor;
};

/* Begins a session, inside a transaction; the token goes into the cookie and nowhere else. */
NODISCARD err_t session_begin(struct db *db, const struct session_start *start,
                              char out_token[TOKEN_BYTES], struct err *err);
/* The session of a token, unless it has ended, is too old or was idle too long; *out_found says. */
NODISCARD err_t session_find(struct db *db, struct str token, struct session *out, bool *out_found,
                             struct err *err);
/* Notes that the session was used, where what is on record is older than SESSION_SEEN_MS: in
 * memory, for session_seen_flush. Threads: safe. */
void session_seen(const struct session *session);
/* Whether notes have waited for SESSION_FLUSH_MS. Threads: safe. */
bool session_seen_due(void);
/* Writes what was noted, outside a transaction. E_STORE, E_BUSY: these notes are forgotten, and who
 * goes on using a session is noted again. Threads: safe; db as the connection. */
NODISCARD err_t session_seen_flush(struct db *db, struct err *err);
/* Ends the session and begins its successor with another token, as proved now, at the level; its
 * absolute end stays. Inside a transaction. E_STATE when it has ended meanwhile. */
NODISCARD err_t session_rotate(struct db *db, const struct session *session,
                               enum session_level level, char out_token[TOKEN_BYTES],
                               struct err *err);
/* Notes that the latest proof of a session went by the contact of a channel. */
NODISCARD err_t session_proved_by(struct db *db, struct str token, struct str channel,
                                  struct err *err);
/* Counts a wrong second factor; *out_tries is how many there were. */
NODISCARD err_t session_count_try(struct db *db, const struct session *session, int64_t *out_tries,
                                  struct err *err);
/* Ends one session of a person, named by its hash. E_NOT_FOUND for one that is not theirs. */
NODISCARD err_t session_end(struct db *db, enum session_kind kind, int64_t subject_id,
                            struct str token_hash, enum session_end reason, struct err *err);
/* Ends all sessions of a person but one (keep may be NULL). */
NODISCARD err_t session_end_all(struct db *db, enum session_kind kind, int64_t subject_id,
                                const struct session *keep, enum session_end reason,
                                struct err *err);

/* Ends one session of a person by its owner's wish, as session_end, and forgets the device on which
 * it was: a device that was lost is no longer let in more easily than others. Inside a
 * transaction; a link of the audit chain. self: of the staff; NULL for a customer. */
NODISCARD err_t session_end_by_owner(struct db *db, enum session_kind kind, int64_t subject_id,
                                     const struct actor *self, struct str token_hash,
                                     struct err *err);
/* The same for all sessions and devices of the person but those of one session. */
NODISCARD err_t session_end_others(struct db *db, const struct session *keep,
                                   const struct actor *self, struct err *err);

struct session_row {
    struct session session;
    struct str address, agent;
    bool remembered; /* the device on which it is, is known */
};

/* The living sessions of a person, the latest first. */
NODISCARD err_t session_each(struct db *db, enum session_kind kind, int64_t subject_id,
                             void (*take)(void *context, const struct session_row *row),
                             void *context, struct err *err);
/* Forgets sessions that ended or could end before an instant, with their addresses. */
NODISCARD err_t session_forget(struct db *db, int64_t before_ms, int64_t *out_count,
                               struct err *err);

/* Who acts in a session of the staff, on a day. E_FORBIDDEN when the person is not active. */
NODISCARD err_t session_actor(struct db *db, struct arena *arena, const struct session *session,
                              int32_t day, struct actor *out, struct err *err);

/* ---- forms ------------------------------------------------------------------------------- */

/* What forms and scripts of this session send along, NUL-terminated. */
struct str session_csrf(const struct vault *vault, const struct session *session,
                        char out[HASH_TEXT_BYTES]);
/* Whether it is that of this session. */
bool session_csrf_good(const struct vault *vault, const struct session *session, struct str given);

/* What stands for a session while nobody is signed in, so that forms of strangers are bound to
 * their browser as well: a token for a cookie of its own, and what session_csrf takes. */
void session_stranger_begin(char out_token[TOKEN_BYTES]);
/* False for what is no token. */
NODISCARD bool session_stranger(struct str token, struct session *out);

/* ---- devices ----------------------------------------------------------------------------- */

/* Whether somebody signed in on the device before and did not end it since; a customer's is known
 * for customer_session_days. */
NODISCARD err_t device_known(struct db *db, enum session_kind kind, int64_t subject_id,
                             struct str token, bool *out, struct err *err);
/* Remembers a device after a full sign-in: the one of the visitor, or, where it has none, a new
 * one whose token goes into its cookie. Inside a transaction. */
NODISCARD err_t device_remember(struct db *db, enum session_kind kind, int64_t subject_id,
                                const struct visitor *visitor, char out_token[TOKEN_BYTES],
                                struct err *err);
/* Notes on which device a session is. */
NODISCARD err_t session_on_device(struct db *db, struct str token, struct str device,
                                  struct err *err);

struct device_row {
    struct str device_hash; /* names it in lists */
    struct str agent;
    int64_t created_at_ms;
    int64_t expires_at_ms; /* 0: known until somebody forgets it */
};
/* The known devices of a person on which nobody is signed in, the latest first; texts live during
 * the callback. */
NODISCARD err_t device_each(struct db *db, enum session_kind kind, int64_t subject_id,
                            void (*take)(void *context, const struct device_row *row),
                            void *context, struct err *err);
/* Forgets one known device by its owner's wish; inside a transaction, with a link of the audit
 * chain. E_NOT_FOUND for one that is not theirs. self as in session_end_by_owner. */
NODISCARD err_t device_end_by_owner(struct db *db, enum session_kind kind, int64_t subject_id,
                                    const struct actor *self, struct str device_hash,
                                    struct err *err);
/* Forgets all devices of a person. */
NODISCARD err_t device_end_all(struct db *db, enum session_kind kind, int64_t subject_id,
                               struct err *err);

#endif
