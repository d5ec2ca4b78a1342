-- SPDX-License-Identifier: Apache-2.0
-- What is to be told to whom: one row per notice, handed over in the transaction of its cause.

-- body may hold a one-time code: it is erased when the notice was delivered, expired or given up.
-- lease_until: a process is delivering it, and another may try after that instant.
-- @unit notice_outbox
CREATE TABLE notice_outbox (
    unit_id         {i64} NOT NULL,
    notice_no       {i64} NOT NULL,
    channel         TEXT NOT NULL,
    recipient       TEXT NOT NULL,
    body            TEXT,
    body_hash       TEXT NOT NULL CHECK (length(body_hash) = 64),
    idempotency_key TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state = 'waiting' OR state = 'delivered' OR
                                         state = 'expired' OR state = 'failed'),
    created_at      {i64} NOT NULL,
    expires_at      {i64} NOT NULL CHECK (expires_at > created_at),
    tries           {i64} NOT NULL DEFAULT 0,
    lease_until     {i64} NOT NULL DEFAULT 0,
    ended_at        {i64},
    failure         TEXT,
    PRIMARY KEY (unit_id, notice_no),
    UNIQUE (unit_id, idempotency_key),
    CHECK ((state = 'waiting') = (body IS NOT NULL)),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
) {clustered};
CREATE INDEX notice_waiting ON notice_outbox (unit_id, notice_no) WHERE state = 'waiting';
