-- SPDX-License-Identifier: Apache-2.0
-- Who reads on the command line names a member of the staff; the account of the operating system
-- stands beside it. Empty: a page, or a program of a partner.

ALTER TABLE access_log ADD COLUMN os_user TEXT NOT NULL DEFAULT '';
