-- SPDX-License-Identifier: Apache-2.0
-- Customers who read through the portal are noted too: which login it was; 0: staff, or a program.

ALTER TABLE access_log ADD COLUMN login_id {i64} NOT NULL DEFAULT 0;
CREATE INDEX access_log_by_login ON access_log (login_id, read_at) WHERE login_id <> 0;
