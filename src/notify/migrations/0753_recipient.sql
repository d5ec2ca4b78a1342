-- SPDX-License-Identifier: Apache-2.0
-- What was sent to somebody, by time.
CREATE INDEX notice_of_recipient ON notice_outbox (unit_id, channel, recipient, created_at);
