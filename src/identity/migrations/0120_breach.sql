-- SPDX-License-Identifier: Apache-2.0
-- Breaches of personal data: when one became known, by when the authority must be told of it, and
-- what is known of it, entry by entry (Law 91/2025/QH15, Decree 356/2025/NĐ-CP: 72 hours).

-- @directory privacy_breach breach_id
-- @append_only privacy_breach
CREATE TABLE privacy_breach (
    breach_id   {i64} NOT NULL PRIMARY KEY,
    known_at    {i64} NOT NULL,
    notify_by   {i64} NOT NULL CHECK (notify_by > known_at),
    recorded_at {i64} NOT NULL,
    staff_id    {i64} NOT NULL
) {strict};

-- The latest entry of a part holds. part: src/identity/breach_parts.def. number: how many people
-- ("people"), or the instant at which the authority was told ("notified").
-- @directory privacy_breach_entry breach_id
-- @append_only privacy_breach_entry
CREATE TABLE privacy_breach_entry (
    breach_id   {i64} NOT NULL,
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    part        TEXT NOT NULL,
    content     TEXT NOT NULL,
    number      {i64},
    recorded_at {i64} NOT NULL,
    staff_id    {i64} NOT NULL,
    PRIMARY KEY (breach_id, entry_no)
) {clustered};
