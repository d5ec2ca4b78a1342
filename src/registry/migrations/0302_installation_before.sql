-- SPDX-License-Identifier: Apache-2.0
-- What an installation was believed to be before a correction: the row of installation as it stood.
--
--   installation_before  |known_from ── entry 1 ── known_to|── entry 2 ──|
--   installation                                                         |recorded_at ── believed now

-- A row of installation that a correction replaced or, as a retraction, took away. known_from: its
-- recorded_at; known_to: the moment of the correction. actor_id: who had recorded it; corrected_by
-- and source: who corrected it, on whose word.
-- @unit installation_before
-- @append_only installation_before
CREATE TABLE installation_before (
    unit_id         {i64} NOT NULL,
    installation_id {i64} NOT NULL,
    entry_no        {i64} NOT NULL CHECK (entry_no >= 1),
    point_id        {i64} NOT NULL,
    meter_id        {i64} NOT NULL,
    role            TEXT NOT NULL CHECK (role = 'active' OR role = 'reactive' OR role = 'export'),
    multiplier      {i64} NOT NULL,
    hung_at         {i64} NOT NULL,
    removed_at      {i64},
    removal_recorded_at {i64},
    actor_id        {i64} NOT NULL,
    known_from      {i64} NOT NULL,
    known_to        {i64} NOT NULL CHECK (known_to >= known_from),
    corrected_by    {i64} NOT NULL,
    source          TEXT NOT NULL,
    CHECK ((removed_at IS NULL) = (removal_recorded_at IS NULL)),
    PRIMARY KEY (unit_id, installation_id, entry_no),
    FOREIGN KEY (unit_id, point_id) REFERENCES usage_point (unit_id, point_id),
    FOREIGN KEY (unit_id, meter_id) REFERENCES meter (unit_id, meter_id)
) {clustered};
CREATE INDEX installation_before_by_point ON installation_before (unit_id, point_id);
CREATE INDEX installation_before_by_meter ON installation_before (unit_id, meter_id);
