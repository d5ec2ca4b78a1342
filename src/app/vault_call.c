/* SPDX-License-Identifier: Apache-2.0 */
#include "app/vault_call.h"

#include <stdlib.h>

const char *vault_path(void)
{
    const char *path = getenv("SANGDEN_IDENTITY_KEY");
    return path == NULL || path[0] == '\0' ? "var/key/identity.key" : path;
}

err_t call_vault(struct call *call, struct vault *out)
{
    struct db *db;
    err_t e = call_db(call, &db);
    if (e == OK) e = vault_open(vault_path(), out, call->err);
    if (e == OK) e = vault_check(db, out, call->err);
    return e;
}
