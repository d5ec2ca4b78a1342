/* SPDX-License-Identifier: Apache-2.0 */
/* Giving the bills of a month their invoice numbers: gapless, once each, in book and route order.
 *
 *   bill ─ invoice_plan_make ─► plan ─ invoice_number (any number of processes) ─► einvoice
 *
 * One transaction takes the next numbers of a series for the bills of some whole books, with the
 * row of the series locked, and inserts invoices, directory, events and the link of the audit
 * chain. Whoever has the lock takes the first book that is not done, so the order holds however
 * many work, and a killed process leaves neither gap nor half a book. The order is that of the
 * days of the invoices, on a day that of the codes of the books, in a book that of the route on the
 * day of the present reading, then point, period and version.
 *
 * Who gets none: bills of the earlier system, and bills that deliver and charge nothing and
 * replace nothing that did. Who waits:
 * a correction whose invoice cannot be corrected that way yet (enum invoice_wait).
 * Ownership: plans live in the caller's arena. Threads: each process has its own connection. */
#ifndef SANGDEN_DOCUMENT_INVOICE_ISSUE_H
#define SANGDEN_DOCUMENT_INVOICE_ISSUE_H

#include "base/date.h"
#include "billing/billing.h"
#include "document/invoice_name.h"
#include "identity/identity.h"

struct invoice_order {
    int64_t month;          /* YYYYMM, of the bills; 0 with a bill number */
    struct str unit_code;   /* empty: all units */
    int64_t run_id;         /* 0: any run */
    struct str bill_number; /* one bill alone; empty: all */
    struct str agreement;   /* the paper behind its correction; empty: none */
    int32_t day;            /* of the invoices; -1: of each bill the first that is allowed */
    const struct actor *actor;
};

/* The part of a unit whose invoices are of one day; a unit's parts stand side by side, by their
 * days, and the later one waits for the earlier. */
struct invoice_part {
    int64_t unit_id;
    char unit_code[UNIT_CODE_BYTES];
    int64_t series_no;
    char symbol[INVOICE_SYMBOL_BYTES];
    char tax_code[16];
    int32_t day;
    char issued_on[DATE_TEXT_BYTES]; /* only bills issued on that day; empty: all */
    int64_t issue_no;
    int64_t bill_count;      /* without an invoice, corrections that wait included */
    int64_t late_count;      /* whose day is later than the rule allows */
    bool summary_table;      /* no written agreement needed */
    const int64_t *book_ids; /* that have something, by their codes */
    size_t book_count;
};

struct invoice_plan {
    struct invoice_order order;
    struct bill_key bill; /* of order.bill_number; unit_id 0 without one */
    struct invoice_part *parts;
    size_t part_count;
    int64_t bill_count, late_count;
};

/* Finds what has no number and how it will be numbered; takes the number of the call at each unit
 * that has something. E_NOT_FOUND for an unknown unit or bill. E_STATE without a seller or a
 * released series of the year, and E_INPUT for a day before a bill's issue or before the last day
 * of the series: then nothing is changed in any unit. */
NODISCARD err_t invoice_plan_make(struct db *db, struct arena *arena,
                                  const struct invoice_order *order, struct invoice_plan *out,
                                  struct err *err);

/* Told after each transaction; false stops the worker between two. */
typedef bool invoice_told(void *context, int64_t numbers);

/* Gives numbers until nothing of the plan is left but what waits. E_STATE when a later day was used
 * in the series meanwhile. */
NODISCARD err_t invoice_number(struct db *db, const struct invoice_plan *plan, invoice_told *told,
                               void *context, struct err *err);

/* How many numbers the call of the plan has given until now; those of other calls do not count. */
NODISCARD err_t invoice_numbered(struct db *db, const struct invoice_plan *plan, int64_t *out,
                                 struct err *err);

/* ---- what waits -------------------------------------------------------------------------- */

enum invoice_wait {
    INVOICE_READY,
    INVOICE_WAIT_RELATED,   /* the invoice it corrects has no number yet */
    INVOICE_WAIT_METHOD,    /* that invoice was put right the other way before */
    INVOICE_WAIT_AGREEMENT, /* the law asks for a written agreement with the buyer */
    INVOICE_WAIT_COUNT
};

struct invoice_wait_text {
    const char *code;
    const char *vi, *en;
    const char *remedy_vi, *remedy_en;
};
/* Texts of a reason. */
const struct invoice_wait_text *invoice_wait_text(enum invoice_wait wait);

struct invoice_waiting {
    struct str unit_code;
    struct bill_key key;
    int64_t total_vnd;
    enum invoice_wait wait;
};
typedef err_t invoice_waiting_visit(void *context, const struct invoice_waiting *waiting,
                                    struct err *err);

/* Every correction of a month (YYYYMM) that cannot have its invoice now, as of a day (-1: the day
 * of its bill). E_NOT_FOUND for an unknown unit. */
NODISCARD err_t invoice_waiting_each(struct db *db, struct str unit_code, int64_t month,
                                     int32_t day, invoice_waiting_visit *visit, void *context,
                                     struct err *err);

/* Whether a correction of the bill's chain in that manner would be refused by its invoices: E_STATE
 * with the remedy. number: any bill of the chain, or the number of the proposal itself. A unit
 * without a released series is left alone. */
NODISCARD err_t invoice_method_check(struct db *db, struct str number, bool replace,
                                     struct err *err);

#endif
