-- SPDX-License-Identifier: Apache-2.0
-- The programming interface: what partners may, and the answers of changes that were made once.

-- A right of a partner's programs at a unit, from when it was given until it was taken back.
-- @directory partner_right partner_id
CREATE TABLE partner_right (
    partner_id {i64} NOT NULL,
    unit_id    {i64} NOT NULL,
    permission TEXT NOT NULL,
    given_at   {i64} NOT NULL,
    given_by   {i64} NOT NULL,
    ended_at   {i64} CHECK (ended_at >= given_at),
    ended_by   {i64},
    PRIMARY KEY (partner_id, unit_id, permission, given_at),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) {strict};
CREATE UNIQUE INDEX partner_right_now ON partner_right (partner_id, unit_id, permission)
    WHERE ended_at IS NULL;

-- The answer of a change by the key that its request came with: SHA-256 of caller and key. status 0:
-- the change is being made.
-- @directory api_answer answer_key
CREATE TABLE api_answer (
    answer_key TEXT NOT NULL PRIMARY KEY CHECK (length(answer_key) = 64),
    digest     TEXT NOT NULL CHECK (length(digest) = 64),
    status     {i64} NOT NULL,
    tag        TEXT NOT NULL,
    body       TEXT NOT NULL,
    expires_at {i64} NOT NULL
) {strict};
CREATE INDEX api_answer_by_end ON api_answer (expires_at);
