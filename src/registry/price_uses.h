/* SPDX-License-Identifier: Apache-2.0 */
/* The chain of price uses of a point (biên bản áp giá), as one canonical text.
 *
 *   "SH:-:60%;KD:LT6:40%"        shares of the energy; they sum to 100 % exactly
 *   "SH:-:120kWh;KD:LT6:80kWh"   agreed energies of a month
 *    └ category of the price book, voltage ("-" where the category has none)
 *
 * The order counts: the last part takes the remainder of a split. Threads: pure. Ownership: the
 * views of a parsed chain look into its text. Limit: TERMS_USES_MAX parts. */
#ifndef SANGDEN_REGISTRY_PRICE_USES_H
#define SANGDEN_REGISTRY_PRICE_USES_H

#include "base/buffer.h"
#include "registry/terms_view.h"

enum { SHARE_WHOLE_PPM = 1000000 };

struct price_uses {
    struct price_use use[TERMS_USES_MAX];
    size_t count;
};

/* Reads a chain and checks its form: at least one part, shares above zero that sum to 100 %
 * exactly, or agreed energies everywhere; a category at a voltage stands only once. */
NODISCARD err_t price_uses_parse(struct str text, struct price_uses *out, struct err *err);
/* Writes the canonical text. */
void price_uses_write(const struct price_uses *uses, struct buf *out);
/* Whether every category and voltage is a code of the tariff. E_INPUT names the unknown one. */
NODISCARD err_t price_uses_check(const struct price_uses *uses, struct err *err);

#endif
