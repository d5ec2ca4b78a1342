-- SPDX-License-Identifier: Apache-2.0
-- Work that several workers share: taken with a lease, finished with the token of that lease.

-- @unit work
CREATE TABLE work (
    unit_id {i64} NOT NULL,
    queue {text} NOT NULL,
    item_no {i64} NOT NULL,
    state {text} NOT NULL
        CHECK (state = 'open' OR state = 'taken' OR state = 'done' OR state = 'set_aside'),
    owner {text} NOT NULL,
    token {i64} NOT NULL,
    lease_until_at {i64} NOT NULL,
    tries {i64} NOT NULL,
    payload {text} NOT NULL,
    PRIMARY KEY (unit_id, queue, item_no)
) {clustered};

CREATE INDEX work_to_take ON work (queue, unit_id, item_no)
    WHERE state IN ('open', 'taken');
