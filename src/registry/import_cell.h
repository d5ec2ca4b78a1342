/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of one cell to a typed value. Private to the import frame. */
#ifndef SANGDEN_REGISTRY_IMPORT_CELL_H
#define SANGDEN_REGISTRY_IMPORT_CELL_H

#include "registry/import.h"

/* Reads one cell; texts are copied into the arena. E_INPUT says what is wrong and what is right. */
NODISCARD err_t import_cell_read(struct arena *arena, const struct import_column *column,
                                 struct str text, struct import_cell *out, struct err *err);

#endif
