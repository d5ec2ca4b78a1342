/* SPDX-License-Identifier: Apache-2.0 */
/* Writes bills with everything that belongs to them: lines, postings, open item, event.
 *
 *   bill_record ─► bill + bill_line… + posting… + open_item + event invoice.issued
 *
 * The one door through which bills enter the database, for runs and for single bills alike; always
 * inside the caller's transaction. Records should come in the order of their keys.
 * Ownership: freed by bill_writer_close or bill_writer_drop. Threads: as the connection. */
#ifndef SANGDEN_BILLING_BILL_WRITER_H
#define SANGDEN_BILLING_BILL_WRITER_H

#include "billing/billing.h"
#include "billing/rated.h"
#include "store/store.h"

enum bill_origin { ORIGIN_OWN, ORIGIN_EARLIER };

struct bill_record {
    struct bill_key key;
    enum bill_origin origin;
    int64_t account_id;
    int64_t run_id;        /* 0: by itself */
    int64_t posting_month; /* YYYYMM */
    struct rated_bill rated;
    int32_t due_day;
    int32_t issued_day; /* 0: that of the writer */
    struct str price_book;
    struct str request;
};

struct bill_writer;

/* For at most count bills of one unit, all issued on the same day; with count 0 for any number of
 * bills of the earlier system, which are neither posted nor told: their debts come in as opening
 * items. */
NODISCARD err_t bill_writer_open(struct db *db, int64_t unit_id, struct str unit_code,
                                 int32_t issued_day, int64_t count, struct bill_writer **out,
                                 struct err *err);
/* E_CHECK when lines and totals do not agree. */
NODISCARD err_t bill_writer_add(struct bill_writer *writer, const struct bill_record *record,
                                struct err *err);
/* Writes what is pending and frees, also after an error. E_CONFLICT when a bill of the same
 * identity exists. */
NODISCARD err_t bill_writer_close(struct bill_writer *writer, struct err *err);
/* Frees without writing; NULL is accepted. */
void bill_writer_drop(struct bill_writer *writer);

/* Days from issue to due on a day (billing_rule due_days). */
NODISCARD err_t bill_due_days(struct db *db, int32_t day, int64_t *out, struct err *err);

/* The month whose figures a bill of that month enters: itself, or the first that is not closed. */
NODISCARD err_t bill_posting_month(struct db *db, int64_t unit_id, int64_t month, int64_t *out,
                                   struct err *err);

#endif
