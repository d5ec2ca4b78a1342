/* SPDX-License-Identifier: Apache-2.0 */
/* Units by the codes that people know.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_UNIT_CALL_H
#define SANGDEN_APP_UNIT_CALL_H

#include "app/command.h"

/* The unit with the code; E_NOT_FOUND with the remedy. The store must be open. */
NODISCARD err_t call_unit(struct call *call, struct str code, int64_t *out_unit_id);

#endif
