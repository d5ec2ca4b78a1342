/* SPDX-License-Identifier: Apache-2.0 */
/* Proving stored e-invoices: each is made again from its bill and compared byte for byte with what
 * was signed, its hash and its signature are proven again.
 *
 *   einvoice_document ─► hash ─► read ─► signature ─► same bytes as bill, seller and facts give
 *
 * The buyer is taken from the document itself: what a party is called may change afterwards, and
 * the signature vouches for what it was called then. One that is not signed yet is made as it would
 * be signed now, so that all that cannot be are known at once. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_INVOICE_VERIFY_H
#define SANGDEN_DOCUMENT_INVOICE_VERIFY_H

#include "document/invoice_view.h"

enum invoice_fault {
    INVOICE_SOUND,
    INVOICE_DAMAGED,   /* not the bytes whose hash was stored */
    INVOICE_UNPROVEN,  /* the signature does not hold, or the file cannot be read */
    INVOICE_DIFFERENT, /* bill, seller or series say something else today */
    INVOICE_UNREADY,   /* not signed, and it cannot be made from what is recorded */
    INVOICE_FAULT_COUNT
};

struct invoice_fault_text {
    const char *code;
    const char *vi, *en;
};
/* Texts of a fault. */
const struct invoice_fault_text *invoice_fault_text(enum invoice_fault fault);

struct invoice_verify_counts {
    int64_t proven, faulty;
    int64_t numbered; /* without a document yet */
    int64_t unready;  /* of these, INVOICE_UNREADY */
};

/* why: what is wrong with one that is INVOICE_UNREADY, else NULL. */
typedef err_t invoice_fault_visit(void *context, const struct invoice_row *row,
                                  enum invoice_fault fault, const struct err *why, struct err *err);

/* Proves every document of the filter and visits those that fail or cannot be made. */
NODISCARD err_t invoice_verify(struct db *db, const struct invoice_filter *filter,
                               invoice_fault_visit *visit, void *context,
                               struct invoice_verify_counts *out, struct err *err);

#endif
