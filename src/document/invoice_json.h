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
/* Kind and words of the notice that came with the tax office's answer; null and "" for 0. */
void invoice_json_answer_notice(struct json_writer *w, int64_t notice);
/* How it reached the tax office: "sent", "mccqt", "refusal", the notice that came
 * with the answer, "summary_table". */
void invoice_json_sent(struct json_writer *w, const struct einvoice_sent *sent);

#endif
