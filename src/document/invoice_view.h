/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the invoices: which a month has, what became of one, its signed bytes.
 *
 * Pure queries: no locks, no changes. Ownership: texts given to a visitor live until it returns;
 * those of a find live in the arena. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_INVOICE_VIEW_H
#define SANGDEN_DOCUMENT_INVOICE_VIEW_H

#include "billing/billing.h"
#include "document/invoice_name.h"
#include "store/store.h"

/* What became of an invoice. A corrected one was signed before. */
enum invoice_state {
    INVOICE_NUMBERED,
    INVOICE_SIGNED,
    INVOICE_ADJUSTED,
    INVOICE_REPLACED,
    INVOICE_STATE_COUNT
};

struct invoice_row {
    int64_t unit_id, series_no, invoice_no, template_no;
    struct str unit_code, symbol, tax_code, invoice_on;
    struct bill_key key;                /* of its bill */
    struct str agreement_code;          /* the customer code */
    struct str role;                    /* "original", "adjusts", "replaces" */
    int64_t related_series, related_no; /* 0: none */
    struct str related_symbol;
    struct str agreement; /* the paper behind a correction; empty: none */
    int64_t pre_vat_vnd, vat_vnd, total_vnd;
    enum invoice_state state;
    int64_t signed_at_ms; /* 0 while it is not signed */
    struct str sha256;    /* of the signed bytes; empty while it is not signed */
};

/* "signed", and in words. */
struct str invoice_state_code(enum invoice_state state);
struct str invoice_state_vi(enum invoice_state state);

struct invoice_filter {
    struct str unit_code;            /* empty: all units */
    int64_t first_month, last_month; /* YYYYMM of the bills, both included; 0 and 0: any */
    int64_t series_no;               /* with first_no and last_no: a range of one series; 0: any */
    int64_t first_no, last_no;
};

typedef err_t invoice_visit(void *context, const struct invoice_row *row, struct err *err);

/* All invoices of the filter by unit, series and number. E_NOT_FOUND for an unknown unit. */
NODISCARD err_t invoice_each(struct db *db, const struct invoice_filter *filter,
                             invoice_visit *visit, void *context, struct err *err);
/* The invoice of a name ("1K26TDN-00000123") or of a bill's number. unit_code, which may be empty,
 * tells sellers with the same name apart. E_NOT_FOUND; E_INPUT for any other text, or a name that
 * several sellers have. */
NODISCARD err_t invoice_find(struct db *db, struct arena *arena, struct str name,
                             struct str unit_code, struct invoice_row *out, struct err *err);
/* The name of the invoice of a bill, written into out; empty while it has none. */
NODISCARD err_t invoice_name_of_bill(struct db *db, const struct bill_key *key,
                                     char out[INVOICE_NAME_BYTES], struct str *out_name,
                                     struct err *err);

/* The signed bytes as they were stored, into the arena. E_STATE while it is not signed; E_CHECK
 * when what is stored has another hash. */
NODISCARD err_t invoice_document(struct db *db, struct arena *arena, const struct invoice_row *row,
                                 struct str *out, struct err *err);

/* A notice (04/SS) that names the invoice. */
struct invoice_notice {
    int64_t notice_no;
    struct str noticed_on, kind, reason;
    struct str sent;                  /* state of its last message, "accepted"; empty: not queued */
    struct str answer, answer_reason; /* what the tax office said last: code and words */
};
typedef err_t invoice_notice_visit(void *context, const struct invoice_notice *notice,
                                   struct err *err);
/* All of them, by number. */
NODISCARD err_t invoice_notices(struct db *db, const struct invoice_row *row,
                                invoice_notice_visit *visit, void *context, struct err *err);

#endif
