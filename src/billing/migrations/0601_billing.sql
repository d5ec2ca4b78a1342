-- SPDX-License-Identifier: Apache-2.0
-- From usage to bill.
--
--   usage ─► bill_draft (replaceable) ─ issue ─► bill + bill_line + posting + open_item + event
--
-- Identity of a bill: (agreement, usage point, month, period, kind, version). Its number is made
-- from the identity. A live bill is the highest version; lower ones are netted out in the ledger.

-- @unit bill_run
CREATE TABLE bill_run (
    unit_id     {i64} NOT NULL,
    run_id      {i64} NOT NULL,
    month       {i64} NOT NULL,
    business_on TEXT NOT NULL CHECK (length(business_on) = 10),
    known_at    {i64} NOT NULL,
    price_book  TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('planned', 'drafting', 'drafted', 'issuing',
                                               'issued')),
    created_at  {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    PRIMARY KEY (unit_id, run_id)
) {strict};

-- state 'ready', 'held' (a hold or an unreleased spike), 'exception' (cannot be computed; reason
-- and remedy in problem). request is the calculation request, answer the packed result.
-- @unit bill_draft
CREATE TABLE bill_draft (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL,
    period_no    {i64} NOT NULL,
    book_id      {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    kind         TEXT NOT NULL,
    version      {i64} NOT NULL,
    run_id       {i64} NOT NULL,
    account_id   {i64} NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('ready', 'held', 'exception')),
    problem      TEXT,
    total_wh     {i64} NOT NULL,
    total_vnd    {i64} NOT NULL,
    request      TEXT NOT NULL,
    answer       {blob},
    PRIMARY KEY (unit_id, month, period_no, book_id, point_id, agreement_id, kind, version)
) {strict};

-- kind 'periodic', 'final', 'supplement', 'adjustment', 'replacement', 'fee'. origin 'own' or
-- 'earlier' (from the system before cut-over: shown, never recomputed, never billed again).
-- request: everything the amount follows from, as the calculator reads it; anyone can recompute.
-- @unit bill
-- @append_only bill
CREATE TABLE bill (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL,
    period_no    {i64} NOT NULL,
    book_id      {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('periodic', 'final', 'supplement', 'adjustment',
                                               'replacement', 'fee')),
    version      {i64} NOT NULL CHECK (version >= 1),
    origin       TEXT NOT NULL CHECK (origin IN ('own', 'earlier')),
    account_id   {i64} NOT NULL,
    run_id       {i64} NOT NULL,
    from_on      TEXT NOT NULL CHECK (length(from_on) = 10),
    to_on        TEXT NOT NULL CHECK (length(to_on) = 10),
    total_wh     {i64} NOT NULL,
    pre_vat_vnd  {i64} NOT NULL,
    vat_ppm      {i64} NOT NULL CHECK (vat_ppm BETWEEN 0 AND 1000000),
    vat_vnd      {i64} NOT NULL,
    total_vnd    {i64} NOT NULL CHECK (total_vnd = pre_vat_vnd + vat_vnd),
    line_count   {i64} NOT NULL,
    estimated    {i64} NOT NULL CHECK (estimated IN (0, 1)),
    replaces_version {i64},
    cause        TEXT,
    issued_on    TEXT NOT NULL CHECK (length(issued_on) = 10),
    price_book   TEXT NOT NULL,
    request      TEXT NOT NULL,
    PRIMARY KEY (unit_id, month, period_no, book_id, point_id, agreement_id, kind, version)
) {strict};
CREATE INDEX bill_by_account ON bill (unit_id, account_id, month);
CREATE UNIQUE INDEX bill_identity ON bill (unit_id, point_id, month, period_no, agreement_id,
                                           kind, version);

-- @unit bill_line
-- @append_only bill_line
CREATE TABLE bill_line (
    unit_id      {i64} NOT NULL,
    month        {i64} NOT NULL,
    period_no    {i64} NOT NULL,
    book_id      {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    bill_kind    TEXT NOT NULL,
    version      {i64} NOT NULL,
    line_no      {i64} NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('energy', 'reactive', 'support', 'fee')),
    category     TEXT,
    voltage      TEXT,
    decision     TEXT,
    tier         {i64},
    tou          TEXT,
    from_on      TEXT NOT NULL,
    to_on        TEXT NOT NULL,
    quantity_wh  {i64},
    price        TEXT,
    amount_mvnd  {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, period_no, book_id, point_id, agreement_id, bill_kind, version,
                 line_no)
) {strict};
