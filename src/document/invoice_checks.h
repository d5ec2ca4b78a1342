/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of series, invoices and their documents; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_INVOICE_CHECKS_H
#define SANGDEN_DOCUMENT_INVOICE_CHECKS_H

#include "store/check.h"

extern const struct check check_einvoice_gapless;
extern const struct check check_einvoice_order;
extern const struct check check_einvoice_days;
extern const struct check check_einvoice_bill;
extern const struct check check_einvoice_directory;
extern const struct check check_einvoice_corrects;
extern const struct check check_einvoice_document;
extern const struct check check_einvoice_chain;
extern const struct check check_notice_chain;
extern const struct check check_einvoice_audit;
extern const struct check check_einvoice_series;

#endif
