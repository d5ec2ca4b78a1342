/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the pages of billing (show_billing.h): the morning, runs, lists, price books,
 * invariants.
 *
 * Threads: as their visit. */
#ifndef SANGDEN_WEB_BILLING_PAGES_H
#define SANGDEN_WEB_BILLING_PAGES_H

#include "web/operations/operations.h"
#include "web/show_billing.h"

/* A price book of a megabyte, or the bills of a large book, as a form sends them. */
enum { PASTED_FORM_BYTES = 4 * 1024 * 1024 };

visit_handler operations_morning, operations_changes;

/* What an event is about. */
enum event_about {
    ABOUT_NOTHING, /* that has a page */
    ABOUT_BOOK,
    ABOUT_SPIKE,
    ABOUT_QUEUE,
    ABOUT_MONTH,
    ABOUT_BILL,
    ABOUT_POINT,
    ABOUT_METER,
    ABOUT_HOLD,
    ABOUT_AGREEMENT,
    ABOUT_ACCOUNT,
    ABOUT_COUNT
};
/* A kind of event that the morning page tells (topics.def). */
struct morning_topic {
    struct str name;
    enum web_text words;
    enum event_about about;
};
/* NULL where there is none of that name. */
const struct morning_topic *morning_topic_of(struct str name);
/* The day since which the morning page tells what happened. */
int32_t morning_since(const struct visit *visit);

visit_handler operations_runs, operations_errand_live, operations_run, operations_run_live;
visit_handler operations_run_start, operations_run_issue;
visit_handler operations_list;
visit_handler operations_prices, operations_price_load;
visit_handler operations_price_book, operations_price_release;
visit_handler operations_compare, operations_compare_book;
visit_handler operations_compare_do, operations_compare_sign;
visit_handler operations_checks, operations_checks_ask;

/* Browsers end the lines of a text field with two characters; the file that was pasted had one. */
struct str pasted_text(struct visit *visit, struct str field);
/* A copy of what was refused: asking further questions would write over it. The answer gets its
 * status. E_MEMORY. */
NODISCARD err_t keep_refusal(struct visit *visit, const struct err **out);
/* Whether what was asked for is refused with a reason for the person. */
bool is_refusal(err_t code);

#endif
