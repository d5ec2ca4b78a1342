/* SPDX-License-Identifier: Apache-2.0 */
/* Back-billing: the lines of what was used but not billed.
 *
 *   usage  |██████████ billed ██████████|░░░░░ difference ░░░░░|
 *   tiers  |--1--|--2--|----3----|----4----|-------5 …
 *
 * The request is that of the calculator plus "billed", the kWh already billed, which stand inside
 * "usage". Residential use fills what is left of each tier above the billed kWh. "cause" is
 * "theft" (default: Circular 42/2022/TT-BCT, a three-price customer pays the peak price for
 * everything), "wrong_price" or "not_measured" (every register at its own price); "settlement" is
 * the day whose VAT rate holds. One request is one period. Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_BACKBILL_H
#define SANGDEN_TARIFF_BACKBILL_H

#include "tariff/calc.h"

/* Answers one request into out, or fails and adds nothing. */
NODISCARD err_t backbill_answer(const struct price_book *book, struct arena *arena,
                                struct str text, struct buf *out, struct err *err);

#endif
