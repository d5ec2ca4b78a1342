-- SPDX-License-Identifier: Apache-2.0
-- What people say of their request in their own words: what is wrong, and what is right.
ALTER TABLE privacy_request ADD COLUMN words TEXT NOT NULL DEFAULT '';
