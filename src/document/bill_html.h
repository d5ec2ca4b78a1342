/* SPDX-License-Identifier: Apache-2.0 */
/* A bill as a fragment of HTML, for the body of an e-mail and for a page.
 *
 *   <article lang="vi"> h2 amount · who · readings · lines · why it differs · pattern · payment
 *
 * Headings, tables with captions and heads, charts with their figures in a table beside them:
 * what a screen reader says is what the eye sees. No script, no class, no identifier; styles stand
 * inline where readers of e-mail need them. Texts of people are escaped (html.h).
 * Threads: those of the typeface. */
#ifndef SANGDEN_DOCUMENT_BILL_HTML_H
#define SANGDEN_DOCUMENT_BILL_HTML_H

#include "document/bill_facts.h"

struct typeface;

/* Appends the fragment. typeface NULL: without charts, their tables say the same; the payment code
 * has no letters and stands all the same. E_MEMORY. */
NODISCARD err_t bill_html(struct arena *arena, struct typeface *typeface,
                          const struct bill_facts *facts, bool english, struct buf *out,
                          struct err *err);

#endif
