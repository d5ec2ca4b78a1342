/* SPDX-License-Identifier: Apache-2.0 */
/* Writing what a unit says of itself as a seller.
 *
 *   seller_facts.def ─► kinds with a shape each ─► import sellers, seller_fact
 *
 * Shapes of the tax code and lengths: the data format of e-invoices (NBan). Threads: pure. */
#ifndef SANGDEN_NETWORK_SELLER_H
#define SANGDEN_NETWORK_SELLER_H

#include "network/fact_write.h"

enum seller_shape { SELLER_TEXT, SELLER_TAX_CODE, SELLER_DIGITS, SELLER_ACCOUNT };

enum seller_fact {
#define SELLER_FACT(name, ...) SELLER_##name,
#include "network/seller_facts.def"
    SELLER_FACT_COUNT
};

extern const struct fact_kind seller_fact_kinds[SELLER_FACT_COUNT];
extern const struct fact_sql seller_fact_sql;

/* Whether the value has the shape and length of its kind. E_INPUT names what is expected. */
NODISCARD err_t seller_value_check(enum seller_fact kind, struct str value, struct err *err);

#endif
