/* SPDX-License-Identifier: Apache-2.0 */
/* Sending e-invoices to the provider as work of a process: what `invoice send` and `work` share.
 *
 * Ownership: a sending lives as long as the command. Threads: one owner; workers are forked from
 * it. */
#ifndef SANGDEN_APP_SENDING_H
#define SANGDEN_APP_SENDING_H

#include "app/crew.h"
#include "app/provider_call.h"
#include "document/einvoice_send.h"
#include "store/store.h"

struct sending {
    struct provider provider;
    struct send_job job;
    bool once; /* until nothing is due, and then the first trouble is the answer */
};

/* Whether SANGDEN_INVOICE_PROVIDER names one. */
bool sending_is_configured(void);
/* Reads the configuration and the right of who acts, and opens again what was set aside.
 * E_FORBIDDEN, and the errors of call_provider. */
NODISCARD err_t sending_prepare(struct call *call, struct sending *sending);
/* One pass: what was signed since the last is queued, and what is due is worked off. */
NODISCARD err_t sending_pass(struct db *db, const struct sending *sending, crew_stop *stop,
                             struct send_counts *out, int64_t *out_added, struct err *err);
/* Says in the log that the provider gave trouble. */
void sending_log_trouble(const struct send_counts *counts);
/* Rests until an instant, a second where that is past, or until the process is asked to end. */
void sending_rest(int64_t until_ms, crew_stop *stop);

#endif
