-- SPDX-License-Identifier: Apache-2.0
-- Messages by state: those that wait or were refused are few among many that were accepted, and the
-- counts read the index alone.
CREATE INDEX einvoice_message_by_state ON einvoice_message (unit_id, state, message_no);
