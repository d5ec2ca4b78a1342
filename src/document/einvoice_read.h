/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a received e-invoice: what it says, whether it fits the rules, who signed it.
 *
 *   bytes ─► einvoice_parse.h (safe) ─► struct einvoice
 *                                   ─► einvoice_verify.h: signatures
 *                                   ─► einvoice_check: findings
 *
 * A file that cannot be read safely is an error. One that can is always answered, however wrong it
 * is: faults stand in findings, signatures carry their verdicts, and `proven` says whether the
 * seller's signature and all others are sound. Ownership: everything lives in the arena. Threads:
 * safe. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_READ_H
#define SANGDEN_DOCUMENT_EINVOICE_READ_H

#include "document/einvoice_rules.h"
#include "document/einvoice_verify.h"

struct einvoice_reading {
    struct einvoice invoice;
    struct str format;      /* PBan */
    struct str title;       /* THDon */
    struct str currency;    /* DVTTe */
    struct str id;          /* of DLHDon */
    struct str office_code; /* MCCQT: the tax office's code; empty for invoices without code */
    struct str tax_qr;      /* DLQRCode */
    struct str words;       /* TgTTTBChu */
    struct einvoice_signature signatures[EINVOICE_SIGNATURES_MAX];
    size_t signature_count;
    struct einvoice_findings findings;
    bool proven;
};

/* Reads an e-invoice: HDon, or the message TDiep around a single one. trust may be NULL. E_INPUT,
 * E_LIMIT (einvoice_parse.h), E_MEMORY. */
NODISCARD err_t einvoice_read(struct arena *arena, struct str bytes, const struct trust *trust,
                              struct einvoice_reading *out, struct err *err);

#endif
