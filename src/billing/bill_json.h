/* SPDX-License-Identifier: Apache-2.0 */
/* Bills as JSON, for programs: the same members everywhere.
 *
 * Money is an integer in đồng, exact line amounts and kWh are strings with exact decimals.
 * Threads: pure. */
#ifndef SANGDEN_BILLING_BILL_JSON_H
#define SANGDEN_BILLING_BILL_JSON_H

#include "base/json_write.h"
#include "billing/billing_view.h"

/* Members of one bill into the object that is open. */
void bill_json_members(struct json_writer *w, const struct bill_row *row);
/* Its lines as member "lines". */
void bill_json_lines(struct json_writer *w, const struct rated_bill *bill);
/* A month YYYYMM as "YYYY-MM". */
void bill_json_month(struct json_writer *w, struct str key, int64_t month);

#endif
