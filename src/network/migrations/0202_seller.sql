-- SPDX-License-Identifier: Apache-2.0
-- Who sells, as documents and invoices must say it: facts of a unit by date. The kinds stand in
-- src/network/seller_facts.def; every value is a text.
-- @unit seller_fact
-- @append_only seller_fact
CREATE TABLE seller_fact (
    unit_id     {i64} NOT NULL,
    kind        TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    valid_from  TEXT NOT NULL CHECK (length(valid_from) = 10),
    entry_no    {i64} NOT NULL CHECK (entry_no >= 1),
    state       TEXT NOT NULL CHECK (state = 'set' OR state = 'end' OR state = 'retract'),
    recorded_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    value_i64   {i64} CHECK (value_i64 IS NULL),
    value_text  TEXT,
    source      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, kind, valid_from, entry_no),
    CHECK ((state = 'set') = (value_text IS NOT NULL))
) {clustered};
-- @fact seller_asof FROM seller_fact SUBJECT kind
