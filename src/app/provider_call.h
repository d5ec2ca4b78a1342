/* SPDX-License-Identifier: Apache-2.0 */
/* The provider of a running command: SANGDEN_INVOICE_PROVIDER and its sisters.
 *
 * Ownership: texts live until the command returns. Threads: one owner; the workers that the command
 * forks may use it. */
#ifndef SANGDEN_APP_PROVIDER_CALL_H
#define SANGDEN_APP_PROVIDER_CALL_H

#include "app/command.h"
#include "document/einvoice_send.h"

/* Who sends to whom, and where. E_STATE when one of them is not set, E_INPUT when it cannot be
 * used, E_FORBIDDEN when others may read the token file. */
NODISCARD err_t call_provider(struct call *call, struct provider *out,
                              struct message_parties *out_parties);

#endif
