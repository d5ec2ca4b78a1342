/* SPDX-License-Identifier: Apache-2.0 */
/* The name an invoice has by law, in one word: template, symbol and number.
 *
 *   1K26TDN-00000123     template 1, symbol K26TDN of the year 2026, number 123
 *
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_INVOICE_NAME_H
#define SANGDEN_DOCUMENT_INVOICE_NAME_H

#include "base/buffer.h"
#include "base/error.h"
#include "document/einvoice.h"

enum { INVOICE_NAME_BYTES = 24, INVOICE_SYMBOL_BYTES = 7, INVOICE_TEMPLATE_VAT = 1 };

/* Writes the word into out, NUL-terminated; the view looks at out. */
struct str invoice_name(int64_t template_no, struct str symbol, int64_t number,
                        char out[INVOICE_NAME_BYTES]);
/* Whether the text has the shape of such a word; then its parts, the symbol as a view of text. */
NODISCARD bool invoice_name_parse(struct str text, int64_t *out_template_no, struct str *out_symbol,
                                  int64_t *out_number);
/* The year that a symbol is for. E_INPUT with the shape expected. */
NODISCARD err_t invoice_symbol_year(struct str symbol, int64_t *out_year, struct err *err);

#endif
