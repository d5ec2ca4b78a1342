/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the move of a customer: what it carries along, and what it closes and opens. */
#ifndef SANGDEN_REGISTRY_MOVE_INT_H
#define SANGDEN_REGISTRY_MOVE_INT_H

#include "registry/registry.h"

struct moving {
    struct db *db;
    struct arena *arena;
    const struct customer_move *move;
    struct fact_author author; /* corrects: what a unit recorded earlier gives way */
    int64_t now_ms;
    struct value day; /* the first day in the new unit, and the last in the old one */
    struct value day_before;
    int64_t agreement_id; /* in the new unit */
    int64_t account_id;
    int64_t old_account_id; /* 0: the agreement has none */
};

/* Carries the facts of a thing into the new unit: what holds on the first day from that day on,
 * what is recorded for later days on those days. What belongs to a unit (book, station, route)
 * stays. E_STATE when the thing goes to another agreement or account later. */
NODISCARD err_t move_carry(const struct moving *m, enum registry_subject subject, int64_t old_id,
                           int64_t new_id, struct err *err);
/* From the first day on nothing holds of these kinds (separated by '|'; NULL: of any) in a unit,
 * and what was recorded for later days is taken back. */
NODISCARD err_t move_clear(const struct moving *m, int64_t unit_id, enum registry_subject subject,
                           int64_t id, const char *kinds, struct err *err);
/* A party of the new unit with the same content: the one there under the same code, when it is the
 * same one, or a copy, whose code names the old unit when a stranger has that code. */
NODISCARD err_t move_party(const struct moving *m, int64_t old_id, int64_t *out_id,
                           struct err *err);
/* Holds on collection and cuts of a point or an account hold in the new unit too. */
NODISCARD err_t move_holds(const struct moving *m, const char *subject_kind, int64_t old_id,
                           int64_t new_id, struct err *err);

#endif
