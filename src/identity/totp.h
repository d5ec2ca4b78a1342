/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of an authenticator application: RFC 6238 over RFC 4226, SHA-1, six digits, 30 seconds,
 * what every such application can do. One step of drift to either side is taken.
 *
 * Threads: pure. */
#ifndef SANGDEN_IDENTITY_TOTP_H
#define SANGDEN_IDENTITY_TOTP_H

#include "base/buffer.h"

enum {
    TOTP_SECRET_BYTES = 20, /* what RFC 4226 recommends: as long as the hash */
    TOTP_DIGITS = 6,
    TOTP_STEP_MS = 30000,
    TOTP_DRIFT_STEPS = 1
};

/* The code of a time step, NUL-terminated. */
struct str totp_code(const unsigned char secret[TOTP_SECRET_BYTES], int64_t step,
                     char out[TOTP_DIGITS + 1]);

/* The step whose code was typed: at most one away from now, later than last_step. False for none;
 * the time tells nothing about the digits. */
NODISCARD bool totp_match(const unsigned char secret[TOTP_SECRET_BYTES], struct str typed,
                          int64_t now_ms, int64_t last_step, int64_t *out_step);

/* "otpauth://totp/…": what an application reads from a QR code. issuer and account are any text. */
void totp_uri(struct buf *out, const unsigned char secret[TOTP_SECRET_BYTES], struct str issuer,
              struct str account);

#endif
