/* SPDX-License-Identifier: Apache-2.0 */
/* The signatures of a received e-invoice, each with its verdict.
 *
 * A signature is sound when every reference has the digest it states and the value is that of the
 * certificate's key. References may point only at DLHDon, at the signing time inside the very
 * signature, and at MCCQT; one must point at DLHDon. So nothing can be moved under a signature
 * (wrapping). Accepted: inclusive C14N 1.0, rsa-sha256 and, for invoices of earlier years,
 * rsa-sha1; the transforms enveloped-signature and inclusive C14N.
 * Sound says that the bytes are those that were signed. Who signed is told beside it: subject,
 * whether the certificate was valid at the signing time, and whether an authority vouches for it.
 * Ownership: texts live in the arena. Threads: safe. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_VERIFY_H
#define SANGDEN_DOCUMENT_EINVOICE_VERIFY_H

#include "document/einvoice_parse.h"

enum { EINVOICE_SIGNATURES_MAX = 8 };

enum signature_fault {
    SIGNATURE_SOUND,
#define FAULT(name, code, vi, en) SIGNATURE_##name,
#include "document/einvoice_faults.def"
#undef FAULT
    SIGNATURE_FAULTS
};

enum signature_chain {
    CHAIN_NOT_ASKED, /* no authorities were given */
    CHAIN_KNOWN,     /* one of them vouches for the certificate, then */
    CHAIN_OTHER_TIME, /* one of them vouches for it, but not then */
    CHAIN_UNKNOWN
};

struct einvoice_signature {
    struct str place; /* NBan, NMua, CQT, CCKSKhac */
    enum signature_fault fault;
    struct str algorithm; /* "rsa-sha256" */
    struct str subject, issuer, tax_code;
    struct str signing_time; /* as it stands */
    int64_t at_ms;           /* the same as an instant; 0 where there is none */
    bool valid_then;         /* the certificate was valid at that time */
    bool covers_code;        /* MCCQT is covered */
    bool sha1;               /* SHA-1 stands in it, of the signature or of a digest */
    bool development;
    enum signature_chain chain;
};

/* The authorities of the operator, from a PEM file. E_IO, E_INPUT when there is none in it. */
struct trust {
    void *store; /* X509_STORE */
};
NODISCARD err_t trust_open(const char *path, struct trust *out, struct err *err);
void trust_close(struct trust *trust);

/* Judges every signature below DSCKS of an e-invoice (the element HDon). trust may be NULL. E_LIMIT
 * when there are more than EINVOICE_SIGNATURES_MAX, E_MEMORY. */
NODISCARD err_t einvoice_verify(struct arena *arena, const struct xml_tree *tree,
                                struct _xmlNode *invoice, const struct trust *trust,
                                struct einvoice_signature out[EINVOICE_SIGNATURES_MAX],
                                size_t *out_count, struct err *err);

/* The code of a fault ("digest") and its words. */
const char *signature_fault_code(enum signature_fault fault);
const char *signature_fault_vi(enum signature_fault fault);
const char *signature_fault_en(enum signature_fault fault);

#endif
