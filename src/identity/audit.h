/* SPDX-License-Identifier: Apache-2.0 */
/* The audit chain: what was done, by whom, when, in an order that cannot be changed unseen.
 *
 *   unit 7, stream "billing"   1 ◄─ 2 ◄─ 3 …      each link holds the hash of the one before it
 *   unit 7, stream "identity"  1 ◄─ 2 …
 *   anchors                    2026-11-20 ◄─ 2026-11-21 …   a hash over the heads of all chains
 *
 * A link is appended in the transaction of its change; those who append to one chain wait for each
 * other at the row of its head, and at nothing else. Whoever keeps the hash of an anchor outside
 * (on paper, at the auditor's) can prove later that nothing before it was changed.
 * Hashes are SHA-256 over all fields of a link, each with its length, so that no two links read
 * the same. Contents themselves stay in their own tables: the link holds their hash.
 * Ownership: nothing is kept. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_AUDIT_H
#define SANGDEN_IDENTITY_AUDIT_H

#include "base/hash.h"
#include "identity/identity.h"

enum { AUDIT_STREAM_MAX_BYTES = 64, AUDIT_SUBJECT_MAX_BYTES = 256 };

struct audit_note {
    int64_t unit_id;
    struct str stream;  /* "billing": one chain per unit and stream */
    struct str action;  /* "bill.issue" */
    struct str subject; /* what it was done to: a code or number, nothing about a person */
    struct str content; /* what was decided, in a form that can be made again; its hash stays */
};

/* Appends a link. Inside a transaction only. E_STORE, E_BUSY. */
NODISCARD err_t audit_append(struct db *db, const struct actor *actor,
                             const struct audit_note *note, struct err *err);

/* Appends several links, in their order: the rows go in together, and a chain is held once where
 * its links stand one behind the other. Who appends to several chains orders them by unit and
 * stream, so that no two wait for each other. Inside a transaction only. */
NODISCARD err_t audit_append_all(struct db *db, const struct actor *actor,
                                 const struct audit_note *notes, size_t count, struct err *err);

/* Anchors the heads of all chains, once a day; *out_new is false when the day has its anchor
 * already, and out_hash is that day's then. Inside a transaction only. E_STATE when a later day has
 * one. */
NODISCARD err_t audit_anchor(struct db *db, int32_t day, bool *out_new, struct hash *out_hash,
                             struct err *err);

/* The day of the anchor with this hash (hexadecimal, as it was printed and kept outside). E_INPUT
 * when it is no hash, E_CHECK when no anchor has it: what it stood for was changed or cut off. */
NODISCARD err_t audit_anchored_day(struct db *db, struct str hash, int32_t *out_day,
                                   struct err *err);

/* The first broken link, in words. */
struct audit_break {
    char where[160]; /* "unit 7, stream billing, link 3" or "anchor 2026-11-21" */
    const char *vi;
    const char *en;
};

/* Walks every chain and every anchor; *out_links is how many links hold. */
NODISCARD err_t audit_verify(struct db *db, bool *out_broken, struct audit_break *out_break,
                             int64_t *out_links, struct err *err);

#endif
