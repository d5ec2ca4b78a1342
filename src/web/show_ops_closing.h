/* SPDX-License-Identifier: Apache-2.0 */
/* How far a closing is that somebody asked the workers for.
 *
 * Ownership: texts must live until the call is over. Threads: as the arena. */
#ifndef SANGDEN_WEB_SHOW_OPS_CLOSING_H
#define SANGDEN_WEB_SHOW_OPS_CLOSING_H

#include "billing/closing_errand.h"
#include "web/show_operations.h"

struct show_closing {
    const struct closing_errand *errand; /* NULL: nobody asked */
    struct str address;                  /* of the part of the page that tells it */
};

/* The part of a page alone. E_MEMORY. */
NODISCARD err_t show_ops_closing(const struct show *show, const struct show_closing *closing);

/* Whether workers still have it before them. */
bool closing_is_open(const struct closing_errand *errand);

#endif
