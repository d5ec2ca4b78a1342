-- SPDX-License-Identifier: Apache-2.0
-- How customers sign in: a person, the telephones and addresses at which the person is reached, and
-- codes that are sent there. What the person may see stands in the registry (login_supply_fact).

-- A person who signs in. origin: how it was known first who it is.
-- @directory login login_id
CREATE TABLE login (
    login_id   {i64} NOT NULL PRIMARY KEY,
    origin     TEXT NOT NULL CHECK (origin = 'counter' OR origin = 'bill' OR origin = 'call_back'),
    created_at {i64} NOT NULL
) {strict};

-- contact: 'phone:+84912345678' or 'email:an@example.vn'. consent_text: the version of the words
-- that the person agreed to.
-- @directory login_contact contact
CREATE TABLE login_contact (
    contact      TEXT NOT NULL PRIMARY KEY,
    login_id     {i64} NOT NULL,
    consent_text TEXT NOT NULL,
    consent_at   {i64} NOT NULL
) {strict};
CREATE INDEX login_contact_of ON login_contact (login_id);

-- A code of six digits that was sent. challenge_hash: SHA-256 of what the asking browser holds, so
-- that the code is worth nothing in another one. code_hash: keyed (vault.h). login_id 0: nobody has
-- this contact; nothing was sent then, and no code is right.
-- @directory one_time_code challenge_hash
CREATE TABLE one_time_code (
    challenge_hash TEXT NOT NULL PRIMARY KEY CHECK (length(challenge_hash) = 64),
    purpose        TEXT NOT NULL CHECK (purpose = 'sign_in' OR purpose = 'register' OR
                                        purpose = 'change'),
    contact        TEXT NOT NULL,
    login_id       {i64} NOT NULL,
    code_hash      TEXT NOT NULL CHECK (length(code_hash) = 64),
    tries          {i64} NOT NULL DEFAULT 0,
    expires_at     {i64} NOT NULL,
    used_at        {i64}
) {strict};
CREATE INDEX one_time_code_by_end ON one_time_code (expires_at);
