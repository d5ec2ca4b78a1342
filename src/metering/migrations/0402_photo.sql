-- SPDX-License-Identifier: Apache-2.0
-- A picture is the evidence of one reading: where it was used before is asked of every new one, as
-- is the photo before it.

CREATE INDEX photo_by_content ON photo (unit_id, sha256);
CREATE INDEX photo_by_point ON photo (unit_id, point_id, taken_at);
