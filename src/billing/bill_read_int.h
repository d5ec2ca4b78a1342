/* SPDX-License-Identifier: Apache-2.0 */
/* A bill as a row with the codes that people know: what every question for bills selects. */
#ifndef SANGDEN_BILLING_BILL_READ_INT_H
#define SANGDEN_BILLING_BILL_READ_INT_H

#include "billing/billing_view.h"

#define BILL_COLUMNS                                                                            \
    "b.unit_id, b.month, b.period_no, b.book_id, b.point_id, b.agreement_id, b.kind, b.version, "\
    "b.origin, b.account_id, b.run_id, b.closing_no, b.posting_month, b.from_on, b.to_on, "     \
    "b.total_wh, b.pre_vat_vnd, b.vat_ppm, b.vat_vnd, b.total_vnd, b.line_count, b.estimated, " \
    "b.replaces_version, b.cause, b.issued_on, b.price_book, b.request, u.code, a.code, "       \
    "p.code, c.code, k.code"
#define BILL_TABLES                                                                             \
    " FROM bill b JOIN unit u ON u.unit_id = b.unit_id "                                        \
    "LEFT JOIN agreement a ON a.unit_id = b.unit_id AND a.agreement_id = b.agreement_id "       \
    "LEFT JOIN usage_point p ON p.unit_id = b.unit_id AND p.point_id = b.point_id "             \
    "LEFT JOIN account c ON c.unit_id = b.unit_id AND c.account_id = b.account_id "             \
    "LEFT JOIN book k ON k.unit_id = b.unit_id AND k.book_id = b.book_id "

/* Whether a bill t takes back a record r: bill_takes_back in the words of the store. */
#define TAKES_BACK(t, r)                                                                        \
    r ".unit_id = " t ".unit_id AND " r ".point_id = " t ".point_id AND "                       \
    r ".month = " t ".month AND " r ".period_no = " t ".period_no AND "                         \
    r ".agreement_id = " t ".agreement_id AND " r ".version < " t ".version AND "               \
    t ".kind = 'replacement' AND (" r ".version = " t ".replaces_version OR ("                  \
    r ".kind = 'adjustment' AND " r ".replaces_version = " t ".replaces_version))"

/* Of a query that selects BILL_COLUMNS; texts live as long as the row of the result. */
struct bill_row bill_row_read(const struct rows *rows);

#endif
