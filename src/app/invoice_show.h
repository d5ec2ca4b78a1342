/* SPDX-License-Identifier: Apache-2.0 */
/* A read e-invoice on the command line, for people and as JSON. Texts of a stranger's file are
 * shown without control characters, which a terminal would obey. Threads: one. */
#ifndef SANGDEN_APP_INVOICE_SHOW_H
#define SANGDEN_APP_INVOICE_SHOW_H

#include "app/command.h"
#include "document/einvoice_read.h"

/* Name, parties, lines, sums, signatures and findings as text. E_LIMIT, E_MEMORY. */
NODISCARD err_t invoice_show_text(struct call *call, const struct einvoice_reading *reading,
                                  bool english);
/* The same as one JSON object. */
void invoice_show_json(struct call *call, const struct einvoice_reading *reading);

#endif
