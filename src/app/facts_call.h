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
/* Opens the store and collects the bill of the number; everything lives until the command returns.
 */
NODISCARD err_t call_bill_facts(struct call *call, struct str number, struct bill_facts *out);

#endif
