/* SPDX-License-Identifier: Apache-2.0 */
/* Invoices as JSON, for programs: the same members everywhere.
 *
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_INVOICE_JSON_H
#define SANGDEN_DOCUMENT_INVOICE_JSON_H

#include "base/json_write.h"
#include "document/einvoice_message.h"
#include "document/invoice_view.h"

/* Members of one invoice into the object that is open. */
void invoice_json_members(struct json_writer *w, const struct invoice_row *row);
/* How it reached the tax office: "sent", "mccqt", "refusal", "summary_table". */
void invoice_json_sent(struct json_writer *w, const struct einvoice_sent *sent);

#endif
