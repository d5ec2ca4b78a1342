-- SPDX-License-Identifier: Apache-2.0
-- Calls that customers asked for: who cannot sign in is called at the telephone that is on record.

-- One is open for each agreement at most. No number is kept here: it is that of the holder when the
-- call is made. taken_*: who calls. result: src/registry/call_back_results.def; empty while it is
-- open.
-- @unit call_back
CREATE TABLE call_back (
    unit_id      {i64} NOT NULL,
    request_no   {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    asked_at     {i64} NOT NULL,
    taken_at     {i64},
    taken_by     {i64} NOT NULL DEFAULT 0,
    closed_at    {i64},
    result       TEXT NOT NULL DEFAULT '',
    CHECK ((closed_at IS NULL) = (result = '')),
    PRIMARY KEY (unit_id, request_no),
    FOREIGN KEY (unit_id, agreement_id) REFERENCES agreement (unit_id, agreement_id)
) {clustered};
CREATE UNIQUE INDEX call_back_open ON call_back (unit_id, agreement_id) WHERE closed_at IS NULL;
CREATE INDEX call_back_of ON call_back (unit_id, agreement_id, asked_at);
