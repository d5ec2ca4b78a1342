/* SPDX-License-Identifier: Apache-2.0 */
/* Who acts, and what that person may do.
 *
 *   --as NV01, or the operating-system user ─► struct actor ─ roles at units ─► permissions
 *
 * A person holds roles at a unit or at every unit (IDENTITY_EVERY_UNIT), each from a day to a day;
 * roles.def names the roles, permissions.def what may be done, grants.def which role may do what.
 * What is not granted is refused, here and nowhere else: every change asks actor_require.
 * Ownership: texts of an actor live in the arena given. Threads: as the connection.
 * Limits: a staff code has 1 to 32 characters of A-Z a-z 0-9 . _ - */
#ifndef SANGDEN_IDENTITY_IDENTITY_H
#define SANGDEN_IDENTITY_IDENTITY_H

#include "base/arena.h"
#include "base/error.h"
#include "store/store.h"

enum { IDENTITY_EVERY_UNIT = 0, STAFF_CODE_MAX_BYTES = 32 };

enum role {
#define ROLE(name, vi, en) ROLE_##name,
#include "identity/roles.def"
#undef ROLE
    ROLE_COUNT
};

enum permission {
#define PERMISSION(name, vi, en) PERMISSION_##name,
#include "identity/permissions.def"
#undef PERMISSION
    PERMISSION_COUNT
};

struct actor {
    int64_t staff_id;
    struct str code;
    struct str name;
    struct str os_user; /* who typed it, as the operating system knows them; may be empty */
    int32_t day;        /* the civil day on which rights are looked up */
};

/* Finds who acts: the staff member with the code, or, when code is empty, the one mapped to the
 * operating-system user. The person must be active on the day. E_FORBIDDEN with the remedy. */
NODISCARD err_t actor_resolve(struct db *db, struct arena *arena, struct str code,
                              struct str os_user, int32_t day, struct actor *out,
                              struct err *err);

/* E_FORBIDDEN unless one of the actor's roles at the unit, or at every unit, grants it. With
 * IDENTITY_EVERY_UNIT the role itself must hold at every unit. */
NODISCARD err_t actor_require(struct db *db, const struct actor *actor, int64_t unit_id,
                              enum permission permission, struct err *err);

/* The same as a question. */
NODISCARD err_t actor_may(struct db *db, const struct actor *actor, int64_t unit_id,
                          enum permission permission, bool *out, struct err *err);

/* Whether the actor is the only active person with any role at the unit: the one-person
 * organisation, where a second approval becomes a confirmation on a later day. */
NODISCARD err_t actor_is_alone(struct db *db, const struct actor *actor, int64_t unit_id,
                               bool *out, struct err *err);

/* "billing_leader"; false for an unknown word. */
NODISCARD bool role_parse(struct str text, enum role *out);
const char *role_name(enum role role);
const char *role_vi(enum role role);
const char *role_en(enum role role);
const char *permission_vi(enum permission permission);
const char *permission_en(enum permission permission);
bool role_grants(enum role role, enum permission permission);

#endif
