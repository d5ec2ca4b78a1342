-- SPDX-License-Identifier: Apache-2.0
-- Who is signed in, and on which devices somebody has been before.

-- Only the SHA-256 of a token is here. Limits stand in the row, so that a look-up asks nothing else:
-- expires_at is absolute, idle_ms since seen_at, fresh_ms since proved_at for sensitive acts.
-- @directory session token_hash
CREATE TABLE session (
    token_hash  TEXT NOT NULL PRIMARY KEY CHECK (length(token_hash) = 64),
    kind        TEXT NOT NULL CHECK (kind = 'staff' OR kind = 'customer'),
    subject_id  {i64} NOT NULL,
    level       TEXT NOT NULL CHECK (level = 'first' OR level = 'full'),
    device_hash TEXT,
    created_at  {i64} NOT NULL,
    seen_at     {i64} NOT NULL,
    proved_at   {i64} NOT NULL,
    expires_at  {i64} NOT NULL CHECK (expires_at > created_at),
    idle_ms     {i64} NOT NULL CHECK (idle_ms > 0),
    fresh_ms    {i64} NOT NULL CHECK (fresh_ms > 0),
    tries       {i64} NOT NULL DEFAULT 0,
    address     TEXT NOT NULL,
    agent       TEXT NOT NULL,
    ended_at    {i64},
    end_reason  TEXT CHECK (end_reason IS NULL OR end_reason = 'signed_out' OR
                            end_reason = 'rotated' OR end_reason = 'revoked' OR
                            end_reason = 'role' OR end_reason = 'left' OR
                            end_reason = 'password' OR end_reason = 'second_factor'),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) {strict};
CREATE INDEX session_of_subject ON session (kind, subject_id) WHERE ended_at IS NULL;
CREATE INDEX session_by_end ON session (expires_at);

-- A device is known to somebody who signed in on it; one browser may serve several people.
-- @directory known_device device_hash
CREATE TABLE known_device (
    device_hash TEXT NOT NULL CHECK (length(device_hash) = 64),
    kind        TEXT NOT NULL CHECK (kind = 'staff' OR kind = 'customer'),
    subject_id  {i64} NOT NULL,
    created_at  {i64} NOT NULL,
    agent       TEXT NOT NULL,
    ended_at    {i64},
    PRIMARY KEY (device_hash, kind, subject_id)
) {strict};
CREATE INDEX known_device_of_subject ON known_device (kind, subject_id) WHERE ended_at IS NULL;
