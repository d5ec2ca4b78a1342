/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a bill for a running command.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_FACTS_CALL_H
#define SANGDEN_APP_FACTS_CALL_H

#include "app/command.h"
#include "document/bill_facts.h"

/* What the surroundings of the program say: portal, demonstration; the store is open. */
struct facts_options call_facts_options(const struct call *call);
/* Masks who is supplied and who receives the invoice, with their addresses and tax codes, unless
 * who reads may read customers at the unit of the bill. Texts go to the arena. */
NODISCARD err_t call_mask_facts(const struct call *call, struct db *db, struct arena *arena,
                                struct bill_facts *facts, struct err *err);
/* The same of one text: mask_name and its sisters. */
struct str call_masked(struct arena *arena, void (*mask)(struct buf *out, struct str text),
                       struct str text);
/* Opens the store and collects the bill of the number, masked as above; everything lives until the
 * command returns. */
NODISCARD err_t call_bill_facts(struct call *call, struct str number, struct bill_facts *out);

#endif
