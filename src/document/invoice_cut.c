/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of invoices cut into ranges. */
#include "document/invoice_int.h"

err_t invoice_ranges_cut(struct rows *rows, int64_t most, invoice_range_visit *visit, void *context,
                         struct err *err)
{
    struct invoice_range range = {0};
    err_t e = OK;
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        int64_t series_no = row_i64(rows, 0), invoice_no = row_i64(rows, 1);
        if (range.count == most || (range.count > 0 && range.series_no != series_no)) {
            e = visit(context, &range, err);
            range.count = 0;
        }
        if (range.count == 0) range.first_no = invoice_no;
        range.series_no = series_no;
        range.last_no = invoice_no;
        range.count++;
    }
    return e == OK && range.count > 0 ? visit(context, &range, err) : e;
}
