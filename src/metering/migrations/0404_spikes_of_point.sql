-- SPDX-License-Identifier: Apache-2.0
-- What was flagged at one point, for whoever looks at its customer.
CREATE INDEX spike_case_of_point ON spike_case (unit_id, point_id, month);
