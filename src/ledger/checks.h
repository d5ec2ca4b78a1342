/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of the ledger; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_LEDGER_CHECKS_H
#define SANGDEN_LEDGER_CHECKS_H

#include "store/check.h"

extern const struct check check_ledger_items;
extern const struct check check_ledger_chart;

#endif
