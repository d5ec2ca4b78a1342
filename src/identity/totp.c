/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "base/base32.h"

enum { SHA1_BYTES = 20, MODULUS = 1000000 };

struct str totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step,
                     char out[TOTP_DIGITS + 1])
{
    unsigned char counter[8], mac[SHA1_BYTES];
    unsigned size = 0;
    for (int i = 0; i < 8; i++) counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    const unsigned char *made =
        HMAC(EVP_sha1(), secret, TOTP_SECRET_BYTES, counter, sizeof counter, mac, &size);
    ASSERT(made != NULL && size == SHA1_BYTES);
    /* Dynamic truncation, RFC 4226, section 5.3. */
    unsigned at = mac[SHA1_BYTES - 1] & 15u;
    uint32_t number = (uint32_t)(mac[at] & 127u) << 24 | (uint32_t)mac[at + 1] << 16 |
                      (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    struct buf code;
    buf_init_fixed(&code, out, TOTP_DIGITS + 1);
    buf_add_padded(&code, number % MODULUS, TOTP_DIGITS);
    return buf_str(&code);
}

bool totp_match(const unsigned char secret[TOTP_SECRET_BYTES], struct str typed, int64_t now_ms,
                int64_t last_step, int64_t *out_step)
{
    char code[TOTP_DIGITS + 1];
    int64_t now = now_ms / TOTP_STEP_MS, found = -1;
    if (typed.n != TOTP_DIGITS) return false;
    for (int64_t step = now - TOTP_DRIFT_STEPS; step <= now + TOTP_DRIFT_STEPS; step++) {
        bool same = sodium_memcmp(totp_code(secret, step, code).p, typed.p, TOTP_DIGITS) == 0;
        if (same && step > last_step) found = step;
    }
    if (found < 0) return false;
    *out_step = found;
    return true;
}

static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) buf_add_char(out, (char)c);
        else {
            buf_add_char(out, '%');
            buf_add_hex(out, &c, 1);
        }
    }
}

void totp_uri(struct buf *out, const unsigned char secret[TOTP_SECRET_BYTES], struct str issuer,
              struct str account)
{
    buf_add(out, S("otpauth://totp/"));
    add_escaped(out, issuer);
    buf_add_char(out, ':');
    add_escaped(out, account);
    buf_add(out, S("?secret="));
    buf_add_base32(out, secret, TOTP_SECRET_BYTES);
    buf_add(out, S("&issuer="));
    add_escaped(out, issuer);
    buf_add(out, S("&algorithm=SHA1&digits=6&period=30"));
}
