/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of an account: all bills of its points over some months, and what became of them.
 *
 *   account ─┬─► bills by month and point: use, money, due, settled, left
 *            ├─► their lines, one after the other (statement_lines_each)
 *            └─► documents and settlements by day, with the balance after each
 *
 * What a statement says, apart from how it looks: the spreadsheet and the printed form are made
 * from it. Sums count a bill and what corrected it once: what a replacement took back is listed and
 * in none of them, but for what is left, as the ledger has it. Bills belong to the month of their
 * reading, entries to the day of their posting.
 * Pure query: no locks, no changes. Ownership: everything lives in the arena.
 * Threads: as the connection. Limit: the arena. */
#ifndef SANGDEN_DOCUMENT_STATEMENT_H
#define SANGDEN_DOCUMENT_STATEMENT_H

#include "billing/billing_view.h"

struct statement_order {
    int64_t unit_id, account_id;
    int32_t first_month, last_month; /* of base/date.h, both included */
    int32_t made_day;                /* the day it bears */
};

struct statement_bill {
    struct bill_key key;
    struct str number;
    struct str invoice; /* name of the e-invoice; empty while there is none */
    struct str agreement_code, point_code, address;
    int32_t from_day, to_day;
    bool has_days;            /* not with a fee */
    int64_t replaces_version; /* 0: none */
    bool taken_back;          /* by a replacement: listed, and in no sum but what is left */
    int64_t total_wh, pre_vat_vnd, vat_vnd, total_vnd, line_count;
    int32_t due_day; /* -1: nothing is due */
    int64_t settled_vnd, left_vnd;
};

struct statement_entry {
    int32_t day;
    struct str reference, by_reference; /* by_reference is empty with a document */
    struct str kind;                    /* of the document: "bill", "adjustment", … */
    int64_t amount_vnd;                 /* positive: more is owed */
    int64_t balance_vnd;                /* after it */
};

struct account_statement {
    struct statement_order order;
    struct str unit_code, unit_name, account_code, payer_name;
    struct statement_bill *bills; /* by month, point and identity */
    size_t bill_count;
    size_t counted_count;            /* of them, what no replacement took back */
    struct statement_entry *entries; /* of the months, by day */
    size_t entry_count;
    int64_t total_wh, pre_vat_vnd, vat_vnd, total_vnd, settled_vnd, left_vnd;
    int64_t opening_vnd; /* balance before the first day */
    int64_t closing_vnd; /* balance after the last one */
    int64_t deposit_vnd; /* security held at present */
};

/* E_NOT_FOUND when the account does not exist, E_MEMORY when the arena is too small. */
NODISCARD err_t account_statement_collect(struct db *db, struct arena *arena,
                                          const struct statement_order *order,
                                          struct account_statement *out, struct err *err);

typedef err_t statement_line_visit(void *context, const struct statement_bill *bill,
                                   const struct rated_line *line, struct err *err);
/* All lines of all bills in their order; views live until the visit returns. */
NODISCARD err_t statement_lines_each(struct db *db, const struct account_statement *statement,
                                     statement_line_visit *visit, void *context, struct err *err);

/* The account with the code in a unit (empty: the only unit that has it). E_NOT_FOUND, E_INPUT when
 * several units have it. */
NODISCARD err_t account_by_code(struct db *db, struct str unit_code, struct str code,
                                int64_t *out_unit_id, int64_t *out_account_id, struct err *err);

/* What a document is, in words: "Hóa đơn", "Bill". */
struct str statement_kind_vi(struct str kind);
struct str statement_kind_en(struct str kind);

#endif
