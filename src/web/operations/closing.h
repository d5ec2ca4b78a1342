/* SPDX-License-Identifier: Apache-2.0 */
/* Closings of books and months, asked for on their pages and done by workers. */
#ifndef SANGDEN_WEB_OPERATIONS_CLOSING_H
#define SANGDEN_WEB_OPERATIONS_CLOSING_H

#include "web/show_ops_closing.h"
#include "web/visit.h"

/* What became of the last one of a subject. One that was refused says nothing any more when the
 * subject is closed. */
NODISCARD err_t operations_closing(struct visit *visit, const struct closing_subject *subject,
                                   bool closed, struct closing_errand const **out);

#endif
