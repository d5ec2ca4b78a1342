/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of an account as a PDF: A4, bills by point with sums, then the balance day by day.
 *
 *   struct account_statement ─► items ─► pages (sheet.h) ─► bytes
 *
 * The same statement, form and program give the same bytes. Ownership: bytes are appended to the
 * caller's buffer; the arena is scratch. Threads: those of the typeface. Limit: SHEET_PAGES_MAX
 * pages. */
#ifndef SANGDEN_DOCUMENT_STATEMENT_PDF_H
#define SANGDEN_DOCUMENT_STATEMENT_PDF_H

#include "document/statement.h"
#include "draw/typeface.h"
#include "network/seller_view.h"

enum { STATEMENT_PDF_BYTES_MAX = 64 * 1024 * 1024 };

struct statement_pdf_form {
    const struct seller *seller; /* as of the day the statement bears */
    struct str payment_qr;       /* for what is left to pay; empty: none */
    bool english;
    bool demonstration;
};

/* E_LIMIT, E_MEMORY; then nothing was appended. */
NODISCARD err_t statement_pdf(struct typeface *typeface, struct arena *arena,
                              const struct account_statement *statement,
                              const struct statement_pdf_form *form, struct buf *out,
                              struct err *err);

#endif
