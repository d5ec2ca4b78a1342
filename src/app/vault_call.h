/* SPDX-License-Identifier: Apache-2.0 */
/* The key of the store that lies outside it, where SANGDEN_IDENTITY_KEY names it.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_VAULT_CALL_H
#define SANGDEN_APP_VAULT_CALL_H

#include "app/command.h"
#include "identity/vault.h"

/* The path of the key file: SANGDEN_IDENTITY_KEY, or var/key/identity.key. */
const char *vault_path(void);

/* Opens the key and checks that it is that of the store; vault_forget when done. E_STATE,
 * E_FORBIDDEN, E_INPUT with the remedy. */
NODISCARD err_t call_vault(struct call *call, struct vault *out);

#endif
