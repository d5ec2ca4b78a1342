/* SPDX-License-Identifier: Apache-2.0 */
/* What a customer who signs in may see: one login, several agreements, each with a role.
 *
 *   login (identity) ─ owner, tenant, relative, from day to day ─► agreement
 *
 * The counter gives and takes any role; an owner gives tenant and relative to others and takes
 * them back. A role that began before the agreement got another holder is void from that day:
 * nobody sees the bills of those who came after.
 * Threads: as the connection. Ownership: texts of a row live during its callback. */
#ifndef SANGDEN_REGISTRY_LOGIN_H
#define SANGDEN_REGISTRY_LOGIN_H

#include "identity/identity.h"

enum login_role {
#define LOGIN_ROLE(name, ...) LOGIN_##name,
#include "registry/login_roles.def"
    LOGIN_ROLE_COUNT
};

enum login_right { LOGIN_SEES_BILLS, LOGIN_SEES_READINGS, LOGIN_SEES_PERSONAL, LOGIN_CHANGES };

/* "owner", "tenant", "relative"; false for another word. */
NODISCARD bool login_role_parse(struct str text, enum login_role *out);
const char *login_role_name(enum login_role role);
/* The same for people, in both languages. */
const char *login_role_vi(enum login_role role);
const char *login_role_en(enum login_role role);

struct login_supply {
    int64_t unit_id, agreement_id, login_id;
    enum login_role role;
    int32_t from_day;
    int32_t to_day; /* not included; 0: without an end */
};

/* Gives a role at the counter, inside a transaction. E_FORBIDDEN without LOGIN_MANAGE at the unit,
 * E_INPUT for an end before the beginning. */
NODISCARD err_t login_give(struct db *db, const struct actor *actor,
                           const struct login_supply *supply, struct err *err);
/* The same by an owner, for a tenant or relative. E_FORBIDDEN for anybody else and for owner;
 * E_STATE for who is an owner already. */
NODISCARD err_t login_give_by(struct db *db, int64_t owner_login_id, int32_t day,
                              const struct login_supply *supply, struct err *err);
/* Gives a login that the latest bill proved what the bill proves: the role of owner where the
 * agreement has none yet, otherwise that of a tenant, whom the owner sees and may end. Inside a
 * transaction; a role that the login has already stays. */
NODISCARD err_t login_give_proved(struct db *db, const struct login_supply *supply,
                                  struct err *err);
/* The login that is the owner of an agreement on a day, the latest of several; 0: there is none. */
NODISCARD err_t login_holder_of(struct db *db, int64_t unit_id, int64_t agreement_id, int32_t day,
                                int64_t *out_login_id, struct err *err);
/* Ends a role from a day on: at the counter (actor), or by an owner (actor NULL). E_FORBIDDEN,
 * E_NOT_FOUND when there is none. */
NODISCARD err_t login_take_back(struct db *db, const struct actor *actor, int64_t owner_login_id,
                                const struct login_supply *supply, struct err *err);

/* The role of a login at an agreement on a day; *out_any is false where it has none. What a role
 * may is for login_role_may. */
NODISCARD err_t login_role_of(struct db *db, int64_t login_id, int64_t unit_id,
                              int64_t agreement_id, int32_t day, enum login_role *out,
                              bool *out_any, struct err *err);
bool login_role_may(enum login_role role, enum login_right right);
/* Whether a login may do this with an agreement on a day: the one place that decides. */
NODISCARD err_t login_may(struct db *db, int64_t login_id, int64_t unit_id, int64_t agreement_id,
                          enum login_right right, int32_t day, bool *out, struct err *err);

struct login_supply_row {
    struct login_supply supply; /* to_day is filled by login_holders_each alone */
    struct str agreement_code;
};

/* The agreements of a login on a day, by unit and agreement. */
NODISCARD err_t login_supplies_each(struct db *db, int64_t login_id, int32_t day,
                                    void (*take)(void *context, const struct login_supply_row *row),
                                    void *context, struct err *err);
/* Who has a role in an agreement on a day, by the first day; agreement_code is empty. */
NODISCARD err_t login_holders_each(struct db *db, int64_t unit_id, int64_t agreement_id,
                                   int32_t day,
                                   void (*take)(void *context, const struct login_supply_row *row),
                                   void *context, struct err *err);

/* What may be seen of an agreement goes with it into another unit: from the day on the roles that
 * hold then, later ones and ends on their days. In the unit it left they stay, for what was there.
 * from and to name unit and agreement alone. Inside a transaction. */
NODISCARD err_t login_move(struct db *db, const struct login_supply *from,
                           const struct login_supply *to, int32_t day, int64_t actor_id,
                           struct err *err);

#endif
