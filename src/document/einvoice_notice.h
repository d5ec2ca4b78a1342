/* SPDX-License-Identifier: Apache-2.0 */
/* The notice to the tax office about wrong e-invoices (form 04/SS-HĐĐT, message 300):
 *
 *   TBao > DLTBao[@Id] > head, DSHDon > HDon…
 *        > DSCKS > NNT > Signature
 *
 * Ownership: texts look into whatever they came from. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_NOTICE_H
#define SANGDEN_DOCUMENT_EINVOICE_NOTICE_H

#include "document/einvoice_rules.h"
#include "document/einvoice_xml.h"

enum { EINVOICE_WRONG_MAX = 9999, EINVOICE_NOTICE_BYTES_MAX = 16 * 1024 * 1024 };

/* TCTBao: what the notice says of an invoice. */
enum einvoice_notice_kind {
    EINVOICE_NOTICE_NEW,
    EINVOICE_NOTICE_CANCEL,
    EINVOICE_NOTICE_ADJUST,
    EINVOICE_NOTICE_REPLACE,
    EINVOICE_NOTICE_EXPLAIN,
    EINVOICE_NOTICE_SUMMARY
};

struct einvoice_wrong {
    struct einvoice_name name;
    struct str office_code; /* MCQTCap: the tax office's code, where it has one */
    enum einvoice_notice_kind kind;
    struct str reason;
};

struct einvoice_notice {
    int64_t notice_no;         /* counted by the sender; gives the Id */
    int32_t day;               /* NTBao */
    struct str office_notice;  /* So: number of the tax office's own notice; empty: by ourselves */
    int32_t office_notice_day; /* NTBCCQT: its day */
    struct str office_code;    /* MCQT, TCQT: the tax office */
    struct str office_name;
    struct str taxpayer, tax_code, budget_code;
    struct str place; /* DDanh */
    const struct einvoice_wrong *wrong;
    size_t wrong_count;
};

/* Everything that must be right; refusals name the place in the XML. E_INPUT, E_MEMORY. */
NODISCARD err_t einvoice_notice_check(const struct einvoice_notice *notice,
                                      struct einvoice_findings *findings, struct err *err);

/* Checks the notice and adds it without a signature. E_INPUT, E_MEMORY, E_LIMIT when out is full;
 * then nothing was added. */
NODISCARD err_t einvoice_notice_write(const struct einvoice_notice *notice,
                                      struct einvoice_findings *findings, struct buf *out,
                                      struct xml_document *out_document, struct err *err);

#endif
