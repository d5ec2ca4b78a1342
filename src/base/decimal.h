/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals as scaled integers: "461.25" with 3 places is 461250.
 *
 * Texts are plain decimals: an optional minus, at least one digit, optionally a point and at least
 * one digit; no exponent, no spaces, no separators, no leading plus. Threads: pure. */
#ifndef SANGDEN_BASE_DECIMAL_H
#define SANGDEN_BASE_DECIMAL_H

#include "base/buffer.h"

/* *out = the number times 10 to the power places. False when the text is no decimal, has more
 * places than asked for (trailing zeros count), or does not fit. */
NODISCARD bool decimal_parse(struct str text, unsigned places, int64_t *out);

/* Writes scaled / 10^places without trailing zeros: 461250 with 3 places is "461.25". */
void buf_add_decimal(struct buf *buf, int64_t scaled, unsigned places);

/* The same with a decimal comma and a point between groups, for people: "1.388,5". */
void buf_add_decimal_vi(struct buf *buf, int64_t scaled, unsigned places);

#endif
