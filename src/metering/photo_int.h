/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the photo import share. */
#ifndef SANGDEN_METERING_PHOTO_INT_H
#define SANGDEN_METERING_PHOTO_INT_H

#include "metering/metering_int.h"
#include "metering/photo.h"

/* Appends the claims of a manifest; texts live in the arena. E_INPUT names the row. */
NODISCARD err_t photo_manifest_read(struct arena *arena, const char *path, struct list *claims,
                                    struct err *err);

#endif
