/* SPDX-License-Identifier: Apache-2.0 */
/* Who acts, and what that person may do.
 *
 *   --as NV01, or the operating-system user ─► struct actor ─ roles at units ─► permissions
 *
 * A person holds roles at a unit, at every unit (IDENTITY_EVERY_UNIT) or at an organisation, each
 * from a day to a day; roles at an organisation hold at the units that the tree of the day puts
 * below it, and roles at a unit also at those merged into it. roles.def names the roles,
 * permissions.def what may be done, grants.def which role may do what.
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

/* What lies above a unit on a day. The tree belongs to the network, which stands above this room
 * and lends its answer through identity_use_tree. */
enum { IDENTITY_TREE_DEPTH_MAX = 16 };

struct identity_tree {
    int64_t managed_as_unit_id; /* the unit that took it in; itself when it was not merged */
    int64_t organisation_ids[IDENTITY_TREE_DEPTH_MAX]; /* from the nearest upwards */
    size_t organisation_count;
};

typedef err_t identity_tree_finder(struct db *db, int64_t unit_id, int32_t day,
                                   struct identity_tree *out, struct err *err);

/* Configuration of the program, set once at start-up before any thread; without it a unit stands
 * alone. */
void identity_use_tree(identity_tree_finder *finder);

/* What was asked about an actor's roles already. It belongs to whoever asks several times within
 * one request, is given to one actor, and must not outlive that request: a right that ends is seen
 * by the next one. */
enum { ACTOR_ROLES_KEPT = 48, ACTOR_UNITS_KEPT = 8 };
struct actor_memory;

struct actor {
    int64_t staff_id;
    struct str code;
    struct str name;
    struct str os_user; /* who typed it, as the operating system knows them; may be empty */
    int32_t day;        /* the civil day on which rights are looked up */
    struct actor_memory *memory; /* NULL: everything is asked of the store each time */
};

/* Finds who acts: the staff member with the code, or, when code is empty, the one mapped to the
 * operating-system user. The person must be active on the day. E_FORBIDDEN with the remedy. */
NODISCARD err_t actor_resolve(struct db *db, struct arena *arena, struct str code,
                              struct str os_user, int32_t day, struct actor *out,
                              struct err *err);

/* The member of the staff with this number, active on the day. E_FORBIDDEN with the remedy. */
NODISCARD err_t actor_of_staff(struct db *db, struct arena *arena, int64_t staff_id, int32_t day,
                               struct actor *out, struct err *err);

/* E_FORBIDDEN unless one of the actor's roles at the unit, at what lies above it, or at every unit,
 * grants it. With IDENTITY_EVERY_UNIT the role itself must hold at every unit. */
NODISCARD err_t actor_require(struct db *db, const struct actor *actor, int64_t unit_id,
                              enum permission permission, struct err *err);

/* The same as a question. */
NODISCARD err_t actor_may(struct db *db, const struct actor *actor, int64_t unit_id,
                          enum permission permission, bool *out, struct err *err);

/* Everything the actor may do at the unit, asked at once. */
struct actor_rights {
    bool may[PERMISSION_COUNT];
};
struct actor_role {
    enum role role;
    int64_t unit_id, organisation_id; /* where it holds; organisation 0: at the unit */
};
struct actor_memory {
    int64_t staff_id; /* of whom, and on which day; of another it forgets */
    int32_t day;
    bool has_roles; /* all of them, in any place */
    struct actor_role role[ACTOR_ROLES_KEPT];
    size_t role_count;
    int64_t unit_id[ACTOR_UNITS_KEPT]; /* units asked about, and the answers */
    struct actor_rights rights[ACTOR_UNITS_KEPT];
    size_t unit_count;
};
NODISCARD err_t actor_rights_at(struct db *db, const struct actor *actor, int64_t unit_id,
                                struct actor_rights *out, struct err *err);

/* Whether a role of the actor grants it anywhere: who may open a page at all. */
NODISCARD err_t actor_may_anywhere(struct db *db, const struct actor *actor,
                                   enum permission permission, bool *out, struct err *err);

/* Whether the actor is the only active person with any role at the unit: the one-person
 * organisation, where a second approval becomes a confirmation on a later day. */
NODISCARD err_t actor_is_alone(struct db *db, const struct actor *actor, int64_t unit_id,
                               bool *out, struct err *err);

/* The same beside those who took part already: whether nobody is left at the unit but the actor and
 * these members of the staff. */
NODISCARD err_t actor_is_last(struct db *db, const struct actor *actor, int64_t unit_id,
                              const int64_t *others, size_t other_count, bool *out,
                              struct err *err);

/* "billing_leader"; false for an unknown word. */
NODISCARD bool role_parse(struct str text, enum role *out);
const char *role_name(enum role role);
const char *role_vi(enum role role);
const char *role_en(enum role role);
const char *permission_vi(enum permission permission);
const char *permission_en(enum permission permission);
bool role_grants(enum role role, enum permission permission);

#endif
