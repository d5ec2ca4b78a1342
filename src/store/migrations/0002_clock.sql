-- SPDX-License-Identifier: Apache-2.0
-- The last moment at which something was recorded in a unit: facts of a unit are recorded one
-- transaction after the other, each at a moment of its own.

-- @unit store_clock
CREATE TABLE store_clock (
    unit_id {i64} NOT NULL,
    last_at {i64} NOT NULL,
    PRIMARY KEY (unit_id)
) {clustered};
