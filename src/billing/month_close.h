/* SPDX-License-Identifier: Apache-2.0 */
/* Closing a month of a unit: its figures are written once and stand for ever.
 *
 *   bills whose posting month it is ─► month_closing (totals)        what a replacement takes
 *   less what they take back                                         back counts negatively
 *                                   └► month_figure  class, block, voltage, tou, vat, kind, cause
 *
 * Months are closed in their order. Whatever is issued or adjusted later enters the first open
 * month. Bills of the earlier system are no part of the figures.
 * Threads: as the connection. */
#ifndef SANGDEN_BILLING_MONTH_CLOSE_H
#define SANGDEN_BILLING_MONTH_CLOSE_H

#include "identity/identity.h"

struct month_totals {
    int64_t bill_count;
    int64_t total_wh;
    int64_t pre_vat_vnd;
    int64_t vat_vnd;
    int64_t fee_mvnd; /* of pre_vat_vnd what was fees, in thousandths of a đồng */
};

/* Closes in a transaction of its own, tells it (event month.closed) and who did it (audit chain).
 * E_STATE when the month is closed, an earlier one with bills is not, nothing was issued in it, or
 * a run of the unit is being drafted or issued. */
NODISCARD err_t month_close(struct db *db, int64_t unit_id, int64_t month,
                            const struct actor *actor, int64_t now_ms, struct month_totals *out,
                            struct err *err);

/* ---- questions --------------------------------------------------------------------------- */

enum { MONTH_OBSTACLES_MAX = 4 };
/* Everything that stands in the way of closing a month, as the refusals with their remedies that
 * month_close would give one after the other; none when it may be closed. */
NODISCARD err_t month_obstacles(struct db *db, int64_t unit_id, int64_t month,
                                struct err out[MONTH_OBSTACLES_MAX], size_t *out_count,
                                struct err *err);
/* The first of these refusals; OK when it may be closed. E_STATE. */
NODISCARD err_t month_may_close(struct db *db, int64_t unit_id, int64_t month, struct err *err);
/* What closing the month would write, as workers counted it last; fees are not told apart. Known of
 * the month to be closed next alone. */
struct month_preview {
    bool known;
    struct month_totals totals;
    int64_t counted_at_ms;
};
NODISCARD err_t month_preview_read(struct db *db, int64_t unit_id, int64_t month,
                                   struct month_preview *out, struct err *err);
/* Counts anew for every unit in which something happened since, for workers, as seldom as
 * unbilled_count_renew. *out_done: how many units were counted. */
NODISCARD err_t month_preview_renew(struct db *db, int64_t now_ms, int64_t *out_done,
                                    struct err *err);
/* The month to be closed next: behind the last closed one, otherwise the first that has bills of
 * our own. *out_found is false where there is neither. */
NODISCARD err_t month_next(struct db *db, int64_t unit_id, int64_t *out_month, bool *out_found,
                           struct err *err);

/* A closed month; fees are not told apart. */
struct month_closed {
    int64_t month;
    struct month_totals totals;
    int64_t closed_at_ms;
    struct str actor_code;
};
/* Closed months before a month (0: all of them), the latest first, at most so many. */
NODISCARD err_t month_list(struct db *db, struct arena *arena, int64_t unit_id,
                           int64_t before_month, size_t most, struct month_closed *out,
                           size_t *out_count, struct err *err);

/* The totals of a closed month. E_NOT_FOUND while it is open. */
NODISCARD err_t month_totals_of(struct db *db, int64_t unit_id, int64_t month,
                                struct month_totals *out, struct err *err);

struct month_figure {
    struct str dimension; /* "class", "block", "voltage", "tou", "vat", "kind", "cause" */
    /* Its value: "SH", "fee:meter_test", "SH/1", "LT6", "peak", "80000", "periodic". */
    struct str item;
    int64_t row_count;
    int64_t energy_wh;
    int64_t amount_mvnd;
};
typedef err_t month_figure_visit(void *context, const struct month_figure *figure,
                                 struct err *err);
/* All figures by dimension and item; views live until the visit returns. */
NODISCARD err_t month_figures_each(struct db *db, int64_t unit_id, int64_t month,
                                   month_figure_visit *visit, void *context, struct err *err);

#endif
