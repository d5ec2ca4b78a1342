/* SPDX-License-Identifier: Apache-2.0 */
/* Who may look at a demonstration: staff of every role, and customers who sign in.
 *
 * Their telephone numbers begin with 01, which no network has had since 2018. Passwords are random
 * in each installation and stand in a file that only its owner may read; a store that is no
 * demonstration is never touched by any of this.
 * Ownership: texts live in the arena given. Threads: as the connection. */
#ifndef SANGDEN_APP_DEMO_PEOPLE_H
#define SANGDEN_APP_DEMO_PEOPLE_H

#include "base/base32.h"
#include "identity/identity.h"
#include "registry/login.h"

struct demo_person {
    const char *code;
    const char *name;
    enum role role;
};

extern const struct demo_person demo_people[];
extern const size_t demo_people_count;

/* The day from which everybody in the demonstration holds a role. */
int32_t demo_people_day(void);
/* Adds those of demo_people that are missing, each with the role, inside a transaction. */
NODISCARD err_t demo_hire_missing(struct db *db, const struct actor *boss, struct err *err);

/* ---- customers --------------------------------------------------------------------------- */

enum { DEMO_LOGINS_MAX = 8 };

/* A customer who signs in with a telephone. */
struct demo_login {
    const char *phone;
    const char *vi, *en;      /* who it is */
    enum login_role role;
    struct str customer_code; /* of the first agreement */
    int64_t agreements;
};

/* Registers the customers who are missing and gives them what they may see at the unit: a
 * household and its tenant, the payer of several points, the rural co-operative, each where there
 * is one. Inside a transaction. */
NODISCARD err_t demo_customers_register(struct db *db, struct arena *arena,
                                        const struct actor *boss, int64_t unit_id,
                                        struct demo_login out[DEMO_LOGINS_MAX], size_t *out_count,
                                        struct err *err);

/* ---- passwords of the staff -------------------------------------------------------------- */

enum { DEMO_PASSWORD_CHARACTERS = 16 };

struct demo_password {
    struct str code; /* of the person */
    char password[CODE_TEXT_BYTES(DEMO_PASSWORD_CHARACTERS)];
    bool fresh; /* made just now */
};

/* One password for each of demo_people and for boss, who comes last: those of the file as long as
 * they open the door, otherwise new ones, which are set. *out_changed: the file is to be written
 * anew. Outside a transaction. */
NODISCARD err_t demo_passwords(struct db *db, struct arena *arena, const struct actor *boss,
                               struct str file, struct demo_password **out, size_t *out_count,
                               bool *out_changed, struct err *err);
/* The content of that file. */
void buf_add_demo_passwords(struct buf *out, const struct demo_password *list, size_t count);

#endif
