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
) {clustered};

-- What an account owes (positive) or is owed (negative), document by document.
-- kind 'bill', 'adjustment', 'opening_debt', 'opening_credit', 'deposit', 'fee'.
-- @unit open_item
-- @append_only open_item
CREATE TABLE open_item (
    unit_id    {i64} NOT NULL,
    account_id {i64} NOT NULL,
    reference  TEXT NOT NULL,
    kind       TEXT NOT NULL
        CHECK (kind = 'bill' OR kind = 'adjustment' OR kind = 'opening_debt'
               OR kind = 'opening_credit' OR kind = 'deposit' OR kind = 'fee'),
    month      {i64} NOT NULL,
    due_on     TEXT NOT NULL CHECK (length(due_on) = 10),
    amount_vnd {i64} NOT NULL CHECK (amount_vnd <> 0),
    PRIMARY KEY (unit_id, account_id, reference)
) {clustered};

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
) {clustered};

-- Numbers of the accounting regime by role, each from its day on. A unit under another regime adds
-- rows; nothing in the program knows a number.
-- @reference ledger_chart
CREATE TABLE ledger_chart (
    role       TEXT NOT NULL
        CHECK (role = 'receivable' OR role = 'revenue' OR role = 'output_vat'
               OR role = 'fee_income' OR role = 'deposit' OR role = 'bank' OR role = 'opening'),
    valid_from TEXT NOT NULL CHECK (length(valid_from) = 10),
    number     TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 11),
    regime     TEXT NOT NULL,
    PRIMARY KEY (role, valid_from)
) {clustered};
INSERT INTO ledger_chart (role, valid_from, number, regime) VALUES
    ('receivable', '1900-01-01', '131', 'QĐ 15/2006/QĐ-BTC'),
    ('revenue',    '1900-01-01', '511', 'QĐ 15/2006/QĐ-BTC'),
    ('output_vat', '1900-01-01', '3331', 'QĐ 15/2006/QĐ-BTC'),
    ('fee_income', '1900-01-01', '511', 'QĐ 15/2006/QĐ-BTC'),
    ('deposit',    '1900-01-01', '3386', 'QĐ 15/2006/QĐ-BTC'),
    ('bank',       '1900-01-01', '112', 'QĐ 15/2006/QĐ-BTC'),
    ('opening',    '1900-01-01', '000', 'số dư chuyển từ hệ thống trước'),
    ('deposit',    '2015-01-01', '344', 'TT 200/2014/TT-BTC'),
    ('receivable', '2026-01-01', '131', 'TT 99/2025/TT-BTC'),
    ('revenue',    '2026-01-01', '511', 'TT 99/2025/TT-BTC'),
    ('output_vat', '2026-01-01', '3331', 'TT 99/2025/TT-BTC'),
    ('deposit',    '2026-01-01', '344', 'TT 99/2025/TT-BTC');
