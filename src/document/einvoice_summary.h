/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a period's e-invoices for mass senders (form 01/TH-HĐĐT, message 400), written as a
 * stream: a million rows pass through one small buffer.
 *
 *   BTHDLieu > DLBTHop[@Id] > TTChung, NDBTHDLieu > DSDLieu > DLieu…
 *            > DSCKS > NNT > Signature
 *
 *   summary_open ─► summary_add … ─► summary_close      bytes go to the sink as they come
 *                                                       └ digest of DLBTHop ─► signature_add
 *
 * Bytes are their own canonical form (decision 062), so the digest that is signed is taken while
 * they are written. The same head, rows, key and time give the same bytes.
 * Ownership: texts are looked at until the call returns, those of the head until summary_close.
 * Threads: one owner. Limits: SUMMARY_ROWS_MAX rows, the six digits of STT. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_SUMMARY_H
#define SANGDEN_DOCUMENT_EINVOICE_SUMMARY_H

#include "base/hash.h"
#include "document/einvoice_rules.h"
#include "document/einvoice_xml.h"

struct signing;

enum {
    SUMMARY_ROWS_MAX = 999999,
    SUMMARY_NUMBER_MAX = 99999,
    SUMMARY_SUPPLEMENT_MAX = 999,
    SUMMARY_CHUNK_BYTES = 128 * 1024,
    SUMMARY_ROW_BYTES = 16 * 1024
};

/* TThai of a row. */
enum summary_state {
    SUMMARY_NEW,
    SUMMARY_CANCELLED, /* until 2026-06-30 */
    SUMMARY_ADJUSTS,
    SUMMARY_REPLACES,
    SUMMARY_EXPLAINED,
    SUMMARY_CORRECTED, /* an earlier table had it wrong */
};

struct einvoice_summary {
    int64_t table_no;      /* SBTHDLieu: counted without gaps per taxpayer */
    int32_t month;         /* of the invoices, as base/date.h has months */
    int32_t supplement_no; /* BSLThu; 0: the first table of the month */
    int32_t day;           /* NLap */
    struct str taxpayer, tax_code;
};

struct summary_row {
    struct einvoice_name name;
    struct str buyer_name, buyer_tax_code, customer_code;
    struct str goods_code, goods_name, unit;
    bool has_quantity;
    int64_t quantity_milli;
    int64_t pre_vat_vnd, vat_ppm, vat_vnd, total_vnd;
    enum summary_state state;
    struct einvoice_name related; /* of a row that adjusts or replaces */
    int32_t corrected_month;   /* of a corrected row: the period of the table that had it wrong */
    struct str office_notice;  /* STBao: number of the tax office's notice; may be empty */
    int32_t office_notice_day; /* NTBao; 0: none */
    struct str note;           /* GChu */
};

/* What the rows add up to. */
struct summary_sums {
    int64_t rows, pre_vat_vnd, vat_vnd, total_vnd;
};

/* Takes the next bytes of the file. */
typedef err_t summary_sink(void *context, struct str bytes, struct err *err);

struct summary_writer {
    const struct einvoice_summary *head;
    const struct einvoice_rules *rules;
    summary_sink *sink;
    void *context;
    struct buf chunk;
    struct hash_state data; /* of DLBTHop */
    struct hash_state file;
    bool inside; /* DLBTHop is open: what is written belongs to it */
    int64_t bytes;
    struct summary_sums sums;
};

struct summary_result {
    int64_t bytes;
    struct hash sha256; /* of the file */
    struct summary_sums sums;
};

/* Checks the head and begins; the memory of the writer is given back by summary_drop. E_INPUT with
 * the refusals in findings; the errors of the sink. */
NODISCARD err_t summary_open(struct summary_writer *writer, const struct einvoice_summary *head,
                             summary_sink *sink, void *context, struct einvoice_findings *findings,
                             struct err *err);

/* Checks the row and writes it; a row that is refused (E_INPUT) leaves the table as it was. E_LIMIT
 * behind SUMMARY_ROWS_MAX rows, E_OVERFLOW when a sum does not fit, the errors of the sink. */
NODISCARD err_t summary_add(struct summary_writer *writer, const struct summary_row *row,
                            struct einvoice_findings *findings, struct err *err);

/* Ends the table with its signature. A table without rows is refused, E_STATE. The errors of
 * signing_allowed, signature_add and the sink. */
NODISCARD err_t summary_close(struct summary_writer *writer, const struct signing *signing,
                              struct einvoice_findings *findings, struct summary_result *out,
                              struct err *err);

/* Gives the writer's memory back, also after an error. */
void summary_drop(struct summary_writer *writer);

#endif
