/* SPDX-License-Identifier: Apache-2.0 */
/* From usage to bill: what a bill is, and the words the whole room uses.
 *
 *   usage (closed book) ─► draft ─ issue ─► bill ─┬─► bill_line …    line amounts, exact
 *   terms (registry)   ──►                        ├─► posting, open_item   (ledger)
 *   price book (tariff) ─►                        └─► event invoice.issued
 *
 * Identity of a bill: (unit, agreement, usage point, month, period, kind, version). Versions count
 * all records of one slot (agreement, point, month, period): the first bill is version 1, an
 * adjustment or a replacement the next. The number people see is made from the identity:
 *
 *   PD0100-26101-17-23-K1     unit code - YYMM and period - agreement - point - kind and version
 *
 * Bills are immutable. What is wrong is put right by a new record: an adjustment carries the
 * difference, a replacement the whole bill anew while the old one is taken back in the ledger.
 * Threads: pure. */
#ifndef SANGDEN_BILLING_BILLING_H
#define SANGDEN_BILLING_BILLING_H

#include "base/buffer.h"
#include "base/error.h"

enum bill_kind {
    BILL_PERIODIC,
    BILL_FINAL,
    BILL_SUPPLEMENT,
    BILL_ADJUSTMENT,
    BILL_REPLACEMENT,
    BILL_FEE,
    BILL_KIND_COUNT
};

enum { BILL_NUMBER_BYTES = 96, UNIT_CODE_BYTES = 32, BILL_MONTH_MIN = 200001,
       BILL_MONTH_MAX = 209912, PERIOD_MAX = 3 };

/* month is YYYYMM, the month of the present reading; period_no 1 to 3, 0 outside the cycle. */
struct bill_key {
    int64_t unit_id;
    int64_t month;
    int64_t period_no;
    int64_t book_id; /* the book it was read in; 0 in a key made from a number */
    int64_t point_id;
    int64_t agreement_id;
    enum bill_kind kind;
    int64_t version;
};

/* The kind as stored ("periodic"), as the letter of the number ("K"), and in words. */
struct str bill_kind_code(enum bill_kind kind);
char bill_kind_letter(enum bill_kind kind);
struct str bill_kind_vi(enum bill_kind kind);
struct str bill_kind_en(enum bill_kind kind);
NODISCARD bool bill_kind_parse(struct str code, enum bill_kind *out);

/* Writes the number into out, NUL-terminated; the view looks at out. */
struct str bill_number(struct str unit_code, const struct bill_key *key,
                       char out[BILL_NUMBER_BYTES]);
/* Takes a number apart: out_unit_code looks into the text, out->unit_id and out->book_id are 0.
 * E_INPUT with the shape expected. */
NODISCARD err_t bill_number_parse(struct str text, struct str *out_unit_code,
                                  struct bill_key *out, struct err *err);

#endif
