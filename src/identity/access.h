/* SPDX-License-Identifier: Apache-2.0 */
/* The access log: who read whose personal data, why, from where, when (Law 91/2025/QH15; kept for
 * at least two years). The customer concerned may list it.
 *
 *   page or resource ─ access_note ─► ring of this process ─ access_flush ─► access_log
 *                                     (memory, nothing waits)    one transaction for many rows,
 *                                                                one link of the chain per unit
 *
 * A server flushes at least once a second, so a power failure loses at most one second of notes; a
 * ring that is full is flushed by whoever notes next, and nothing is ever dropped. A failed flush
 * keeps its notes for the next one. A command flushes before it answers.
 * Ownership: texts are copied. Threads: safe; db as the connection, outside a transaction. */
#ifndef SANGDEN_IDENTITY_ACCESS_H
#define SANGDEN_IDENTITY_ACCESS_H

#include "identity/identity.h"

enum {
    ACCESS_RING = 4096,
    ACCESS_FLUSH_MS = 500,
    ACCESS_LATE_MS = 1000,
    ACCESS_SAME_MS = 1000,
    ACCESS_ACTION_BYTES = 40,
    ACCESS_REASON_BYTES = 120,
    ACCESS_ADDRESS_BYTES = 64,
    ACCESS_OS_USER_BYTES = 64
};

/* The subject_id of a read of many: a list of a unit, which the action names. */
enum { ACCESS_MANY = 0 };

enum access_subject { ACCESS_PARTY, ACCESS_ACCOUNT, ACCESS_AGREEMENT, ACCESS_POINT };

struct access_entry {
    int64_t unit_id;
    int64_t staff_id; /* 0: a customer, or a program of a partner, which reason names */
    int64_t login_id; /* of a customer, whose part reason names; otherwise 0 */
    enum access_subject subject;
    int64_t subject_id;
    struct str action;  /* what was looked at: "customer.show" */
    struct str reason;  /* the request it serves, or what was asked; may be empty */
    struct str address; /* from where */
    struct str os_user; /* whose account ran the command; empty: a page, or a program */
};

/* Notes one read; longer texts are cut. Writes only when the ring is full. E_STORE, E_BUSY then.
 * What a customer reads again within ACCESS_SAME_MS of a note is the reading that stands there. */
NODISCARD err_t access_note(struct db *db, const struct access_entry *entry, struct err *err);
/* The same where there is room, in a transaction or not; false when the ring is full. */
NODISCARD bool access_try(const struct access_entry *entry);
/* Whether notes have waited for ACCESS_FLUSH_MS or the ring is half full: who keeps the server
 * looks a few times a second, so that nobody who asks for a page waits for a synced commit. */
bool access_due(void);
/* Whether they have waited for ACCESS_LATE_MS all the same, or the ring is nearly full: then who
 * comes next writes them. */
bool access_late(void);
/* Writes what was noted; nothing when the ring is empty. E_STORE, E_BUSY: the notes stay. */
NODISCARD err_t access_flush(struct db *db, struct err *err);

/* A read. The person concerned is told the part that the reader played, not the name. */
struct access_seen {
    int64_t access_no, read_at_ms;
    int64_t login_id;            /* of a customer, whose part reason names; otherwise 0 */
    struct str role_vi, role_en; /* empty: none on that day */
    struct str action, reason;
    /* Code, network address and account of the machine of the reader; empty without names. */
    struct str staff, address, os_user;
};
/* What is read of a person: party, account, agreement, points. */
struct access_thing {
    enum access_subject kind;
    int64_t id;
};
struct access_question {
    int64_t unit_id;
    const struct access_thing *thing;
    size_t thing_count;
    int64_t from_ms;   /* not before */
    int64_t before_no; /* cursor: earlier entries; 0: from the latest */
    int64_t but_login_id; /* who asks what others read; 0: everybody */
    size_t most;
    bool names; /* for who holds AUDIT_READ: which member of the staff read, and from where */
};

/* At most so many reads of any of the things, the latest first; *out_more tells whether there are
 * earlier ones. Results live in the arena. E_MEMORY. */
NODISCARD err_t access_seen_of(struct db *db, struct arena *arena,
                               const struct access_question *question, struct access_seen **out,
                               size_t *out_count, bool *out_more, struct err *err);

/* "party", "account", "agreement", "point"; false for another word. */
NODISCARD bool access_subject_parse(struct str text, enum access_subject *out);

#endif
