-- SPDX-License-Identifier: Apache-2.0
-- Closings that people ask the workers for, and what is counted beforehand.

-- A closing that somebody asks for: of a book's period, or of a month (book_id and period_no 0).
-- lease_until: who works at it is expected until then; 0: nobody. Of a month: mark is the last link of
-- the unit's billing chain when the counting began, parts how many parts there are to count, position
-- the last one that was. attempt: how often the counting began.
-- @unit closing_errand
CREATE TABLE closing_errand (
    unit_id     {i64} NOT NULL,
    errand_no   {i64} NOT NULL,
    month       {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    period_no   {i64} NOT NULL,
    state       TEXT NOT NULL
        CHECK (state = 'asked' OR state = 'working' OR state = 'done' OR state = 'refused'),
    actor_id    {i64} NOT NULL,
    ordered_at  {i64} NOT NULL,
    ended_at    {i64} NOT NULL DEFAULT 0,
    lease_until {i64} NOT NULL DEFAULT 0,
    mark        {i64} NOT NULL DEFAULT 0,
    attempt     {i64} NOT NULL DEFAULT 0,
    parts       {i64} NOT NULL DEFAULT 0,
    parts_done  {i64} NOT NULL DEFAULT 0,
    position    {i64} NOT NULL DEFAULT 0,
    reason_vi   TEXT NOT NULL DEFAULT '',
    reason_en   TEXT NOT NULL DEFAULT '',
    remedy_vi   TEXT NOT NULL DEFAULT '',
    remedy_en   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, errand_no)
) {strict};
-- One at a time for what is closed.
CREATE UNIQUE INDEX closing_errand_open ON closing_errand (unit_id, month, book_id, period_no)
    WHERE state = 'asked' OR state = 'working';
CREATE INDEX closing_errand_of ON closing_errand (unit_id, month, book_id, period_no, errand_no);

-- The figures of a month as far as they are counted, part by part: a book (book_id), or what was
-- posted later than its own month (-1). Gone when the month is closed. Dimension 'sum': bills, pre_vat
-- and vat of the part.
-- @unit month_part
CREATE TABLE month_part (
    unit_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    dimension   TEXT NOT NULL,
    item        TEXT NOT NULL,
    row_count   {i64} NOT NULL,
    energy_wh   {i64} NOT NULL,
    amount_mvnd {i64} NOT NULL,
    PRIMARY KEY (unit_id, month, book_id, dimension, item)
) {clustered};

-- What closing the next month of a unit would write, counted by workers: the question is too long for
-- a page. position, counted_at and took_ms as those of unbilled_count.
-- @unit month_preview
CREATE TABLE month_preview (
    unit_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    bill_count  {i64} NOT NULL,
    total_wh    {i64} NOT NULL,
    pre_vat_vnd {i64} NOT NULL,
    vat_vnd     {i64} NOT NULL,
    position    {i64} NOT NULL,
    counted_at  {i64} NOT NULL,
    took_ms     {i64} NOT NULL,
    PRIMARY KEY (unit_id, month)
) {clustered};
