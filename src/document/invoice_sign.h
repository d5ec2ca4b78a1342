/* SPDX-License-Identifier: Apache-2.0 */
/* From numbers to signed documents, by workers that share the job.
 *
 *   einvoice without document ─ invoice_sign_plan ─► work items ─ invoice_sign_work ─►
 *   einvoice_document (compressed, with its hash) + event einvoice.signed + audit link
 *
 * What is to be signed follows from what has no document, so the same call after a kill goes on
 * with the rest. A document is written with its item's token: a worker that lost its item writes
 * nothing. An invoice that cannot be made (a field that does not fit) is passed over and told; the
 * others are signed, and the next call tries it again. Ownership: tickets live in the caller's
 * arena. Threads: each process has its own connection; a signer may be shared. */
#ifndef SANGDEN_DOCUMENT_INVOICE_SIGN_H
#define SANGDEN_DOCUMENT_INVOICE_SIGN_H

#include "document/einvoice_sign.h"
#include "document/invoice_issue.h"

enum { INVOICE_QUEUE_BYTES = 48 };

struct invoice_sign_unit {
    int64_t unit_id;
    char queue[INVOICE_QUEUE_BYTES];
    int64_t left; /* without a document when it was planned */
};

struct invoice_sign_ticket {
    struct invoice_sign_unit *units;
    size_t unit_count;
    int64_t left;
};

/* Plans what the unit of the code (empty: every unit) has without a document, or goes on with a
 * plan that others are at. E_NOT_FOUND for an unknown unit. */
NODISCARD err_t invoice_sign_plan(struct db *db, struct arena *arena, struct str unit_code,
                                  struct invoice_sign_ticket *out, struct err *err);

/* How many of those without a document have a day on which the certificate is not valid: they are
 * signed, with a warning. */
NODISCARD err_t invoice_sign_outside(struct db *db, const struct invoice_sign_ticket *ticket,
                                     const struct signer *signer, int64_t *out, struct err *err);

struct invoice_sign_job {
    const struct invoice_sign_ticket *ticket;
    const struct signer *signer;
    const struct actor *actor;
    bool demonstration; /* the store is marked so: a development key may sign */
    int64_t lease_ms;
};

/* Signs until nothing of the plan is left, by whomever. The first refusal of an invoice is answered
 * at the end; a key that may not sign ends the work at once. told as in invoice_number. */
NODISCARD err_t invoice_sign_work(struct db *db, const struct invoice_sign_job *job,
                                  invoice_told *told, void *context, struct err *err);

/* Moves the marks up to which everything is signed. *out_left is what has no document still. */
NODISCARD err_t invoice_sign_close(struct db *db, const struct invoice_sign_ticket *ticket,
                                   int64_t *out_left, struct err *err);
/* How many of the plan are done with, roughly, for a progress bar. */
NODISCARD err_t invoice_sign_done(struct db *db, const struct invoice_sign_ticket *ticket,
                                  int64_t *out, struct err *err);

#endif
