-- SPDX-License-Identifier: Apache-2.0
-- Every contact was agreed to when it was registered; the ledger of consents says so too.
INSERT INTO consent (login_id, purpose, entry_no, given, text_version, channel, evidence, recorded_at,
                     staff_id)
SELECT c.login_id, 'contact', 1, 1, min(c.consent_text),
       CASE min(l.origin) WHEN 'counter' THEN 'counter' WHEN 'call_back' THEN 'phone'
                          ELSE 'portal' END,
       'login_contact', min(c.consent_at), 0
FROM login_contact c JOIN login l ON l.login_id = c.login_id
WHERE NOT EXISTS (SELECT 1 FROM consent o WHERE o.login_id = c.login_id AND o.purpose = 'contact')
GROUP BY c.login_id;
