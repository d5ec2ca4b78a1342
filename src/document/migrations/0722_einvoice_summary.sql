-- SPDX-License-Identifier: Apache-2.0
-- Summary tables of e-invoices for mass senders (form 01/TH-HĐĐT).
--
--   einvoice_summary ─ planned ─► einvoice_summary_part ─ written ─► einvoice_summary_table
--                                                           ├─► einvoice_summary_row
--                                                           └─► einvoice_summary_piece

-- The tables of one month of a unit's seller: supplement_no 0 the first ones, then each supplement.
-- made_on is their day, signed_at the time in their signatures.
-- @unit einvoice_summary
-- @append_only einvoice_summary
CREATE TABLE einvoice_summary (
    unit_id       {i64} NOT NULL,
    summary_no    {i64} NOT NULL CHECK (summary_no >= 1),
    tax_code      TEXT NOT NULL CHECK (length(tax_code) BETWEEN 10 AND 14),
    month         {i64} NOT NULL CHECK (month BETWEEN 200001 AND 209912),
    supplement_no {i64} NOT NULL CHECK (supplement_no BETWEEN 0 AND 999),
    made_on       TEXT NOT NULL CHECK (length(made_on) = 10),
    signed_at     {i64} NOT NULL,
    actor_id      {i64} NOT NULL,
    PRIMARY KEY (unit_id, summary_no),
    UNIQUE (unit_id, tax_code, month, supplement_no)
) {strict};

-- What a part is to hold: the invoices of the month in this span of a series that stand in no other.
-- @unit einvoice_summary_part
-- @append_only einvoice_summary_part
CREATE TABLE einvoice_summary_part (
    unit_id    {i64} NOT NULL,
    summary_no {i64} NOT NULL,
    part_no    {i64} NOT NULL CHECK (part_no >= 1),
    series_no  {i64} NOT NULL,
    first_no   {i64} NOT NULL,
    last_no    {i64} NOT NULL CHECK (last_no >= first_no),
    PRIMARY KEY (unit_id, summary_no, part_no),
    FOREIGN KEY (unit_id, summary_no) REFERENCES einvoice_summary (unit_id, summary_no)
) {strict};

-- A part that was written and signed. table_no is SBTHDLieu, counted per taxpayer.
-- @unit einvoice_summary_table
-- @append_only einvoice_summary_table
CREATE TABLE einvoice_summary_table (
    unit_id     {i64} NOT NULL,
    summary_no  {i64} NOT NULL,
    part_no     {i64} NOT NULL,
    table_no    {i64} NOT NULL CHECK (table_no BETWEEN 1 AND 99999),
    row_count   {i64} NOT NULL CHECK (row_count BETWEEN 1 AND 999999),
    pre_vat_vnd {i64} NOT NULL,
    vat_vnd     {i64} NOT NULL,
    total_vnd   {i64} NOT NULL CHECK (total_vnd = pre_vat_vnd + vat_vnd),
    xml_bytes   {i64} NOT NULL CHECK (xml_bytes > 0),
    piece_count {i64} NOT NULL CHECK (piece_count > 0),
    sha256      TEXT NOT NULL CHECK (length(sha256) = 64),
    PRIMARY KEY (unit_id, summary_no, part_no),
    FOREIGN KEY (unit_id, summary_no, part_no)
        REFERENCES einvoice_summary_part (unit_id, summary_no, part_no)
) {strict};

-- Where an invoice stands: once. state: TThai of its row.
-- @unit einvoice_summary_row
-- @append_only einvoice_summary_row
CREATE TABLE einvoice_summary_row (
    unit_id    {i64} NOT NULL,
    series_no  {i64} NOT NULL,
    invoice_no {i64} NOT NULL,
    summary_no {i64} NOT NULL,
    part_no    {i64} NOT NULL,
    row_no     {i64} NOT NULL CHECK (row_no BETWEEN 1 AND 999999),
    state      {i64} NOT NULL CHECK (state BETWEEN 0 AND 5),
    PRIMARY KEY (unit_id, series_no, invoice_no),
    FOREIGN KEY (unit_id, series_no, invoice_no)
        REFERENCES einvoice (unit_id, series_no, invoice_no)
) {clustered};
CREATE INDEX einvoice_summary_row_of_part ON einvoice_summary_row (unit_id, summary_no, part_no);

-- The bytes of a table in pieces, each compressed by itself: bytes is the size of the piece as
-- written.
-- @unit einvoice_summary_piece
-- @append_only einvoice_summary_piece
CREATE TABLE einvoice_summary_piece (
    unit_id    {i64} NOT NULL,
    summary_no {i64} NOT NULL,
    part_no    {i64} NOT NULL,
    piece_no   {i64} NOT NULL CHECK (piece_no >= 1),
    content    {blob} NOT NULL,
    bytes      {i64} NOT NULL CHECK (bytes > 0),
    PRIMARY KEY (unit_id, summary_no, part_no, piece_no)
) {strict};

-- The next SBTHDLieu of a taxpayer, however many units it has.
-- @directory einvoice_summary_counter tax_code
CREATE TABLE einvoice_summary_counter (
    tax_code TEXT NOT NULL,
    next_no  {i64} NOT NULL CHECK (next_no BETWEEN 1 AND 100000),
    PRIMARY KEY (tax_code)
) {clustered};
