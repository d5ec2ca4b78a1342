-- SPDX-License-Identifier: Apache-2.0
-- What has to stop may be put off once (Decree 356/2025/NĐ-CP): done_by moves, and the reason that the
-- person is told stands beside the day on which it moved.
ALTER TABLE privacy_request ADD COLUMN extended_on TEXT
    CHECK (extended_on IS NULL OR length(extended_on) = 10);
ALTER TABLE privacy_request ADD COLUMN extension TEXT
    CHECK ((extension IS NULL) = (extended_on IS NULL));
