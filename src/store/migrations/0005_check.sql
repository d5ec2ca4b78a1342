-- SPDX-License-Identifier: Apache-2.0
-- Invariants asked by workers, so that a page can show when each was asked and what was found.

-- asked_by: the member of the staff; 0: the daily round.
-- @reference check_round
CREATE TABLE check_round (
    round_no {i64} NOT NULL PRIMARY KEY,
    asked_at {i64} NOT NULL,
    asked_by {i64} NOT NULL
) {strict};

-- shown: the first offenders, one a line. part and whole: of a check with a share.
-- @reference check_result
CREATE TABLE check_result (
    round_no    {i64} NOT NULL,
    check_no    {i64} NOT NULL,
    name        TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'asked')),
    found       {i64} NOT NULL DEFAULT 0,
    shown       TEXT NOT NULL DEFAULT '',
    part        {i64} NOT NULL DEFAULT 0,
    whole       {i64} NOT NULL DEFAULT 0,
    answered_at {i64} NOT NULL DEFAULT 0,
    PRIMARY KEY (round_no, check_no)
) {strict};
CREATE INDEX check_result_waiting ON check_result (round_no) WHERE state = 'waiting';
