-- SPDX-License-Identifier: Apache-2.0
-- Roles at an organisation of the tree: they hold at every unit that the tree of the day puts below
-- it. The tree itself belongs to the network.

-- @reference organisation_role_fact
-- @append_only organisation_role_fact
CREATE TABLE organisation_role_fact (
    unit_id         {i64} NOT NULL CHECK (unit_id = 0),
    staff_id        {i64} NOT NULL REFERENCES staff (staff_id),
    role            TEXT NOT NULL,
    organisation_id {i64} NOT NULL CHECK (organisation_id > 0),
    valid_from      TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no        {i64} NOT NULL CHECK (entry_no >= 1),
    state           TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at     {i64} NOT NULL,
    actor_id        {i64} NOT NULL,
    PRIMARY KEY (unit_id, staff_id, role, organisation_id, valid_from, entry_no)
) {strict};
-- @fact organisation_role_asof FROM organisation_role_fact SUBJECT staff_id,role,organisation_id
