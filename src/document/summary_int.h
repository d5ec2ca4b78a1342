/* SPDX-License-Identifier: Apache-2.0 */
/* What planning and making of summary tables share. Private to the room. */
#ifndef SANGDEN_DOCUMENT_SUMMARY_INT_H
#define SANGDEN_DOCUMENT_SUMMARY_INT_H

#include "base/date.h"
#include "document/invoice_parameter.h"
#include "document/summary_make.h"

enum { SUMMARY_TAX_CODE_BYTES = 16 };

/* A unit's seller, and the days of the month as tables keep them. */
struct summary_scope {
    int64_t unit_id;
    char tax_code[SUMMARY_TAX_CODE_BYTES];
    char first_on[DATE_TEXT_BYTES], last_on[DATE_TEXT_BYTES];
};

/* The plan of a call: its header, and the spans are in einvoice_summary_part. */
struct summary_plan {
    int64_t summary_no; /* 0: nothing is planned */
    int64_t supplement_no;
    int32_t day;
    int64_t signed_at_ms;
};

/* Every invoice v with series s that belongs into a table of the scope: $1 unit, $2 tax code, $3
 * and $4 the days. Its calls lead to the invoices, so that the years before cost nothing. */
#define SUMMARY_INVOICES \
    "invoice_series s JOIN einvoice v ON v.unit_id = s.unit_id AND v.series_no = s.series_no "
#define SUMMARY_OF_SCOPE \
    "s.unit_id = $1 AND s.tax_code = $2 AND substr(s.symbol, 1, 1) = 'K' AND v.issue_no IN " \
    "(SELECT i.issue_no FROM invoice_issue i WHERE i.unit_id = $1 AND i.invoice_on >= $3 AND " \
    "i.invoice_on <= $4 AND " IN_SUMMARY_TABLE("i.unit_id", "i.invoice_on") ")"
#define SUMMARY_ARGS(scope) \
    ARGS(v_i64((scope)->unit_id), v_text(str_of((scope)->tax_code)), \
         v_text(str_of((scope)->first_on)), v_text(str_of((scope)->last_on)))

/* The plan that is to be worked off, made where there is none. Writes in transactions of its own.
 * */
NODISCARD err_t summary_plan_make(struct db *db, const struct summary_scope *scope,
                                  const struct summary_order *order, struct summary_plan *out,
                                  struct err *err);

/* Invoices of the scope that stand in no table. */
NODISCARD err_t summary_missing(struct db *db, const struct summary_scope *scope, int64_t *out,
                                struct err *err);

#endif
