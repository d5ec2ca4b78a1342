/* SPDX-License-Identifier: Apache-2.0 */
/* The link that opens the browser's calculator filled with a bill (docs/calculator-link.md).
 *
 *   {"from":…,"usage":{"kwh":"461"},"uses":[{"category":"SH"}]}  ─►  #f=…&t=…&k=461&u=SH&x=1388405
 *
 * Nothing is left out silently: a member that the link has no name for is refused by its own.
 * Ownership: the link is appended to the caller's buffer. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_CALCULATOR_LINK_H
#define SANGDEN_DOCUMENT_CALCULATOR_LINK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { CALCULATOR_LINK_NO_TOTAL = -1 };

/* What the link of a bill says. */
struct calculator_link {
    struct str portal;     /* address of the portal, ending in '/'; empty: the fragment alone */
    struct str request;    /* as the bill stores it; of an adjustment its part "after" */
    int64_t total_vnd;     /* to compare with, or CALCULATOR_LINK_NO_TOTAL */
    struct str number;     /* of the bill; may be empty */
    struct str price_book; /* hash of the bill's price book; may be empty */
};

/* Appends the address, or from "#" on. The arena holds the request while it is read. E_INPUT names
 * the member that cannot be written; then nothing is appended. E_LIMIT when the buffer is full. */
NODISCARD err_t calculator_link_write(struct arena *arena, const struct calculator_link *link,
                                      struct buf *out, struct err *err);

#endif
