/* SPDX-License-Identifier: Apache-2.0 */
/* What a price book would do to the bills of a month. */
#include "billing/billing_view.h"
#include "billing/price_book_change.h"
#include "billing/rater.h"
#include "billing/request.h"

enum { REQUEST_BYTES = 64 * 1024 };

struct weighing {
    struct rater *rater;
    struct buf request; /* without readings of days that are no price-change days any more */
    int32_t day; /* the book's first day */
    struct price_effect effect;
};

static err_t weigh(void *context, const struct bill_row *row, struct err *err)
{
    struct weighing *w = context;
    struct rated_bill bill;
    struct err why;
    bool whole = row->key.kind == BILL_PERIODIC || row->key.kind == BILL_FINAL;
    if (!whole || row->request.n < 2) return OK;
    w->effect.bill_count++;
    buf_reset(&w->request);
    rater_fit_readings(w->rater, row->request, &w->request);
    if (w->request.failed) return err_memory(err);
    err_t e = rater_rate_on(w->rater, buf_str(&w->request), w->day, &bill, &why);
    if (e == E_MEMORY) return err_memory(err);
    if (e != OK) {
        w->effect.refused++;
        return OK;
    }
    w->effect.before_vnd += row->total_vnd;
    w->effect.after_vnd += bill.total_vnd;
    if (bill.total_vnd > row->total_vnd) w->effect.raised++;
    if (bill.total_vnd < row->total_vnd) w->effect.lowered++;
    return OK;
}

err_t price_book_effect(struct db *db, struct str unit_code, int64_t month,
                        const struct price_book *book, int32_t first_day,
                        struct price_effect *out, struct err *err)
{
    struct weighing w = {.day = first_day};
    struct bill_filter filter = {.unit_code = unit_code, .first_month = month,
                                 .last_month = month, .own_only = true};
    err_t e = rater_with_book(book, &w.rater, err);
    if (e != OK) return e;
    buf_init(&w.request, REQUEST_BYTES);
    e = bill_each(db, &filter, weigh, &w, err);
    buf_release(&w.request);
    rater_free(w.rater);
    if (e == OK) *out = w.effect;
    return e;
}
