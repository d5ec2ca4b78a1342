/* SPDX-License-Identifier: Apache-2.0 */
/* The QR of an e-invoice that the tax authority's data format foresees (DLQRCode, at most 512
 * characters): whose invoice it is, its name by law, and its total.
 *
 *   {"tax_code":"0102182292","template":1,"symbol":"K26TDN","number":226,"date":"2026-08-03",…}
 *     ─► 00=01 01=12 53=704 58=VN
 *        99[00 A000000775, 01 tax code, 02 template, 03 symbol, 04 number, 05 yyyymmdd, 06 total]
 *        63=checksum
 *
 * Two forms are in use; this is the one with the checksum of all payment QRs, the other one is read
 * only. It is no payment.
 * Ownership: the caller owns everything. Threads: pure. */
#ifndef SANGDEN_PAYMENT_TAX_QR_H
#define SANGDEN_PAYMENT_TAX_QR_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct tax_qr {
    struct str tax_code; /* of the seller */
    int64_t template_no; /* 1 to 9 */
    struct str symbol;   /* six characters: C or K, year, kind, two of the seller: K26TDN */
    int64_t number;      /* 1 to 99,999,999 */
    int32_t day;         /* of the invoice */
    int64_t total_vnd;   /* to be paid; negative on an invoice that adjusts downwards */
};

/* Adds the payload. E_INPUT with the member's name ("tax_code", "template", "symbol", "number",
 * "total"); then nothing was added. */
NODISCARD err_t tax_qr_write(const struct tax_qr *qr, struct buf *out, struct err *err);

#endif
