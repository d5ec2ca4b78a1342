/* SPDX-License-Identifier: Apache-2.0 */
/* Photos made ready for documents: JPEG of at most so many bytes, without what the camera added.
 *
 *   JPEG that is small enough ─► as it is, but for its remarks (place, camera, preview)
 *   larger JPEG, PNG          ─► decoded, smaller, encoded again until it fits
 *
 * The way the camera was held is kept as a turn and applied where the photo is drawn.
 * Ownership: bytes live in the arena. Threads: pure. Limits: PHOTO_PIXELS_MAX. */
#ifndef SANGDEN_DRAW_PHOTO_H
#define SANGDEN_DRAW_PHOTO_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* What a photo may add to a document, and the largest that is read. */
enum { PHOTO_BYTES_MAX = 59000, PHOTO_EDGE_MAX = 1280, PHOTO_PIXELS_MAX = 64 << 20 };

struct photo {
    struct str jpeg;
    unsigned width; /* pixels as they are stored */
    unsigned height;
    unsigned turn; /* what EXIF calls orientation, 1 to 8; 1 is upright */
};

/* Makes a photo of at most bytes_max. E_INPUT when the bytes are no JPEG or PNG that can be read,
 * E_LIMIT when it has more pixels than are read or cannot be made small enough, E_MEMORY. */
NODISCARD err_t photo_prepare(struct arena *arena, struct str bytes, size_t bytes_max,
                              struct photo *out, struct err *err);

/* Adds the photo as a file of its own: browsers turn it as the camera was held. */
void photo_file_add(struct buf *out, const struct photo *photo);

#endif
