/* SPDX-License-Identifier: Apache-2.0 */
/* What numbering, signing and listing of invoices share. Private to the room. */
#ifndef SANGDEN_DOCUMENT_INVOICE_INT_H
#define SANGDEN_DOCUMENT_INVOICE_INT_H

#include "document/invoice_issue.h"
#include "document/invoice_view.h"
#include "network/seller_view.h"
#include "network/unit_list.h"

enum { INVOICE_TOPIC_BYTES = 192 };

/* A day as tables keep it. */
int32_t invoice_stored_day(struct str text);

/* The seller of a unit on a day. E_STATE when no tax code, name or address is recorded. */
NODISCARD err_t invoice_seller(struct db *db, struct arena *arena, int64_t unit_id, int32_t day,
                               int64_t known_at, struct seller *out, struct err *err);

/* The seller of a tax code of the unit: as on the day, or, where the unit sells under another one
 * by then, as on the last day of an invoice under this one. */
NODISCARD err_t invoice_seller_of(struct db *db, struct arena *arena, int64_t unit_id, int32_t day,
                                  int64_t known_at, struct str tax_code, struct seller *out,
                                  struct err *err);

/* The invoices of a range of one series of a unit; the filter names series and numbers. */
NODISCARD err_t invoice_range_each(struct db *db, int64_t unit_id,
                                   const struct invoice_filter *filter, invoice_visit *visit,
                                   void *context, struct err *err);

/* count of the numbers from first_no to last_no of a series; what lies between them without being
 * among the rows belongs to no range. */
struct invoice_range {
    int64_t series_no, first_no, last_no, count;
};

typedef err_t invoice_range_visit(void *context, const struct invoice_range *range,
                                  struct err *err);

/* Reads rows (series_no, invoice_no), which come in that order, and gives them to visit in ranges
 * of at most so many: pieces for workers, parts of a table. Ends at the first failure. */
NODISCARD err_t invoice_ranges_cut(struct rows *rows, int64_t most, invoice_range_visit *visit,
                                   void *context, struct err *err);

/* ---- bills without an invoice ------------------------------------------------------------ */

/* Of a query over bill b LEFT JOIN einvoice v: that the bill is one that gets an invoice. */
#define BILL_HAS_SUPPLY(b) "(" b ".line_count > 0 OR " b ".total_vnd <> 0)"
/* A bill that delivers and charges nothing is none, unless it takes the place of one that did: the
 * wrong invoice would stand otherwise. */
#define BILL_NEEDS_INVOICE(b) \
    "(" BILL_HAS_SUPPLY(b) " OR (" b ".kind = 'replacement' AND EXISTS (SELECT 1 FROM bill z " \
                           "WHERE z.unit_id = " b ".unit_id AND z.point_id = " b \
                           ".point_id AND z.month = " b ".month AND z.period_no = " b \
                           ".period_no AND z.agreement_id = " b ".agreement_id AND z.version = " b \
                           ".replaces_version AND " BILL_HAS_SUPPLY("z") ")))"
#define INVOICE_OF_BILL(b, v) \
    v ".unit_id = " b ".unit_id AND " v ".point_id = " b ".point_id AND " v ".month = " b \
      ".month AND " v ".period_no = " b ".period_no AND " v ".agreement_id = " b \
      ".agreement_id AND " v ".version = " b ".version"
#define WITHOUT_INVOICE(b, v) \
    b ".origin = 'own' AND " BILL_NEEDS_INVOICE(b) " AND " v ".invoice_no IS NULL"

/* ---- corrections ------------------------------------------------------------------------- */

/* One bill of a slot (agreement, point, month, period) with its invoice, if it has one. */
struct slot_bill {
    struct slot_bill *next;
    int64_t version, replaces_version; /* 0: none */
    enum bill_kind kind;
    bool needs_invoice;
    int64_t series_no, invoice_no; /* 0: none */
    struct str role;               /* of the invoice */
};

struct slot_bills {
    struct slot_bill *first; /* by version */
};

NODISCARD err_t slot_bills_load(struct db *db, struct arena *arena, const struct bill_key *key,
                                struct slot_bills *out, struct err *err);
/* The bill of that version, or NULL. */
struct slot_bill *slot_bill_find(const struct slot_bills *slot, int64_t version);

struct invoice_ref {
    int64_t series_no, invoice_no;
};

/* What the invoice of a correction is to earlier ones. role "original" when what it corrects never
 * had to have an invoice. */
struct correction_verdict {
    enum invoice_wait wait;
    struct str role;
    struct invoice_ref root, related;
    bool binds; /* it is the first correction of its root */
};

/* without_agreement: the unit sends the summary table, or the paper is given. */
struct correction_verdict correction_judge(const struct slot_bills *slot,
                                           const struct slot_bill *correction,
                                           bool without_agreement);

#endif
