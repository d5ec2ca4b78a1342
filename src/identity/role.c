/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity.h"

struct role_words {
    const char *name;
    const char *vi;
    const char *en;
};

static const struct role_words roles[] = {
#define ROLE(name, vi, en) {#name, vi, en},
#include "identity/roles.def"
#undef ROLE
};

struct permission_words {
    const char *vi;
    const char *en;
};

static const struct permission_words permissions[] = {
#define PERMISSION(name, vi, en) {vi, en},
#include "identity/permissions.def"
#undef PERMISSION
};

static const bool grants[ROLE_COUNT][PERMISSION_COUNT] = {
#define GRANT(role, permission) [ROLE_##role][PERMISSION_##permission] = true,
#include "identity/grants.def"
#undef GRANT
};

bool role_parse(struct str text, enum role *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(roles); i++) {
        if (!str_equal(text, str_of(roles[i].name))) continue;
        *out = (enum role)i;
        return true;
    }
    return false;
}

const char *role_name(enum role role)
{
    ASSERT(role < ROLE_COUNT);
    return roles[role].name;
}

const char *role_vi(enum role role)
{
    ASSERT(role < ROLE_COUNT);
    return roles[role].vi;
}

const char *role_en(enum role role)
{
    ASSERT(role < ROLE_COUNT);
    return roles[role].en;
}

const char *permission_vi(enum permission permission)
{
    ASSERT(permission < PERMISSION_COUNT);
    return permissions[permission].vi;
}

const char *permission_en(enum permission permission)
{
    ASSERT(permission < PERMISSION_COUNT);
    return permissions[permission].en;
}

bool role_grants(enum role role, enum permission permission)
{
    ASSERT(role < ROLE_COUNT && permission < PERMISSION_COUNT);
    return grants[role][permission];
}
