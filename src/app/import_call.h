/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of file that the program imports. A room's kinds stand in its own header, included
 * here, and in import_kinds.def.
 *
 * Threads: immutable. */
#ifndef SANGDEN_APP_IMPORT_CALL_H
#define SANGDEN_APP_IMPORT_CALL_H

#include "billing/import_history.h"
#include "ledger/import_open_items.h"
#include "registry/import_kinds.h"

#endif
