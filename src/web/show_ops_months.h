/* SPDX-License-Identifier: Apache-2.0 */
/* The page of closing months: what stands in the way, what is closed.
 *
 * Ownership: texts must live until the call is over. Threads: as the arena. */
#ifndef SANGDEN_WEB_SHOW_OPS_MONTHS_H
#define SANGDEN_WEB_SHOW_OPS_MONTHS_H

#include "billing/billing_view.h"
#include "billing/month_close.h"
#include "metering/book_view.h"
#include "web/show_ops_closing.h"

struct show_month_figure {
    struct str dimension, item;
    int64_t row_count, energy_wh, amount_mvnd;
};

struct show_months {
    int32_t month;
    struct str before_month, after_month; /* addresses */
    bool closed;
    struct month_preview sums; /* as closed, or as workers counted them last */
    bool is_next;              /* the month to be closed next, whose sums are counted */
    struct show_closing closing;
    const struct err *obstacles;
    size_t obstacle_count;
    /* Of an open month: what would enter a later one. */
    int64_t books[BOOK_STATE_COUNT];
    int64_t spikes;                 /* that still hold a bill */
    struct unbilled_count unbilled; /* entries without a bill, as workers counted them */
    struct str books_address[BOOK_STATE_COUNT], spikes_address, unbilled_address;
    /* Of a closed month. */
    const struct show_month_figure *figures;
    size_t figure_count;
    const struct month_closed *list;
    const struct str *addresses; /* of the months of the list */
    size_t list_count;
    struct str older;
    struct str address; /* of the form; empty: the visitor may not close */
    const struct err *refused; /* NULL: not refused */
};
/* E_MEMORY. */
NODISCARD err_t show_ops_months(const struct show *show, const struct show_operations *frame,
                                const struct show_months *months);

#endif
