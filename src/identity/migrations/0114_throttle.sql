-- SPDX-License-Identifier: Apache-2.0
-- How often strangers may try: one row per address, account or code, under a keyed hash, so that it
-- tells nobody who tried. Rows that nobody touched for a day mean nothing and are swept.

-- full_at: the instant at which the bucket is full again. failures in a row, and free_at, before
-- which no further guess is looked at.
-- @directory throttle bucket
CREATE TABLE throttle (
    bucket     TEXT NOT NULL PRIMARY KEY CHECK (length(bucket) = 64),
    full_at    {i64} NOT NULL,
    failures   {i64} NOT NULL,
    free_at    {i64} NOT NULL,
    touched_at {i64} NOT NULL
) {strict};
CREATE INDEX throttle_by_age ON throttle (touched_at);
