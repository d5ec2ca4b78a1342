/* SPDX-License-Identifier: Apache-2.0 */
/* Sending signed documents to the provider: a job over the event log, by workers that may be
 * killed.
 *
 *   einvoice.signed ┐
 *   notice signed   ├─ send_collect ─► einvoice_message ─ send_due ─► work "einvoice.send"
 *   table signed    ┘                        ▲                              │
 *                                            └──────── send_work ◄──────────┘
 *
 * Each document has one message and each message one id, so that what is sent twice is the same
 * thing twice. A message that may have arrived is asked for before it goes out again. Invoices
 * without code of a unit that sends the summary table are not sent one by one.
 * Waits between tries grow twofold, with a random part, within the unit's parameters of the day.
 * Ownership: jobs live as long as the call. Threads: each worker has its own connection. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_SEND_H
#define SANGDEN_DOCUMENT_EINVOICE_SEND_H

#include "document/einvoice_provider.h"
#include "identity/identity.h"

#define SEND_CONSUMER "einvoice.send"
#define SEND_QUEUE    "einvoice.send"

struct send_job {
    const struct provider *provider; /* times are those of each unit's parameters */
    struct message_parties parties;
};

/* Told between two messages; false ends the work. */
typedef bool send_told(void *context, int64_t messages);

/* Gives the events of every unit their positions and makes messages of what they tell. *out_made
 * counts events read. */
NODISCARD err_t send_collect(struct db *db, const struct message_parties *parties,
                             int64_t *out_events, struct err *err);

/* Puts the messages whose time has come before the workers; *out_added is how many were not there.
 * */
NODISCARD err_t send_due(struct db *db, int64_t *out_added, struct err *err);

/* Opens what was set aside again: messages whose documents cannot be read, or that ended their
 * workers too often. */
NODISCARD err_t send_open_again(struct db *db, struct err *err);

/* What the work came to. */
struct send_counts {
    int64_t done;             /* messages that were posted or asked for */
    int64_t troubles;         /* of them without an answer */
    int64_t wait_until_ms;    /* the line wants a rest until then; 0: it does not */
    enum provider_line line;  /* the last that was not good */
    struct err first_trouble; /* code OK where there was none */
};

/* Works off what is due until nothing is left, the line is down, busy or denied, or told says so.
 * */
NODISCARD err_t send_work(struct db *db, const struct send_job *job, send_told *told, void *context,
                          struct send_counts *out, struct err *err);

/* Asks once more about a refused message and, where it still is refused, makes the next one for the
 * document as it is now, with its link in the audit chain. E_STATE when it is not refused, or the
 * provider says that it was accepted after all; E_OUTSIDE when it could not be asked. */
NODISCARD err_t send_again(struct db *db, const struct send_job *job, const struct message *refused,
                           const struct actor *actor, int64_t *out_message_no, struct err *err);

#endif
