/* SPDX-License-Identifier: Apache-2.0 */
/* Making the document of one invoice, for signing and for verifying. Private to the room. */
#ifndef SANGDEN_DOCUMENT_INVOICE_SIGN_INT_H
#define SANGDEN_DOCUMENT_INVOICE_SIGN_INT_H

#include "document/einvoice_write.h"
#include "document/invoice_fill.h"

enum { INVOICE_SIGN_PIECE = 128 };

/* Writes the document without a signature of what the invoice says; out is emptied before. buyer
 * NULL: as the facts have it. Of a refusal the field begins with the invoice's name. */
NODISCARD err_t invoice_bytes(struct invoice_filler *filler, struct arena *arena,
                              const struct invoice_row *row, int64_t known_at_ms,
                              const struct einvoice_party *buyer, struct buf *out,
                              struct xml_document *out_document, struct err *err);

#endif
