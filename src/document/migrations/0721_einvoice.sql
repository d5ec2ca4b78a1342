-- SPDX-License-Identifier: Apache-2.0
-- The e-invoice as a record: series, numbers, signed documents, error notices.
--
--   invoice_series ─ number ─► einvoice ─ signature ─► einvoice_document
--                                 ▲ related
--                   einvoice_correction (adjusts, replaces) ─► einvoice_method
--
-- A number is given in one transaction, the document is signed in a later one. Nothing of what was
-- given is ever changed: what an invoice has become (signed, adjusted, replaced) follows from the
-- records that point to it.

-- A series of numbers: one per unit, year and seller. Proposed by one person, released by another.
-- next_no and last_on are its counter and the last day used: numbers rise with days. Every number
-- up to signed_to has its document.
-- @unit invoice_series
CREATE TABLE invoice_series (
    unit_id     {i64} NOT NULL,
    series_no   {i64} NOT NULL CHECK (series_no >= 1),
    year        {i64} NOT NULL CHECK (year BETWEEN 2000 AND 2099),
    template_no {i64} NOT NULL CHECK (template_no = 1),
    symbol      TEXT NOT NULL CHECK (length(symbol) = 6),
    tax_code    TEXT NOT NULL CHECK (length(tax_code) BETWEEN 10 AND 14),
    state       TEXT NOT NULL CHECK (state IN ('proposed', 'released')),
    next_no     {i64} NOT NULL CHECK (next_no BETWEEN 1 AND 100000000),
    last_on     TEXT CHECK (length(last_on) = 10),
    signed_to   {i64} NOT NULL CHECK (signed_to >= 0 AND signed_to < next_no),
    created_at  {i64} NOT NULL,
    PRIMARY KEY (unit_id, series_no),
    UNIQUE (unit_id, year, tax_code),
    CHECK ((last_on IS NULL) = (next_no = 1)),
    CHECK (state = 'released' OR next_no = 1)
) {strict};

-- Two units of one seller never share template and symbol.
-- @directory invoice_series_directory tax_code
CREATE TABLE invoice_series_directory (
    tax_code    TEXT NOT NULL,
    template_no {i64} NOT NULL,
    symbol      TEXT NOT NULL,
    unit_id     {i64} NOT NULL,
    series_no   {i64} NOT NULL,
    PRIMARY KEY (tax_code, template_no, symbol)
) {clustered};

-- One call that gave numbers to bills of a month, and the day it gave the invoices.
-- @unit invoice_issue
-- @append_only invoice_issue
CREATE TABLE invoice_issue (
    unit_id    {i64} NOT NULL,
    issue_no   {i64} NOT NULL,
    month      {i64} NOT NULL,
    invoice_on TEXT NOT NULL CHECK (length(invoice_on) = 10),
    actor_id   {i64} NOT NULL,
    at         {i64} NOT NULL,
    PRIMARY KEY (unit_id, issue_no)
) {strict};

-- An invoice: the number of a series that stands for one version of a bill. month to version are the
-- bill's identity; route_order is the place in the round by which the numbers of issue_no follow.
-- @unit einvoice
-- @append_only einvoice
CREATE TABLE einvoice (
    unit_id      {i64} NOT NULL,
    series_no    {i64} NOT NULL,
    invoice_no   {i64} NOT NULL CHECK (invoice_no BETWEEN 1 AND 99999999),
    issue_no     {i64} NOT NULL,
    invoice_on   TEXT NOT NULL CHECK (length(invoice_on) = 10),
    month        {i64} NOT NULL,
    period_no    {i64} NOT NULL,
    book_id      {i64} NOT NULL,
    point_id     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    kind         TEXT NOT NULL,
    version      {i64} NOT NULL,
    route_order  {i64} NOT NULL,
    role         TEXT NOT NULL
        CHECK (role = 'original' OR role = 'adjusts' OR role = 'replaces'),
    pre_vat_vnd  {i64} NOT NULL,
    vat_vnd      {i64} NOT NULL,
    total_vnd    {i64} NOT NULL CHECK (total_vnd = pre_vat_vnd + vat_vnd),
    PRIMARY KEY (unit_id, series_no, invoice_no)
) {clustered};
-- A bill has one invoice.
CREATE UNIQUE INDEX einvoice_bill ON einvoice (unit_id, point_id, month, period_no, agreement_id,
                                               version);

-- The invoices of a month are those of its calls.
CREATE INDEX einvoice_of_issue ON einvoice (unit_id, issue_no);

-- What the law calls an invoice: spread over machines by its number.
-- @directory invoice_directory invoice_no
-- @append_only invoice_directory
CREATE TABLE invoice_directory (
    invoice_no  {i64} NOT NULL,
    symbol      TEXT NOT NULL,
    template_no {i64} NOT NULL,
    tax_code    TEXT NOT NULL,
    unit_id     {i64} NOT NULL,
    series_no   {i64} NOT NULL,
    PRIMARY KEY (invoice_no, symbol, template_no, tax_code)
) {clustered};

-- How an invoice was first put right; that binds all later corrections of it.
-- @unit einvoice_method
-- @append_only einvoice_method
CREATE TABLE einvoice_method (
    unit_id    {i64} NOT NULL,
    series_no  {i64} NOT NULL,
    invoice_no {i64} NOT NULL,
    method     TEXT NOT NULL CHECK (method IN ('adjusts', 'replaces')),
    PRIMARY KEY (unit_id, series_no, invoice_no),
    UNIQUE (unit_id, series_no, invoice_no, method),
    FOREIGN KEY (unit_id, series_no, invoice_no)
        REFERENCES einvoice (unit_id, series_no, invoice_no)
) {strict};

-- An invoice that adjusts or replaces another: root is the one that was first put right, related the
-- one it names. agreement: the paper on which buyer and seller agreed, where the law asks for one.
-- @unit einvoice_correction
-- @append_only einvoice_correction
CREATE TABLE einvoice_correction (
    unit_id        {i64} NOT NULL,
    series_no      {i64} NOT NULL,
    invoice_no     {i64} NOT NULL,
    method         TEXT NOT NULL CHECK (method IN ('adjusts', 'replaces')),
    root_series    {i64} NOT NULL,
    root_no        {i64} NOT NULL,
    related_series {i64} NOT NULL,
    related_no     {i64} NOT NULL,
    agreement      TEXT NOT NULL,
    PRIMARY KEY (unit_id, series_no, invoice_no),
    FOREIGN KEY (unit_id, series_no, invoice_no)
        REFERENCES einvoice (unit_id, series_no, invoice_no),
    FOREIGN KEY (unit_id, related_series, related_no)
        REFERENCES einvoice (unit_id, series_no, invoice_no),
    FOREIGN KEY (unit_id, root_series, root_no, method)
        REFERENCES einvoice_method (unit_id, series_no, invoice_no, method),
    CHECK (method = 'replaces' OR (root_series = related_series AND root_no = related_no))
) {strict};
-- An invoice is replaced once; who replaces again replaces the replacement.
CREATE UNIQUE INDEX einvoice_replaced ON einvoice_correction (unit_id, related_series, related_no)
    WHERE method = 'replaces';
CREATE INDEX einvoice_corrected ON einvoice_correction (unit_id, root_series, root_no);

-- The signed document, byte for byte: xml is compressed by zlib, sha256 is of the signed bytes.
-- @unit einvoice_document
-- @append_only einvoice_document
CREATE TABLE einvoice_document (
    unit_id    {i64} NOT NULL,
    series_no  {i64} NOT NULL,
    invoice_no {i64} NOT NULL,
    xml        {blob} NOT NULL,
    xml_bytes  {i64} NOT NULL CHECK (xml_bytes > 0),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    signed_at  {i64} NOT NULL,
    PRIMARY KEY (unit_id, series_no, invoice_no),
    FOREIGN KEY (unit_id, series_no, invoice_no)
        REFERENCES einvoice (unit_id, series_no, invoice_no)
) {strict};

-- An error notice (04/SS) to the tax office, signed, and the invoices it names.
-- @unit error_notice
-- @append_only error_notice
CREATE TABLE error_notice (
    unit_id    {i64} NOT NULL,
    notice_no  {i64} NOT NULL CHECK (notice_no >= 1),
    tax_code   TEXT NOT NULL,
    noticed_on TEXT NOT NULL CHECK (length(noticed_on) = 10),
    xml        {blob} NOT NULL,
    xml_bytes  {i64} NOT NULL CHECK (xml_bytes > 0),
    sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
    signed_at  {i64} NOT NULL,
    actor_id   {i64} NOT NULL,
    PRIMARY KEY (unit_id, notice_no)
) {strict};
-- @unit error_notice_invoice
-- @append_only error_notice_invoice
CREATE TABLE error_notice_invoice (
    unit_id    {i64} NOT NULL,
    notice_no  {i64} NOT NULL,
    line_no    {i64} NOT NULL CHECK (line_no >= 1),
    series_no  {i64} NOT NULL,
    invoice_no {i64} NOT NULL,
    kind       TEXT NOT NULL CHECK (kind = 'adjust' OR kind = 'replace' OR kind = 'explain'),
    reason     TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 255),
    PRIMARY KEY (unit_id, notice_no, line_no),
    FOREIGN KEY (unit_id, notice_no) REFERENCES error_notice (unit_id, notice_no),
    FOREIGN KEY (unit_id, series_no, invoice_no)
        REFERENCES einvoice (unit_id, series_no, invoice_no)
) {strict};
CREATE INDEX error_notice_by_invoice ON error_notice_invoice (unit_id, series_no, invoice_no);

-- Dated parameters of a unit, declared in src/document/invoice_parameters.def. subject_id is the
-- unit again: what is set concerns the unit itself.
-- @unit invoice_parameter
-- @append_only invoice_parameter
CREATE TABLE invoice_parameter (
    unit_id     {i64} NOT NULL,
    subject_id  {i64} NOT NULL CHECK (subject_id = unit_id),
    kind        TEXT NOT NULL,
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64},
    value_text  TEXT,
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, subject_id, kind, valid_from, entry_no)
) {clustered};
-- @fact invoice_parameter_asof FROM invoice_parameter SUBJECT subject_id,kind
