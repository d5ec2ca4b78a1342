/* SPDX-License-Identifier: Apache-2.0 */
/* Prepaid card meters: how many kWh the money buys.
 *
 *   kWh = money / (price of SH_TT x (1 + VAT)), truncated to a tenth
 *
 * Truncation never sells more than was paid for. The price and VAT are those of "date", or of the
 * last day of "month". Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_VEND_H
#define SANGDEN_TARIFF_VEND_H

#include "base/buffer.h"
#include "tariff/book.h"

/* kWh in tenths; false when the result does not fit. price_vnd > 0. */
NODISCARD bool vend_tenths(int64_t money_vnd, int64_t price_vnd, int32_t vat_ppm, int64_t *out);

/* Answers one JSON request into out, or fails and adds nothing. */
NODISCARD err_t vend_answer(const struct price_book *book, struct arena *arena, struct str text,
                            struct buf *out, struct err *err);

#endif
