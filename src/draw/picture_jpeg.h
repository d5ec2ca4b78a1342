/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as a JPEG of its own: for photos that nobody took, as a demonstration has them.
 *
 * The same picture gives the same bytes. Threads: as the typeface. */
#ifndef SANGDEN_DRAW_PICTURE_JPEG_H
#define SANGDEN_DRAW_PICTURE_JPEG_H

#include "base/buffer.h"
#include "base/error.h"
#include "draw/typeface.h"

/* Adds the picture on white, so many pixels a point, at a quality of 1 to 100. E_MEMORY. */
NODISCARD err_t picture_jpeg(struct typeface *typeface, const struct picture *picture, double scale,
                             int quality, struct buf *out, struct err *err);

#endif
