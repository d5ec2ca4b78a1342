-- SPDX-License-Identifier: Apache-2.0
-- Double-entry ledger as transfers: every row takes from one side what it gives to the other, so
-- no entry can fail to balance. No running balance is stored, so no row is hot.

-- side accounts are the numbers of the accounting regime (a dated parameter), e.g. 131, 511, 3331.
-- reference: the document (bill number). Rows are clustered by the customer's account.
-- @unit posting
-- @append_only posting
CREATE TABLE posting (
    unit_id    {i64} NOT NULL,
    account_id {i64} NOT NULL,
    reference  TEXT NOT NULL,
    line_no    {i64} NOT NULL,
    debit      TEXT NOT NULL,
    credit     TEXT NOT NULL CHECK (credit <> debit),
    amount_vnd {i64} NOT NULL CHECK (amount_vnd > 0),
    posted_on  TEXT NOT NULL CHECK (length(posted_on) = 10),
    PRIMARY KEY (unit_id, account_id, reference, line_no)
) {strict};

-- What an account owes (positive) or is owed (negative), document by document.
-- kind 'bill', 'adjustment', 'opening_debt', 'opening_credit', 'deposit', 'fee'.
-- @unit open_item
-- @append_only open_item
CREATE TABLE open_item (
    unit_id    {i64} NOT NULL,
    account_id {i64} NOT NULL,
    reference  TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('bill', 'adjustment', 'opening_debt',
                                             'opening_credit', 'deposit', 'fee')),
    month      {i64} NOT NULL,
    due_on     TEXT NOT NULL CHECK (length(due_on) = 10),
    amount_vnd {i64} NOT NULL CHECK (amount_vnd <> 0),
    PRIMARY KEY (unit_id, account_id, reference)
) {strict};

-- What settles an item: a payment, a set-off against another item, a reversal (negative).
-- @unit settlement
-- @append_only settlement
CREATE TABLE settlement (
    unit_id       {i64} NOT NULL,
    account_id    {i64} NOT NULL,
    reference     TEXT NOT NULL,
    settlement_no {i64} NOT NULL,
    by_reference  TEXT NOT NULL,
    amount_vnd    {i64} NOT NULL CHECK (amount_vnd <> 0),
    settled_on    TEXT NOT NULL CHECK (length(settled_on) = 10),
    PRIMARY KEY (unit_id, account_id, reference, settlement_no),
    FOREIGN KEY (unit_id, account_id, reference)
        REFERENCES open_item (unit_id, account_id, reference)
) {strict};
