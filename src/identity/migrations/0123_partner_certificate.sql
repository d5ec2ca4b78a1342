-- SPDX-License-Identifier: Apache-2.0
-- Certificates that the programs of a partner bring beside their signature. As long as a partner has
-- any here, also a revoked one, a signature alone is refused.

-- fingerprint is the SHA-256 of the DER.
-- @directory partner_certificate fingerprint
CREATE TABLE partner_certificate (
    fingerprint TEXT NOT NULL PRIMARY KEY CHECK (length(fingerprint) = 64),
    partner_id  {i64} NOT NULL,
    subject     TEXT NOT NULL,
    valid_from  {i64} NOT NULL,
    valid_to    {i64} NOT NULL CHECK (valid_to > valid_from),
    created_at  {i64} NOT NULL,
    revoked_at  {i64}
) {strict};
CREATE INDEX partner_certificate_of ON partner_certificate (partner_id);
