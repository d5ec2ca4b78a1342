/* SPDX-License-Identifier: Apache-2.0 */
/* What a price book would do to the bills of a month. */
#include "base/decimal.h"
#include "billing/billing_view.h"
#include "billing/price_book_change.h"
#include "billing/rater.h"

enum { REQUEST_BYTES = 64 * 1024, RATE_PLACES = 6 };

struct weighing {
    struct rater *rater;
    struct str decision; /* id in force on the first day; empty: by date */
    int64_t vat_ppm;     /* -1: by date */
    struct buf request;
    struct price_effect effect;
};

/* The bill's request with prices and tax of the book's first day, in place of those of its days. */
static struct str request_then(struct weighing *w, struct str request)
{
    struct buf *out = &w->request;
    buf_reset(out);
    buf_add(out, str_sub(request, 0, request.n - 1));
    if (w->decision.n > 0) buf_printf(out, ",\"decision\":\"%.*s\"", STR_ARG(w->decision));
    if (w->vat_ppm >= 0) {
        buf_add(out, S(",\"vat_rate\":\""));
        buf_add_decimal(out, w->vat_ppm, RATE_PLACES);
        buf_add_char(out, '"');
    }
    buf_add_char(out, '}');
    return buf_str(out);
}

static err_t weigh(void *context, const struct bill_row *row, struct err *err)
{
    struct weighing *w = context;
    struct rated_bill bill;
    struct err why;
    bool whole = row->key.kind == BILL_PERIODIC || row->key.kind == BILL_FINAL;
    if (!whole || row->request.n < 2) return OK;
    w->effect.bill_count++;
    struct str request = request_then(w, row->request);
    if (w->request.failed) return err_memory(err);
    err_t e = rater_rate(w->rater, request, &bill, &why);
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
    struct weighing w = {.vat_ppm = -1};
    int at = book_decision_at(book, first_day);
    const struct vat_rate *vat = book_vat_at(book, first_day);
    if (at >= 0 && !book->decision[at].by_average) w.decision = book->decision[at].id;
    if (vat != NULL) w.vat_ppm = vat->rate_ppm;
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
