-- SPDX-License-Identifier: Apache-2.0
-- What stands above a notice that goes by mail; never a code, because it is kept.
ALTER TABLE notice_outbox ADD COLUMN subject TEXT NOT NULL DEFAULT '';
