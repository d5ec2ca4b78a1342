/* SPDX-License-Identifier: Apache-2.0 */
/* Staff members and their roles: people come, get roles at units, and leave; nothing is deleted.
 *
 *   staff NV01 ─ name "…" ─ active [2026-01-05, …) ─ billing_clerk at unit 7 [2026-02-01, …)
 *
 * Every change appends a fact and a link of the audit stream "identity", in the caller's
 * transaction. An administrator may not give roles to himself, unless he is alone; the last
 * administrator cannot leave.
 * Ownership: lists live in the arena. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_STAFF_H
#define SANGDEN_IDENTITY_STAFF_H

#include "identity/identity.h"

struct staff_entry {
    struct str code;
    struct str name;
    struct str os_user; /* empty when none is mapped */
    int32_t from_day;
};

/* Makes the first person of an empty store, with every role at every unit: in a co-operative of one
 * all work is theirs. E_STATE when there is anybody already. */
NODISCARD err_t staff_found(struct db *db, struct str code, struct str name, struct str os_user,
                            int32_t day, int64_t *out_staff_id, struct err *err);
/* Adds an active person without roles; os_user may be empty. E_INPUT, E_CONFLICT, E_FORBIDDEN. */
NODISCARD err_t staff_add(struct db *db, const struct actor *actor,
                          const struct staff_entry *entry, int64_t *out_staff_id,
                          struct err *err);
/* The person is no longer active from the day on. E_NOT_FOUND, E_STATE, E_FORBIDDEN. */
NODISCARD err_t staff_leave(struct db *db, const struct actor *actor, struct str code,
                            int32_t day, struct err *err);

/* A role at a unit or organisation from a day on, or its end. */
struct role_change {
    struct str code; /* whose */
    enum role role;
    int64_t unit_id;
    int64_t organisation_id; /* 0: at the unit; otherwise at this organisation, unit_id is 0 */
    int32_t from_day;
    bool ends;
};

/* E_NOT_FOUND, E_STATE (already so; the last administrator), E_FORBIDDEN. */
NODISCARD err_t staff_change_role(struct db *db, const struct actor *actor,
                                  const struct role_change *change, struct err *err);

/* ---- questions --------------------------------------------------------------------------- */

struct staff_role {
    int64_t unit_id;         /* -1: at the organisation */
    int64_t organisation_id; /* 0: at the unit */
    enum role role;
    int32_t from_day;
};

struct staff_member {
    int64_t staff_id;
    struct str code;
    struct str name;
    struct str os_user;
    int32_t from_day;
    const struct staff_role *roles;
    size_t role_count;
};

/* Those active on the day with their roles of that day, by code. */
NODISCARD err_t staff_list(struct db *db, struct arena *arena, int32_t day,
                           struct staff_member **out, size_t *out_count, struct err *err);
/* E_NOT_FOUND. */
NODISCARD err_t staff_id_of(struct db *db, struct str code, int64_t *out, struct err *err);
/* Whether the schema of the store, which may be empty or older than the program, knows people. */
NODISCARD err_t staff_known(struct db *db, bool *out, struct err *err);
/* How many people were ever entered. */
NODISCARD err_t staff_count(struct db *db, int64_t *out, struct err *err);

#endif
