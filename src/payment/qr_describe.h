/* SPDX-License-Identifier: Apache-2.0 */
/* What a payment QR says, as JSON: first what a person asks (which bank and account, how much, for
 * what), then every object as it stands.
 *
 *   {"kind":"vietqr","bin":"970436","account":"1017595600","amount":452340,…,"fields":[…]}
 *
 * kind is vietqr (transfer, object 38 of NAPAS), tax_invoice (seller, template, symbol, number,
 * date and total of an e-invoice; both forms in use), bill (a distributor's own: tax code and
 * customer, category 4900), merchant (a registered one) or other. What is
 * odd and harmless is accepted with a warning: a fixed QR with an amount, a name beyond 25
 * characters, a checksum in lower case, an amount of zero.
 * Ownership: the caller owns everything. Threads: pure. */
#ifndef SANGDEN_PAYMENT_QR_DESCRIBE_H
#define SANGDEN_PAYMENT_QR_DESCRIBE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* Adds one JSON object, without a line end. E_INPUT as emv_parse, and where a transfer has no bank
 * and account of their form, or an amount that is no whole đồng; then nothing was added. */
NODISCARD err_t qr_describe(struct arena *arena, struct str payload, struct buf *out,
                            struct err *err);

#endif
