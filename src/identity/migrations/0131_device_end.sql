-- SPDX-License-Identifier: Apache-2.0
-- A device of a customer is known for as long as the person was told; one of the staff until somebody
-- forgets it (expires_at NULL).
ALTER TABLE known_device ADD COLUMN expires_at {i64};
UPDATE known_device SET expires_at = created_at + 7776000000 WHERE kind = 'customer';
