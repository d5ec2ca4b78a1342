/* SPDX-License-Identifier: Apache-2.0 */
/* The QR that distributors of EVN print on a bill: it names the seller and the customer, and the
 * payment application asks the seller what is owed. No bank, no account, no amount.
 *
 *   {"tax_code":"0100101114-019","name":"CTY DIEN LUC THANH XUAN","city":"Ha Noi",…}
 *     ─► 00=01 01=11 26[00 "00", 01 tax code] 52=4900 53=704 58=VN 59=name 60=city
 *        62[03 "00", 06 customer, 07 "00", 08 purpose] 63=checksum
 *
 * One QR of a customer stays the same every month. Known from one that is in use, read in
 * tests/cases/payment_qr.json (evn-bill); its name of 31 characters is more than EMVCo allows and
 * is not imitated. Letters lose their marks, nothing is cut.
 * Ownership: the caller owns everything. Threads: pure. */
#ifndef SANGDEN_PAYMENT_BILL_QR_H
#define SANGDEN_PAYMENT_BILL_QR_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct bill_qr {
    struct str tax_code; /* of the seller or its branch */
    struct str name;     /* of the seller, at most 25 characters */
    struct str city;     /* at most 15; may be empty */
    struct str customer; /* code, at most 25 */
    struct str purpose;  /* at most 25; may be empty */
};

/* Adds the payload. E_INPUT with the member's name when a text is missing, not of its form or too
 * long, E_MEMORY; then nothing was added. */
NODISCARD err_t bill_qr_write(struct arena *arena, const struct bill_qr *qr, struct buf *out,
                              struct err *err);

#endif
