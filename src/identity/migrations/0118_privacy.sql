-- SPDX-License-Identifier: Apache-2.0
-- Duties of the law on personal data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP): what people agreed
-- to, and what they asked for.

-- One row per agreement or withdrawal; the latest of a person and purpose decides. text_version: the
-- words that were shown; evidence: where the proof lies (a recording, a paper, a session).
-- @directory consent login_id
-- @append_only consent
CREATE TABLE consent (
    login_id     {i64} NOT NULL,
    purpose      TEXT NOT NULL,
    entry_no     {i64} NOT NULL CHECK (entry_no >= 1),
    given        {i64} NOT NULL CHECK (given IN (0, 1)),
    text_version TEXT NOT NULL,
    channel      TEXT NOT NULL CHECK (channel = 'portal' OR channel = 'counter' OR
                                      channel = 'phone'),
    evidence     TEXT NOT NULL,
    recorded_at  {i64} NOT NULL,
    staff_id     {i64} NOT NULL,
    PRIMARY KEY (login_id, purpose, entry_no)
) {clustered};

-- What a person asks of their data. Three days are laid down when it comes: by when it must be
-- acknowledged, and done; later changes of the parameters do not move them.
-- @directory privacy_request request_id
CREATE TABLE privacy_request (
    request_id      {i64} NOT NULL PRIMARY KEY,
    login_id        {i64} NOT NULL,
    kind            TEXT NOT NULL,
    received_on     TEXT NOT NULL CHECK (length(received_on) = 10),
    acknowledge_by  TEXT NOT NULL CHECK (length(acknowledge_by) = 10),
    done_by         TEXT NOT NULL CHECK (length(done_by) = 10),
    received_by     {i64} NOT NULL,
    others_involved {i64} NOT NULL CHECK (others_involved IN (0, 1)),
    acknowledged_on TEXT CHECK (acknowledged_on IS NULL OR length(acknowledged_on) = 10),
    ended_on        TEXT CHECK (ended_on IS NULL OR length(ended_on) = 10),
    ended_by        {i64},
    outcome         TEXT CHECK (outcome IS NULL OR outcome = 'done' OR outcome = 'refused'),
    answer          TEXT,
    CHECK ((ended_on IS NULL) = (outcome IS NULL)),
    CHECK ((ended_on IS NULL) = (answer IS NULL))
) {strict};
CREATE INDEX privacy_request_open ON privacy_request (done_by) WHERE ended_on IS NULL;
