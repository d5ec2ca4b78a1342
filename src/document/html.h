/* SPDX-License-Identifier: Apache-2.0 */
/* Writing HTML so that nothing a person typed can become markup: markup is a literal of the
 * program, everything else is escaped.
 *
 *   MARKUP(out, "<p>");  html_text(out, customer_name);  MARKUP(out, "</p>\n");
 *
 * Escaped are & < > " and ', so a text may also stand between the quotes of an attribute.
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_HTML_H
#define SANGDEN_DOCUMENT_HTML_H

#include "base/buffer.h"

/* Only a string literal fits. */
#define MARKUP(out, literal) buf_add((out), S(literal))

/* Appends the text, escaped. */
void html_text(struct buf *out, struct str text);

#endif
