-- SPDX-License-Identifier: Apache-2.0
-- What goes to the provider that hands e-invoices to the tax office (docs/einvoice-provider.md).
--
--   einvoice.signed ─► einvoice_message ─ sent, asked ─► einvoice_message_step
--                                                    └─► einvoice_code

-- One message: one signed document in one envelope. kind and subject name the document: an invoice by
-- series and number, a notice by 0 and its number, a part of a summary table by summary and part.
-- generation counts the messages of one document: a second one only after the first was refused.
-- state 'unknown': it may have arrived; asked for before it is sent again. tries: without an answer,
-- in a row. steps: how many there are. code, reason: what the provider said last.
-- @unit einvoice_message
CREATE TABLE einvoice_message (
    unit_id         {i64} NOT NULL,
    message_no      {i64} NOT NULL CHECK (message_no >= 1),
    kind            TEXT NOT NULL CHECK (kind = 'invoice' OR kind = 'notice' OR kind = 'table'),
    subject_series  {i64} NOT NULL,
    subject_no      {i64} NOT NULL,
    generation      {i64} NOT NULL CHECK (generation >= 1),
    type            {i64} NOT NULL CHECK (type BETWEEN 100 AND 999),
    message_id      TEXT NOT NULL CHECK (length(message_id) BETWEEN 33 AND 46),
    sender          TEXT NOT NULL CHECK (length(sender) BETWEEN 1 AND 14),
    receiver        TEXT NOT NULL CHECK (length(receiver) BETWEEN 1 AND 14),
    tax_code        TEXT NOT NULL,
    sha256          TEXT NOT NULL CHECK (length(sha256) = 64),
    state           TEXT NOT NULL
        CHECK (state = 'queued' OR state = 'unknown' OR state = 'sent' OR state = 'accepted'
               OR state = 'refused'),
    tries           {i64} NOT NULL CHECK (tries >= 0),
    steps           {i64} NOT NULL CHECK (steps >= 0),
    next_attempt_at {i64} NOT NULL,
    code            TEXT NOT NULL,
    reason          TEXT NOT NULL,
    changed_at      {i64} NOT NULL,
    PRIMARY KEY (unit_id, message_no),
    UNIQUE (unit_id, kind, subject_series, subject_no, generation),
    UNIQUE (unit_id, message_id)
) {strict};
CREATE INDEX einvoice_message_due ON einvoice_message (unit_id, next_attempt_at)
    WHERE state = 'queued' OR state = 'unknown' OR state = 'sent';
-- A document has at most one message that is not refused.
CREATE UNIQUE INDEX einvoice_message_live ON einvoice_message (unit_id, kind, subject_series,
                                                               subject_no)
    WHERE state <> 'refused';

-- What was done with a message and what came back: status 0 where no answer did. answer: its bytes,
-- whose hash is sha256. actor_id: the person who sent a refused document again; 0: the program.
-- @unit einvoice_message_step
-- @append_only einvoice_message_step
CREATE TABLE einvoice_message_step (
    unit_id    {i64} NOT NULL,
    message_no {i64} NOT NULL,
    step_no    {i64} NOT NULL CHECK (step_no >= 1),
    action     TEXT NOT NULL
        CHECK (action = 'queue' OR action = 'post' OR action = 'answer' OR action = 'ask'
               OR action = 'resend'),
    state      TEXT NOT NULL,
    at         {i64} NOT NULL,
    status     {i64} NOT NULL,
    code       TEXT NOT NULL,
    reason     TEXT NOT NULL,
    answer     {blob},
    sha256     TEXT CHECK (length(sha256) = 64),
    actor_id   {i64} NOT NULL,
    PRIMARY KEY (unit_id, message_no, step_no),
    CHECK ((answer IS NULL) = (sha256 IS NULL)),
    FOREIGN KEY (unit_id, message_no) REFERENCES einvoice_message (unit_id, message_no)
) {strict};

-- The code that the tax office gave an invoice (MCCQT).
-- @unit einvoice_code
-- @append_only einvoice_code
CREATE TABLE einvoice_code (
    unit_id     {i64} NOT NULL,
    series_no   {i64} NOT NULL,
    invoice_no  {i64} NOT NULL,
    code        TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 34),
    message_no  {i64} NOT NULL,
    received_at {i64} NOT NULL,
    PRIMARY KEY (unit_id, series_no, invoice_no),
    FOREIGN KEY (unit_id, series_no, invoice_no)
        REFERENCES einvoice (unit_id, series_no, invoice_no),
    FOREIGN KEY (unit_id, message_no) REFERENCES einvoice_message (unit_id, message_no)
) {strict};
