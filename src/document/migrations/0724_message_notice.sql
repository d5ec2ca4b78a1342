-- SPDX-License-Identifier: Apache-2.0
-- The kind of notice (LTBao of message 204) that the tax office gave with an answer: 1 no code
-- possible, 2 package valid, 3 invoice invalid, 4 table invalid, 5 petrol table invalid, 6 request,
-- 7 cash register, 9 other. A step whose answer named none has no row.
-- @unit einvoice_message_notice
-- @append_only einvoice_message_notice
CREATE TABLE einvoice_message_notice (
    unit_id    {i64} NOT NULL,
    message_no {i64} NOT NULL,
    step_no    {i64} NOT NULL,
    notice     {i64} NOT NULL CHECK (notice BETWEEN 1 AND 9),
    PRIMARY KEY (unit_id, message_no, step_no),
    FOREIGN KEY (unit_id, message_no, step_no)
        REFERENCES einvoice_message_step (unit_id, message_no, step_no)
) {clustered};
