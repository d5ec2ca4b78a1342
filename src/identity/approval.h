/* SPDX-License-Identifier: Apache-2.0 */
/* The two-person rule: what one proposes another releases.
 *
 *   open ─ released   by another person ("second_person"), or, in an organisation of one, by the
 *    │                same person on a later civil day ("later_day"); the record says which
 *    └──── refused    with a reason; it may be proposed again
 *
 * A matter is named by unit, kind and subject, and carries the hash of what is to be approved: what
 * was changed after the proposal cannot be released. At most one proposal of a matter is open.
 * The caller asks actor_require for its own permissions first. Each step is a link of the audit
 * stream "approval", in the caller's transaction.
 * Ownership: texts live in the arena. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_APPROVAL_H
#define SANGDEN_IDENTITY_APPROVAL_H

#include "base/hash.h"
#include "identity/identity.h"

struct approval_matter {
    int64_t unit_id;    /* IDENTITY_EVERY_UNIT for what concerns the whole store */
    struct str kind;    /* "tariff.release" */
    struct str subject; /* which one */
    struct hash content;
};

struct approval {
    int64_t approval_id;
    int64_t proposed_by; /* staff_id */
    int32_t proposed_day;
};

/* E_CONFLICT when a proposal of the matter is open with other content; the same content proposed
 * again by the same person answers the open one. */
NODISCARD err_t approval_propose(struct db *db, const struct actor *actor,
                                 const struct approval_matter *matter, int64_t *out_approval_id,
                                 struct err *err);
/* Proposes many matters of one unit at once, none of which is open. E_CONFLICT when one is. */
NODISCARD err_t approval_propose_all(struct db *db, const struct actor *actor,
                                     const struct approval_matter *matters, size_t count,
                                     struct err *err);
/* E_NOT_FOUND without an open proposal, E_CONFLICT with other content, E_FORBIDDEN for the same
 * person (on the same day, in an organisation of one). */
NODISCARD err_t approval_release(struct db *db, const struct actor *actor,
                                 const struct approval_matter *matter, struct err *err);
/* Ends the proposal; the one who proposed may do this too. reason must not be empty. E_NOT_FOUND,
 * E_INPUT. */
NODISCARD err_t approval_refuse(struct db *db, const struct actor *actor,
                                const struct approval_matter *matter, struct str reason,
                                struct err *err);
/* The rule alone, for decisions that keep their own record: OK when the actor is not the person who
 * took the first step, or works alone at the unit and the first step was on an earlier civil day.
 * E_FORBIDDEN with the remedy. */
NODISCARD err_t approval_second(struct db *db, const struct actor *actor, int64_t unit_id,
                                int64_t first_staff_id, int32_t first_day, struct err *err);
/* The open proposal of a matter; content of the matter is not looked at. E_NOT_FOUND. */
NODISCARD err_t approval_open(struct db *db, const struct approval_matter *matter,
                              struct approval *out, struct err *err);

#endif
