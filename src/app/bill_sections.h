/* SPDX-License-Identifier: Apache-2.0 */
/* What bill show prints behind the amounts: why they differ, the pattern of use, what was verified,
 * how to pay.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_BILL_SECTIONS_H
#define SANGDEN_APP_BILL_SECTIONS_H

#include "app/command.h"
#include "document/bill_facts.h"

/* Appends the sections of the bill to call->out. E_MEMORY. */
NODISCARD err_t bill_sections_print(struct call *call, const struct bill_facts *facts,
                                    bool english);

#endif
