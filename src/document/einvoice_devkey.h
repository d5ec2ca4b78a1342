/* SPDX-License-Identifier: Apache-2.0 */
/* A key for trying out: RSA 2048 with a certificate that it signs itself, whose subject says in
 * both languages that it is worth nothing. What it signs is refused on stores that are not marked
 * demonstration or test (einvoice_sign.h). */
#ifndef SANGDEN_DOCUMENT_EINVOICE_DEVKEY_H
#define SANGDEN_DOCUMENT_EINVOICE_DEVKEY_H

#include "base/error.h"

/* The files in the folder: key with certificate, readable by the owner only; the certificate. */
#define DEVKEY_FILE             "development-key.pem"
#define DEVKEY_CERTIFICATE_FILE "development-certificate.pem"

/* Makes the folder where it is missing, and a new key in it for the seller of this tax code (empty:
 * none is named). A key that stands there already is not touched. E_CONFLICT, E_INPUT, E_IO,
 * E_OUTSIDE. */
NODISCARD err_t devkey_make(const char *folder, struct str tax_code, struct err *err);

#endif
