/* SPDX-License-Identifier: Apache-2.0 */
/* A bill as a PDF: A4, one page for a household, as many as it takes for others.
 *
 *   struct bill_facts ─► items (bill_page_*.c) ─► pages (sheet.h) ─► bytes
 *
 * The same facts, form and program give the same bytes. Nothing is computed here and nothing asked:
 * every figure stands in the facts. Ownership: bytes are appended to the caller's buffer; the arena
 * is scratch. Threads: those of the typeface. */
#ifndef SANGDEN_DOCUMENT_BILL_PDF_H
#define SANGDEN_DOCUMENT_BILL_PDF_H

#include "document/bill_facts.h"
#include "draw/photo.h"
#include "draw/typeface.h"

enum { BILL_PDF_BYTES_MAX = 4 * 1024 * 1024 };

struct bill_pdf_form {
    bool english;
    bool large;                /* 20 points, in one column */
    const struct photo *photo; /* of the meter; NULL: none */
};

/* E_LIMIT, E_MEMORY; then nothing was appended. */
NODISCARD err_t bill_pdf(struct typeface *typeface, struct arena *arena,
                         const struct bill_facts *facts, const struct bill_pdf_form *form,
                         struct buf *out, struct err *err);

#endif
