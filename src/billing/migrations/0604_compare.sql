-- SPDX-License-Identifier: Apache-2.0
-- The last comparison of a book with the earlier system, kept until the next one: what a page shows
-- and what the signature rests on.

-- @unit cut_over_compare
CREATE TABLE cut_over_compare (
    unit_id     {i64} NOT NULL,
    book_id     {i64} NOT NULL,
    month       {i64} NOT NULL,
    row_count   {i64} NOT NULL,
    same        {i64} NOT NULL,
    explained   {i64} NOT NULL,
    unexplained {i64} NOT NULL,
    not_there   {i64} NOT NULL,
    compared_at {i64} NOT NULL,
    actor_id    {i64} NOT NULL,
    PRIMARY KEY (unit_id, book_id)
) {clustered};

-- Every bill that is not the same. verdict is a code of src/billing/verdicts.def.
-- @unit cut_over_difference
CREATE TABLE cut_over_difference (
    unit_id       {i64} NOT NULL,
    book_id       {i64} NOT NULL,
    difference_no {i64} NOT NULL,
    point_code    TEXT NOT NULL,
    earlier_wh    {i64} NOT NULL,
    earlier_vnd   {i64} NOT NULL,
    our_wh        {i64} NOT NULL,
    our_vnd       {i64} NOT NULL,
    verdict       TEXT NOT NULL,
    detail        TEXT NOT NULL,
    PRIMARY KEY (unit_id, book_id, difference_no)
) {clustered};
