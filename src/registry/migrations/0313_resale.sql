-- SPDX-License-Identifier: Apache-2.0
-- What a customer who buys wholesale sold on to the households behind its meters.
--
--   month 202607   entry 1: 41.250 kWh ── entry 2: 41.520 kWh, the one that counts

-- The customer's own word of a month (YYYYMM, the month of the bills that it bought with). Of a
-- month the last entry counts; a retraction leaves the month without a word. party_id: who held the
-- agreement when it was said, 0 where nobody is recorded; another holder has words of its own.
-- sold_vnd: before tax, where it was told. Each row is a link of the audit stream "login".
-- @unit resale
-- @append_only resale
CREATE TABLE resale (
    unit_id      {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    month        {i64} NOT NULL CHECK (month % 100 >= 1 AND month % 100 <= 12),
    entry_no     {i64} NOT NULL CHECK (entry_no >= 1),
    state        TEXT NOT NULL CHECK (state = 'set' OR state = 'retract'),
    party_id     {i64} NOT NULL,
    login_id     {i64} NOT NULL,
    recorded_at  {i64} NOT NULL,
    sold_wh      {i64} CHECK (sold_wh >= 0),
    sold_vnd     {i64} CHECK (sold_vnd >= 0),
    CHECK ((state = 'set') = (sold_wh IS NOT NULL)),
    CHECK (state = 'set' OR sold_vnd IS NULL),
    PRIMARY KEY (unit_id, agreement_id, month, entry_no),
    FOREIGN KEY (unit_id, agreement_id) REFERENCES agreement (unit_id, agreement_id)
) {clustered};
