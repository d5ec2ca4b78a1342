/* SPDX-License-Identifier: Apache-2.0 */
/* Exact numbers of the rating engine: int128 scaled by 10^9 (inputs) and 10^18 (amounts).
 *
 * Every operation is exact or fails; no number is ever negative on the way in. Bounds: an input has
 * at most twelve digits before the point, an amount stays under 10^18 units.
 * Threads: pure. */
#ifndef SANGDEN_TARIFF_RATE_NUMBER_H
#define SANGDEN_TARIFF_RATE_NUMBER_H

#include "base/buffer.h"
#include "base/integer.h"

enum { RATE_PLACES = 9, RATE_WHOLE_DIGITS = 12 };

/* 10^9, the scale of inputs. */
int128 rate_one(void);
/* *out = the decimal times 10^9. False when the text is no plain decimal without a sign, or has
 * more than nine places or twelve digits before the point. */
NODISCARD bool rate_number_parse(struct str text, int128 *out_e9);
/* *out = a * b for a, b >= 0; false when the product reaches 10^36. */
NODISCARD bool rate_multiply(int128 a, int128 b, int128 *out);
/* *out = sum of two amounts of any sign; false when it reaches 10^36 in size. */
NODISCARD bool rate_add(int128 a, int128 b, int128 *out);
/* *out = whole * part / total rounded half up, 0 <= part <= total, total > 0. False when even the
 * reduced fraction is too wide to be exact. */
NODISCARD bool rate_pro_rata(int128 whole, int128 part, int128 total, int128 *out);
/* ceil(a / b) for a >= 0, b > 0. */
int128 rate_started(int128 a, int128 b);
/* Adds value / 10^places as a plain decimal without trailing zeros; places is 0, 9 or 18. */
void rate_number_add(struct buf *out, int128 value, unsigned places);

#endif
