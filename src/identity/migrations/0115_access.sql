-- SPDX-License-Identifier: Apache-2.0
-- Who read whose personal data, why and from where. The person concerned may see it; it is kept for
-- at least two years. Rows come in batches, and each batch is a link of the audit stream "access".

-- @unit access_log
-- @append_only access_log
CREATE TABLE access_log (
    unit_id      {i64} NOT NULL,
    access_no    {i64} NOT NULL,
    read_at      {i64} NOT NULL,
    staff_id     {i64} NOT NULL,
    subject_kind TEXT NOT NULL CHECK (subject_kind = 'party' OR subject_kind = 'account' OR
                                      subject_kind = 'agreement' OR subject_kind = 'point'),
    subject_id   {i64} NOT NULL,
    action       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    address      TEXT NOT NULL,
    PRIMARY KEY (unit_id, access_no)
) {clustered};
CREATE INDEX access_log_by_subject ON access_log (unit_id, subject_kind, subject_id, read_at);
CREATE INDEX access_log_by_staff ON access_log (unit_id, staff_id, read_at);
