/* SPDX-License-Identifier: Apache-2.0 */
/* What one price book changes against another, for the person who releases it.
 *
 * Decisions are matched by id, prices by category, voltage and tier or time of use, VAT rates by
 * their first day; everything else is compared member by member, entries of lists by id or place.
 * Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_BOOK_DIFF_H
#define SANGDEN_TARIFF_BOOK_DIFF_H

#include "base/buffer.h"
#include "tariff/book.h"

enum change_kind {
    CHANGE_ADDED,   /* before is empty */
    CHANGE_REMOVED, /* after is empty */
    CHANGE_VALUE
};

/* One difference: "QD1279/2025 SH tier 3", "2380", "2400". Texts live during the call. */
struct book_change {
    enum change_kind kind;
    struct str what_vi;
    struct str what_en;
    struct str before;
    struct str after;
};

typedef void book_change_report(void *context, const struct book_change *change);

/* Reports every difference and answers their number. */
size_t book_diff(const struct price_book *before, const struct price_book *after,
                 book_change_report *report, void *context);

#endif
