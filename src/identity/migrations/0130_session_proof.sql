-- SPDX-License-Identifier: Apache-2.0
-- By which contact a customer proved who it is: that of a channel is replaced only behind a proof of
-- the very one. NULL: the staff, and sessions that began before; they are asked for the proof anew.
ALTER TABLE session ADD COLUMN proved_channel TEXT
    CHECK (proved_channel IS NULL OR proved_channel = 'phone' OR proved_channel = 'email');
