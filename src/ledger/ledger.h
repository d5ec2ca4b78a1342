/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: what accounts owe and are owed, document by document, in double entry.
 *
 *   document ─► posting   131 ─ 511   1.285.560    each row takes from one side what it gives to
 *   (a bill)             131 ─ 3331     102.845    the other, so no entry can fail to balance
 *           └─► open_item            1.388.405 ◄── settlement (payment, set-off, reversal)
 *
 * Sides are roles; the numbers of the accounting regime stand in ledger_chart with their dates
 * (Circular 200/2014/TT-BTC, Circular 99/2025/TT-BTC). No balance is stored, so no row is hot.
 * Everything is append-only: a correction is a document of its own that nets out.
 * Ownership: a writer is freed by ledger_writer_close or ledger_writer_drop.
 * Threads: a writer belongs to the thread of its connection. */
#ifndef SANGDEN_LEDGER_LEDGER_H
#define SANGDEN_LEDGER_LEDGER_H

#include "store/store.h"

enum ledger_side {
    SIDE_RECEIVABLE, /* what customers owe */
    SIDE_REVENUE,    /* sales of electricity */
    SIDE_OUTPUT_VAT, /* tax owed to the state */
    SIDE_FEE_INCOME, /* fees for services */
    SIDE_DEPOSIT,    /* securities received */
    SIDE_BANK,       /* money at the bank */
    SIDE_OPENING,    /* counterpart of balances taken over at the cut-over */
    SIDE_COUNT
};

enum { LEDGER_NUMBER_BYTES = 12, LEDGER_REFERENCE_BYTES = 96 };

/* Account numbers of one day. */
struct ledger_chart {
    char number[SIDE_COUNT][LEDGER_NUMBER_BYTES];
};

/* The numbers in force on the day. E_STATE when a role has none. */
NODISCARD err_t ledger_chart_on(struct db *db, int32_t day, struct ledger_chart *out,
                                struct err *err);

enum item_kind {
    ITEM_BILL, ITEM_ADJUSTMENT, ITEM_OPENING_DEBT, ITEM_OPENING_CREDIT, ITEM_DEPOSIT, ITEM_FEE,
    ITEM_KIND_COUNT
};

/* The kind as stored, "bill"; and back, false for an unknown one. */
struct str item_kind_code(enum item_kind kind);
NODISCARD bool item_kind_parse(struct str code, enum item_kind *out);

/* What is posted at once. A negative net or tax takes back: the sides change places. */
struct ledger_document {
    int64_t account_id;
    struct str reference; /* bill number or number of the opening item; unique in the account */
    enum item_kind kind;
    int64_t month; /* YYYYMM */
    int32_t due_day;
    enum ledger_side debit;  /* side of the customer: receivable, or deposit for a security */
    enum ledger_side credit; /* side the net amount comes from */
    int64_t net_vnd;
    int64_t vat_vnd;
};

struct ledger_writer;

/* Starts posting for one unit inside the caller's transaction; rows are dated posted_day. */
NODISCARD err_t ledger_writer_open(struct db *db, int64_t unit_id,
                                   const struct ledger_chart *chart, int32_t posted_day,
                                   struct ledger_writer **out, struct err *err);
/* Posts the document and opens its item. A document of zero leaves no row. E_OVERFLOW when the sum
 * of net and tax does not fit. */
NODISCARD err_t ledger_post(struct ledger_writer *writer, const struct ledger_document *document,
                            struct err *err);
/* Posts only, for a document whose item is settled elsewhere. */
NODISCARD err_t ledger_post_only(struct ledger_writer *writer,
                                 const struct ledger_document *document, struct err *err);
/* Rows written so far: postings and items. */
int64_t ledger_writer_rows(const struct ledger_writer *writer);
/* Writes what is pending and frees, also after an error. */
NODISCARD err_t ledger_writer_close(struct ledger_writer *writer, struct err *err);
/* Frees without writing; NULL is accepted. */
void ledger_writer_drop(struct ledger_writer *writer);

/* One settlement of an item: positive reduces what is open of a debt. */
struct ledger_settlement {
    int64_t account_id;
    struct str reference;    /* the item settled */
    struct str by_reference; /* the document that settles it */
    int64_t amount_vnd;
    int32_t settled_day;
};

/* Records a settlement; one of the other sign takes back. E_NOT_FOUND when the account has no such
 * item, E_STATE when more than its amount, or less than nothing of it, would be settled. Two who
 * settle the same item at once get E_CONFLICT, one of them. */
NODISCARD err_t ledger_settle(struct db *db, int64_t unit_id,
                              const struct ledger_settlement *settlement, struct err *err);
/* Sets two items of one account off against each other by amount_vnd > 0: the debt by the credit
 * and the credit by the debt. E_STATE when one of them has less open than that. */
NODISCARD err_t ledger_set_off(struct db *db, int64_t unit_id, int64_t account_id,
                               struct str debt_reference, struct str credit_reference,
                               int64_t amount_vnd, int32_t settled_day, struct err *err);

#endif
