/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the import frame share; private to the room. */
#ifndef SANGDEN_REGISTRY_IMPORT_INT_H
#define SANGDEN_REGISTRY_IMPORT_INT_H

#include "registry/import.h"

/* Reads the units that rows may name, and the one for rows that name none. */
NODISCARD err_t import_load_units(struct import *import, struct err *err);
/* Tells when a customer code has neither an official form nor the prefix of any unit. */
void import_check_code(struct import *import, const struct import_row *row, int column,
                       struct str code);

#endif
