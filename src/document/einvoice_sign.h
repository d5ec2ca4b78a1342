/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of e-invoices and notices (XMLDSig as the tax authority's format has it):
 *
 *   DSCKS > NBan > Signature[@Id]
 *     SignedInfo     inclusive C14N 1.0, rsa-sha256
 *       Reference 1  the data element by its Id, enveloped-signature, sha256
 *       Reference 2  the signing time, sha256
 *     SignatureValue
 *     KeyInfo        subject and certificate
 *     Object         SigningTime, Vietnamese time
 *
 * Canonical bytes are written, never computed (decision 062), so signing costs one digest of the
 * document and one RSA signature. The same document, key and time give the same bytes.
 * Threads: safe; a signer may be shared. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_SIGN_H
#define SANGDEN_DOCUMENT_EINVOICE_SIGN_H

#include "document/einvoice.h"
#include "document/einvoice_findings.h"
#include "document/einvoice_key.h"
#include "document/einvoice_xml.h"

enum { SIGNATURE_DIGEST_BYTES = 32 };

/* Who signs, and when. */
struct signing {
    const struct signer *signer;
    int64_t at_ms;
    bool demonstration; /* the store is marked demonstration or test: a development key may sign */
};

/* What is signed. */
struct signed_document {
    struct str bytes;
    const struct xml_document *where;
    int32_t day;         /* of the invoice or notice */
    struct str tax_code; /* of the one who signs */
    struct str role;     /* NBan for an invoice, NNT for a notice or a table */
};

/* Whether this key may sign a document of that day: certificate valid at the time of signing, a
 * development key only where the store is marked so. A warning is a certificate that is not valid
 * on the document's day, as after a renewal, and one with another tax code. E_INPUT, E_STATE,
 * E_MEMORY. */
NODISCARD err_t signing_allowed(const struct signing *signing, int32_t day, struct str tax_code,
                                struct einvoice_findings *findings, struct err *err);

/* Adds the document with its signature to out. The errors of signing_allowed; E_OUTSIDE when
 * OpenSSL fails; E_LIMIT when out is full; then nothing was added. */
NODISCARD err_t document_sign(const struct signing *signing, const struct signed_document *what,
                              struct einvoice_findings *findings, struct buf *out, struct err *err);

/* The same in parts, for documents too large for a buffer: the Signature element over an element of
 * this Id whose canonical bytes have this digest. Asks nothing of signing_allowed. E_OUTSIDE;
 * E_LIMIT when out is full. */
NODISCARD err_t signature_add(const struct signing *signing, struct str id, struct str role,
                              const unsigned char digest[SIGNATURE_DIGEST_BYTES], struct buf *out,
                              struct err *err);

#endif
