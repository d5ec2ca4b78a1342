-- SPDX-License-Identifier: Apache-2.0
-- The desk: what customers of all units are found by, who called, what is held.
--
--   "Nguyễn Văn An"                 name   nguyen van an │ van an │ an            ─► party
--   "+84 912.345.678"               phone  0912345678                             ─► party
--   "Số 12 ngõ 3 Trần Phú, P. …"    place  12 ngo 3 tran phu p … │ ngo 3 … │ …    ─► usage point

-- One row for each way to begin: every key is looked up by its first letters. kind: a stored kind of
-- src/registry/search_kinds.def; subject_id: a party, of 'place' a usage point, of 'account' an
-- account. Names, phones and contact addresses follow the present master data of the party; every
-- address that was ever recorded for a point leads to it. Filled by the program (search_ensure),
-- because keys are folded there.
-- @directory search_directory key
CREATE TABLE search_directory (
    kind       TEXT NOT NULL
        CHECK (kind = 'account' OR kind = 'phone' OR kind = 'email' OR kind = 'tax_code'
               OR kind = 'name' OR kind = 'place' OR kind = 'address'),
    key        TEXT NOT NULL,
    unit_id    {i64} NOT NULL,
    subject_id {i64} NOT NULL,
    PRIMARY KEY (kind, key, unit_id, subject_id)
) {clustered};
DROP TABLE party_directory;
DELETE FROM store_table WHERE name = 'party_directory';

-- The agreements of a person and of an account, the accounts of a payer.
CREATE INDEX agreement_fact_by_value ON agreement_fact (unit_id, kind, value_i64, agreement_id)
    WHERE value_i64 IS NOT NULL;
CREATE INDEX account_fact_by_value ON account_fact (unit_id, kind, value_i64, account_id)
    WHERE value_i64 IS NOT NULL;

-- Who stood behind a question about a customer: a caller who answered what is on file, or another
-- reason to look. reason: src/registry/caller_reasons.def; questions and answered: names of
-- src/registry/caller_questions.def with commas between, never an answer. Each row is a link of the
-- audit stream "desk".
-- @unit caller_check
-- @append_only caller_check
CREATE TABLE caller_check (
    unit_id      {i64} NOT NULL,
    check_no     {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    staff_id     {i64} NOT NULL,
    asked_at     {i64} NOT NULL,
    reason       TEXT NOT NULL,
    note         TEXT NOT NULL,
    questions    TEXT NOT NULL,
    answered     TEXT NOT NULL,
    passed       {i64} NOT NULL CHECK (passed IN (0, 1)),
    PRIMARY KEY (unit_id, check_no),
    FOREIGN KEY (unit_id, agreement_id) REFERENCES agreement (unit_id, agreement_id)
) {clustered};
CREATE INDEX caller_check_of ON caller_check (unit_id, agreement_id, asked_at);

-- Everything that was ever held of a point or an account.
CREATE INDEX hold_of_subject ON hold (unit_id, subject_kind, subject_id, placed_at);
