-- SPDX-License-Identifier: Apache-2.0
-- What people see of runs while they work, and runs that are asked for from a page.

-- When the present stage of a run began and ended; 0: not known, or not yet.
ALTER TABLE bill_run ADD COLUMN stage_began_at {i64} NOT NULL DEFAULT 0;
ALTER TABLE bill_run ADD COLUMN stage_ended_at {i64} NOT NULL DEFAULT 0;

-- The few drafts that are no bill yet for a reason of their own.
CREATE INDEX bill_draft_stopped ON bill_draft (unit_id, month, point_id) WHERE state <> 'ready';

-- A run that somebody asks the workers for: 'draft', 'issue', or 'prices', drafts computed again after
-- the release of a price book. run_id: what is issued; of drafts 0 until they are planned. The reason stands where the workers were refused.
-- @unit bill_errand
CREATE TABLE bill_errand (
    unit_id    {i64} NOT NULL,
    errand_no  {i64} NOT NULL,
    stage      TEXT NOT NULL CHECK (stage = 'draft' OR stage = 'issue' OR stage = 'prices'),
    month      {i64} NOT NULL,
    run_id     {i64} NOT NULL,
    state      TEXT NOT NULL
        CHECK (state = 'asked' OR state = 'working' OR state = 'done' OR state = 'refused'),
    actor_id   {i64} NOT NULL,
    ordered_at {i64} NOT NULL,
    ended_at   {i64} NOT NULL DEFAULT 0,
    reason_vi  TEXT NOT NULL DEFAULT '',
    reason_en  TEXT NOT NULL DEFAULT '',
    remedy_vi  TEXT NOT NULL DEFAULT '',
    remedy_en  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, errand_no)
) {strict};
-- One at a time for a month of a unit.
CREATE UNIQUE INDEX bill_errand_open ON bill_errand (unit_id, month)
    WHERE state = 'asked' OR state = 'working';

-- How many points of a unit have no bill of a month, counted by the workers: the question is too
-- long for a page. position: the last event of the unit that the count knows; took_ms: how long it
-- was counted, which decides how soon it is counted again.
-- @unit unbilled_count
CREATE TABLE unbilled_count (
    unit_id    {i64} NOT NULL,
    month      {i64} NOT NULL,
    points     {i64} NOT NULL,
    position   {i64} NOT NULL,
    counted_at {i64} NOT NULL,
    took_ms    {i64} NOT NULL,
    PRIMARY KEY (unit_id, month)
) {clustered};

-- The invoice of a period is due so many days behind its last day.
INSERT INTO billing_rule (name, valid_from, value_i64, source) VALUES
    ('invoice_days', '1900-01-01', 7,
     'Nghị định 123/2020 điều 9 khoản 4 điểm a; văn bản Nghị định 254/2026 chưa đối chiếu')
    ON CONFLICT DO NOTHING;
