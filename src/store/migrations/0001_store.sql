-- SPDX-License-Identifier: Apache-2.0
-- What the store itself needs: named properties, and how far each series of numbers was given out.

-- @reference store_property
CREATE TABLE store_property (
    name {text} NOT NULL PRIMARY KEY,
    value {text} NOT NULL
) {clustered};

-- @unit store_number
CREATE TABLE store_number (
    unit_id {i64} NOT NULL,
    series {text} NOT NULL,
    next_no {i64} NOT NULL CHECK (next_no > 0),
    PRIMARY KEY (unit_id, series)
) {clustered};
