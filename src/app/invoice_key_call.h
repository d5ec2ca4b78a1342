/* SPDX-License-Identifier: Apache-2.0 */
/* The key that signs e-invoices in a running command: SANGDEN_INVOICE_KEY and its sisters.
 *
 * Threads: one owner; the signer itself may be shared by the workers that the command forks. */
#ifndef SANGDEN_APP_INVOICE_KEY_CALL_H
#define SANGDEN_APP_INVOICE_KEY_CALL_H

#include "app/command.h"
#include "document/einvoice_key.h"

/* Opens the key; signer_close gives it back. *out_marked tells whether the store is marked
 * demonstration or test, so that a development key may sign. E_STATE without a key, and the errors
 * of signer_open. */
NODISCARD err_t call_invoice_key(struct call *call, struct signer *out, bool *out_marked);

#endif
