-- SPDX-License-Identifier: Apache-2.0
-- What a customer who signs in may see: dated facts between a login (identity) and an agreement.

-- value_text: the role (src/registry/login_roles.def).
-- @unit login_supply_fact
-- @append_only login_supply_fact
CREATE TABLE login_supply_fact (
    unit_id      {i64} NOT NULL,
    agreement_id {i64} NOT NULL,
    login_id     {i64} NOT NULL,
    valid_from   TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no     {i64} NOT NULL CHECK (entry_no >= 1),
    state        TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at  {i64} NOT NULL,
    actor_id     {i64} NOT NULL,
    value_text   TEXT,
    PRIMARY KEY (unit_id, agreement_id, login_id, valid_from, entry_no),
    FOREIGN KEY (unit_id, agreement_id) REFERENCES agreement (unit_id, agreement_id)
) {clustered};
-- @fact login_supply_asof FROM login_supply_fact SUBJECT agreement_id,login_id
CREATE INDEX login_supply_of ON login_supply_fact (login_id);
