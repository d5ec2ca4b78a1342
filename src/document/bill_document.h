/* SPDX-License-Identifier: Apache-2.0 */
/* The PDF of a bill with all that belongs on it, the picture of the meter included.
 *
 * Ownership: bytes are appended to the caller's buffer; the arena is scratch. Threads: those of the
 * typeface. */
#ifndef SANGDEN_DOCUMENT_BILL_DOCUMENT_H
#define SANGDEN_DOCUMENT_BILL_DOCUMENT_H

#include "document/bill_pdf.h"

/* large: 20 points, in one column. A picture that is missing or broken is left out: the bill is
 * right without it. E_LIMIT, E_MEMORY; then nothing was appended. */
NODISCARD err_t bill_document(struct typeface *typeface, struct arena *arena,
                              const struct bill_facts *facts, bool english, bool large,
                              struct buf *out, struct err *err);

#endif
