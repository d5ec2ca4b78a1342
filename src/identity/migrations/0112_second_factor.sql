-- SPDX-License-Identifier: Apache-2.0
-- The second factor of the staff: a secret shared with an authenticator application, and codes for
-- the day on which the telephone is lost.

-- secret is sealed with the key of the store that lies outside it (vault.h). last_step: the time
-- step of the last code that was taken; no code at or before it is taken again.
-- @reference staff_totp
CREATE TABLE staff_totp (
    staff_id     {i64} NOT NULL PRIMARY KEY REFERENCES staff (staff_id),
    secret       {blob} NOT NULL,
    made_at      {i64} NOT NULL,
    confirmed_at {i64},
    last_step    {i64} NOT NULL DEFAULT 0
) {strict};

-- Each is good once; only a keyed hash of it stays.
-- @reference staff_recovery
CREATE TABLE staff_recovery (
    staff_id  {i64} NOT NULL REFERENCES staff (staff_id),
    code_hash TEXT NOT NULL CHECK (length(code_hash) = 64),
    used_at   {i64},
    PRIMARY KEY (staff_id, code_hash)
) {strict};
