/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the earlier system's bills, as the import and the comparison read them. Private to the
 * room. */
#ifndef SANGDEN_BILLING_IMPORT_HISTORY_INT_H
#define SANGDEN_BILLING_IMPORT_HISTORY_INT_H

#include "billing/bill_writer.h"
#include "billing/import_history.h"

/* One row understood. */
struct past_bill {
    struct bill_record record;
    int64_t unit_id;
    int32_t issued_day;
    int32_t month; /* of base/date.h */
    bool fresh;    /* to be written */
};

/* Reads month, energy, money and days; false after rejecting the row. */
bool past_bill_read(struct import *import, struct import_row *row, struct past_bill *out);

#endif
