-- SPDX-License-Identifier: Apache-2.0
-- Keys of orders count per unit and kind of order, whoever sends them; orders may be withdrawn.

-- Orders of fees by the key they came with, so that the same order makes one bill. Without a key the
-- digest of the order is its key.
-- @unit fee_bill_order
-- @append_only fee_bill_order
CREATE TABLE fee_bill_order (
    unit_id     {i64} NOT NULL,
    order_key   TEXT NOT NULL CHECK (length(order_key) BETWEEN 1 AND 120),
    digest      TEXT NOT NULL CHECK (length(digest) = 64),
    bill_number TEXT NOT NULL,
    ordered_at  {i64} NOT NULL,
    PRIMARY KEY (unit_id, order_key)
) {strict};
CREATE INDEX fee_bill_order_by_number ON fee_bill_order (unit_id, bill_number);

-- A key that several persons had used names the order of the first; the others keep theirs behind it.
INSERT INTO fee_bill_order (unit_id, order_key, digest, bill_number, ordered_at)
SELECT f.unit_id, CASE WHEN EXISTS (SELECT 1 FROM fee_order o WHERE o.unit_id = f.unit_id AND
    o.order_key = f.order_key AND o.caller_id < f.caller_id)
    THEN f.order_key || '#' || CAST(f.caller_id AS TEXT) ELSE f.order_key END,
    f.digest, f.bill_number, f.ordered_at FROM fee_order f;
DROP TABLE fee_order;
DELETE FROM store_table WHERE name = 'fee_order';

DROP INDEX supplement_order_by_key;
UPDATE supplement_order SET order_key = substr(order_key, 1, 80) || '#' || CAST(order_id AS TEXT)
WHERE EXISTS (SELECT 1 FROM supplement_order o WHERE o.unit_id = supplement_order.unit_id AND
    o.order_key = supplement_order.order_key AND o.order_id < supplement_order.order_id);
CREATE UNIQUE INDEX supplement_order_by_key ON supplement_order (unit_id, order_key);

-- Orders taken back before they were billed. order_code: the number of a fee's bill, or the code of a
-- supplement. Of a supplement that had been approved, the row of usage that is not to be billed any
-- more: a run passes it over.
-- @unit order_withdrawal
-- @append_only order_withdrawal
CREATE TABLE order_withdrawal (
    unit_id      {i64} NOT NULL,
    kind         TEXT NOT NULL CHECK (kind = 'fee' OR kind = 'supplement'),
    order_code   TEXT NOT NULL,
    reason       TEXT NOT NULL CHECK (length(reason) > 0),
    withdrawn_by {i64} NOT NULL,
    withdrawn_on TEXT NOT NULL CHECK (length(withdrawn_on) = 10),
    withdrawn_at {i64} NOT NULL,
    month        {i64},
    book_id      {i64},
    point_id     {i64},
    closing_no   {i64},
    PRIMARY KEY (unit_id, kind, order_code),
    CHECK ((month IS NULL) = (book_id IS NULL)),
    CHECK ((month IS NULL) = (point_id IS NULL)),
    CHECK ((month IS NULL) = (closing_no IS NULL))
) {strict};
CREATE INDEX order_withdrawal_use ON order_withdrawal (unit_id, month, book_id, point_id,
                                                       closing_no) WHERE month IS NOT NULL;
