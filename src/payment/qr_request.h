/* SPDX-License-Identifier: Apache-2.0 */
/* A QR from a request in JSON: {"kind":"payment"|"bill"|"tax", …}.
 *
 * Without a kind it is a payment. Members are those of struct vietqr ("amount" an integer), struct
 * bill_qr, or struct tax_qr ("template", "number" and "total" integers, "date" as "2026-08-03");
 * others are refused by name.
 * Ownership: the caller owns everything. Threads: pure. */
#ifndef SANGDEN_PAYMENT_QR_REQUEST_H
#define SANGDEN_PAYMENT_QR_REQUEST_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* Adds the payload; limit_vnd is the first amount that is too large for a payment. E_INPUT and
 * E_RANGE with the member's name, E_MEMORY; then nothing was added. */
NODISCARD err_t qr_answer(struct arena *arena, struct str request, int64_t limit_vnd,
                          struct buf *out, struct err *err);

#endif
