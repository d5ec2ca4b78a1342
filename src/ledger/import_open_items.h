/* SPDX-License-Identifier: Apache-2.0 */
/* The kind of file that brings open debts, credits and securities of an earlier system along.
 *
 * Each row is posted against the side 'opening' and opens its item. Threads: immutable. */
#ifndef SANGDEN_LEDGER_IMPORT_OPEN_ITEMS_H
#define SANGDEN_LEDGER_IMPORT_OPEN_ITEMS_H

#include "registry/import.h"

extern const struct import_kind import_kind_open_items;

#endif
