/* SPDX-License-Identifier: Apache-2.0 */
/* The QR a bill is paid by: a transfer between banks with amount and reference (NAPAS "QR Format"
 * version 1.0, account service QRIBFTTA).
 *
 *   {"bin":"970436","account":"1017595600","amount":452340,"bill":"HD…","purpose":"TT tien dien"}
 *     ─► 00=01 01=12 38[bank, account, service] 53=704 54=amount 58=VN
 *        62[01 bill, 06 customer, 08 purpose] 63=checksum
 *
 * Money goes where the account says, so nothing is cut to fit: what is too long is refused. Letters
 * lose their marks, because programs count lengths differently where there are any. Without an
 * amount the QR is for any number of payments (01=11).
 * Ownership: the caller owns everything. Threads: pure. */
#ifndef SANGDEN_PAYMENT_VIETQR_H
#define SANGDEN_PAYMENT_VIETQR_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { VIETQR_TEXT_MAX = 25, VIETQR_ACCOUNT_MAX = 19, VIETQR_BIN_DIGITS = 6 };

/* A fast transfer stays under this amount in đồng. NAPAS sets it and may change it; known from one
 * source, so a parameter of the caller. */
#define VIETQR_LIMIT_VND INT64_C(500000000)

struct vietqr {
    struct str bin;      /* bank identifier, six digits */
    struct str account;  /* account, card or virtual account: letters and digits */
    int64_t amount_vnd;  /* 0: any */
    struct str bill;     /* reference of the bill; these three may be empty */
    struct str customer; /* customer code */
    struct str purpose;
};

/* Adds the payload. limit_vnd is the first amount that is too large. E_INPUT with the member's name
 * when a text is not of its form or too long, E_RANGE for the amount, E_MEMORY; then nothing was
 * added. */
NODISCARD err_t vietqr_write(struct arena *arena, const struct vietqr *qr, int64_t limit_vnd,
                             struct buf *out, struct err *err);

#endif
