/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the ledger: balances, items with what is left of them, sums that must agree.
 *
 * Pure queries: no locks, no changes. Ownership: views given to a visitor live until it returns. */
#ifndef SANGDEN_LEDGER_LEDGER_VIEW_H
#define SANGDEN_LEDGER_LEDGER_VIEW_H

#include "ledger/ledger.h"

struct ledger_balance {
    int64_t owed_vnd;    /* open debts */
    int64_t credit_vnd;  /* open credits of the customer, positive */
    int64_t deposit_vnd; /* securities held, positive */
    int64_t item_count;  /* items not fully settled */
};

/* What an account owes and is owed at present. */
NODISCARD err_t ledger_balance_of(struct db *db, int64_t unit_id, int64_t account_id,
                                  struct ledger_balance *out, struct err *err);

struct ledger_item {
    struct str reference;
    struct str kind;
    int64_t month;
    struct str due_on;
    int64_t amount_vnd;
    int64_t settled_vnd;
};

typedef err_t ledger_item_visit(void *context, const struct ledger_item *item, struct err *err);

/* All items of an account, oldest due first. open_only leaves out what is settled in full. */
NODISCARD err_t ledger_items_each(struct db *db, int64_t unit_id, int64_t account_id,
                                  bool open_only, ledger_item_visit *visit, void *context,
                                  struct err *err);

/* The item of one document; its texts go to the arena. *out_found is false where there is none: a
 * document of zero owes nothing. */
NODISCARD err_t ledger_item_of(struct db *db, struct arena *arena, int64_t unit_id,
                               int64_t account_id, struct str reference, struct ledger_item *out,
                               bool *out_found, struct err *err);

/* What changed the debt of an account on a day: a document, or what settles one. */
struct ledger_entry {
    struct str on;           /* ISO day */
    struct str kind;         /* of the item */
    struct str reference;    /* the document */
    struct str by_reference; /* what settled it; empty: the document itself */
    int64_t amount_vnd;      /* positive: more is owed */
};
typedef err_t ledger_entry_visit(void *context, const struct ledger_entry *entry,
                                 struct err *err);

/* Documents and settlements of an account by day, without deposits; the sum of all amounts is what
 * is owed less what is held for the customer. */
NODISCARD err_t ledger_entries_each(struct db *db, int64_t unit_id, int64_t account_id,
                                    ledger_entry_visit *visit, void *context, struct err *err);

struct ledger_days {
    struct str from_on, to_on; /* ISO days; to_on is not included */
};
/* Settlements of an account between two days, the latest first, at most so many, without deposits;
 * what is settled is negative. */
NODISCARD err_t ledger_settled_each(struct db *db, int64_t unit_id, int64_t account_id,
                                    const struct ledger_days *days, int64_t most,
                                    ledger_entry_visit *visit, void *context, struct err *err);

/* One problem found by a check: the account and document it concerns. */
typedef void ledger_problem(void *context, int64_t account_id, struct str reference,
                            const char *what_vi, const char *what_en);

/* Proves for one unit: documents and items agree in both directions and in amount, settlements
 * stand on items, nothing is settled beyond its amount. *out_documents counts what was looked at.
 * (That all accounts sum to zero needs no proof: a posting is a transfer.) */
NODISCARD err_t ledger_check(struct db *db, int64_t unit_id, ledger_problem *report,
                             void *context, int64_t *out_documents, struct err *err);

/* Sum of what stands on a side of the chart (debits minus credits) in a unit. */
NODISCARD err_t ledger_side_sum(struct db *db, int64_t unit_id, struct str number, int64_t *out,
                                struct err *err);

#endif
