-- SPDX-License-Identifier: Apache-2.0
-- Each signature of a closing is given once, whoever gives it at the same moment.
CREATE UNIQUE INDEX book_step_signed ON book_step (unit_id, book_id, month, period_no, closing_no, step)
    WHERE step = 'sign_reader' OR step = 'sign_team_leader' OR step = 'sign_billing_leader';
