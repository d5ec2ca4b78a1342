-- SPDX-License-Identifier: Apache-2.0
-- Programs of others that call us: partners, the keys with which they sign, nonces that were used.

-- @reference partner
CREATE TABLE partner (
    partner_id {i64} NOT NULL PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 32),
    name       TEXT NOT NULL,
    created_at {i64} NOT NULL
) {strict};

-- secret is sealed with the key outside the store (vault.h): an HMAC needs it in the clear.
-- @directory partner_key key_code
CREATE TABLE partner_key (
    key_code   TEXT NOT NULL PRIMARY KEY,
    partner_id {i64} NOT NULL,
    secret     {blob} NOT NULL,
    created_at {i64} NOT NULL,
    revoked_at {i64}
) {strict};
CREATE INDEX partner_key_of ON partner_key (partner_id) WHERE revoked_at IS NULL;

-- SHA-256 of key and nonce of every signed request of the last minutes.
-- @directory partner_nonce nonce_hash
CREATE TABLE partner_nonce (
    nonce_hash TEXT NOT NULL PRIMARY KEY CHECK (length(nonce_hash) = 64),
    expires_at {i64} NOT NULL
) {strict};
CREATE INDEX partner_nonce_by_end ON partner_nonce (expires_at);
