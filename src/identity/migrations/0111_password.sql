-- SPDX-License-Identifier: Apache-2.0
-- How staff prove who they are: dated parameters of this room, passwords, invitations.

-- Dated parameters, declared in src/identity/parameters.def; one that was never set has its default.
-- @reference identity_parameter
-- @append_only identity_parameter
CREATE TABLE identity_parameter (
    unit_id     {i64} NOT NULL CHECK (unit_id = 0),
    name        TEXT NOT NULL,
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64} NOT NULL,
    source      TEXT NOT NULL,
    PRIMARY KEY (unit_id, name, valid_from, entry_no)
) {strict};
-- @fact identity_parameter_asof FROM identity_parameter SUBJECT name

-- hash: argon2id with its parameters and salt, as libsodium writes it.
-- @reference staff_password
CREATE TABLE staff_password (
    staff_id    {i64} NOT NULL PRIMARY KEY REFERENCES staff (staff_id),
    hash        TEXT NOT NULL CHECK (substr(hash, 1, 10) = '$argon2id$'),
    changed_at  {i64} NOT NULL,
    must_change {i64} NOT NULL CHECK (must_change IN (0, 1))
) {strict};

-- The one code by which a person may set a password without knowing the present one. Only its
-- SHA-256 stays; using it removes the row.
-- @reference staff_invitation
CREATE TABLE staff_invitation (
    staff_id   {i64} NOT NULL PRIMARY KEY REFERENCES staff (staff_id),
    code_hash  TEXT NOT NULL CHECK (length(code_hash) = 64),
    made_by    {i64} NOT NULL,
    made_at    {i64} NOT NULL,
    expires_at {i64} NOT NULL CHECK (expires_at > made_at)
) {strict};
