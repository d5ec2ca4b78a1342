/* SPDX-License-Identifier: Apache-2.0 */
/* Holds: what one matter must be able to stop in another.
 *
 *   complaint, inspection, spike … ─ place ─► hold on a point or an account ─ stops ─► draft
 *                                              reason, owner, last day            │ collection
 *                                              escalation before it               └ cut
 *
 * A matter holds the same thing at most once at a time (hold_open, a partial unique index). A hold
 * past its last day still stops until somebody releases it: nothing lapses unseen.
 * Changes run inside the caller's transaction and append events "hold.placed" and "hold.released".
 * Ownership: lists live in the arena. Threads: those of the connection. */
#ifndef SANGDEN_REGISTRY_HOLD_H
#define SANGDEN_REGISTRY_HOLD_H

#include "base/arena.h"
#include "store/store.h"

enum hold_subject { HOLD_POINT, HOLD_ACCOUNT };
enum hold_stops { HOLD_DRAFT, HOLD_COLLECTION, HOLD_CUT };

struct hold {
    int64_t hold_id;
    enum hold_subject subject;
    int64_t subject_id;
    enum hold_stops stops;
    struct str matter; /* what it is about: "spike:2026-10", "request:123" */
    struct str reason;
    int64_t owner_id; /* staff member who must bring it to an end */
    int64_t placed_at_ms;
    int32_t escalate_day;
    int32_t last_day;
};

/* hold_id and placed_at_ms of the argument are not read. E_CONFLICT when the matter holds it
 * already, E_INPUT when the escalation is behind the last day. */
NODISCARD err_t hold_place(struct db *db, int64_t unit_id, const struct hold *hold, int64_t now_ms,
                           int64_t *out_hold_id, struct err *err);
/* E_STATE when it is released already, E_NOT_FOUND when there is none. */
NODISCARD err_t hold_release(struct db *db, int64_t unit_id, int64_t hold_id, int64_t actor_id,
                             struct str reason, int64_t now_ms, struct err *err);
/* Open holds of a unit by last day; escalated_by: only those whose escalation day is not behind
 * it (INT32_MAX: all). */
NODISCARD err_t hold_list(struct db *db, struct arena *arena, int64_t unit_id, int32_t escalated_by,
                          const struct hold **out, size_t *out_count, struct err *err);
/* Open holds of one point or account, by last day. */
NODISCARD err_t hold_list_of(struct db *db, struct arena *arena, int64_t unit_id,
                             enum hold_subject subject, int64_t subject_id, const struct hold **out,
                             size_t *out_count, struct err *err);
/* Whether anything stops this for the point, or for the account when account_id is not 0. */
NODISCARD err_t hold_stops_it(struct db *db, int64_t unit_id, enum hold_stops stops,
                              int64_t point_id, int64_t account_id, bool *out, struct err *err);

/* The words of the table. */
struct str hold_stops_text(enum hold_stops stops);
/* From the words of the table; false for any other. */
NODISCARD bool hold_stops_parse(struct str text, enum hold_stops *out);
/* The words of the table. */
struct str hold_subject_text(enum hold_subject subject);

#endif
