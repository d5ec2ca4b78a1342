-- SPDX-License-Identifier: Apache-2.0
-- Keys of the short codes by which anyone can check that a bill is genuine.

-- key_no stands in every code made with the key, so that older codes are checked after a new key is
-- taken into use; the one with the highest number makes codes. The secret leaves the store only in a
-- backup of the whole store.
-- @reference verification_key
-- @append_only verification_key
CREATE TABLE verification_key (
    key_no     {i64} NOT NULL CHECK (key_no BETWEEN 1 AND 31),
    secret     {blob} NOT NULL CHECK (length(secret) = 32),
    created_at {i64} NOT NULL,
    PRIMARY KEY (key_no)
) {strict};
