/* SPDX-License-Identifier: Apache-2.0 */
/* An e-invoice as XML of the official format:
 *
 *   HDon > DLHDon[@Id] > TTChung, NDHDon > (NBan, NMua, DSHHDVu, TToan), TTKhac
 *        > DLQRCode
 *        > DSCKS            einvoice_sign.h puts it here
 *
 * One invoice gives the same bytes always and everywhere (decision 062). Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_WRITE_H
#define SANGDEN_DOCUMENT_EINVOICE_WRITE_H

#include "document/einvoice_rules.h"
#include "document/einvoice_xml.h"

/* No e-invoice within its limits is longer. */
enum { EINVOICE_BYTES_MAX = 4 * 1024 * 1024, EINVOICE_QR_CHARS = 512 };

/* Checks the invoice (einvoice_rules.h), which must be a VAT invoice (template 1), and adds the
 * document without a signature. tax_qr is the
 * payload of the tax QR, or empty. Offsets in *out_document look into out. What is refused, and
 * every warning, goes to findings; then nothing was added. E_INPUT, E_MEMORY, E_LIMIT when out is
 * full. */
NODISCARD err_t einvoice_write(const struct einvoice *invoice, struct str tax_qr,
                               struct einvoice_findings *findings, struct buf *out,
                               struct xml_document *out_document, struct err *err);

/* The Id of the signed element, unique to the invoice: "HD0100000000-1K26TDN-00000123". */
void einvoice_id(const struct einvoice *invoice, struct buf *out);

#endif
