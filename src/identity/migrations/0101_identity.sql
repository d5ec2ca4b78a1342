-- SPDX-License-Identifier: Apache-2.0
-- Who acts: staff, roles, approval by a second person, the audit chain.
--
--   staff ─ name, active, os_user (facts)
--     └─ role at a unit, or at every unit (fact) ─► permissions (grants.def)
--   change ─► audit_entry 1 ◄─ 2 ◄─ 3 … one chain per unit and stream
--                              └─ audit_anchor: every day over the heads of all chains
--
-- unit_id 0 means every unit.

-- A person who works with the store; never deleted, because history names them.
-- @reference staff
CREATE TABLE staff (
    staff_id   {i64} NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 32),
    created_at {i64} NOT NULL
) {strict};

-- kind 'name' and 'os_user' (the account of the operating system): value_text; kind 'active' holds
-- as long as the person works here.
-- @reference staff_fact
-- @append_only staff_fact
CREATE TABLE staff_fact (
    unit_id     {i64} NOT NULL CHECK (unit_id = 0),
    staff_id    {i64} NOT NULL REFERENCES staff (staff_id),
    kind        TEXT NOT NULL CHECK (kind = 'name' OR kind = 'os_user' OR kind = 'active'),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_text  TEXT,
    PRIMARY KEY (unit_id, staff_id, kind, valid_from, entry_no)
) {strict};
-- @fact staff_asof FROM staff_fact SUBJECT staff_id,kind

-- The names of the roles stand in roles.def.
-- @reference staff_role_fact
-- @append_only staff_role_fact
CREATE TABLE staff_role_fact (
    unit_id     {i64} NOT NULL CHECK (unit_id >= 0),
    staff_id    {i64} NOT NULL REFERENCES staff (staff_id),
    role        TEXT NOT NULL,
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    PRIMARY KEY (unit_id, staff_id, role, valid_from, entry_no)
) {strict};
-- @fact staff_role_asof FROM staff_role_fact SUBJECT staff_id,role

-- What one person proposed and another released. The one person of a co-operative confirms on a
-- later day instead, and the record says so.
-- @unit approval
CREATE TABLE approval (
    unit_id      {i64} NOT NULL,
    approval_id  {i64} NOT NULL,
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    proposed_by  {i64} NOT NULL,
    proposed_at  {i64} NOT NULL,
    proposed_on  TEXT NOT NULL CHECK (length(proposed_on) = 10),
    state        TEXT NOT NULL
        CHECK (state = 'open' OR state = 'released' OR state = 'refused'),
    decided_by   {i64},
    decided_at   {i64},
    decided_on   TEXT CHECK (decided_on IS NULL OR length(decided_on) = 10),
    manner       TEXT CHECK (manner IS NULL OR manner IN ('second_person', 'later_day')),
    reason       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, approval_id),
    CHECK ((state = 'open') = (decided_by IS NULL)),
    CHECK (state <> 'released' OR
           (manner = 'second_person' AND decided_by <> proposed_by) OR
           (manner = 'later_day' AND decided_by = proposed_by AND decided_on > proposed_on))
) {strict};
CREATE UNIQUE INDEX approval_open ON approval (unit_id, kind, subject) WHERE state = 'open';

-- The last link of each chain; its row serialises those who append to that chain.
-- @unit audit_head
CREATE TABLE audit_head (
    unit_id {i64} NOT NULL,
    stream  TEXT NOT NULL,
    seq     {i64} NOT NULL CHECK (seq >= 0),
    hash    TEXT NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (unit_id, stream)
) {clustered};

-- @unit audit_entry
-- @append_only audit_entry
CREATE TABLE audit_entry (
    unit_id      {i64} NOT NULL,
    stream       TEXT NOT NULL,
    seq          {i64} NOT NULL CHECK (seq >= 1),
    recorded_at  {i64} NOT NULL,
    actor_id     {i64} NOT NULL,
    os_user      TEXT NOT NULL,
    action       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    prev_hash    TEXT NOT NULL CHECK (length(prev_hash) = 64),
    hash         TEXT NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (unit_id, stream, seq)
) {strict};

-- One anchor a day over the heads of all chains; anchors are a chain themselves.
-- @reference audit_anchor
-- @append_only audit_anchor
CREATE TABLE audit_anchor (
    anchor_no   {i64} NOT NULL PRIMARY KEY,
    anchored_on TEXT NOT NULL UNIQUE CHECK (length(anchored_on) = 10),
    recorded_at {i64} NOT NULL,
    head_count  {i64} NOT NULL,
    heads_hash  TEXT NOT NULL CHECK (length(heads_hash) = 64),
    prev_hash   TEXT NOT NULL CHECK (length(prev_hash) = 64),
    hash        TEXT NOT NULL CHECK (length(hash) = 64)
) {strict};

-- @reference audit_anchor_head
-- @append_only audit_anchor_head
CREATE TABLE audit_anchor_head (
    anchor_no {i64} NOT NULL,
    unit_id   {i64} NOT NULL,
    stream    TEXT NOT NULL,
    seq       {i64} NOT NULL,
    hash      TEXT NOT NULL CHECK (length(hash) = 64),
    PRIMARY KEY (anchor_no, unit_id, stream)
) {clustered};
