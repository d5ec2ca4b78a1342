/* SPDX-License-Identifier: Apache-2.0 */
/* Words that the checks of this room share. Private to the room. */
#ifndef SANGDEN_BILLING_CHECKS_INT_H
#define SANGDEN_BILLING_CHECKS_INT_H

#include "billing/bill_read_int.h"

/* The number of a bill, as bill_number writes it. */
#define NUMBER                                                                                  \
    "u.code || '-' || substr(CAST(b.month AS TEXT), 3, 4) || CAST(b.period_no AS TEXT) || '-' " \
    "|| CAST(b.agreement_id AS TEXT) || '-' || CAST(b.point_id AS TEXT) || '-' || "             \
    "CASE b.kind WHEN 'periodic' THEN 'K' WHEN 'final' THEN 'C' WHEN 'supplement' THEN 'B' "    \
    "WHEN 'adjustment' THEN 'D' WHEN 'replacement' THEN 'T' ELSE 'P' END || "                   \
    "CAST(b.version AS TEXT)"
#define BILLS "SELECT " NUMBER " FROM bill b JOIN unit u ON u.unit_id = b.unit_id "
#define SAME_BILL(x)                                                                            \
    x ".unit_id = b.unit_id AND " x ".month = b.month AND " x ".period_no = b.period_no AND "   \
    x ".book_id = b.book_id AND " x ".point_id = b.point_id AND "                               \
    x ".agreement_id = b.agreement_id"

/* A replacement t and each record r that it takes back. */
#define REPLACED "bill t JOIN bill r ON " TAKES_BACK("t", "r")

#endif
