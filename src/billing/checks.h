/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of bills, drafts and closed months; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_BILLING_CHECKS_H
#define SANGDEN_BILLING_CHECKS_H

#include "store/check.h"

extern const struct check check_bill_posted;
extern const struct check check_bill_lines;
extern const struct check check_bill_live;
extern const struct check check_bill_once;
extern const struct check check_bill_flagged;
extern const struct check check_bill_draft_billed;
extern const struct check check_book_issued;
extern const struct check check_month_figures;
extern const struct check check_estimate_adjusted;
extern const struct check check_bill_taken_back;
extern const struct check check_audit_issue;
extern const struct check check_audit_month;
extern const struct check check_audit_live;
extern const struct check check_audit_release;
extern const struct check check_supplement_ordered;
extern const struct check check_bill_use;
extern const struct check check_bill_told;
extern const struct check check_book_whole;
extern const struct check check_month_items;
extern const struct check check_supplement_withdrawn;

#endif
